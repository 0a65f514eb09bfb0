/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_END_H
#define EVJ_END_H

/*
 * The last line of a file that was closed on purpose, `{"end":{…}}`, as a value: when and why it was
 * closed, and what its events are. With it a reader that hops from header to header knows what only
 * reading every event would tell. A plain value; any thread.
 */

#include "evj/error.h"
#include "evj/limits.h"
#include "evj/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A writer keeps this many ids of sessions, and of handles, in its memory (256 KiB each), and
 * this many emitters of so many bytes. Of a file with more it does not tell them. */
#define EVJ_END_IDS_MAX 24576u
#define EVJ_END_EMITTERS_MAX 16u
#define EVJ_END_EMITTER_SIZE 128u /* with its terminating 0 */

/* Where an event is. */
struct evj_end_place {
    uint64_t seq;
    int64_t mono_us;
};

struct evj_end {
    int64_t wall_us, mono_us; /* one moment: when it was closed */
    uint64_t records;         /* lines of the file but for the first and this one */
    uint64_t events, dropped; /* event records; events in gap records */
    char reason[65];          /* "shutdown", "rotate" … */

    /* The rest is of its events (`state` records are none), and each is there only if its writer
     * knew it. */
    bool has_types, has_sessions, has_handles, has_emitters, has_span, has_lag;
    uint64_t types[EVJ_EVENT_TYPES + 1]; /* by evj_event_type_index(); the last: any other */
    uint64_t sessions, handles;          /* distinct ids */
    size_t emitter_count;
    char emitters[EVJ_END_EMITTERS_MAX][EVJ_END_EMITTER_SIZE]; /* in the order of appearance */
    struct evj_end_place first, last;                          /* has_span: in the file's order */
    int64_t least_lag_us, greatest_lag_us; /* wall-clock time of their mono − their timestamp */
};

/*
 * Read an end record. What it does not tell, or tells in another way than this version knows, is
 * absent. Returns 0, or EVJ_ERR_CORRUPT for another record.
 */
int evj_end_parse(const struct evj_record *record, struct evj_end *ret_end, struct evj_error *err);

/* Room that evj_end_put() never exceeds. */
#define EVJ_END_LINE_MAX 16384u

/* Write the whole line without newline. Returns its length. */
size_t evj_end_put(const struct evj_end *end, char *out);

#endif
