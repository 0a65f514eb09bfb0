/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/json.h"

#include <stdlib.h>
#include <string.h>

static struct evj_slice slice_of(const char *text)
{
    return (struct evj_slice){text, strlen(text)};
}

static void assert_decodes(const char *json, const char *text, size_t len)
{
    char out[64];

    memset(out, 'x', sizeof(out));
    assert_int_equal(evj_json_string_decode(slice_of(json), out, sizeof(out)), len);
    assert_memory_equal(out, text, len);
    assert_int_equal(out[len], '\0');
}

#define DECODES(json, text) assert_decodes(json, text, sizeof(text) - 1)

static void escapes_become_the_characters_that_they_mean(void **state)
{
    (void)state;
    DECODES("\"\"", "");
    DECODES("\"plain\"", "plain");
    DECODES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t");
    DECODES("\"\\u0041\\u00e4\\u20AC\\ud83d\\uDE00\"", "A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
    DECODES("\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\"", "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
    DECODES("\"a\\u0000b\"", "a\0b");
}

/* A surrogate without its other half is no character: U+FFFD stands in its place. */
static void lone_surrogates_are_replaced(void **state)
{
    (void)state;
    DECODES("\"\\ud83d\"", "\xef\xbf\xbd");
    DECODES("\"\\ude00\"", "\xef\xbf\xbd");
    DECODES("\"\\ud83dx\"", "\xef\xbf\xbdx");
    DECODES("\"\\ud83d\\n\"", "\xef\xbf\xbd\n");
    DECODES("\"\\ud83d\\u0041\"", "\xef\xbf\xbd"
                                  "A");
    DECODES("\"\\ud83d\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80");
    DECODES("\"\\ud83d\\u12\"", "\xef\xbf\xbd\xef\xbf\xbd"
                                "12");
}

static void bad_escapes_are_bounded(void **state)
{
    (void)state;
    DECODES("\"\\u\"", "\xef\xbf\xbd");
    DECODES("\"\\u12g4\"", "\xef\xbf\xbd"
                           "12g4");
    DECODES("\"\\x\"", "x");
    DECODES("\"a\\\"", "a");
}

/* Whoever shows or passes on the text may rely on it: bytes that are no UTF-8 are replaced too. */
static void the_result_is_always_utf_8(void **state)
{
    (void)state;
    DECODES("\"\xff\"", "\xef\xbf\xbd");
    DECODES("\"\x80z\"", "\xef\xbf\xbdz");
    DECODES("\"\xc3(\"", "\xef\xbf\xbd(");
    DECODES("\"\xe2\x82\"", "\xef\xbf\xbd\xef\xbf\xbd");
    DECODES("\"\xe2\\n\"", "\xef\xbf\xbd\n");
    DECODES("\"\xc0\xaf\"", "\xef\xbf\xbd\xef\xbf\xbd");                 /* overlong */
    DECODES("\"\xed\xa0\x80\"", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* a surrogate */
    DECODES("\"\xf5\x80\x80\x80\"", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    DECODES("\"\\\xc3\xa4\"", "\xc3\xa4");
}

static void what_is_no_string_decodes_to_nothing(void **state)
{
    char out[8] = "unknown";

    (void)state;
    assert_int_equal(evj_json_string_decode((struct evj_slice){NULL, 0}, out, sizeof(out)), 0);
    assert_string_equal(out, "");
    DECODES("12", "");
    DECODES("{}", "");
    DECODES("\"", "");
}

/* No half of a character, and never a byte too far. */
static void a_text_that_does_not_fit_is_cut_at_a_whole_character(void **state)
{
    static const char *const json[] = {"\"a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"",
                                       "\"a\\u00e4\\u20ac\\ud83d\\ude00\""};
    static const size_t fits[] = {0, 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        for (size_t size = 0; size < sizeof(fits) / sizeof(fits[0]); size++) {
            char *out = malloc(size ? size : 1);
            size_t len = evj_json_string_decode(slice_of(json[i]), out, size);
            assert_int_equal(len, fits[size]);
            if (size > 0)
                assert_int_equal(out[len], '\0');
            free(out);
        }
    }
}

static void assert_encodes(const char *text, size_t len, const char *json)
{
    char out[128];
    size_t need = evj_json_string_encode(text, len, out, sizeof(out));

    assert_int_equal(need, strlen(json));
    assert_memory_equal(out, json, need);
}

#define ENCODES(text, json) assert_encodes(text, sizeof(text) - 1, json)

/* Expected texts are those of json_dumps(…, JSON_COMPACT). */
static void strings_are_written_as_jansson_does(void **state)
{
    (void)state;
    ENCODES("", "\"\"");
    ENCODES("plain/x", "\"plain/x\"");
    ENCODES("\"\\\b\f\n\r\t", "\"\\\"\\\\\\b\\f\\n\\r\\t\"");
    ENCODES("\x01\x0b\x1f\x7f", "\"\\u0001\\u000B\\u001F\x7f\"");
    ENCODES("a\0b", "\"a\\u0000b\"");
    ENCODES("\xc3\xa4\xf0\x9f\x98\x80", "\"\xc3\xa4\xf0\x9f\x98\x80\"");
}

static void encoding_tells_the_need_and_stays_within_the_room(void **state)
{
    static const char text[] = "a\n\x01\"";
    static const char json[] = "\"a\\n\\u0001\\\"\"";

    (void)state;
    assert_int_equal(evj_json_string_encode(text, 4, NULL, 0), sizeof(json) - 1);
    for (size_t room = 1; room <= sizeof(json) - 1; room++) {
        char *out = malloc(room);
        assert_int_equal(evj_json_string_encode(text, 4, out, room), sizeof(json) - 1);
        if (room == sizeof(json) - 1)
            assert_memory_equal(out, json, room);
        free(out);
    }
}

static void every_byte_survives_both_ways(void **state)
{
    char json[16], back[8];

    (void)state;
    for (int c = 0; c < 128; c++) {
        char text[1] = {(char)c};
        size_t len = evj_json_string_encode(text, 1, json, sizeof(json));
        assert_int_equal(evj_json_string_decode((struct evj_slice){json, len}, back, sizeof(back)),
                         1);
        assert_int_equal(back[0], text[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_become_the_characters_that_they_mean),
        cmocka_unit_test(lone_surrogates_are_replaced),
        cmocka_unit_test(bad_escapes_are_bounded),
        cmocka_unit_test(the_result_is_always_utf_8),
        cmocka_unit_test(what_is_no_string_decodes_to_nothing),
        cmocka_unit_test(a_text_that_does_not_fit_is_cut_at_a_whole_character),
        cmocka_unit_test(strings_are_written_as_jansson_does),
        cmocka_unit_test(encoding_tells_the_need_and_stays_within_the_room),
        cmocka_unit_test(every_byte_survives_both_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
