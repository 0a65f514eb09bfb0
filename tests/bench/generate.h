/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_GENERATE_H
#define TESTS_BENCH_GENERATE_H

/*
 * A Janus without end: the events of any number of users who call, talk, and hang up, in the order
 * of time. The same options give the same events on every machine. Use one generator in one thread.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct generator;

struct generator_options {
    uint64_t seed;
    unsigned sessions; /* at any time; whoever leaves is replaced by somebody else */
    int64_t start_us;  /* wall clock of the beginning; 0: a fixed day */
    int64_t talk_us;   /* mean length of a call; 0: ten minutes */
    int64_t ramp_us;   /* the first calls begin within this time; 0: ten seconds */
    bool steady;       /* instead: all are in the middle of a call when it begins */
};

struct generator *generator_new(const struct generator_options *options);
void generator_free(struct generator *generator);

/* The next event: a new reference. There is always one more. */
json_t *generator_next(struct generator *generator);

#endif
