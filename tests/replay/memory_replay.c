/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/replay/memory_replay.h"

#include <string.h>

static int source_next(struct source *source, struct source_item *ret_item, struct evj_error *err)
{
    struct memory_source *ms = (struct memory_source *)source;
    const struct memory_record *record = &ms->records[ms->at];

    if (ms->at == ms->count)
        return ms->ending == 0  ? EVJ_END
               : ms->ending > 0 ? ms->ending
                                : evj_fail(err, ms->ending, 0, "the source is broken");
    ms->fake->now_ns += record->read_ns;
    ms->record = (struct evj_record){
        .kind = record->kind == 0 ? EVJ_RECORD_EVENT : record->kind,
        .has_seq = true,
        .seq = ms->at++,
        .mono_us = record->time_us,
        .gap.events = record->gap_events,
    };
    *ret_item = (struct source_item){.record = &ms->record, .time_us = record->time_us};
    return 0;
}

/* To the first record of that time or later. */
static int source_seek(struct source *source, int64_t time_us, struct evj_error *err)
{
    struct memory_source *ms = (struct memory_source *)source;
    size_t at = 0;

    if (ms->seek_status < 0)
        return evj_fail(err, ms->seek_status, 0, "the source cannot seek");
    while (at < ms->count && ms->records[at].time_us < time_us)
        at++;
    ms->at = at;
    ms->fake->now_ns += ms->seek_ns;
    return 0;
}

static const struct source_ops source_ops = {.next = source_next, .seek = source_seek};

void memory_source_init(struct memory_source *ms, struct fake_clock *fake,
                        const struct memory_record *records, size_t count)
{
    *ms = (struct memory_source){
        .source.ops = &source_ops, .fake = fake, .records = records, .count = count};
}

static int sink_prepare(struct sink *sink, const struct evj_record *record, struct evj_error *err)
{
    struct memory_sink *ms = (struct memory_sink *)sink;

    (void)err;
    ms->fake->now_ns += ms->records[record->seq].prepare_ns;
    return 0;
}

static int sink_deliver(struct sink *sink, const struct evj_record *record, struct evj_error *err)
{
    struct memory_sink *ms = (struct memory_sink *)sink;

    if (record->seq == ms->fail_at)
        return evj_fail(err, EVJ_ERR_IO, 0, "the sink is full");
    if (record->seq == ms->stop_at)
        ms->stop = 1;
    ms->seqs[ms->count % MEMORY_SINK_ROOM] = record->seq;
    ms->times_ns[ms->count % MEMORY_SINK_ROOM] = ms->fake->now_ns;
    ms->count++;
    if (ms->count == ms->stop_after)
        ms->stop = 1;
    ms->fake->now_ns += ms->records[record->seq].deliver_ns;
    return 0;
}

static int sink_finish(struct sink *sink, int64_t drain_us, struct evj_error *err)
{
    struct memory_sink *ms = (struct memory_sink *)sink;

    ms->finished++;
    ms->drain_us = drain_us;
    if (ms->finish_status < 0)
        return evj_fail(err, ms->finish_status, 0, "the sink does not close");
    return 0;
}

static const struct sink_ops sink_ops = {
    .name = "memory", .prepare = sink_prepare, .deliver = sink_deliver, .finish = sink_finish};

void memory_sink_init(struct memory_sink *ms, struct fake_clock *fake,
                      const struct memory_record *records)
{
    memset(ms, 0, sizeof(*ms));
    ms->sink.ops = &sink_ops;
    ms->fake = fake;
    ms->records = records;
    ms->fail_at = ms->stop_at = UINT64_MAX;
}
