/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/state_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kept_list {
    const struct kept **items;
    size_t count;
};

static int by_seq(const void *a, const void *b)
{
    const struct kept *const *x = a, *const *y = b;

    return (*x)->seq < (*y)->seq ? -1 : (*x)->seq > (*y)->seq;
}

static void collect(const struct store *store, struct kept_list *list)
{
    const struct thing *thing = NULL;

    while ((thing = evj_store_next(store, thing)))
        for (const struct kept *kept = thing->kept; kept; kept = kept->next)
            if (kept->text)
                list->items[list->count++] = kept;
}

/* One event may be in two slots. */
static void leave_out_doubles(struct kept_list *list)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        if (i == 0 || list->items[i]->seq != list->items[i - 1]->seq)
            list->items[count++] = list->items[i];
    list->count = count;
}

static int list_by_seq(const struct store *store, struct kept_list *ret_list, struct evj_error *err)
{
    struct kept_list list = {.items = calloc(store->events + 1, sizeof(*list.items))};

    if (!list.items)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for the state");
    collect(store, &list);
    qsort(list.items, list.count, sizeof(*list.items), by_seq);
    leave_out_doubles(&list);
    *ret_list = list;
    return EVJ_OK;
}

static int put(const struct kept *kept, struct evj_writer *writer, struct evj_error *err)
{
    size_t size = EVJ_PREFIX_MAX + kept->len + 1;
    char *line = malloc(size);
    struct evj_record record;

    if (!line)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a state record");
    size_t at = (size_t)snprintf(line, size,
                                 "{\"seq\":%" PRIu64 ",\"mono\":%" PRId64 ",\"state\":", kept->seq,
                                 kept->mono_us);
    memcpy(line + at, kept->text, kept->len);
    line[at + kept->len] = '}';
    int status = evj_record_parse(line, at + kept->len + 1, &record, err);
    if (status == EVJ_OK)
        status = evj_writer_add(writer, &record, err);
    free(line);
    return status;
}

int evj_state_put(const struct evj_state *state, struct evj_writer *writer, struct evj_error *err)
{
    struct kept_list list;
    int status = list_by_seq(&state->store, &list, err);

    if (status < 0)
        return status;
    for (size_t i = 0; i < list.count && status == EVJ_OK; i++)
        status = put(list.items[i], writer, err);
    free(list.items);
    return status;
}

static struct evj_record record_of(const struct kept *kept)
{
    struct evj_record record = {
        .kind = EVJ_RECORD_STATE,
        .body = {kept->text, kept->len},
        .has_seq = true,
        .seq = kept->seq,
        .mono_us = kept->mono_us,
        .wall_us = kept->wall_us,
    };

    evj_event_peek(kept->text, kept->len, &record.event,
                   NULL); /* which it was before it was kept */
    return record;
}

int evj_state_list(const struct evj_state *state, struct evj_record **ret_records,
                   size_t *ret_count, struct evj_error *err)
{
    struct kept_list list;
    int status = list_by_seq(&state->store, &list, err);

    if (status < 0)
        return status;
    struct evj_record *records = calloc(list.count + 1, sizeof(*records));
    if (records) {
        for (size_t i = 0; i < list.count; i++)
            records[i] = record_of(list.items[i]);
        *ret_records = records;
        *ret_count = list.count;
    }
    free(list.items);
    return records ? EVJ_OK : evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for the state");
}
