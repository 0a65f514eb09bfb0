/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/histogram.h"

/*
 * Values below 128 have a bucket each. Above, a value keeps its seven leading bits: six of them
 * choose the bucket within its power of two.
 */
static unsigned bucket_of(uint64_t value)
{
    if (value < 128)
        return (unsigned)value;
    unsigned shift = 57 - (unsigned)__builtin_clzll(value);
    return 64 * shift + (unsigned)(value >> shift);
}

/* The largest value that falls into this bucket. */
static uint64_t bucket_top(unsigned bucket)
{
    if (bucket < 128)
        return bucket;
    unsigned shift = bucket / 64 - 1;
    uint64_t lead = bucket % 64 + 64;
    return ((lead + 1) << shift) - 1;
}

void evj_histogram_add(struct evj_histogram *histogram, uint64_t value)
{
    histogram->count++;
    histogram->sum += value;
    if (value > histogram->max)
        histogram->max = value;
    histogram->buckets[bucket_of(value)]++;
}

uint64_t evj_histogram_quantile(const struct evj_histogram *histogram, double quantile)
{
    if (histogram->count == 0)
        return 0;
    if (quantile >= 1)
        return histogram->max;

    /* The rank of the value asked for, from 1. */
    double exact = quantile * (double)histogram->count;
    uint64_t rank = (uint64_t)exact;
    if ((double)rank < exact || rank == 0)
        rank++;

    uint64_t seen = 0;
    for (unsigned i = 0; i < EVJ_HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (seen >= rank) {
            uint64_t top = bucket_top(i);
            return top < histogram->max ? top : histogram->max;
        }
    }
    return histogram->max;
}
