/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/host/abi.h"
#include "tests/replay/host/support.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

static void truth_is_yes_true_or_1(void **state)
{
    (void)state;
    assert_true(janus_is_true("yes"));
    assert_true(janus_is_true("TRUE"));
    assert_true(janus_is_true("1"));
    assert_false(janus_is_true("on"));
    assert_false(janus_is_true("2"));
    assert_false(janus_is_true(""));
    assert_false(janus_is_true(NULL));
}

static void numbers_are_checked_against_their_range(void **state)
{
    uint8_t n8 = 0;
    uint16_t n16 = 0;
    uint32_t n32 = 0;

    (void)state;
    assert_int_equal(janus_string_to_uint16("65535", &n16), 0);
    assert_int_equal(n16, 65535);
    assert_int_equal(janus_string_to_uint16("65536", &n16), -ERANGE);
    assert_int_equal(janus_string_to_uint16("-1", &n16), -ERANGE);
    assert_int_equal(janus_string_to_uint16(NULL, &n16), -EINVAL);
    assert_int_equal(janus_string_to_uint8("256", &n8), -ERANGE);
    assert_int_equal(janus_string_to_uint32("4294967295", &n32), 0);
    assert_int_equal(n32, UINT32_MAX);
    assert_int_equal(janus_string_to_uint32("99999999999999999999", &n32), -ERANGE);
}

/* rabbitmqevh takes a port from "5672 (default)" in Janus, so it must here. */
static void numbers_may_be_followed_by_anything(void **state)
{
    uint16_t port = 0;

    (void)state;
    assert_int_equal(janus_string_to_uint16(" 5672 (default)", &port), 0);
    assert_int_equal(port, 5672);
    assert_int_equal(janus_string_to_uint16("none", &port), 0);
    assert_int_equal(port, 0);
}

static void gzip_text_inflates_to_what_went_in(void **state)
{
    char text[5000], compressed[6000], back[5000];

    (void)state;
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + i * i % 23);
    for (int level = -1; level <= 10; level++) {
        size_t length =
            janus_gzip_compress(level, text, sizeof(text), compressed, sizeof(compressed));
        z_stream z = {.next_in = (Bytef *)compressed,
                      .avail_in = (uInt)length,
                      .next_out = (Bytef *)back,
                      .avail_out = sizeof(back)};

        assert_true(length > 0 && length < sizeof(compressed));
        assert_int_equal(inflateInit2(&z, 31), Z_OK);
        assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
        inflateEnd(&z);
        assert_int_equal(z.total_out, sizeof(text));
        assert_memory_equal(back, text, sizeof(text));
    }
}

/* sampleevh loses whole groups by this; a replay must show it doing so. */
static void gzip_into_a_short_buffer_returns_0(void **state)
{
    char text[500] = "x", small[12], big[600];

    (void)state;
    assert_int_equal(janus_gzip_compress(6, text, sizeof(text), small, sizeof(small)), 0);
    assert_int_equal(janus_gzip_compress(6, NULL, 5, big, sizeof(big)), SIZE_MAX);
    assert_int_equal(janus_gzip_compress(6, text, 0, big, sizeof(big)), SIZE_MAX);
    assert_int_equal(janus_gzip_compress(6, text, 5, NULL, 5), SIZE_MAX);
    assert_int_equal(janus_gzip_compress(6, text, 5, big, 0), SIZE_MAX);
}

static const char *type_name(int type, unsigned flags)
{
    static char name[20];

    janus_get_json_type_name(type, flags, name);
    return name;
}

static void json_types_are_named_as_in_janus_answers(void **state)
{
    (void)state;
    assert_string_equal(type_name(JSON_STRING, 0), "a string");
    assert_string_equal(type_name(JSON_OBJECT, 1), "an object");
    assert_string_equal(type_name(JSON_INTEGER, 2), "a positive integer");
    assert_string_equal(type_name(JSON_ARRAY, 4), "a non-empty array");
    assert_string_equal(type_name(JSON_TRUE, 0), "a boolean");
}

static gboolean valid(const char *text, json_type type, unsigned flags)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    gboolean result = janus_json_is_valid(value, type, flags);

    json_decref(value);
    return result;
}

static void json_values_are_checked_by_type_and_constraint(void **state)
{
    enum { POSITIVE = 2, NONEMPTY = 4 };

    (void)state;
    assert_true(valid("true", JSON_TRUE, 0));
    assert_true(valid("false", JSON_TRUE, 0));
    assert_false(valid("1", JSON_TRUE, 0));
    assert_true(valid("0", JSON_INTEGER, POSITIVE));
    assert_false(valid("-1", JSON_INTEGER, POSITIVE));
    assert_true(valid("-1", JSON_INTEGER, NONEMPTY));
    assert_false(valid("-1.5", JSON_REAL, POSITIVE));
    assert_false(valid("1", JSON_REAL, 0));
    assert_false(valid("\"\"", JSON_STRING, NONEMPTY));
    assert_true(valid("\"\"", JSON_STRING, 0));
    assert_false(valid("[]", JSON_ARRAY, NONEMPTY));
    assert_true(valid("{}", JSON_OBJECT, NONEMPTY));
    assert_false(janus_json_is_valid(NULL, JSON_STRING, 0));
}

static void text_that_does_not_fit_is_cut_and_reported(void **state)
{
    char text[10] = "abc";
    size_t offset = 3;

    (void)state;
    assert_int_equal(janus_strlcat(text, "defghijk", sizeof(text)), 11);
    assert_string_equal(text, "abcdefghi");
    strcpy(text, "abc");
    assert_int_equal(janus_strlcat_fast(text, "de", sizeof(text), &offset), 0);
    assert_int_equal(offset, 5);
    assert_int_equal(janus_strlcat_fast(text, "fghijk", sizeof(text), &offset), -3);
    assert_string_equal(text, "abcdefghi");
    assert_int_equal(offset, 10);
    assert_int_equal(janus_strlcat_fast(text, "x", sizeof(text), &offset), -2);
    assert_int_equal(janus_strlcat_fast(text, NULL, sizeof(text), &offset), -1);
}

static void every_occurrence_is_replaced(void **state)
{
    char *text = janus_string_replace(g_strdup("one two one"), "one", "three");

    (void)state;
    assert_string_equal(text, "three two three");
    text = janus_string_replace(text, "three", "");
    assert_string_equal(text, " two ");
    text = janus_string_replace(text, "absent", "x");
    assert_string_equal(text, " two ");
    g_free(text);
}

static void flags_are_sets_of_bits(void **state)
{
    janus_flags flags = 5;

    (void)state;
    janus_flags_set(&flags, 8);
    assert_int_equal(flags, 13);
    assert_true(janus_flags_is_set(&flags, 6));
    janus_flags_clear(&flags, 5);
    assert_int_equal(flags, 8);
    janus_flags_reset(&flags);
    assert_int_equal(flags, 0);
}

static void secrets_are_compared_whole(void **state)
{
    (void)state;
    assert_true(janus_strcmp_const_time("abc", "abc"));
    assert_false(janus_strcmp_const_time("abc", "abd"));
    assert_false(janus_strcmp_const_time("abc", "abcd"));
    assert_true(janus_strcmp_const_time("", ""));
    assert_false(janus_strcmp_const_time(NULL, "a"));
}

static void random_ids_fit_into_a_json_number(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_true(janus_random_uint64() <= (G_GUINT64_CONSTANT(1) << 53));
    char *uuid = janus_random_uuid();

    assert_true(g_uuid_string_is_valid(uuid));
    g_free(uuid);
}

static void error_codes_have_janus_texts(void **state)
{
    (void)state;
    assert_string_equal(janus_get_api_error(0), "Success");
    assert_string_equal(janus_get_api_error(458), "Session not found");
    assert_string_equal(janus_get_api_error(499), "Unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truth_is_yes_true_or_1),
        cmocka_unit_test(numbers_are_checked_against_their_range),
        cmocka_unit_test(numbers_may_be_followed_by_anything),
        cmocka_unit_test(gzip_text_inflates_to_what_went_in),
        cmocka_unit_test(gzip_into_a_short_buffer_returns_0),
        cmocka_unit_test(json_types_are_named_as_in_janus_answers),
        cmocka_unit_test(json_values_are_checked_by_type_and_constraint),
        cmocka_unit_test(text_that_does_not_fit_is_cut_and_reported),
        cmocka_unit_test(every_occurrence_is_replaced),
        cmocka_unit_test(flags_are_sets_of_bits),
        cmocka_unit_test(secrets_are_compared_whole),
        cmocka_unit_test(random_ids_fit_into_a_json_number),
        cmocka_unit_test(error_codes_have_janus_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
