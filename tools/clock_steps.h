/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_CLOCK_STEPS_H
#define TOOLS_CLOCK_STEPS_H

/*
 * Finds where a server's wall clock was set: there the events' timestamps move against `mono`, and
 * stay away. Events that only came late (a busy server, a slow network) look like a clock set back
 * at first, but then return.
 */

#include "evj/record.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct clock_step {
    uint64_t seq; /* of the first event after it */
    int64_t wall_us, mono_us;
    int64_t step_us; /* > 0: set forward */
    unsigned source; /* the record's: which file */
};

struct clock_steps {
    GArray *found;   /* struct clock_step */
    GArray *sources; /* what is known of each file */
};

void clock_steps_init(struct clock_steps *steps);
void clock_steps_done(struct clock_steps *steps);

/* Are this file's events of another time than their recording, as when a replay was recorded? Then
 * nothing can be found in it. */
bool clock_steps_other_time(const struct clock_steps *steps, unsigned source);

/*
 * A file's end record tells the least and the greatest lag of its events (wall-clock time of mono −
 * timestamp). Is that enough to know that clock_steps_add() would find nothing in it? Then the file
 * is done with, and clock_steps_other_time() answers for it.
 */
bool clock_steps_pass_by(struct clock_steps *steps, unsigned source, int64_t least_lag_us,
                         int64_t greatest_lag_us);

/* Look at an event, in the order of its file. */
void clock_steps_add(struct clock_steps *steps, const struct evj_record *record);

#endif
