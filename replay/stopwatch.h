/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_STOPWATCH_H
#define REPLAY_STOPWATCH_H

/*
 * The replay's own time: the clock's, less the pauses. It stands still during a pause, so that
 * nothing has to be reckoned anew after it. A plain value; zeroed, it runs and shows the clock's
 * time. All times are nanoseconds.
 */

#include <stdbool.h>
#include <stdint.h>

struct stopwatch {
    bool stopped;
    int64_t since_ns;  /* the clock's time at which it was stopped */
    int64_t paused_ns; /* all pauses before */
};

/* What it shows when the clock says `clock_ns`. */
int64_t stopwatch_at(const struct stopwatch *watch, int64_t clock_ns);

/* When the clock will say so: what the watch shows as `own_ns`, if it runs on. */
int64_t stopwatch_to_clock(const struct stopwatch *watch, int64_t own_ns);

/* Stop it, or let it run on. Nothing happens to one that does already. */
void stopwatch_stop(struct stopwatch *watch, int64_t clock_ns);
void stopwatch_go_on(struct stopwatch *watch, int64_t clock_ns);

/* It should have stood still, for so long just before now. One that does already has. */
void stopwatch_stand(struct stopwatch *watch, int64_t stood_ns);

#endif
