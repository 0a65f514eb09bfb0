/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_TICKER_H
#define TOOLS_TICKER_H

/*
 * A line on standard error that says how far a long command is, if that is a terminal. It appears
 * after a second and is wiped away at the end.
 */

#include <stdbool.h>
#include <stdint.h>

struct ticker {
    bool wanted, shown;
    int64_t due_us; /* monotonic: when to show it (again) */
};

void ticker_init(struct ticker *ticker, bool wanted);

/* Cheap enough for every event. */
void ticker_show(struct ticker *ticker, const char *doing, uint64_t events);

/* Wipe it, before anything else is said. */
void ticker_wipe(struct ticker *ticker);

#endif
