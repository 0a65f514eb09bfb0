/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_ID_SET_INTERNAL_H
#define FORMAT_ID_SET_INTERNAL_H

/* A set of Janus's ids (of sessions, of handles), by open addressing. One thread. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed, it is empty. */
struct evj_id_set {
    uint64_t *slots; /* 0: free; Janus gives no id 0 */
    size_t slot_count, count;
};

/* Add an id; 0 is ignored. False when there is no memory. */
bool evj_id_set_add(struct evj_id_set *set, uint64_t id);
bool evj_id_set_has(const struct evj_id_set *set, uint64_t id);
void evj_id_set_clear(struct evj_id_set *set);
void evj_id_set_done(struct evj_id_set *set);

#endif
