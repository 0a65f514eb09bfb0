/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/record.h"

#include "evj/decimal.h"
#include "evj/event_type.h"
#include "evj/limits.h"
#include "format/record_steps_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define KIND(text, kind)             \
    {                                \
        text, sizeof(text) - 1, kind \
    }

static const struct {
    const char *key;
    size_t len;
    enum evj_record_kind kind;
} kinds[] = {
    KIND("event", EVJ_RECORD_EVENT),     KIND("state", EVJ_RECORD_STATE),
    KIND("gap", EVJ_RECORD_GAP),         KIND("mark", EVJ_RECORD_MARK),
    KIND("journal", EVJ_RECORD_JOURNAL), KIND("end", EVJ_RECORD_END),
};

static enum evj_record_kind kind_of(struct evj_slice key)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (key.len == kinds[i].len && memcmp(key.text, kinds[i].key, key.len) == 0)
            return kinds[i].kind;
    return EVJ_RECORD_UNKNOWN;
}

static bool to_u32(struct evj_slice value, uint32_t *ret)
{
    uint64_t number;

    if (!evj_json_to_u64(value, &number) || number > UINT32_MAX)
        return false;
    *ret = (uint32_t)number;
    return true;
}

/* One top-level member of an event. Values of an unexpected type leave the field as if absent. */
static void event_member(struct evj_event *event, struct evj_slice key, struct evj_slice value)
{
    if (evj_slice_is(key, "type"))
        to_u32(value, &event->type);
    else if (evj_slice_is(key, "subtype"))
        to_u32(value, &event->subtype);
    else if (evj_slice_is(key, "timestamp"))
        evj_json_to_i64(value, &event->timestamp_us);
    else if (evj_slice_is(key, "session_id"))
        evj_json_to_u64(value, &event->session_id);
    else if (evj_slice_is(key, "handle_id"))
        evj_json_to_u64(value, &event->handle_id);
    else if (evj_slice_is(key, "emitter"))
        event->emitter = value;
    else if (evj_slice_is(key, "opaque_id"))
        event->opaque_id = value;
    else if (evj_slice_is(key, "event"))
        event->body = value;
}

static int not_json(int status, const char *what, struct evj_error *err)
{
    if (status == EVJ_ERR_LIMIT)
        return evj_fail(err, status, 0, "%s nests deeper than %u", what, EVJ_DEPTH_MAX);
    return evj_fail(err, EVJ_ERR_CORRUPT, 0, "%s is no JSON object", what);
}

/* Up to the event's EVJ_END, or a failure. */
static int walk_event(struct evj_json_members *it, struct evj_event *ret_event)
{
    struct evj_event event = {0};
    struct evj_slice key, value;
    int status;

    while ((status = evj_json_members_next(it, &key, &value)) == EVJ_OK)
        event_member(&event, key, value);
    *ret_event = event;
    return status;
}

int evj_event_peek(const char *text, size_t len, struct evj_event *ret_event, struct evj_error *err)
{
    struct evj_event event;
    struct evj_json_members it;
    int status = evj_json_members_init(&it, text, len);

    if (status == EVJ_OK)
        status = walk_event(&it, &event);
    if (status < 0)
        return not_json(status, "the event", err);
    *ret_event = event;
    return EVJ_OK;
}

static int parse_gap(struct evj_slice body, struct evj_gap *ret_gap, struct evj_error *err)
{
    struct evj_gap gap = {.reason = evj_json_member(body, "reason"),
                          .types = evj_json_member(body, "types")};

    if (!evj_json_to_u64(evj_json_member(body, "events"), &gap.events))
        return evj_fail(err, EVJ_ERR_CORRUPT, 0, "a gap record without its number of events");
    evj_json_to_u64(evj_json_member(body, "bytes"), &gap.bytes);
    evj_json_to_i64(evj_json_member(body, "until"), &gap.until_us);
    evj_json_to_u64(evj_json_member(body, "from"), &gap.from);
    evj_json_to_u64(evj_json_member(body, "to"), &gap.to);
    *ret_gap = gap;
    return EVJ_OK;
}

/* Which of both a line has: it has a place only with both. */
struct place {
    bool has_seq, has_mono;
};

/* What the record's kind needs beyond its kind key. */
static int parse_body(struct evj_record *record, struct evj_error *err)
{
    switch (record->kind) {
    case EVJ_RECORD_EVENT:
    case EVJ_RECORD_STATE:
    case EVJ_RECORD_GAP:
    case EVJ_RECORD_MARK:
        if (!record->has_seq)
            return evj_fail(err, EVJ_ERR_CORRUPT, 0, "a record without seq and mono");
        break;
    default:
        return EVJ_OK;
    }
    return record->kind == EVJ_RECORD_GAP ? parse_gap(record->body, &record->gap, err) : EVJ_OK;
}

/* A key that names no kind: the record's place and time, or one that nobody knows. */
static void place_member(struct evj_record *record, struct evj_slice key, struct evj_slice value,
                         struct place *place)
{
    uint32_t source;

    if (evj_slice_is(key, "seq"))
        place->has_seq = evj_json_to_u64(value, &record->seq);
    else if (evj_slice_is(key, "mono"))
        place->has_mono = evj_json_to_i64(value, &record->mono_us);
    else if (evj_slice_is(key, "source") && to_u32(value, &source))
        record->recording = source;
}

/* The value of the key that names the kind. An event is looked into on the way. */
static int parse_kind(struct evj_json_members *it, struct evj_record *record)
{
    struct evj_json_members inner;

    if (record->kind != EVJ_RECORD_EVENT && record->kind != EVJ_RECORD_STATE)
        return evj_json_members_value(it, &record->body);
    int status = evj_json_members_enter(it, &inner);
    if (status == EVJ_OK)
        status = walk_event(&inner, &record->event);
    if (status < 0)
        return status;
    evj_json_members_leave(it, &inner, &record->body);
    return EVJ_OK;
}

static int parse_any(const char *line, size_t len, struct evj_record *ret_record,
                     struct evj_error *err)
{
    struct evj_record record = {.line = {line, len}};
    struct place place = {0};
    struct evj_json_members it;
    struct evj_slice key, value;
    int status = evj_json_members_init(&it, line, len);

    while (status == EVJ_OK && (status = evj_json_members_key(&it, &key)) == EVJ_OK) {
        enum evj_record_kind kind = kind_of(key);
        if (kind != EVJ_RECORD_UNKNOWN) {
            record.kind = kind;
            status = parse_kind(&it, &record);
            continue;
        }
        status = evj_json_members_value(&it, &value);
        if (status == EVJ_OK)
            place_member(&record, key, value, &place);
    }
    if (status < 0)
        return not_json(status, "the line", err);

    record.has_seq = place.has_seq && place.has_mono;
    status = parse_body(&record, err);
    if (status == EVJ_OK)
        *ret_record = record;
    return status;
}

int evj_record_parse(const char *line, size_t len, struct evj_record *ret_record,
                     struct evj_error *err)
{
    if (evj_record_parse_usual(line, len, ret_record))
        return EVJ_OK;
    return parse_any(line, len, ret_record, err);
}

uint64_t evj_record_seq_span(const struct evj_record *record)
{
    if (!record->has_seq || record->kind == EVJ_RECORD_STATE)
        return 0;
    return record->kind == EVJ_RECORD_GAP ? record->gap.events : 1;
}

static char *put_u64(char *out, uint64_t value)
{
    char digits[EVJ_DECIMAL_MAX];
    char *end = digits + sizeof(digits);
    char *first = evj_decimal_before(end, value);

    memcpy(out, first, (size_t)(end - first));
    return out + (end - first);
}

static char *put_i64(char *out, int64_t value)
{
    if (value < 0)
        *out++ = '-';
    return put_u64(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

#define PUT_TEXT(at, text) (memcpy((at), (text), sizeof(text) - 1), (at) + sizeof(text) - 1)

static char *put_place(char *out, uint64_t seq, int64_t mono_us)
{
    char *at = PUT_TEXT(out, "{\"seq\":");

    at = put_u64(at, seq);
    at = PUT_TEXT(at, ",\"mono\":");
    return put_i64(at, mono_us);
}

size_t evj_record_put_prefix(char *out, uint64_t seq, int64_t mono_us)
{
    char *at = put_place(out, seq, mono_us);

    at = PUT_TEXT(at, ",\"event\":");
    return (size_t)(at - out);
}

size_t evj_record_put_mark(char *out, uint64_t seq, int64_t mono_us, const char *body, size_t len)
{
    char *at = put_place(out, seq, mono_us);

    at = PUT_TEXT(at, ",\"mark\":");
    memcpy(at, body, len);
    at[len] = '}';
    return (size_t)(at - out) + len + 1;
}

const char *evj_loss_reason_name(uint32_t reason)
{
    static const char *const names[] = {
        [EVJ_LOSS_BUFFER_FULL] = "buffer-full",
        [EVJ_LOSS_UNPRINTABLE] = "unprintable",
        [EVJ_LOSS_TOO_LONG] = "too-long",
        [EVJ_LOSS_PAUSED] = "paused",
    };
    return reason < EVJ_LOSS_REASONS ? names[reason] : "unknown";
}

size_t evj_record_put_gap(char *out, const struct evj_loss *loss)
{
    size_t at = (size_t)snprintf(out, EVJ_GAP_LINE_MAX,
                                 "{\"seq\":%" PRIu64 ",\"mono\":%" PRId64
                                 ",\"gap\":{\"events\":%" PRIu64 ",\"bytes\":%" PRIu64
                                 ",\"reason\":\"%s\",\"until\":%" PRId64 ",\"types\":{",
                                 loss->seq, loss->first_us, loss->events, loss->bytes,
                                 evj_loss_reason_name(loss->reason), loss->until_us);
    const char *comma = "";

    for (unsigned i = 0; i < 16; i++) {
        if (loss->types[i] == 0)
            continue;
        const char *label = i < EVJ_EVENT_TYPES ? evj_event_type_label(1u << i) : "other";
        at += (size_t)snprintf(out + at, EVJ_GAP_LINE_MAX - at, "%s\"%s\":%" PRIu64, comma, label,
                               loss->types[i]);
        comma = ",";
    }
    return at + (size_t)snprintf(out + at, EVJ_GAP_LINE_MAX - at, "}}}");
}
