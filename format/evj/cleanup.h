/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_CLEANUP_H
#define EVJ_CLEANUP_H

/*
 * Free at the end of the scope: `EVJ_AUTO(reader) *r = NULL;` calls evj_reader_free(r) when r goes
 * out of scope. Every heap object of libevj has its line `EVJ_DEFINE_AUTO(noun)` below its _free().
 * EVJ_TAKE(p) gives a pointer away and leaves NULL behind, so that the scope's end frees nothing.
 */

#define EVJ_DEFINE_AUTO(noun)                                   \
    static inline void evj_##noun##_auto(struct evj_##noun **p) \
    {                                                           \
        evj_##noun##_free(*p);                                  \
    }                                                           \
    struct evj_##noun

#define EVJ_AUTO(noun) __attribute__((cleanup(evj_##noun##_auto))) struct evj_##noun

#define EVJ_TAKE(p)                    \
    __extension__({                    \
        __typeof__(p) evj_taken = (p); \
        (p) = NULL;                    \
        evj_taken;                     \
    })

#endif
