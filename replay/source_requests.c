/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/source_requests.h"

#include "replay/source_over.h"

#include <stdlib.h>
#include <string.h>

struct requests_source {
    struct source_over over;
    const struct requests *requests;
    void (*ask)(const struct request *request, void *context);
    void *context;
    bool *made;              /* by request: in this round, or not to be made */
    size_t next;             /* the one whose turn it is; valid while it is given out */
    struct source_item item; /* of the source below: read, and to be given after the requests */
    bool has_item;
    int64_t from_us;           /* of the latest seek */
    bool has_begun;            /* the first event since has been seen */
    int64_t shift_us;          /* from the wall clock to the source's time line */
    int64_t first_us, last_us; /* its events so far */
};

static struct requests_source *self(struct source *source)
{
    return (struct requests_source *)source;
}

static int64_t time_of(const struct requests_source *rs, const struct request *request)
{
    int64_t time_us;

    if (request->when.kind != EVJ_MOMENT_WALL)
        return INT64_MIN;
    if (__builtin_add_overflow(request->when.us, rs->shift_us, &time_us))
        return request->when.us < 0 ? INT64_MIN : INT64_MAX;
    return time_us;
}

static bool is_due(const struct requests_source *rs, const struct request *request)
{
    if (request->when.kind == EVJ_MOMENT_SEQ)
        return rs->item.record->seq >= request->when.seq;
    return time_of(rs, request) <= rs->item.time_us;
}

/* ---- beginning ---- */

static void begin(struct requests_source *rs, int64_t from_us)
{
    memset(rs->made, 0, rs->requests->count * sizeof(*rs->made));
    rs->from_us = from_us;
    rs->has_item = rs->has_begun = false;
}

/* What lies before the place of a seek was made before, or is left out with the events there. */
static void see_first_event(struct requests_source *rs)
{
    rs->has_begun = true;
    rs->shift_us = rs->item.time_us - rs->item.record->wall_us;
    rs->first_us = rs->item.time_us;
    for (size_t i = 0; i < rs->requests->count; i++)
        rs->made[i] = rs->from_us != SOURCE_BEGINNING &&
                      time_of(rs, &rs->requests->list[i]) < rs->from_us &&
                      rs->requests->list[i].when.kind != EVJ_MOMENT_SEQ;
}

/* ---- one after the other ---- */

/* The earliest of those that come before the item; of equal ones the first that was given. */
static bool find_due(struct requests_source *rs)
{
    bool found = false;

    for (size_t i = 0; i < rs->requests->count; i++) {
        const struct request *request = &rs->requests->list[i];

        if (rs->made[i] || (rs->has_item && !is_due(rs, request)))
            continue;
        if (found && time_of(rs, request) >= time_of(rs, &rs->requests->list[rs->next]))
            continue;
        rs->next = i;
        found = true;
    }
    return found;
}

static void act(void *context)
{
    struct requests_source *rs = context;

    rs->ask(&rs->requests->list[rs->next], rs->context);
}

static int give_request(struct requests_source *rs, struct source_item *ret_item)
{
    const struct request *request = &rs->requests->list[rs->next];
    int64_t time_us = time_of(rs, request);
    int64_t latest_us = rs->has_item ? rs->item.time_us : rs->last_us;

    if (request->when.kind == EVJ_MOMENT_SEQ || time_us > latest_us)
        time_us = latest_us;
    rs->made[rs->next] = true;
    *ret_item = (struct source_item){
        .time_us = time_us > rs->first_us ? time_us : rs->first_us,
        .act = act,
        .context = rs,
    };
    return 0;
}

static int read_item(struct requests_source *rs, struct evj_error *err)
{
    int status = rs->over.inner->ops->next(rs->over.inner, &rs->item, err);

    source_over_count(&rs->over);
    if (status == 0 && rs->item.record->kind == EVJ_RECORD_EVENT && !rs->has_begun)
        see_first_event(rs);
    return status;
}

static bool takes_turns(const struct requests_source *rs)
{
    return rs->has_begun && (!rs->has_item || rs->item.record->kind == EVJ_RECORD_EVENT);
}

static int requests_next(struct source *source, struct source_item *ret_item, struct evj_error *err)
{
    struct requests_source *rs = self(source);
    int status = 0;

    if (!rs->has_item) {
        status = read_item(rs, err);
        rs->has_item = status == 0;
    }
    if (status < 0)
        return status;
    if (takes_turns(rs) && find_due(rs))
        return give_request(rs, ret_item);
    if (!rs->has_item)
        return status;
    rs->has_item = false;
    if (rs->item.record->kind == EVJ_RECORD_EVENT)
        rs->last_us = rs->item.time_us;
    *ret_item = rs->item;
    return 0;
}

static int requests_seek(struct source *source, int64_t time_us, struct evj_error *err)
{
    struct requests_source *rs = self(source);
    int status = source_over_seek(&rs->over, time_us, err);

    if (status == 0)
        begin(rs, time_us);
    return status;
}

static void requests_free(struct source *source)
{
    source_free(self(source)->over.inner);
    free(self(source)->made);
    free(source);
}

static const struct source_ops requests_ops = {
    .next = requests_next, .seek = requests_seek, .free = requests_free};

struct source *source_requests_new(struct source *inner, const struct requests *requests,
                                   void (*ask)(const struct request *request, void *context),
                                   void *context)
{
    struct requests_source *rs = calloc(1, sizeof(*rs));
    bool *made = calloc(requests->count, sizeof(*made));

    if (rs == NULL || made == NULL) {
        free(rs);
        free(made);
        source_free(inner);
        return NULL;
    }
    *rs = (struct requests_source){
        .over = {.source.ops = &requests_ops, .inner = inner},
        .requests = requests,
        .ask = ask,
        .context = context,
        .made = made,
        .from_us = SOURCE_BEGINNING,
    };
    return &rs->over.source;
}
