/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/replay/text_source.h"

#include <string.h>

struct text_source {
    struct source source;
    const struct text_record *records;
    size_t count, at;
    int ending;
    char *text; /* of the last event: gone with the next call, as a journal's is */
    struct evj_record record;
};

static void read_event(struct text_source *ts, const char *event)
{
    g_free(ts->text);
    ts->text = g_strdup(event);
    ts->record.body = (struct evj_slice){ts->text, strlen(ts->text)};
    assert_int_equal(evj_event_peek(ts->text, strlen(ts->text), &ts->record.event, NULL), 0);
}

static int text_next(struct source *source, struct source_item *ret_item, struct evj_error *err)
{
    struct text_source *ts = (struct text_source *)source;
    const struct text_record *next = &ts->records[ts->at];

    if (ts->at == ts->count)
        return ts->ending < 0 ? evj_fail(err, ts->ending, 0, "the source is broken") : ts->ending;
    ts->record = (struct evj_record){
        .kind = next->state           ? EVJ_RECORD_STATE
                : next->event != NULL ? EVJ_RECORD_EVENT
                                      : EVJ_RECORD_GAP,
        .has_seq = true,
        .seq = ts->at++,
        .mono_us = next->time_us,
        .wall_us = next->time_us + TEXT_SOURCE_WALL_US,
        .gap.events = next->gap_events,
    };
    if (next->event != NULL)
        read_event(ts, next->event);
    source->records++;
    source->matched++;
    *ret_item = (struct source_item){.record = &ts->record, .time_us = next->time_us};
    return 0;
}

static int text_seek(struct source *source, int64_t time_us, struct evj_error *err)
{
    struct text_source *ts = (struct text_source *)source;

    (void)err;
    for (ts->at = 0; ts->at < ts->count && ts->records[ts->at].time_us < time_us;)
        ts->at++;
    return 0;
}

static void text_free(struct source *source)
{
    g_free(((struct text_source *)source)->text);
    g_free(source);
}

static const struct source_ops text_ops = {.next = text_next, .seek = text_seek, .free = text_free};

struct source *text_source_new(const struct text_record *records, size_t count, int ending)
{
    struct text_source *ts = g_new0(struct text_source, 1);

    ts->source.ops = &text_ops;
    ts->records = records;
    ts->count = count;
    ts->ending = ending;
    return &ts->source;
}

static void given_free(gpointer data)
{
    g_free(((struct given *)data)->event);
    g_free(data);
}

GPtrArray *given_now(struct source *source, int *ret_ending)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(given_free);
    struct source_item item;

    while ((*ret_ending = source->ops->next(source, &item, NULL)) == 0) {
        struct given *given = g_new0(struct given, 1);

        given->seq = item.record->seq;
        given->time_us = item.time_us;
        given->kind = item.record->kind;
        given->event = item.record->body.len > 0
                           ? g_strndup(item.record->body.text, item.record->body.len)
                           : g_strdup("");
        g_ptr_array_add(all, given);
    }
    return all;
}

GPtrArray *given_by(struct source *source, int *ret_ending)
{
    GPtrArray *all = given_now(source, ret_ending);

    source_free(source);
    return all;
}

const struct given *given_at(const GPtrArray *all, guint index)
{
    assert_true(index < all->len);
    return g_ptr_array_index(all, index);
}
