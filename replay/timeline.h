/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_TIMELINE_H
#define REPLAY_TIMELINE_H

/*
 * The one time line on which a replay puts all files of a journal, in µs. Files that one boot's
 * monotonic clock stamped are on that: a step of the wall clock between two of them is not waited for.
 * Others have only the wall clock in common.
 */

#include "evj/journal.h"

#include <stdbool.h>
#include <stdint.h>

struct timeline {
    bool one_clock; /* `mono` compares between all files */
};

struct timeline timeline_of(const struct evj_journal *journal);

/* When a record was recorded; and what is at `mono_us` of the file with this header. */
int64_t timeline_record_us(const struct timeline *timeline, const struct evj_record *record);
int64_t timeline_mono_us(const struct timeline *timeline, const struct evj_header *header,
                         int64_t mono_us);

/*
 * When the last record was recorded: reads a newly opened journal through, of most blocks only the
 * headers. Returns 0; EVJ_END if it has none; else as evj_journal_next().
 */
int timeline_end(struct evj_journal *journal, int64_t *ret_end_us, struct evj_error *err);

#endif
