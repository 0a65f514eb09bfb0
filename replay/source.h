/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_SOURCE_H
#define REPLAY_SOURCE_H

/*
 * Where a replay's records come from. A source is a table of functions over a state of its own, so
 * that a test's array stands in for journals, and that what changes events on their way (other
 * times, other ids, copies) can be a source over a source. Not thread-safe; use one source in one
 * thread.
 */

#include "evj/error.h"
#include "evj/record.h"

#include <stdbool.h>
#include <stdint.h>

struct source;

struct source_item {
    /* An event, a gap or a mark; or a `state` record: an earlier event that describes what is live
     * where the replay begins, or where another recording joins in. It is delivered at once. */
    const struct evj_record *record;
    int64_t time_us; /* when it was recorded, on one time line for the whole source */
    /* No record, but something to do when that time has come; NULL: a record. */
    void (*act)(void *context);
    void *context;
};

/* "Begin at": before everything. */
#define SOURCE_BEGINNING INT64_MIN

struct source_ops {
    /*
     * The next selected record; *ret_item is borrowed until the next call.
     * Returns as evj_journal_next().
     */
    int (*next)(struct source *source, struct source_item *ret_item, struct evj_error *err);
    /*
     * Go on, or once more, at recorded time `time_us`, or at SOURCE_BEGINNING: next() then gives the
     * state of that moment, and after it what was recorded from then on. For a round of a loop, and
     * for a seek, forward or back. EVJ_ERR_INVALID, with nothing changed, where that cannot be; after
     * any other failure the source is of no use. NULL: never.
     */
    int (*seek)(struct source *source, int64_t time_us, struct evj_error *err);
    void (*free)(struct source *source);
};

/* First member of every source's state. Counts go on over seeks. */
struct source {
    const struct source_ops *ops;
    uint64_t records;         /* read, selected or not */
    uint64_t matched;         /* of them: selected events, gaps and marks */
    uint64_t states_skipped;  /* selected `state` records that nobody wanted */
    uint64_t states_left_out; /* events that were live, but too many to remember */
};

/* Closes the sources below it, too. NULL is fine. */
void source_free(struct source *source);

#endif
