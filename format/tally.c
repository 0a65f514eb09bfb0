/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/tally_internal.h"

#include "evj/event_type.h"

#include <string.h>

static void add_id(struct evj_tally_ids *ids, uint64_t id)
{
    if (ids->too_many)
        return;
    bool is_known = evj_id_set_has(&ids->set, id) || id == 0;
    if (is_known || (ids->set.count < EVJ_END_IDS_MAX && evj_id_set_add(&ids->set, id)))
        return;
    ids->too_many = true;
    evj_id_set_done(&ids->set);
}

static bool has_emitter(const struct evj_end *end, const char *text)
{
    for (size_t i = 0; i < end->emitter_count; i++)
        if (strcmp(end->emitters[i], text) == 0)
            return true;
    return false;
}

/* An emitter that is not the last one. What is no text, or empty, names nobody. */
static void add_emitter_text(struct evj_tally *tally, struct evj_slice emitter)
{
    char text[3 * EVJ_END_EMITTER_SIZE]; /* a byte that is no character becomes three */
    struct evj_end *end = &tally->end;

    size_t len = evj_json_string_decode(emitter, text, sizeof(text));
    if (len == 0 || has_emitter(end, text))
        return;
    tally->too_many_emitters =
        len >= EVJ_END_EMITTER_SIZE || end->emitter_count == EVJ_END_EMITTERS_MAX;
    if (!tally->too_many_emitters)
        memcpy(end->emitters[end->emitter_count++], text, len + 1);
}

static void add_emitter(struct evj_tally *tally, struct evj_slice emitter)
{
    if (emitter.len == 0 || tally->too_many_emitters ||
        (emitter.len == tally->emitter_len &&
         memcmp(emitter.text, tally->emitter, emitter.len) == 0))
        return;
    add_emitter_text(tally, emitter);
    if (emitter.len > sizeof(tally->emitter))
        return;
    memcpy(tally->emitter, emitter.text, emitter.len);
    tally->emitter_len = emitter.len;
}

/* How long an event took from where it was made to where it was recorded. */
static void add_lag(struct evj_end *end, const struct evj_header *header,
                    const struct evj_record *record)
{
    int64_t wall_us = evj_header_wall_us(header, record->mono_us), lag_us;

    if (record->event.timestamp_us == 0 ||
        __builtin_sub_overflow(wall_us, record->event.timestamp_us, &lag_us))
        return;
    if (!end->has_lag || lag_us < end->least_lag_us)
        end->least_lag_us = lag_us;
    if (!end->has_lag || lag_us > end->greatest_lag_us)
        end->greatest_lag_us = lag_us;
    end->has_lag = true;
}

void evj_tally_add(struct evj_tally *tally, const struct evj_header *header,
                   const struct evj_record *record)
{
    const struct evj_event *event = &record->event;
    struct evj_end *end = &tally->end;

    if (tally->is_partial || record->kind != EVJ_RECORD_EVENT)
        return;
    int type = evj_event_type_index(event->type);
    end->types[type >= 0 ? (size_t)type : EVJ_EVENT_TYPES]++;
    end->last = (struct evj_end_place){record->seq, record->mono_us};
    if (!end->has_span)
        end->first = end->last;
    end->has_span = true;
    add_id(&tally->sessions, event->session_id);
    add_id(&tally->handles, event->handle_id);
    add_emitter(tally, event->emitter);
    add_lag(end, header, record);
}

void evj_tally_tell(const struct evj_tally *tally, const struct evj_header *header,
                    struct evj_end *ret_end)
{
    *ret_end = (struct evj_end){0};
    if (tally->is_partial)
        return;
    /* Ids of different recordings cannot be held against each other. */
    bool ids_compare = header->sources <= 1;

    *ret_end = tally->end;
    ret_end->has_types = true;
    ret_end->has_sessions = ids_compare && !tally->sessions.too_many;
    ret_end->sessions = tally->sessions.set.count;
    ret_end->has_handles = ids_compare && !tally->handles.too_many;
    ret_end->handles = tally->handles.set.count;
    ret_end->has_emitters = !tally->too_many_emitters;
}

void evj_tally_done(struct evj_tally *tally)
{
    evj_id_set_done(&tally->sessions.set);
    evj_id_set_done(&tally->handles.set);
}
