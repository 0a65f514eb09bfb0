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

/* Another thread may read meanwhile: plain moves, but whole ones. */
#define put(to, value) __atomic_store_n((to), (value), __ATOMIC_RELAXED)
#define get(from) __atomic_load_n((from), __ATOMIC_RELAXED)

void evj_histogram_add(struct evj_histogram *histogram, uint64_t value)
{
    uint32_t *bucket = &histogram->buckets[bucket_of(value)];

    put(&histogram->count, histogram->count + 1);
    put(&histogram->sum, histogram->sum + value);
    if (value > histogram->max)
        put(&histogram->max, value);
    put(bucket, *bucket + 1);
}

uint64_t evj_histogram_count(const struct evj_histogram *histogram)
{
    return get(&histogram->count);
}

uint64_t evj_histogram_quantile(const struct evj_histogram *histogram, double quantile)
{
    const uint64_t count = get(&histogram->count), max = get(&histogram->max);

    if (count == 0)
        return 0;
    if (quantile >= 1)
        return max;

    /* The rank of the value asked for, from 1. */
    double exact = quantile * (double)count;
    uint64_t rank = (uint64_t)exact;
    if ((double)rank < exact || rank == 0)
        rank++;

    uint64_t seen = 0;
    for (unsigned i = 0; i < EVJ_HISTOGRAM_BUCKETS; i++) {
        seen += get(&histogram->buckets[i]);
        if (seen >= rank) {
            uint64_t top = bucket_top(i);
            return top < max ? top : max;
        }
    }
    return max;
}
