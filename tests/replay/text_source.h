/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_REPLAY_TEXT_SOURCE_H
#define TESTS_REPLAY_TEXT_SOURCE_H

/*
 * A source over texts of events, for sources over a source, and all that such a source gives. A
 * record's seq is its index. What is wrong here fails the test.
 */

#include "replay/source.h"

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

struct text_record {
    int64_t time_us;
    const char *event; /* NULL: a gap */
    uint64_t gap_events;
    bool state; /* the event describes what is live */
};

/* Its wall clock is so far ahead of its time line. */
#define TEXT_SOURCE_WALL_US INT64_C(1795353161000000)

/* `records` must outlive it. `ending`: what comes after the last one. A seek begins at the first record
 * that is not earlier. */
struct source *text_source_new(const struct text_record *records, size_t count, int ending);

/* One item that a source gave, copied. */
struct given {
    uint64_t seq;
    int64_t time_us;
    enum evj_record_kind kind;
    char *event; /* "" for what is none */
};

/* All of them up to *ret_ending, which is what came then. GPtrArray of struct given. */
GPtrArray *given_now(struct source *source, int *ret_ending);

/* The same, and frees `source`. */
GPtrArray *given_by(struct source *source, int *ret_ending);

const struct given *given_at(const GPtrArray *all, guint index);

#endif
