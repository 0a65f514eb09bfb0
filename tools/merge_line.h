/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_MERGE_LINE_H
#define TOOLS_MERGE_LINE_H

/* The lines of a merged journal. Pure. */

#include "evj/record.h"

#include <glib.h>

/* Where a record goes. */
struct merge_place {
    uint64_t seq;
    int64_t mono_us;
    unsigned source;
};

/*
 * Make of `record`, whose line it was given with, the one at `place`: *ret_record has its line in
 * `line`, which is overwritten, and everything else of it in `record`'s. Every member but for the
 * place is copied byte for byte; a gap's `until` moves with its mono. A record without seq gets its
 * source only, and a `state` keeps its seq.
 */
void merge_line(const struct evj_record *record, const struct merge_place *place, GString *line,
                struct evj_record *ret_record);

/* A gap: `events` are not there, for this reason (a plain word). `source`: of a journal of several
 * recordings, else -1. */
struct merge_gap {
    uint64_t seq, events;
    int64_t mono_us, until_us;
    int64_t source;
    const char *reason;
};
void merge_gap_line(const struct merge_gap *gap, GString *line, struct evj_record *ret_record);

#endif
