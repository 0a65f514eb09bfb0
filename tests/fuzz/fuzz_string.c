/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON strings. The input is encoded as a text, and decoded as what stands between quotes; its first
 * byte says how much room there is.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

static bool is_utf8(const char *text, size_t len)
{
    json_auto_t *string = json_stringn(text, len);

    return string != NULL;
}

/* jansson's own print of a text; NULL if that is not UTF-8. */
static char *printed(const char *text, size_t len)
{
    json_auto_t *string = json_stringn(text, len);

    return string ? json_dumps(string, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
}

static void check_encode(const char *text, size_t len, size_t room)
{
    size_t need = evj_json_string_encode(text, len, NULL, 0);
    char *whole = fuzz_alloc(need), *part = fuzz_alloc(room);
    char *expected = printed(text, len);

    REQUIRE(evj_json_string_encode(text, len, whole, need) == need);
    REQUIRE(evj_json_string_encode(text, len, part, room) == need);
    if (expected)
        REQUIRE(strlen(expected) == need && memcmp(expected, whole, need) == 0);

    /* What was UTF-8 comes back; what was not becomes so. */
    char *back = fuzz_alloc(3 * len + 1);
    size_t back_len = evj_json_string_decode((struct evj_slice){whole, need}, back, 3 * len + 1);
    REQUIRE(is_utf8(back, back_len));
    if (expected)
        REQUIRE(back_len == len && memcmp(back, text, len) == 0);
    free(back);
    free(expected);
    free(part);
    free(whole);
}

static void check_decode(const char *inside, size_t len, size_t room)
{
    char *quoted = fuzz_alloc(len + 2), *whole = fuzz_alloc(3 * len + 1);
    char *part = fuzz_alloc(room);
    struct evj_slice value = {quoted, len + 2};

    quoted[0] = quoted[len + 1] = '"';
    memcpy(quoted + 1, inside, len);
    size_t whole_len = evj_json_string_decode(value, whole, 3 * len + 1);
    size_t part_len = evj_json_string_decode(value, part, room);
    REQUIRE(whole_len <= 3 * len && whole[whole_len] == '\0' && is_utf8(whole, whole_len));
    REQUIRE(part_len <= whole_len && memcmp(part, whole, part_len) == 0);
    if (room > 0) /* only whole characters are left out, of at most four bytes */
        REQUIRE(part[part_len] == '\0' && part_len < room && is_utf8(part, part_len) &&
                (part_len == whole_len || part_len + 4 >= room));

    json_auto_t *string = json_loadb(quoted, len + 2, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    if (string)
        REQUIRE(json_string_length(string) == whole_len &&
                memcmp(json_string_value(string), whole, whole_len) == 0);
    free(part);
    free(whole);
    free(quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    char *text = fuzz_copy(data + 1, size - 1);

    check_encode(text, size - 1, data[0]);
    check_decode(text, size - 1, data[0]);
    free(text);
    return 0;
}
