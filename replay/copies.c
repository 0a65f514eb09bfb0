/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/copies.h"

#include "evj/cleanup.h"
#include "replay/turns.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

/* A record with its text, until every copy has had it. */
struct kept {
    struct kept *next; /* the one after it, of those that the other copies get */
    uint64_t number;   /* in their order */
    unsigned due;      /* how many of the other copies have not had it yet */
    bool closes;       /* without any id, and the source's last: for the last copy only */
    int64_t time_us;
    struct evj_record record;
    struct id_slots slots;
    char text[];
};

struct copies {
    unsigned count;
    int64_t delay_us;
    GQueue ahead;              /* struct kept: read, and not given by the first copy yet */
    struct kept *first, *last; /* what other copies have not had yet, in order */
    struct kept *given;        /* by the last call */
    GArray *turns;             /* what the other copies give next: struct turn */
    GArray *waiting;           /* unsigned: those that have had all there is */
    uint64_t number, bytes;
    bool has_event; /* the first one was read */
    int64_t first_timestamp_us;
    int ending; /* what the source returned at its end */
    struct evj_error ending_err;
};

struct copies *copies_new(unsigned count, int64_t delay_us)
{
    struct copies *copies = g_new0(struct copies, 1);

    copies->count = count;
    copies->delay_us = delay_us;
    copies->turns = turns_new();
    copies->waiting = g_array_new(FALSE, FALSE, sizeof(unsigned));
    copies_restart(copies);
    return copies;
}

static void kept_free(struct copies *copies, struct kept *kept)
{
    copies->bytes -= kept->record.body.len;
    id_slots_done(&kept->slots);
    g_free(kept);
}

/* What the last call gave is borrowed until now. Copies have things in one order, so that the first
 * is the one that all have had first. */
static void forget_given(struct copies *copies)
{
    struct kept *given = EVJ_TAKE(copies->given);

    if (given == NULL || given->due > 0)
        return;
    if (given == copies->first)
        copies->first = given->next;
    if (given == copies->last)
        copies->last = NULL;
    kept_free(copies, given);
}

void copies_restart(struct copies *copies)
{
    struct kept *kept;

    forget_given(copies);
    while ((kept = g_queue_pop_head(&copies->ahead)) != NULL)
        kept_free(copies, kept);
    while ((kept = copies->first) != NULL) {
        copies->first = kept->next;
        kept_free(copies, kept);
    }
    copies->last = NULL;
    g_array_set_size(copies->turns, 0);
    g_array_set_size(copies->waiting, 0);
    for (unsigned copy = 1; copy < copies->count; copy++)
        g_array_append_val(copies->waiting, copy);
    copies->has_event = false;
    copies->first_timestamp_us = 0;
    copies->ending = 0;
}

void copies_free(struct copies *copies)
{
    if (copies == NULL)
        return;
    copies_restart(copies);
    g_array_unref(copies->turns);
    g_array_unref(copies->waiting);
    g_free(copies);
}

/* ---- reading ---- */

static bool has_event(const struct evj_record *record)
{
    return record->kind == EVJ_RECORD_EVENT || record->kind == EVJ_RECORD_STATE;
}

/* The same record over a text of its own; of gaps and marks only numbers are kept. */
static int take_text(struct kept *kept, struct evj_error *err)
{
    struct evj_record *record = &kept->record;
    const struct evj_slice body = {kept->text, has_event(record) ? record->body.len : 0};
    int status;

    if (has_event(record))
        memcpy(kept->text, record->body.text, body.len);
    record->line = (struct evj_slice){0};
    record->body = body;
    if (!has_event(record))
        return 0;
    status = evj_event_peek(body.text, body.len, &record->event, err);
    if (status == 0 && id_slots_find(&kept->slots, record) < 0)
        status = evj_fail(err, EVJ_ERR_INVALID, 0,
                          "the event of record %" PRIu64 " is no JSON, so its ids cannot be found; "
                          "leave it out with --to @%" PRIu64 " or --from @%" PRIu64,
                          record->seq, record->seq - (record->seq > 0), record->seq + 1);
    return status;
}

static int keep(struct copies *copies, const struct source_item *item, struct evj_error *err)
{
    struct kept *kept = g_malloc(sizeof(*kept) + item->record->body.len);

    *kept = (struct kept){.record = *item->record, .time_us = item->time_us};
    g_queue_push_tail(&copies->ahead, kept);
    copies->bytes += kept->record.body.len;
    if (copies->bytes > COPIES_KEPT_MAX)
        return evj_fail(err, EVJ_ERR_LIMIT, 0,
                        "the last copy is so far behind that more than %u MiB of events would have "
                        "to be kept for it: give fewer copies, or a smaller delay between them",
                        COPIES_KEPT_MAX >> 20);
    return take_text(kept, err);
}

static void note_first(struct copies *copies, const struct evj_record *record)
{
    if (copies->has_event || record->kind != EVJ_RECORD_EVENT)
        return;
    copies->has_event = true;
    copies->first_timestamp_us = record->event.timestamp_us;
}

static bool has_no_id(const struct kept *kept)
{
    return kept->slots.ids == 0;
}

/* At first all up to an event is read; later one record, and what is behind one without ids: is that the last? */
static bool wants_more(struct copies *copies)
{
    const struct kept *ahead = g_queue_peek_head(&copies->ahead);

    if (!copies->has_event || ahead == NULL)
        return true;
    return copies->count > 1 && has_no_id(ahead) && g_queue_get_length(&copies->ahead) == 1;
}

/* Have the next record of the source ready, unless it has no more. */
static int read_ahead(struct copies *copies, struct source *source, struct evj_error *err)
{
    struct source_item item;
    int status = 0;

    while (status == 0 && copies->ending == 0 && wants_more(copies)) {
        copies->ending = source->ops->next(source, &item, &copies->ending_err);
        if (copies->ending != 0)
            break;
        note_first(copies, item.record);
        status = keep(copies, &item, err);
    }
    return status;
}

/* ---- giving ---- */

static int64_t later_by(int64_t time_us, unsigned copy, int64_t delay_us)
{
    int64_t delayed;

    return __builtin_add_overflow(time_us, copy * delay_us, &delayed) ? INT64_MAX : delayed;
}

static void take_turn_with(struct copies *copies, unsigned copy, struct kept *kept)
{
    const struct turn turn = {
        .time_us = later_by(kept->time_us, copy, copies->delay_us),
        .number = kept->number,
        .copy = copy,
        .what = kept,
    };

    turns_add(copies->turns, &turn);
}

/* The other copies get it, too. */
static void keep_for_others(struct copies *copies, struct kept *kept)
{
    kept->number = copies->number++;
    kept->due = copies->count - 1;
    if (copies->last != NULL)
        copies->last->next = kept;
    else
        copies->first = kept;
    copies->last = kept;
    for (guint i = 0; i < copies->waiting->len; i++)
        take_turn_with(copies, g_array_index(copies->waiting, unsigned, i), kept);
    g_array_set_size(copies->waiting, 0);
}

static void give(struct copies *copies, struct kept *kept, unsigned copy, struct copy *ret_copy)
{
    copies->given = kept;
    *ret_copy = (struct copy){
        .record = &kept->record,
        .slots = &kept->slots,
        .number = copy,
        .delay_us = copy * copies->delay_us,
        .time_us = later_by(kept->time_us, copy, copies->delay_us),
    };
}

static void give_first(struct copies *copies, struct copy *ret_copy)
{
    struct kept *kept = g_queue_pop_head(&copies->ahead);

    kept->closes = has_no_id(kept) && g_queue_is_empty(&copies->ahead);
    if (copies->count > 1 && (kept->closes || !has_no_id(kept)))
        keep_for_others(copies, kept);
    give(copies, kept, 0, ret_copy);
}

static void give_other(struct copies *copies, struct copy *ret_copy)
{
    const struct turn turn = turns_take(copies->turns);
    struct kept *kept = turn.what;

    kept->due--;
    if (kept->next != NULL)
        take_turn_with(copies, turn.copy, kept->next);
    else
        g_array_append_val(copies->waiting, turn.copy);
    give(copies, kept, turn.copy, ret_copy);
}

static bool is_others_turn(struct copies *copies)
{
    const struct kept *ahead = g_queue_peek_head(&copies->ahead);

    return copies->turns->len > 0 &&
           (ahead == NULL ||
            g_array_index(copies->turns, struct turn, 0).time_us <= ahead->time_us);
}

/* As the source's next. */
static int step(struct copies *copies, struct source *source, struct copy *ret_copy,
                struct evj_error *err)
{
    int status;

    forget_given(copies);
    status = read_ahead(copies, source, err);
    if (status < 0)
        return status;
    if (is_others_turn(copies)) {
        give_other(copies, ret_copy);
    } else if (!g_queue_is_empty(&copies->ahead)) {
        give_first(copies, ret_copy);
    } else {
        if (err != NULL && copies->ending < 0)
            *err = copies->ending_err;
        return copies->ending;
    }
    return 0;
}

int copies_next(struct copies *copies, struct source *source, struct copy *ret_copy,
                struct evj_error *err)
{
    int status;

    do
        status = step(copies, source, ret_copy, err);
    while (status == 0 && copies->given->closes && ret_copy->number + 1 < copies->count);
    return status;
}

int64_t copies_first_timestamp(const struct copies *copies)
{
    return copies->first_timestamp_us;
}
