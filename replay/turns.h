/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_TURNS_H
#define REPLAY_TURNS_H

/*
 * Whose turn is it? Turns with a time each, taken earliest first: a heap. Of two at the same time
 * the one with the lower number comes first, then the one of the lower copy. One thread.
 */

#include <glib.h>
#include <stdint.h>

struct turn {
    int64_t time_us;
    uint64_t number;
    unsigned copy;
    void *what; /* the caller's */
};

/* A GArray of struct turn, empty; g_array_unref() frees it. Its first one is the earliest. */
GArray *turns_new(void);

void turns_add(GArray *turns, const struct turn *turn);

/* Take the earliest. There must be one. */
struct turn turns_take(GArray *turns);

#endif
