/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_MIX_H
#define REPLAY_MIX_H

/*
 * Numbers that look random and are the same on every machine: a mixer of 64 bits (the finaliser of
 * splitmix64), a sequence from a seed, and a hash of bytes (FNV-1a, mixed). Against chance, not
 * against somebody who wants two values to meet.
 */

#include <stddef.h>
#include <stdint.h>

static inline uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* The next number of the sequence that *state, a seed at first, goes through. */
static inline uint64_t mix_next(uint64_t *state)
{
    return mix(*state += UINT64_C(0x9e3779b97f4a7c15));
}

/* The next number from 0 to below 1. */
static inline double mix_fraction(uint64_t *state)
{
    return (double)(mix_next(state) >> 11) * 0x1p-53;
}

static inline uint64_t mix_bytes(const char *bytes, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return mix(hash);
}

#endif
