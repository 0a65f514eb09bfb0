/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The recorder's walker: its text is jansson's, byte for byte, in just the room that it needs, and
 * the reader takes it. The first byte of the input decides where the tree comes from: from JSON
 * text, or from a small language that also makes trees which no text gives (texts that are not
 * UTF-8).
 */
#include "tests/fuzz/fuzz.h"

#include "evj/error.h"
#include "evj/record.h"
#include "recorder/serialise.h"

#include <stdlib.h>
#include <string.h>

/* ---- trees out of bytes ---- */

struct program {
    const uint8_t *at, *end;
    unsigned depth;
};

static uint8_t next_byte(struct program *program)
{
    return program->at < program->end ? *program->at++ : 0;
}

/* A length, then so many bytes; fewer at the end. */
static const char *next_bytes(struct program *program, size_t *ret_len)
{
    size_t len = next_byte(program), left = (size_t)(program->end - program->at);
    const char *bytes = (const char *)program->at;

    *ret_len = len < left ? len : left;
    program->at += *ret_len;
    return bytes;
}

static json_t *next_value(struct program *program);

static json_t *next_object(struct program *program)
{
    json_t *object = json_object();

    for (unsigned left = next_byte(program) % 16; left > 0 && program->at < program->end; left--) {
        size_t len;
        const char *bytes = next_bytes(program, &len);
        char *key = fuzz_alloc(len + 1);
        memcpy(key, bytes, len);
        key[len] = '\0';
        json_object_set_new_nocheck(object, key, next_value(program));
        free(key);
    }
    return object;
}

static json_t *next_array(struct program *program)
{
    json_t *array = json_array();

    for (unsigned left = next_byte(program) % 16; left > 0 && program->at < program->end; left--)
        json_array_append_new(array, next_value(program));
    return array;
}

static json_t *next_string(struct program *program)
{
    size_t len;
    const char *bytes = next_bytes(program, &len);

    return json_stringn_nocheck(bytes, len);
}

static json_t *next_integer(struct program *program)
{
    uint64_t value = 0;

    for (unsigned left = next_byte(program) % 9; left > 0; left--)
        value = value << 8 | next_byte(program);
    return json_integer((json_int_t)value);
}

static json_t *next_real(struct program *program)
{
    uint8_t bytes[sizeof(double)];
    double value;

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = next_byte(program);
    memcpy(&value, bytes, sizeof(value));
    json_t *real = json_real(value); /* NULL for what is not finite */
    return real ? real : json_real(-0.5);
}

static json_t *next_value(struct program *program)
{
    json_t *value = NULL;

    if (program->depth > 100)
        return json_null();
    program->depth++;
    switch (next_byte(program) % 8) {
    case 0:
        value = next_object(program);
        break;
    case 1:
        value = next_array(program);
        break;
    case 2:
        value = next_string(program);
        break;
    case 3:
        value = next_integer(program);
        break;
    case 4:
        value = next_real(program);
        break;
    case 5:
        value = json_true();
        break;
    case 6:
        value = json_false();
        break;
    default:
        value = json_null();
    }
    program->depth--;
    return value;
}

/* ---- the walker ---- */

/* A reader takes the text as an event, alone and as a record. */
static void check_readable(const char *text, size_t len)
{
    char *line = fuzz_alloc(EVJ_PREFIX_MAX + len + 1);
    struct evj_event event;
    struct evj_record record;
    size_t at = evj_record_put_prefix(line, UINT64_MAX, INT64_MIN);

    REQUIRE(at <= EVJ_PREFIX_MAX);
    REQUIRE(evj_event_peek(text, len, &event, NULL) == EVJ_OK);
    memcpy(line + at, text, len);
    line[at + len] = '}';
    REQUIRE(evj_record_parse(line, at + len + 1, &record, NULL) == EVJ_OK);
    REQUIRE(record.kind == EVJ_RECORD_EVENT && record.seq == UINT64_MAX);
    REQUIRE(record.mono_us == INT64_MIN);
    REQUIRE(record.body.text == line + at && record.body.len == len);
    free(line);
}

/* With less room the need is the same, and nothing is written beyond it. */
static void check_less_room(json_t *event, size_t need, size_t room)
{
    char *out = fuzz_alloc(room);
    size_t len = 0;

    REQUIRE(serialise_event(event, out, room, &len) == EVJ_OK && len == need);
    free(out);
}

/* jansson 2.14 prints what is no JSON, and no failure, for a key that is not UTF-8. */
static bool has_bad_key(json_t *value)
{
    const char *key;
    json_t *member;
    size_t index;

    json_object_foreach(value, key, member)
    {
        json_auto_t *name = json_string(key);
        if (!name || has_bad_key(member))
            return true;
    }
    json_array_foreach(value, index, member) if (has_bad_key(member)) return true;
    return false;
}

static void check_walker(json_t *event)
{
    char *expected = has_bad_key(event) ? NULL : json_dumps(event, JSON_COMPACT);
    size_t need = expected ? strlen(expected) : 0, len = 0;
    char *text = fuzz_alloc(need);
    int status = serialise_event(event, text, need, &len);

    /* jansson prints deeper trees than a reader accepts. */
    if (status == EVJ_ERR_LIMIT) {
        free(text);
        free(expected);
        return;
    }
    REQUIRE(status == (expected ? EVJ_OK : EVJ_ERR_INVALID));
    if (expected) {
        REQUIRE(len == need && memcmp(text, expected, need) == 0);
        check_readable(text, len);
        check_less_room(event, need, 0);
        check_less_room(event, need, need - 1);
        check_less_room(event, need, need / 2);
    }
    free(text);
    free(expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len = 0;

    if (size == 0)
        return 0;
    struct program program = {.at = data + 1, .end = data + size};
    json_auto_t *tree = data[0] == '~' ? next_value(&program)
                                       : json_loadb((const char *)data, size,
                                                    JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    if (json_is_object(tree))
        check_walker(tree);
    else if (tree)
        REQUIRE(serialise_event(tree, NULL, 0, &len) == EVJ_ERR_INVALID);
    return 0;
}
