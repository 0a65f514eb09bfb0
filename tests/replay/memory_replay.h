/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_REPLAY_MEMORY_REPLAY_H
#define TESTS_REPLAY_MEMORY_REPLAY_H

/*
 * Both ends of a replay in memory: a source over an array, and a sink that writes down what it was
 * given and when, on a fake clock. Costs of reading and delivering are times that the clock jumps.
 */

#include "replay/clock.h"
#include "replay/sink.h"
#include "replay/source.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct memory_record {
    int64_t time_us;
    enum evj_record_kind kind; /* 0: an event */
    uint64_t gap_events;
    int64_t read_ns, prepare_ns, deliver_ns; /* what it costs */
};

struct memory_source {
    struct source source;
    struct fake_clock *fake;
    const struct memory_record *records;
    size_t count, at;
    int ending;      /* what next() returns after the last one; 0: EVJ_END */
    int seek_status; /* what seek() fails with; 0: it does not */
    int64_t seek_ns; /* what a seek costs */
    struct evj_record record;
};

void memory_source_init(struct memory_source *ms, struct fake_clock *fake,
                        const struct memory_record *records, size_t count);

#define MEMORY_SINK_ROOM 4096

struct memory_sink {
    struct sink sink;
    struct fake_clock *fake;
    const struct memory_record *records;
    size_t count;                       /* events delivered */
    uint64_t seqs[MEMORY_SINK_ROOM];    /* of them; a record's seq is its index */
    int64_t times_ns[MEMORY_SINK_ROOM]; /* when their delivery began */
    uint64_t fail_at;                   /* deliver() fails for this seq; UINT64_MAX: never */
    uint64_t stop_at;                   /* *stop is set during this seq; UINT64_MAX: never */
    size_t stop_after;                  /* and when so many were delivered; 0: never */
    atomic_int stop;
    int finish_status;
    int finished;     /* how often finish() was called */
    int64_t drain_us; /* what it was given */
};

void memory_sink_init(struct memory_sink *ms, struct fake_clock *fake,
                      const struct memory_record *records);

#endif
