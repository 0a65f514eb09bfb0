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
#include "evj/journal.h"
#include "evj/record.h"
#include "evj/select.h"

#include <stdbool.h>
#include <stdint.h>

struct source;

struct source_item {
    const struct evj_record *record; /* an event, a gap or a mark */
    int64_t time_us; /* when it was recorded, on one time line for the whole source */
};

struct source_ops {
    /*
     * The next selected event, gap or mark; *ret_item is borrowed until the next call.
     * Returns as evj_journal_next().
     */
    int (*next)(struct source *source, struct source_item *ret_item, struct evj_error *err);
    void (*free)(struct source *source);
};

/* First member of every source's state. */
struct source {
    const struct source_ops *ops;
    uint64_t records;        /* read, selected or not */
    uint64_t matched;        /* of them: selected */
    uint64_t states_skipped; /* selected `state` records: they repeat earlier events */
    uint64_t gap_events;     /* events in all gaps that were read, selected or not */
};

/*
 * The records of `journal` that `select` selects. Both are borrowed; the filter and the anchor are
 * the caller's. NULL when there is no memory.
 */
struct source *source_journal_new(struct evj_journal *journal, struct evj_select *select);

void source_free(struct source *source);

#endif
