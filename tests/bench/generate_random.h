/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_GENERATE_RANDOM_H
#define TESTS_BENCH_GENERATE_RANDOM_H

/*
 * Random numbers that are the same on every machine for the same seed (splitmix64), and the texts
 * that WebRTC makes of them. Plain values; one thread.
 */

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_next(struct random *random)
{
    uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Even over least … most, both included. */
static inline int64_t random_between(struct random *random, int64_t least, int64_t most)
{
    return least + (int64_t)(random_next(random) % (uint64_t)(most - least + 1));
}

/* True in `percent` of all cases. */
static inline int random_chance(struct random *random, unsigned percent)
{
    return random_next(random) % 100 < percent;
}

/* `len` characters of the alphabet of ice-ufrag and ice-pwd, and a NUL. */
void random_ice_text(struct random *random, char *text, size_t len);

/* `len` letters and digits, and a NUL. */
void random_letters(struct random *random, char *text, size_t len);

/* 37 bytes: a UUID of version 4 and its NUL. */
void random_uuid(struct random *random, char text[37]);

/* 96 bytes: 32 pairs of hexadecimal digits with colons, and a NUL. */
void random_fingerprint(struct random *random, char text[96]);

#endif
