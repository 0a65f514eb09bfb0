/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_WRITTEN_H
#define TESTS_BENCH_WRITTEN_H

/* What a recorder has left in its folder. One thread. */

#include <stdint.h>

struct written {
    uint64_t events, bytes; /* in the files, and of them */
    uint64_t gzip_bytes;    /* what `gzip -6` makes of the same lines */
};

/* Counts, and empties the folder. */
void written_count(const char *folder, struct written *ret);

#endif
