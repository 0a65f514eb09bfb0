/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/serialise.h"

#include "evj/error.h"
#include "evj/record.h"
#include "tests/support/random_tree.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The tests may read this much beyond what they gave away, to see that nothing was written there.
 */
#define CANARY 64u

/* Print into exactly `room` bytes; behind them stands a canary that must survive. */
static int print(json_t *event, size_t room, char **ret_text, size_t *ret_len)
{
    char *text = malloc(room + CANARY);

    assert_non_null(text);
    memset(text, 0x5A, room + CANARY);
    int status = serialise_event(event, text, room, ret_len);
    for (size_t i = 0; i < CANARY; i++)
        assert_int_equal(text[room + i], 0x5A);
    *ret_text = text;
    return status;
}

/* The claim that everything here is about. */
static void assert_as_jansson(json_t *event)
{
    char *expected = json_dumps(event, JSON_COMPACT);
    size_t room = expected ? strlen(expected) + 100 : 4096, len = 0;
    char *text;
    int status = print(event, room, &text, &len);

    if (!expected) {
        assert_int_equal(status, EVJ_ERR_INVALID);
    } else {
        assert_int_equal(status, EVJ_OK);
        assert_int_equal(len, strlen(expected));
        assert_memory_equal(text, expected, len);
    }
    free(text);
    free(expected);
}

/* The same for a value of any type, which is wrapped in an event and given away. */
static void assert_value_as_jansson(json_t *value)
{
    assert_non_null(value);
    json_t *event = json_pack("{s:i, s:o}", "before", 1, "value", value);

    json_object_set_new(event, "after", json_true());
    assert_as_jansson(event);
    json_decref(event);
}

/* ---- real events ---- */

static void for_each_sample(void (*check)(json_t *event))
{
    static const char *const names[] = {"dtlsfail", "echo1", "echo2", "mute", "room1"};
    const char *data = getenv("EVJ_TEST_DATA");
    size_t count = 0;

    assert_non_null(data);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/events/%s.ndjson", data, names[i]);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        json_t *event;
        while ((event = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL))) {
            check(event);
            json_decref(event);
            count++;
        }
        fclose(file);
    }
    assert_int_equal(count, 774);
}

static void every_real_event_is_printed_as_jansson_prints_it(void **state)
{
    (void)state;
    for_each_sample(assert_as_jansson);
}

static void any_real_event_fits_its_own_size_exactly(json_t *event)
{
    size_t size = json_dumpb(event, NULL, 0, JSON_COMPACT), len = 0;
    char *text;

    assert_int_equal(print(event, size, &text, &len), EVJ_OK);
    assert_int_equal(len, size);
    char *expected = json_dumps(event, JSON_COMPACT);
    assert_memory_equal(text, expected, size);
    free(expected);
    free(text);
}

static void a_room_of_exactly_the_needed_size_is_enough(void **state)
{
    (void)state;
    for_each_sample(any_real_event_fits_its_own_size_exactly);
}

/* ---- room ---- */

static json_t *event_of_every_kind(void)
{
    json_t *event =
        json_pack("{s:[i,I,f,b,b,n], s:{}, s:[], s:s, s:s, s:s}", "list", 7, (json_int_t)INT64_MIN,
                  0.1, 1, 0, "none", "nothing", "sdp", "v=0\r\no=- \"1\" \\ 1\r\n\x01\x1f\x7f end",
                  "name", "Zo\xc3\xab \xe2\x82\xac \xf0\x9f\x8e\xa5", "long",
                  "a text of more than sixteen bytes, which is copied in strides");

    assert_non_null(event);
    return event;
}

/* Dropped bytes are exact, because the needed size does not depend on the room. */
static void too_little_room_is_never_exceeded_and_the_need_is_exact(void **state)
{
    json_t *event = event_of_every_kind();
    size_t need = json_dumpb(event, NULL, 0, JSON_COMPACT), len;
    char *expected = json_dumps(event, JSON_COMPACT), *text;

    (void)state;
    for (size_t room = 0; room <= need + 20; room++) {
        assert_int_equal(print(event, room, &text, &len), EVJ_OK);
        assert_int_equal(len, need);
        if (room >= need)
            assert_memory_equal(text, expected, need);
        free(text);
    }
    free(expected);
    json_decref(event);
}

static void no_room_at_all_still_counts(void **state)
{
    json_t *event = event_of_every_kind();
    size_t len = 0;

    (void)state;
    assert_int_equal(serialise_event(event, NULL, 0, &len), EVJ_OK);
    assert_int_equal(len, json_dumpb(event, NULL, 0, JSON_COMPACT));
    json_decref(event);
}

/* ---- strings ---- */

/* Strings are copied in strides of 8 or 16 with special cases for what is left: try every place. */
static void every_byte_is_right_at_every_place_of_every_short_string(void **state)
{
    (void)state;
    for (size_t len = 1; len <= 40; len++) {
        for (size_t at = 0; at < len; at++) {
            for (unsigned byte = 0; byte < 0x80; byte++) {
                char text[40];
                memset(text, 'x', sizeof(text));
                text[at] = (char)byte;
                json_t *event = json_pack("{s:o}", "t", json_stringn_nocheck(text, len));
                assert_as_jansson(event);
                json_decref(event);
            }
        }
    }
}

static void keys_are_escaped_as_strings_are(void **state)
{
    json_t *event = json_object();

    (void)state;
    json_object_set_new(event, "", json_null());
    json_object_set_new(event, "a\"b\\c\nd\x02", json_null());
    json_object_set_new(event, "Schl\xc3\xbcssel", json_null());
#if JANSSON_VERSION_HEX >= 0x020e00
    json_object_setn_new(event, "nul\0inside", 10, json_null());
#endif
    assert_as_jansson(event);
    json_decref(event);
}

static void nul_bytes_inside_a_string_are_kept(void **state)
{
    (void)state;
    assert_value_as_jansson(json_stringn("\0", 1));
    assert_value_as_jansson(json_stringn("\0\0a\0", 4));
    assert_value_as_jansson(json_stringn("sixteen bytes, \0 and some more", 30));
}

/* Neither more nor less is UTF-8 than what jansson takes for it. */
static void utf8_is_judged_as_jansson_judges_it(void **state)
{
    static const unsigned char interesting[] = {
        0x00, 0x22, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
        0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFE, 0xFF};
    enum { COUNT = sizeof(interesting) };

    (void)state;
    for (unsigned len = 1, texts = COUNT; len <= 4; len++, texts *= COUNT) {
        for (unsigned n = 0; n < texts; n++) {
            char text[4];
            for (unsigned i = 0, rest = n; i < len; i++, rest /= COUNT)
                text[i] = (char)interesting[rest % COUNT];
            json_t *event = json_pack("{s:o}", "t", json_stringn_nocheck(text, len));
            assert_as_jansson(event);
            json_decref(event);
        }
    }
}

static void every_code_point_is_copied(void **state)
{
    (void)state;
    for (unsigned code = 0x80; code <= 0x10FFFF; code += code < 0x3000 ? 1 : 61) {
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        char escaped[64];
        if (code < 0x10000)
            snprintf(escaped, sizeof(escaped), "{\"t\":\"some text \\u%04X\"}", code);
        else
            snprintf(escaped, sizeof(escaped), "{\"t\":\"\\u%04X\\u%04X\"}", 0xD7C0 + (code >> 10),
                     0xDC00 + (code & 0x3FF));
        json_t *event = json_loads(escaped, 0, NULL);
        assert_non_null(event);
        assert_as_jansson(event);
        json_decref(event);
    }
}

static void text_that_is_not_utf8_is_refused_wherever_it_is(void **state)
{
    static const char bad[] = "fine \xff";
    json_t *in_string = json_pack("{s:o}", "t", json_string_nocheck(bad));
    json_t *in_key = json_object();
    json_t *cut = json_pack("{s:o}", "t", json_stringn_nocheck("\xe2\x82", 2));
    size_t len = 77;

    (void)state;
    json_object_set_new_nocheck(in_key, bad, json_null());
    assert_int_equal(serialise_event(in_string, NULL, 0, &len), EVJ_ERR_INVALID);
    assert_int_equal(serialise_event(in_key, NULL, 0, &len), EVJ_ERR_INVALID);
    assert_int_equal(serialise_event(cut, NULL, 0, &len), EVJ_ERR_INVALID);
    assert_int_equal(len, 77);
    json_decref(in_string);
    json_decref(in_key);
    json_decref(cut);
}

/* ---- numbers ---- */

static void extreme_integers_are_right(void **state)
{
    (void)state;
    assert_value_as_jansson(json_integer(INT64_MIN));
    assert_value_as_jansson(json_integer(INT64_MIN + 1));
    assert_value_as_jansson(json_integer(INT64_MAX));
    for (int64_t power = 1; power <= INT64_MAX / 10; power *= 10) {
        for (int64_t near = -2; near <= 2; near++) {
            assert_value_as_jansson(json_integer(power + near));
            assert_value_as_jansson(json_integer(-power + near));
        }
    }
    for (unsigned bit = 0; bit < 63; bit++)
        assert_value_as_jansson(json_integer((int64_t)1 << bit));
}

static void small_integers_are_right(void **state)
{
    (void)state;
    for (int number = -1100; number <= 1100; number++)
        assert_value_as_jansson(json_integer(number));
}

static void reals_are_as_jansson_prints_them(void **state)
{
    static const double reals[] = {0.0,
                                   -0.0,
                                   1.0,
                                   -1.0,
                                   0.1,
                                   1e21,
                                   1e-7,
                                   5e-324,
                                   2.5e-310,
                                   1.7976931348623157e308,
                                   -59.366197183098592,
                                   3.0e10,
                                   123456.0,
                                   9007199254740993.0,
                                   1.0 / 3};
    uint64_t random = 42;

    (void)state;
    for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++)
        assert_value_as_jansson(json_real(reals[i]));
    for (unsigned i = 0; i < 20000; i++) {
        double real;
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(&real, &random, sizeof(real));
        if (real - real == 0) /* neither infinite nor no number: jansson has no such reals */
            assert_value_as_jansson(json_real(real));
    }
}

/* ---- trees ---- */

static void empty_containers_are_right(void **state)
{
    json_t *empty = json_object();

    (void)state;
    assert_as_jansson(empty);
    json_decref(empty);
    assert_value_as_jansson(json_object());
    assert_value_as_jansson(json_array());
    assert_value_as_jansson(json_pack("[[],{},[[]],{s:[]},{s:{}}]", "a", "b"));
}

static void key_order_is_the_order_of_insertion(void **state)
{
    json_t *event = json_object();

    (void)state;
    for (unsigned i = 0; i < 2000; i++) {
        char key[16];
        snprintf(key, sizeof(key), "k%u", i * 7919 % 2000);
        json_object_set_new(event, key, json_integer(i));
    }
    json_object_del(event, "k7");
    json_object_set_new(event, "k7", json_string("again"));
    assert_as_jansson(event);
    json_decref(event);
}

static void a_wide_array_is_right(void **state)
{
    json_t *array = json_array();

    (void)state;
    for (int i = 0; i < 100000; i++)
        json_array_append_new(array, i % 3 ? json_integer(i) : json_string("x"));
    assert_value_as_jansson(array);
}

/* An event of `depth` values within each other, the event itself and the number inside included. */
static json_t *nested(unsigned depth, bool arrays)
{
    json_t *value = json_integer(1);

    for (unsigned i = 2; i < depth; i++)
        value = arrays ? json_pack("[o]", value) : json_pack("{s:o}", "a", value);
    return json_pack("{s:o}", "event", value);
}

static void the_deepest_event_is_printed_and_every_reader_takes_it(void **state)
{
    static char line[64 * 1024];

    (void)state;
    for (int arrays = 0; arrays <= 1; arrays++) {
        json_t *event = nested(SERIALISE_DEPTH_MAX, arrays);
        struct evj_record record;
        size_t at = evj_record_put_prefix(line, 0, 0), len = 0;

        assert_as_jansson(event);
        assert_int_equal(serialise_event(event, line + at, sizeof(line) - at, &len), EVJ_OK);
        line[at + len] = '}';
        assert_int_equal(evj_record_parse(line, at + len + 1, &record, NULL), EVJ_OK);
        json_t *loaded = json_loadb(line, at + len + 1, 0, NULL);
        assert_non_null(loaded);
        json_decref(loaded);
        json_decref(event);
    }
}

static void a_deeper_event_is_refused(void **state)
{
    size_t len = 77;

    (void)state;
    for (int arrays = 0; arrays <= 1; arrays++) {
        json_t *event = nested(SERIALISE_DEPTH_MAX + 1, arrays);
        assert_int_equal(serialise_event(event, NULL, 0, &len), EVJ_ERR_LIMIT);
        assert_int_equal(len, 77);
        json_decref(event);
    }
}

/* Without a limit this would never end: each level has two ways back to the top. */
static void an_event_that_contains_itself_is_refused(void **state)
{
    json_t *event = json_object(), *list = json_array();
    size_t len;

    (void)state;
    json_object_set(event, "one", list);
    json_object_set(event, "two", list);
    json_array_append(list, event);
    json_array_append(list, event);
    assert_int_equal(serialise_event(event, NULL, 0, &len), EVJ_ERR_LIMIT);
    json_array_clear(list);
    json_decref(event);
    json_decref(list);
}

static void what_is_no_object_is_no_event(void **state)
{
    json_t *list = json_pack("[i]", 1);
    size_t len;

    (void)state;
    assert_int_equal(serialise_event(list, NULL, 0, &len), EVJ_ERR_INVALID);
    assert_int_equal(serialise_event(NULL, NULL, 0, &len), EVJ_ERR_INVALID);
    json_decref(list);
}

/* ---- generated trees ---- */

static void generated_trees_are_printed_as_jansson_prints_them(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 3000; seed++) {
        uint64_t random = seed;
        json_t *event = random_object(&random);
        assert_as_jansson(event);
        json_decref(event);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_real_event_is_printed_as_jansson_prints_it),
        cmocka_unit_test(a_room_of_exactly_the_needed_size_is_enough),
        cmocka_unit_test(too_little_room_is_never_exceeded_and_the_need_is_exact),
        cmocka_unit_test(no_room_at_all_still_counts),
        cmocka_unit_test(every_byte_is_right_at_every_place_of_every_short_string),
        cmocka_unit_test(keys_are_escaped_as_strings_are),
        cmocka_unit_test(nul_bytes_inside_a_string_are_kept),
        cmocka_unit_test(utf8_is_judged_as_jansson_judges_it),
        cmocka_unit_test(every_code_point_is_copied),
        cmocka_unit_test(text_that_is_not_utf8_is_refused_wherever_it_is),
        cmocka_unit_test(extreme_integers_are_right),
        cmocka_unit_test(small_integers_are_right),
        cmocka_unit_test(reals_are_as_jansson_prints_them),
        cmocka_unit_test(empty_containers_are_right),
        cmocka_unit_test(key_order_is_the_order_of_insertion),
        cmocka_unit_test(a_wide_array_is_right),
        cmocka_unit_test(the_deepest_event_is_printed_and_every_reader_takes_it),
        cmocka_unit_test(a_deeper_event_is_refused),
        cmocka_unit_test(an_event_that_contains_itself_is_refused),
        cmocka_unit_test(what_is_no_object_is_no_event),
        cmocka_unit_test(generated_trees_are_printed_as_jansson_prints_them),
    };

    return cmocka_run_group_tests_name("serialise", tests, NULL, NULL);
}
