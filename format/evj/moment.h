/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_MOMENT_H
#define EVJ_MOMENT_H

/*
 * A place in a journal as a person writes it: a time of day, a date and time, "+90s" or "@SEQ".
 */

#include "evj/error.h"
#include "evj/header.h"

#include <stdint.h>

enum evj_moment_kind {
    EVJ_MOMENT_NONE,
    EVJ_MOMENT_WALL,     /* µs since 1970 */
    EVJ_MOMENT_DAY_TIME, /* µs since midnight UTC of the journal's first day */
    EVJ_MOMENT_RELATIVE, /* µs since the journal's start */
    EVJ_MOMENT_SEQ,
};

struct evj_moment {
    enum evj_moment_kind kind;
    int64_t us;
    uint64_t seq;
};

/* Returns 0, or EVJ_ERR_INVALID with a sentence that names the forms. */
int evj_moment_parse(const char *text, struct evj_moment *ret_moment, struct evj_error *err);

/* Turn a time of day or a relative time into EVJ_MOMENT_WALL, by this journal's start. */
void evj_moment_anchor(struct evj_moment *moment, const struct evj_header *header);

#endif
