/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/rewrite.h"

#include "evj/header.h"
#include "replay/copies.h"
#include "replay/fresh_ids.h"
#include "replay/source_over.h"

#include <glib.h>
#include <inttypes.h>

struct rewrite {
    struct source_over over;
    struct rewrite_options options;
    struct copies *copies;
    struct fresh_ids *ids;    /* NULL: they stay */
    GString *text;            /* of the event that was given last */
    struct evj_record record; /* over it */
    struct rewrite_counts *counts;
    struct rewrite_counts unwatched; /* where counts go that nobody asked for */
};

/* By how much timestamps are moved: what is live at the beginning is older than the first event. */
static void anchor(struct rewrite *rewrite)
{
    const int64_t first_us = copies_first_timestamp(rewrite->copies);

    if (rewrite->options.now_us != 0 && first_us > 0)
        rewrite->counts->moved_us = rewrite->options.now_us - first_us;
}

/* Times that lie beyond what can be told stay: who made them meant no time. */
static void put_time(struct rewrite *rewrite, struct evj_slice old, int64_t delay_us)
{
    const int64_t moved_us = rewrite->counts->moved_us;
    int64_t time_us;

    if ((moved_us != 0 || delay_us != 0) && evj_json_to_i64(old, &time_us) &&
        !__builtin_add_overflow(time_us, moved_us, &time_us) &&
        !__builtin_add_overflow(time_us, delay_us, &time_us) && time_us > 0)
        g_string_append_printf(rewrite->text, "%" PRId64, time_us);
    else
        g_string_append_len(rewrite->text, old.text, (gssize)old.len);
}

static int put_slot(struct rewrite *rewrite, const struct copy *copy, const struct id_slot *slot,
                    struct evj_error *err)
{
    const struct evj_slice old = {copy->record->body.text + slot->at, slot->len};

    if (slot->kind == EVJ_ID_NONE)
        put_time(rewrite, old, copy->delay_us);
    else if (rewrite->ids != NULL)
        return fresh_ids_put(rewrite->ids, slot->kind, old, copy->number, rewrite->text, err);
    else
        g_string_append_len(rewrite->text, old.text, (gssize)old.len);
    return 0;
}

/* What stands between the slots is copied, the slots are filled in anew. */
static int put_event(struct rewrite *rewrite, const struct copy *copy, struct evj_error *err)
{
    const struct evj_slice body = copy->record->body;
    const GArray *slots = copy->slots->slots;
    size_t at = 0;
    int status = 0;

    g_string_truncate(rewrite->text, 0);
    for (guint i = 0; slots != NULL && i < slots->len && status == 0; i++) {
        const struct id_slot *slot = &g_array_index(slots, struct id_slot, i);

        g_string_append_len(rewrite->text, body.text + at, (gssize)(slot->at - at));
        status = put_slot(rewrite, copy, slot, err);
        at = slot->at + slot->len;
    }
    g_string_append_len(rewrite->text, body.text + at, (gssize)(body.len - at));
    return status;
}

static int rewrite_event(struct rewrite *rewrite, const struct copy *copy, struct evj_error *err)
{
    int status = put_event(rewrite, copy, err);

    if (status < 0)
        return status;
    rewrite->record.body = (struct evj_slice){rewrite->text->str, rewrite->text->len};
    rewrite->counts->events++;
    rewrite->counts->given_once += rewrite->options.copies > 1 && copy->slots->ids == 0;
    if (rewrite->ids != NULL)
        rewrite->counts->ids = fresh_ids_count(rewrite->ids);
    return evj_event_peek(rewrite->text->str, rewrite->text->len, &rewrite->record.event, err);
}

static int rewrite_next(struct source *source, struct source_item *ret_item, struct evj_error *err)
{
    struct rewrite *rewrite = (struct rewrite *)source;
    struct copy copy;
    int status = copies_next(rewrite->copies, rewrite->over.inner, &copy, err);

    source_over_count(&rewrite->over);
    if (status != 0)
        return status;
    anchor(rewrite);
    rewrite->record = *copy.record;
    *ret_item = (struct source_item){.record = &rewrite->record, .time_us = copy.time_us};
    return copy.record->body.len > 0 ? rewrite_event(rewrite, &copy, err) : 0;
}

static int rewrite_seek(struct source *source, int64_t time_us, struct evj_error *err)
{
    struct rewrite *rewrite = (struct rewrite *)source;
    int status = source_over_seek(&rewrite->over, time_us, err);

    if (status < 0)
        return status;
    copies_restart(rewrite->copies);
    if (rewrite->ids != NULL)
        fresh_ids_forget(rewrite->ids);
    if (rewrite->options.now_us != 0)
        rewrite->options.now_us = evj_clock_wall_us();
    return 0;
}

static void rewrite_free(struct source *source)
{
    struct rewrite *rewrite = (struct rewrite *)source;

    copies_free(rewrite->copies);
    fresh_ids_free(rewrite->ids);
    g_string_free(rewrite->text, TRUE);
    source_free(rewrite->over.inner);
    g_free(rewrite);
}

static const struct source_ops rewrite_ops = {
    .next = rewrite_next, .seek = rewrite_seek, .free = rewrite_free};

struct source *source_rewrite_new(struct source *inner, const struct rewrite_options *options,
                                  struct rewrite_counts *counts)
{
    struct rewrite *rewrite = g_new0(struct rewrite, 1);

    rewrite->over = (struct source_over){.source.ops = &rewrite_ops, .inner = inner};
    rewrite->options = *options;
    rewrite->copies = copies_new(options->copies, options->delay_us);
    if (options->renew_ids || options->copies > 1)
        rewrite->ids = fresh_ids_new(options->seed, options->copies);
    rewrite->text = g_string_new(NULL);
    rewrite->counts = counts != NULL ? counts : &rewrite->unwatched;
    *rewrite->counts = (struct rewrite_counts){.copies = options->copies};
    return &rewrite->over.source;
}
