/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/mix.h"
#include "replay/shape_internal.h"
#include "replay/source_over.h"

#include <glib.h>
#include <string.h>

/* An event with a text of its own. */
struct held {
    struct evj_record record;
    char text[];
};

struct shuffle {
    struct source_over over;
    size_t window, bytes;
    uint64_t random;
    GPtrArray *held;           /* struct held, in the order in which they are to be given */
    GArray *times;             /* int64_t: of the places */
    guint at;                  /* of both */
    struct source_item behind; /* what ended the window: a gap, a mark … */
    bool has_behind;
    int ending; /* … or what the inner source returned at its end */
    struct evj_error ending_err;
    struct shape_counts *counts;
};

static int hold(struct shuffle *shuffle, const struct source_item *item)
{
    const struct evj_slice body = item->record->body;
    struct held *held = g_malloc(sizeof(*held) + body.len);

    held->record = *item->record;
    memcpy(held->text, body.text, body.len);
    held->record.line = (struct evj_slice){0};
    held->record.body = (struct evj_slice){held->text, body.len};
    g_ptr_array_add(shuffle->held, held);
    g_array_append_val(shuffle->times, item->time_us);
    shuffle->bytes += body.len;
    return evj_event_peek(held->text, body.len, &held->record.event, &shuffle->ending_err);
}

/* Fisher and Yates's: each order is as likely as any other. */
static void mix_up(struct shuffle *shuffle)
{
    gpointer *held = shuffle->held->pdata;
    g_autofree gpointer *before = g_memdup2(held, shuffle->held->len * sizeof(*held));

    for (guint left = shuffle->held->len; left > 1; left--) {
        const guint other = (guint)(mix_next(&shuffle->random) % left);
        const gpointer kept = held[left - 1];

        held[left - 1] = held[other];
        held[other] = kept;
    }
    for (guint i = 0; shuffle->counts != NULL && i < shuffle->held->len; i++)
        shuffle->counts->done[SHAPE_SHUFFLE] += held[i] != before[i];
}

static void empty_window(struct shuffle *shuffle)
{
    g_ptr_array_set_size(shuffle->held, 0);
    g_array_set_size(shuffle->times, 0);
    shuffle->at = 0;
    shuffle->bytes = 0;
}

/* What is no event ends a window: it stays where it is among them. */
static void fill_window(struct shuffle *shuffle)
{
    struct source *inner = shuffle->over.inner;
    struct source_item item;

    empty_window(shuffle);
    while (shuffle->held->len < shuffle->window && shuffle->bytes < SHUFFLE_KEPT_MAX) {
        shuffle->ending = inner->ops->next(inner, &item, &shuffle->ending_err);
        if (shuffle->ending != 0)
            break;
        if (item.record->kind != EVJ_RECORD_EVENT) {
            shuffle->behind = item;
            shuffle->has_behind = true;
            break;
        }
        shuffle->ending = hold(shuffle, &item);
    }
    source_over_count(&shuffle->over);
    mix_up(shuffle);
}

static int shuffle_next(struct source *source, struct source_item *ret_item, struct evj_error *err)
{
    struct shuffle *shuffle = (struct shuffle *)source;

    if (shuffle->at == shuffle->held->len && !shuffle->has_behind && shuffle->ending == 0)
        fill_window(shuffle);
    if (shuffle->at < shuffle->held->len) {
        struct held *held = g_ptr_array_index(shuffle->held, shuffle->at);

        *ret_item = (struct source_item){
            .record = &held->record,
            .time_us = g_array_index(shuffle->times, int64_t, shuffle->at),
        };
        shuffle->at++;
        return 0;
    }
    if (shuffle->has_behind) {
        shuffle->has_behind = false;
        *ret_item = shuffle->behind;
        return 0;
    }
    if (err != NULL && shuffle->ending < 0)
        *err = shuffle->ending_err;
    return shuffle->ending;
}

static int shuffle_seek(struct source *source, int64_t time_us, struct evj_error *err)
{
    struct shuffle *shuffle = (struct shuffle *)source;
    int status = source_over_seek(&shuffle->over, time_us, err);

    if (status < 0)
        return status;
    empty_window(shuffle);
    shuffle->has_behind = false;
    shuffle->ending = 0;
    return 0;
}

static void shuffle_free(struct source *source)
{
    struct shuffle *shuffle = (struct shuffle *)source;

    source_free(shuffle->over.inner);
    g_ptr_array_unref(shuffle->held);
    g_array_unref(shuffle->times);
    g_free(shuffle);
}

static const struct source_ops shuffle_ops = {
    .next = shuffle_next, .seek = shuffle_seek, .free = shuffle_free};

struct source *source_shuffle_new(struct source *inner, size_t window, uint64_t seed,
                                  struct shape_counts *counts)
{
    struct shuffle *shuffle = g_new0(struct shuffle, 1);

    shuffle->over = (struct source_over){.source.ops = &shuffle_ops, .inner = inner};
    shuffle->window = window;
    shuffle->random = seed;
    shuffle->held = g_ptr_array_new_with_free_func(g_free);
    shuffle->times = g_array_new(FALSE, FALSE, sizeof(int64_t));
    shuffle->counts = counts;
    return &shuffle->over.source;
}
