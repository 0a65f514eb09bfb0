/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_GENERATE_SCRIPT_H
#define TESTS_BENCH_GENERATE_SCRIPT_H

/*
 * In which order the events of a handle come, and how long after one another: one table a role, as
 * a real Janus and a real browser were seen to behave.
 */

#include "tests/bench/generate_events.h"

struct step {
    event_maker *make; /* NULL: the end of the script */
    int arg;
    int least_us, most_us; /* after the step before it */
};

/* The statistics' step repeats, once a second and for each medium, until the handle's end_us. */
const struct step *script_of(enum role role);
size_t script_statistics_step(enum role role);

#endif
