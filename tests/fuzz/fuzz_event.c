/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking into an event without a tree. What jansson reads as an object must be read here, member
 * by member the same; what jansson refuses may be read or not, but never beyond its end.
 */
#include "tests/fuzz/fuzz.h"

#include "evj/error.h"
#include "evj/record.h"

#include <stdlib.h>
#include <string.h>

/* The member of jansson's object that this key, still escaped, names. */
static json_t *member_of(json_t *object, struct evj_slice key)
{
    struct evj_slice quoted = {key.text - 1, key.len + 2};
    json_auto_t *name = json_loadb(quoted.text, quoted.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

    REQUIRE(json_is_string(name));
    /* jansson keeps keys as C strings; with JSON_ALLOW_NUL it still refuses a NUL in a key. */
    return json_object_get(object, json_string_value(name));
}

/* Walk all members. Returns what ended the walk; *ret_escaped: a key has a backslash. */
static int walk(const char *text, size_t len, json_t *tree, bool *ret_escaped)
{
    struct evj_json_members it;
    struct evj_slice key, value;
    size_t count = 0;
    int status = evj_json_members_init(&it, text, len);

    *ret_escaped = false;
    while (status == EVJ_OK && (status = evj_json_members_next(&it, &key, &value)) == EVJ_OK) {
        REQUIRE(key.text && fuzz_lies_within(key, text, len));
        REQUIRE(value.len > 0 && fuzz_lies_within(value, text, len));
        REQUIRE(key.text > text && value.text > key.text + key.len);
        *ret_escaped |= memchr(key.text, '\\', key.len) != NULL;
        if (tree)
            REQUIRE(fuzz_is_value(value, member_of(tree, key)));
        count++;
    }
    REQUIRE(status == EVJ_END || status == EVJ_ERR_CORRUPT || status == EVJ_ERR_LIMIT);
    if (tree)
        REQUIRE(status == EVJ_END && count == json_object_size(tree));
    return status;
}

static void check_slices(const struct evj_event *event, const char *text, size_t len)
{
    REQUIRE(fuzz_lies_within(event->emitter, text, len));
    REQUIRE(fuzz_lies_within(event->opaque_id, text, len));
    REQUIRE(fuzz_lies_within(event->body, text, len));
}

static void check_against_tree(const struct evj_event *event, json_t *tree)
{
    json_t *timestamp = json_object_get(tree, "timestamp");

    REQUIRE(event->type == fuzz_u64(json_object_get(tree, "type"), UINT32_MAX, 0));
    REQUIRE(event->subtype == fuzz_u64(json_object_get(tree, "subtype"), UINT32_MAX, 0));
    REQUIRE(event->session_id == fuzz_u64(json_object_get(tree, "session_id"), UINT64_MAX, 0));
    REQUIRE(event->handle_id == fuzz_u64(json_object_get(tree, "handle_id"), UINT64_MAX, 0));
    REQUIRE(event->timestamp_us == json_integer_value(timestamp)); /* 0 if it is none */
    REQUIRE(fuzz_is_value(event->emitter, json_object_get(tree, "emitter")));
    REQUIRE(fuzz_is_value(event->opaque_id, json_object_get(tree, "opaque_id")));
    REQUIRE(fuzz_is_value(event->body, json_object_get(tree, "event")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_copy(data, size);
    json_auto_t *parsed = fuzz_parse(text, size);
    json_t *tree = json_is_object(parsed) ? parsed : NULL;
    bool escaped;
    int walked = walk(text, size, tree, &escaped);
    struct evj_event event;
    int status = evj_event_peek(text, size, &event, NULL);

    REQUIRE((status == EVJ_OK) == (walked == EVJ_END));
    REQUIRE(status == EVJ_OK || status == walked);
    if (status == EVJ_OK)
        check_slices(&event, text, size);
    /* Nobody writes "type" as "\u0074ype": it is no key that a peek knows. */
    if (status == EVJ_OK && tree && !escaped)
        check_against_tree(&event, tree);
    free(text);
    return 0;
}
