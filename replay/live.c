/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/live.h"

#include <stdlib.h>

static int no_memory(struct evj_error *err)
{
    return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for what is live");
}

static int make_room(struct live *live, size_t recordings, struct evj_error *err)
{
    struct evj_state **states = realloc(live->states, recordings * sizeof(struct evj_state *));

    if (states == NULL)
        return no_memory(err);
    while (live->recordings < recordings)
        states[live->recordings++] = NULL;
    live->states = states;
    return EVJ_OK;
}

int live_add(struct live *live, const struct evj_record *record, struct evj_error *err)
{
    size_t number = record->recording;
    int status;

    if (record->kind != EVJ_RECORD_EVENT && record->kind != EVJ_RECORD_STATE)
        return EVJ_OK;
    status = number < live->recordings ? EVJ_OK : make_room(live, number + 1, err);
    if (status < 0)
        return status;
    if (live->states[number] == NULL)
        live->states[number] = evj_state_new(EVJ_STATE_FULL, LIVE_LIMIT);
    if (live->states[number] == NULL)
        return no_memory(err);
    evj_state_add(live->states[number], record);
    return EVJ_OK;
}

/* The records of the next recording that has any: 0, EVJ_END, or < 0. */
static int list_next(struct live *live, struct evj_error *err)
{
    int status = EVJ_OK;

    while (status == EVJ_OK && live->taken == live->count && live->at < live->recordings) {
        const struct evj_state *state = live->states[live->at];

        free(EVJ_TAKE(live->records));
        live->count = live->taken = 0;
        if (state != NULL)
            status = evj_state_list(state, &live->records, &live->count, err);
        live->at++;
    }
    if (status < 0)
        return status;
    return live->taken < live->count ? EVJ_OK : EVJ_END;
}

int live_take(struct live *live, const struct evj_record **ret_record, struct evj_error *err)
{
    int status = list_next(live, err);
    struct evj_record *record;

    if (status != EVJ_OK)
        return status;
    record = &live->records[live->taken++];
    record->recording = (unsigned)live->at - 1;
    *ret_record = record;
    return EVJ_OK;
}

uint64_t live_left_out(const struct live *live)
{
    uint64_t left_out = 0;

    for (size_t i = 0; i < live->recordings; i++)
        left_out += live->states[i] != NULL ? evj_state_left_out(live->states[i]) : 0;
    return left_out;
}

void live_clear(struct live *live)
{
    for (size_t i = 0; i < live->recordings; i++)
        evj_state_free(live->states[i]);
    free(live->states);
    free(live->records);
    *live = (struct live){0};
}
