/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_CONTEST_H
#define TESTS_BENCH_CONTEST_H

/*
 * One run of one contender: a process of its own that loads it with the handler host and feeds it
 * events as Janus does (feed.h).
 */

#include "tests/bench/contender.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A paced run alternates between slices with and without the handler: this many of each. */
#define CONTEST_SLICES 6u

struct contest {
    const char *library_path; /* of the contender's handler; NULL: Janus's own copy of the event */
    uint64_t events;
    uint64_t per_second; /* 0: as fast as it takes them, from trees that were there before */
    const char *buffer;  /* size of the recorder's ring */
};

struct contest_result {
    /* Paced: CPU time of the process per event, for each slice, without that of waiting for the
     * next event's time; and what destroy() took, spread over all events. */
    double without_us[CONTEST_SLICES], with_us[CONTEST_SLICES], destroy_us;
    /* As fast as possible: from the first event until the last had arrived or stood in the file,
     * and CPU time of the process; per event. */
    double wall_us, cpu_us;
    /* Time inside incoming_event(). */
    double callback_p50_ns, callback_p99_ns;
    uint64_t arrived;    /* events that the backend saw, or that stand in the files */
    uint64_t bytes;      /* that were sent or written */
    uint64_t gzip_bytes; /* what gzip -6 makes of the lines that were written */
};

/* Call while the process has one thread. Returns 0; or -1 after a line on standard error. */
int contest_run(const struct contender *contender, const struct contest *contest,
                struct contest_result *ret);

#endif
