/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line of a journal, whatever it is. A first line is also read as a header, written and read
 * again.
 */
#include "tests/fuzz/fuzz.h"

#include "evj/error.h"
#include "evj/header.h"
#include "evj/record.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_keys[] = {
    [EVJ_RECORD_JOURNAL] = "journal", [EVJ_RECORD_EVENT] = "event", [EVJ_RECORD_STATE] = "state",
    [EVJ_RECORD_GAP] = "gap",         [EVJ_RECORD_MARK] = "mark",   [EVJ_RECORD_END] = "end",
};
#define KINDS (sizeof(kind_keys) / sizeof(kind_keys[0]))

static bool has_event(const struct evj_record *record)
{
    return record->kind == EVJ_RECORD_EVENT || record->kind == EVJ_RECORD_STATE;
}

static bool needs_seq(enum evj_record_kind kind)
{
    return kind == EVJ_RECORD_EVENT || kind == EVJ_RECORD_STATE || kind == EVJ_RECORD_GAP ||
           kind == EVJ_RECORD_MARK;
}

static void check_slices(const struct evj_record *record, const char *line, size_t len)
{
    struct evj_slice body = record->body;

    REQUIRE(record->line.text == line && record->line.len == len);
    REQUIRE(fuzz_lies_within(body, line, len));
    REQUIRE((record->kind == EVJ_RECORD_UNKNOWN) == (body.text == NULL));
    REQUIRE(!needs_seq(record->kind) || record->has_seq);
    if (has_event(record)) {
        const struct evj_event *event = &record->event;
        REQUIRE(body.text[0] == '{' && body.text[body.len - 1] == '}');
        REQUIRE(fuzz_lies_within(event->emitter, body.text, body.len));
        REQUIRE(fuzz_lies_within(event->opaque_id, body.text, body.len));
        REQUIRE(fuzz_lies_within(event->body, body.text, body.len));
    }
    if (record->kind == EVJ_RECORD_GAP) {
        REQUIRE(fuzz_lies_within(record->gap.reason, body.text, body.len));
        REQUIRE(fuzz_lies_within(record->gap.types, body.text, body.len));
        REQUIRE(evj_record_seq_span(record) == record->gap.events);
    }
}

/* The kind that jansson's tree has; UNKNOWN without one, and *ret_many with several. */
static enum evj_record_kind kind_of(json_t *tree, bool *ret_many)
{
    enum evj_record_kind found = EVJ_RECORD_UNKNOWN;

    *ret_many = false;
    for (size_t kind = 0; kind < KINDS; kind++) {
        if (!kind_keys[kind] || !json_object_get(tree, kind_keys[kind]))
            continue;
        *ret_many = found != EVJ_RECORD_UNKNOWN;
        if (*ret_many)
            break;
        found = (enum evj_record_kind)kind;
    }
    return found;
}

/* Is there what this kind needs? */
static bool is_complete(json_t *tree, enum evj_record_kind kind, bool has_seq)
{
    json_t *body = kind_keys[kind] ? json_object_get(tree, kind_keys[kind]) : NULL;

    if (needs_seq(kind) && !has_seq)
        return false;
    if (kind == EVJ_RECORD_EVENT || kind == EVJ_RECORD_STATE)
        return json_is_object(body);
    return kind != EVJ_RECORD_GAP ||
           fuzz_u64(json_object_get(body, "events"), UINT64_MAX, UINT64_MAX) != UINT64_MAX;
}

static void check_fields(const struct evj_record *record, json_t *tree)
{
    json_t *body = json_object_get(tree, kind_keys[record->kind]);

    if (record->has_seq) {
        REQUIRE(record->seq == fuzz_u64(json_object_get(tree, "seq"), UINT64_MAX, 0));
        REQUIRE(record->mono_us == json_integer_value(json_object_get(tree, "mono")));
    }
    REQUIRE(fuzz_is_value(record->body, body));
    if (has_event(record))
        REQUIRE(record->event.session_id ==
                fuzz_u64(json_object_get(body, "session_id"), UINT64_MAX, 0));
    if (record->kind != EVJ_RECORD_GAP)
        return;
    REQUIRE(record->gap.events == fuzz_u64(json_object_get(body, "events"), UINT64_MAX, 0));
    REQUIRE(record->gap.bytes == fuzz_u64(json_object_get(body, "bytes"), UINT64_MAX, 0));
    REQUIRE(fuzz_is_value(record->gap.reason, json_object_get(body, "reason")));
}

/*
 * What jansson reads as an object is read here if it is complete, and the same. Backslashes and
 * "-0" aside: an escaped key and a negative zero are none that a writer of ours makes.
 */
static void check_against_tree(int status, const struct evj_record *record, const char *line,
                               size_t len)
{
    json_auto_t *tree = fuzz_parse(line, len);
    bool many;

    if (!json_is_object(tree) || memchr(line, '\\', len) || memmem(line, len, "-0", 2))
        return;
    enum evj_record_kind kind = kind_of(tree, &many);
    if (many)
        return;
    bool has_seq = fuzz_u64(json_object_get(tree, "seq"), UINT64_MAX, UINT64_MAX) != UINT64_MAX &&
                   json_is_integer(json_object_get(tree, "mono"));
    REQUIRE((status == EVJ_OK) == is_complete(tree, kind, has_seq));
    if (status != EVJ_OK)
        return;
    REQUIRE(record->kind == kind && record->has_seq == has_seq);
    check_fields(record, tree);
}

/* A header that was read is written as JSON that jansson reads, and read again as it was. */
static void check_header(const struct evj_record *record)
{
    struct evj_header header = {0}, again = {0};
    struct evj_record written;

    if (evj_header_parse(record, &header, NULL) != EVJ_OK)
        return;
    evj_header_wall_us(&header, record->mono_us);
    char *line = fuzz_alloc(EVJ_HEADER_LINE_MAX), *line_again = fuzz_alloc(EVJ_HEADER_LINE_MAX);
    size_t len = evj_header_put(&header, line);
    json_auto_t *tree = fuzz_parse(line, len);

    REQUIRE(len <= EVJ_HEADER_LINE_MAX && tree);
    REQUIRE(evj_record_parse(line, len, &written, NULL) == EVJ_OK);
    if (header.id[0] != '\0') { /* an id of one NUL is an id, too */
        REQUIRE(evj_header_parse(&written, &again, NULL) == EVJ_OK);
        REQUIRE(evj_header_put(&again, line_again) == len && memcmp(line, line_again, len) == 0);
    }
    free(line_again);
    free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *line = fuzz_copy(data, size);
    const struct evj_record untouched = {.seq = 4711};
    struct evj_record record = untouched;
    int status = evj_record_parse(line, size, &record, NULL);

    REQUIRE(status == EVJ_OK || status == EVJ_ERR_CORRUPT || status == EVJ_ERR_LIMIT);
    if (status == EVJ_OK)
        check_slices(&record, line, size);
    else
        REQUIRE(memcmp(&record, &untouched, sizeof(record)) == 0);
    check_against_tree(status, &record, line, size);
    if (status == EVJ_OK)
        check_header(&record);
    free(line);
    return 0;
}
