/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_HISTOGRAM_H
#define EVJ_HISTOGRAM_H

/*
 * Durations in fixed memory: log-linear buckets, 64 to each power of two, so that a quantile is
 * read to within 1.6 % whatever the number of values. A plain value; one thread adds, any thread
 * may read a copy that is a few values old.
 */

#include <stdint.h>

#define EVJ_HISTOGRAM_BUCKETS (59u * 64u)

struct evj_histogram {
    uint64_t count, max, sum;
    uint32_t buckets[EVJ_HISTOGRAM_BUCKETS];
};

/* Add one value, of any unit. O(1), no allocation. A zeroed struct is an empty histogram. */
void evj_histogram_add(struct evj_histogram *histogram, uint64_t value);

/* How many values so far. From another thread, use this and not the member. */
uint64_t evj_histogram_count(const struct evj_histogram *histogram);

/* The value that `quantile` (0 … 1) of all values do not exceed; 0 when empty; max for 1. */
uint64_t evj_histogram_quantile(const struct evj_histogram *histogram, double quantile);

#endif
