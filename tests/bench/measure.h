/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_MEASURE_H
#define TESTS_BENCH_MEASURE_H

/*
 * Clocks, and what to make of several rounds: on a machine that does other things too, the median
 * of interleaved rounds is what can be compared. One thread.
 */

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define ROUNDS_MAX 1024u

/* One figure, measured again and again. */
struct rounds {
    double values[ROUNDS_MAX];
    size_t count;
};

/* Beyond ROUNDS_MAX: ignored. */
void rounds_add(struct rounds *rounds, double value);

/* 0 without any. */
double rounds_median(const struct rounds *rounds);
/* Below and above which a quarter of the values are. */
double rounds_lower(const struct rounds *rounds);
double rounds_upper(const struct rounds *rounds);

static inline uint64_t clock_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

#endif
