/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/shape.h"

#include "replay/mix.h"
#include "replay/shape_internal.h"
#include "replay/source_over.h"

#include <glib.h>
#include <string.h>

/* Which events are grown: this many apart. */
#define OVERSIZE_EVERY 10u

struct shape {
    struct source_over over;
    struct shape_options options;
    struct shape_counts *counts;
    struct shape_counts unwatched; /* where counts go that nobody asked for */
    uint64_t random[SHAPE_KINDS];
    uint64_t seen;            /* events of the inner source that were not dropped */
    GString *text;            /* of an event that was grown */
    struct evj_record record; /* over it */
    struct source_item item;  /* read last */
    bool again;               /* give it once more */
    uint64_t timed;           /* events that were given since the beginning, or the last seek */
    int64_t even_us, burst_us;
};

static bool has(const struct shape *shape, enum shape_kind kind)
{
    return shape->options.values[kind] > 0;
}

/* Does chance say so this time? */
static bool falls(struct shape *shape, enum shape_kind kind)
{
    return has(shape, kind) && mix_fraction(&shape->random[kind]) < shape->options.values[kind];
}

/* ---- growing ---- */

static void put_letters(struct shape *shape, size_t count)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint64_t bits = 0;

    for (size_t i = 0; i < count; i++) {
        if (i % 10 == 0)
            bits = mix_next(&shape->random[SHAPE_OVERSIZE]);
        g_string_append_c(shape->text, letters[bits & 63]);
        bits >>= 6;
    }
}

/* The same event with one more member at its end. */
static int grow(struct shape *shape, struct evj_error *err)
{
    static const char begin[] = ",\"" SHAPE_PADDING "\":\"", end[] = "\"}";
    const size_t size = (size_t)shape->options.values[SHAPE_OVERSIZE];
    const struct evj_record *record = shape->item.record;
    const char *bracket = memrchr(record->body.text, '}', record->body.len);
    const size_t len = (size_t)(bracket - record->body.text),
                 added = sizeof(begin) + sizeof(end) - 2;

    g_string_truncate(shape->text, 0);
    g_string_append_len(shape->text, record->body.text, (gssize)len);
    g_string_append(shape->text, begin);
    put_letters(shape, size > len + added ? size - len - added : 0);
    g_string_append(shape->text, end);
    shape->record = *record;
    shape->record.body = (struct evj_slice){shape->text->str, shape->text->len};
    shape->item.record = &shape->record;
    shape->counts->done[SHAPE_OVERSIZE]++;
    return evj_event_peek(shape->text->str, shape->text->len, &shape->record.event, err);
}

static bool is_to_grow(const struct shape *shape)
{
    const struct evj_record *record = shape->item.record;

    /* With a type, it has a member that the new one can follow. */
    return has(shape, SHAPE_OVERSIZE) && shape->seen % OVERSIZE_EVERY == 1 &&
           record->event.type > 0 &&
           (double)record->body.len < shape->options.values[SHAPE_OVERSIZE];
}

/* ---- when ---- */

/* Each the same time after the one before, from where the first one was. */
static int64_t even_time(struct shape *shape, int64_t time_us)
{
    const int64_t step_us = (int64_t)shape->options.values[SHAPE_TRICKLE] * 1000;

    if (shape->timed == 0)
        shape->even_us = time_us;
    else if (__builtin_add_overflow(shape->even_us, step_us, &shape->even_us))
        shape->even_us = INT64_MAX;
    shape->counts->done[SHAPE_TRICKLE]++;
    return shape->even_us;
}

/* All of a group when its first one is due: on average, the pace stays what it was. */
static int64_t burst_time(struct shape *shape, int64_t time_us)
{
    if (shape->timed % (uint64_t)shape->options.values[SHAPE_BURST] == 0) {
        shape->burst_us = time_us;
        shape->counts->done[SHAPE_BURST]++;
    }
    return shape->burst_us;
}

static void give(struct shape *shape, struct source_item *ret_item)
{
    *ret_item = shape->item;
    if (has(shape, SHAPE_TRICKLE))
        ret_item->time_us = even_time(shape, ret_item->time_us);
    if (has(shape, SHAPE_BURST))
        ret_item->time_us = burst_time(shape, ret_item->time_us);
    shape->timed++;
    shape->counts->given++;
}

/* ---- as a source ---- */

/* The next record of the inner source that is not dropped. */
static int read_next(struct shape *shape, struct evj_error *err)
{
    struct source *inner = shape->over.inner;
    int status;

    while ((status = inner->ops->next(inner, &shape->item, err)) == 0) {
        if (shape->item.record->kind != EVJ_RECORD_EVENT || !falls(shape, SHAPE_DROP))
            break;
        shape->counts->done[SHAPE_DROP]++;
    }
    source_over_count(&shape->over);
    return status;
}

static int shape_event(struct shape *shape, struct source_item *ret_item, struct evj_error *err)
{
    int status = 0;

    shape->seen++;
    if (is_to_grow(shape))
        status = grow(shape, err);
    if (status < 0)
        return status;
    shape->again = falls(shape, SHAPE_DUPLICATE);
    shape->counts->done[SHAPE_DUPLICATE] += shape->again;
    give(shape, ret_item);
    return 0;
}

static int shape_next(struct source *source, struct source_item *ret_item, struct evj_error *err)
{
    struct shape *shape = (struct shape *)source;
    int status;

    if (shape->again) {
        shape->again = false;
        give(shape, ret_item);
        return 0;
    }
    status = read_next(shape, err);
    if (status != 0)
        return status;
    if (shape->item.record->kind == EVJ_RECORD_EVENT)
        return shape_event(shape, ret_item, err);
    *ret_item = shape->item;
    return 0;
}

static int shape_seek(struct source *source, int64_t time_us, struct evj_error *err)
{
    struct shape *shape = (struct shape *)source;
    int status = source_over_seek(&shape->over, time_us, err);

    if (status < 0)
        return status;
    shape->again = false;
    shape->timed = 0;
    return 0;
}

static void shape_free(struct source *source)
{
    struct shape *shape = (struct shape *)source;

    source_free(shape->over.inner);
    g_string_free(shape->text, TRUE);
    g_free(shape);
}

static const struct source_ops shape_ops = {
    .next = shape_next, .seek = shape_seek, .free = shape_free};

struct source *source_shape_new(struct source *inner, const struct shape_options *options,
                                struct shape_counts *counts)
{
    struct shape *shape = g_new0(struct shape, 1);

    shape->over = (struct source_over){.source.ops = &shape_ops, .inner = inner};
    shape->options = *options;
    shape->text = g_string_new(NULL);
    shape->counts = counts != NULL ? counts : &shape->unwatched;
    *shape->counts = (struct shape_counts){0};
    for (int kind = 0; kind < SHAPE_KINDS; kind++)
        shape->random[kind] = mix(options->seed + (uint64_t)kind + 1);
    if (!has(shape, SHAPE_SHUFFLE))
        return &shape->over.source;
    return source_shuffle_new(&shape->over.source, (size_t)options->values[SHAPE_SHUFFLE],
                              shape->random[SHAPE_SHUFFLE], counts);
}
