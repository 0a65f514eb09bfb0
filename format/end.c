/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/end.h"

#include "evj/event_type.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- reading ---- */

static bool read_types(struct evj_slice object, uint64_t types[EVJ_EVENT_TYPES + 1])
{
    struct evj_json_members it;
    struct evj_slice key, value;
    int status = evj_json_members_init(&it, object.text, object.len);

    while (status == EVJ_OK && (status = evj_json_members_next(&it, &key, &value)) == EVJ_OK) {
        size_t i = 0;
        while (i < EVJ_EVENT_TYPES && !evj_slice_is(key, evj_event_type_label(1u << i)))
            i++;
        uint64_t count;
        if (!evj_json_to_u64(value, &count) || __builtin_add_overflow(types[i], count, &types[i]))
            return false;
    }
    return status == EVJ_END;
}

/* The next string of an array, with its quotes; `*at` is behind the one before, or the bracket. */
static bool next_string(const char **at, const char *end, struct evj_slice *ret_value)
{
    while (*at < end && (**at == ',' || **at == ' '))
        ++*at;
    const char *from = *at;
    if (from == end || *from != '"')
        return false;
    const char *to = from + 1;
    while (to < end && *to != '"')
        to += *to == '\\' ? 2 : 1;
    if (to >= end)
        return false;
    *ret_value = (struct evj_slice){from, (size_t)(to + 1 - from)};
    *at = to + 1;
    return true;
}

static bool read_emitters(struct evj_slice array, struct evj_end *end)
{
    char text[3 * EVJ_END_EMITTER_SIZE]; /* a byte that is no character becomes three */
    struct evj_slice value;

    if (array.len < 2 || array.text[0] != '[')
        return false;
    const char *at = array.text + 1, *behind = array.text + array.len - 1;
    while (next_string(&at, behind, &value)) {
        size_t len = evj_json_string_decode(value, text, sizeof(text));
        if (len >= EVJ_END_EMITTER_SIZE || end->emitter_count == EVJ_END_EMITTERS_MAX)
            return false;
        memcpy(end->emitters[end->emitter_count++], text, len + 1);
    }
    return at == behind;
}

static bool read_place(struct evj_slice object, struct evj_end_place *place)
{
    return evj_json_to_u64(evj_json_member(object, "seq"), &place->seq) &&
           evj_json_to_i64(evj_json_member(object, "mono"), &place->mono_us);
}

static bool read_lag(struct evj_slice object, struct evj_end *end)
{
    return evj_json_to_i64(evj_json_member(object, "least"), &end->least_lag_us) &&
           evj_json_to_i64(evj_json_member(object, "greatest"), &end->greatest_lag_us);
}

int evj_end_parse(const struct evj_record *record, struct evj_end *ret_end, struct evj_error *err)
{
    struct evj_end end = {0};
    struct evj_slice body = record->body;

    if (record->kind != EVJ_RECORD_END)
        return evj_fail(err, EVJ_ERR_CORRUPT, 0, "no end record");
    evj_json_to_i64(evj_json_member(body, "wall"), &end.wall_us);
    evj_json_to_i64(evj_json_member(body, "mono"), &end.mono_us);
    evj_json_to_u64(evj_json_member(body, "records"), &end.records);
    evj_json_to_u64(evj_json_member(body, "events"), &end.events);
    evj_json_to_u64(evj_json_member(body, "dropped"), &end.dropped);
    evj_json_string_decode(evj_json_member(body, "reason"), end.reason, sizeof(end.reason));

    end.has_types = read_types(evj_json_member(body, "types"), end.types);
    end.has_sessions = evj_json_to_u64(evj_json_member(body, "sessions"), &end.sessions);
    end.has_handles = evj_json_to_u64(evj_json_member(body, "handles"), &end.handles);
    end.has_emitters = read_emitters(evj_json_member(body, "emitters"), &end);
    end.has_span = read_place(evj_json_member(body, "first"), &end.first) &&
                   read_place(evj_json_member(body, "last"), &end.last);
    end.has_lag = read_lag(evj_json_member(body, "lag"), &end);
    *ret_end = end;
    return EVJ_OK;
}

/* ---- writing ---- */

/* What is left of the room is never too little: evj_end's fields are bounded. */
struct line {
    char *out;
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void put(struct line *line, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    line->len +=
        (size_t)vsnprintf(line->out + line->len, EVJ_END_LINE_MAX - line->len, format, args);
    va_end(args);
}

static void put_text(struct line *line, const char *text)
{
    line->len += evj_json_string_encode(text, strlen(text), line->out + line->len,
                                        EVJ_END_LINE_MAX - line->len);
}

static void put_types(struct line *line, const uint64_t types[EVJ_EVENT_TYPES + 1])
{
    const char *comma = "";

    put(line, ",\"types\":{");
    for (unsigned i = 0; i <= EVJ_EVENT_TYPES; i++) {
        if (types[i] == 0)
            continue;
        const char *label = i < EVJ_EVENT_TYPES ? evj_event_type_label(1u << i) : "other";
        put(line, "%s\"%s\":%" PRIu64, comma, label, types[i]);
        comma = ",";
    }
    put(line, "}");
}

static void put_emitters(struct line *line, const struct evj_end *end)
{
    put(line, ",\"emitters\":[");
    for (size_t i = 0; i < end->emitter_count; i++) {
        if (i > 0)
            put(line, ",");
        put_text(line, end->emitters[i]);
    }
    put(line, "]");
}

static void put_place(struct line *line, const char *key, const struct evj_end_place *place)
{
    put(line, ",\"%s\":{\"seq\":%" PRIu64 ",\"mono\":%" PRId64 "}", key, place->seq,
        place->mono_us);
}

size_t evj_end_put(const struct evj_end *end, char *out)
{
    struct line line = {.out = out};

    put(&line,
        "{\"end\":{\"wall\":%" PRId64 ",\"mono\":%" PRId64 ",\"records\":%" PRIu64
        ",\"events\":%" PRIu64 ",\"dropped\":%" PRIu64 ",\"reason\":",
        end->wall_us, end->mono_us, end->records, end->events, end->dropped);
    put_text(&line, end->reason);
    if (end->has_types)
        put_types(&line, end->types);
    if (end->has_sessions)
        put(&line, ",\"sessions\":%" PRIu64, end->sessions);
    if (end->has_handles)
        put(&line, ",\"handles\":%" PRIu64, end->handles);
    if (end->has_emitters)
        put_emitters(&line, end);
    if (end->has_span)
        put_place(&line, "first", &end->first);
    if (end->has_span)
        put_place(&line, "last", &end->last);
    if (end->has_lag)
        put(&line, ",\"lag\":{\"least\":%" PRId64 ",\"greatest\":%" PRId64 "}", end->least_lag_us,
            end->greatest_lag_us);
    put(&line, "}}");
    return line.len;
}
