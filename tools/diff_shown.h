/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DIFF_SHOWN_H
#define TOOLS_DIFF_SHOWN_H

/* A comparison that is to be shown, in whatever form, and what is known of its sides besides. */

#include "tools/analysis/diff.h"

#include <stdint.h>

struct diff_shown {
    const struct diff_result *result;
    struct {
        const char *path;
        uint64_t damages; /* stretches of it that could not be read */
    } a, b;
};

/*
 * The verdict in a sentence: "Different: first, “dtls connected” in A, “dtls failed” in B." Names from
 * the journal are as they stand there, so it is not fit for a terminal; each is cut to `width` columns
 * (0: whole), or half of it where there are two. To be freed with g_free().
 */
char *diff_sentence(const struct diff_result *result, unsigned width);

/* What it says of one divergence: "“dtls connected” in A, “dtls failed” in B." The same holds. */
char *diff_sentence_of_first(const struct difference *first, unsigned width);

/* "2 outcome, 1 note"; "none". To be freed with g_free(). */
char *diff_counts(const unsigned counts[static DIFF_CLASSES]);

/* What a side of a change says: a codec, say, is there or not, and has no value. Borrowed. */
const char *diff_value_shown(const char *value);

/* GPtrArray of GPtrArray of struct difference, borrowed: by session; those of none come last. */
GPtrArray *diff_by_session(const struct diff_result *result);

/* The number of each difference in the result, from 1; by address, for who refers to one. */
GHashTable *diff_numbers(const struct diff_result *result);

#endif
