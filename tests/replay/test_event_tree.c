/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Held against json_loadb(), which it must be equal to in everything but time. */
#include "tests/support/test.h"

#include "replay/event_tree.h"
#include "tests/support/random_tree.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A copy that ends with its last byte, so that ASan sees a look beyond it. */
static char *exact_copy(const char *text, size_t len)
{
    char *copy = malloc(len > 0 ? len : 1);

    assert_non_null(copy);
    return memcpy(copy, text, len);
}

/* json_equal() does not look at the order of keys, or at how a real is printed. */
static void assert_same(json_t *tree, json_t *expected)
{
    g_autofree char *told = json_dumps(tree, JSON_COMPACT | JSON_ENCODE_ANY);
    g_autofree char *wanted = json_dumps(expected, JSON_COMPACT | JSON_ENCODE_ANY);

    assert_true(json_equal(tree, expected));
    assert_string_equal(told, wanted);
}

/* Is it JSON? Whatever jansson says. */
static bool check(const char *text, size_t len)
{
    char *copy = exact_copy(text, len);
    json_auto_t *expected = json_loadb(copy, len, JSON_ALLOW_NUL, NULL);
    json_auto_t *quick = event_tree_parse_quickly(copy, len);
    json_auto_t *whole = event_tree_parse(copy, len, NULL);

    if (expected == NULL && (quick != NULL || whole != NULL))
        fail_msg("jansson refuses %.*s", (int)len, text);
    if (expected != NULL && quick == NULL)
        fail_msg("jansson reads %.*s", (int)len, text);
    if (expected != NULL) {
        assert_same(quick, expected);
        assert_same(whole, expected);
    }
    free(copy);
    return expected != NULL;
}

static void assert_read(const char *text)
{
    assert_true(check(text, strlen(text)));
}

static void assert_refused(const char *text)
{
    assert_false(check(text, strlen(text)));
}

/* ---- events ---- */

static void every_real_event_is_read(void **state)
{
    static const char *const names[] = {"dtlsfail", "echo1", "echo2", "mute", "room1"};
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path =
            g_strdup_printf("%s/events/%s.ndjson", g_getenv("EVJ_TEST_DATA"), names[i]);
        g_autofree char *text = NULL;
        g_auto(GStrv) lines = NULL;

        assert_true(g_file_get_contents(path, &text, NULL, NULL));
        lines = g_strsplit(text, "\n", 0);
        for (guint j = 0; lines[j] != NULL && *lines[j] != '\0'; j++, count++)
            assert_read(lines[j]);
    }
    assert_true(count > 500);
}

static void generated_trees_are_read_however_they_are_printed(void **state)
{
    static const size_t flags[] = {JSON_COMPACT, JSON_INDENT(3), JSON_ENSURE_ASCII,
                                   JSON_COMPACT | JSON_ESCAPE_SLASH};

    (void)state;
    for (uint64_t seed = 0; seed < 3000; seed++) {
        uint64_t random = seed;
        json_auto_t *object = random_object(&random);
        g_autofree char *text = json_dumps(object, flags[seed % G_N_ELEMENTS(flags)]);

        assert_read(text);
    }
}

/* One byte is another, is missing, or comes twice. */
static void what_is_damaged_is_read_or_refused_as_jansson_does(void **state)
{
    size_t refused = 0, checked = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 3000; seed++) {
        static const char bytes[] = "{}[]\":,\\ue-+.019tfn \n\x1f\x80\xc3\xff";
        uint64_t random = seed;
        json_auto_t *object = random_object(&random);
        g_autofree char *text = json_dumps(object, JSON_COMPACT);
        size_t len = strlen(text);

        for (int i = 0; i < 5; i++, checked++) {
            char kept = text[random_chance(&random, len)];
            size_t at = random_chance(&random, len);

            text[at] =
                random_chance(&random, 2) ? bytes[random_chance(&random, sizeof(bytes) - 1)] : kept;
            refused += !check(text, len);
        }
    }
    assert_in_range(refused, checked / 10, checked);
}

static void every_beginning_of_an_event_is_refused(void **state)
{
    static const char text[] =
        "{\"a\":[1,-2.5e3,true,null],\"b\\n\":{\"c\":\"\\u00e9\\ud83d\\ude00\xc3\xa9\"}}";

    (void)state;
    for (size_t len = 0; len < sizeof(text) - 1; len++)
        assert_false(check(text, len));
    assert_read(text);
}

/* ---- strings ---- */

/* The search for the closing quote takes sixteen bytes, or eight, at once. */
static void strings_of_every_length_end_where_they_end(void **state)
{
    (void)state;
    for (int len = 0; len < 70; len++) {
        for (int behind = 0; behind < 40; behind++) {
            g_autofree char *text = g_strdup_printf(
                "{\"%.*s\":\"%.*s\"%*s}", len,
                "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk", len,
                "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv",
                behind, "");
            assert_read(text);
        }
    }
}

static void every_byte_at_every_place_of_a_string(void **state)
{
    char text[64];

    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        for (size_t at = 0; at < 34; at++) {
            memcpy(text, "{\"k\":\"0123456789abcdefghijklmnopqrstuvwx\"}", 43);
            text[6 + at] = (char)byte;
            check(text, 42);
            memcpy(text, "{\"0123456789abcdefghijklmnopqrstuvwx\":\"k\"}", 43);
            text[2 + at] = (char)byte;
            check(text, 42);
        }
    }
}

static void every_escape_is_decoded_or_refused(void **state)
{
    (void)state;
    for (int letter = 1; letter < 256; letter++) {
        char text[] = {'{',          '"', 'k', '"', ':', '"', '\\',
                       (char)letter, '0', '0', '4', '1', '"', '}'};

        check(text, sizeof(text));
    }
    assert_read("{\"k\":\"\\u0000\"}");
    assert_refused("{\"\\u0000\":1}");
    assert_read("{\"\\u006b\":1,\"k\":2}");
}

/* Halves of surrogate pairs, alone and in every order. */
static void every_codepoint_is_decoded_or_refused(void **state)
{
    static const unsigned units[] = {0x0000, 0x0001, 0x007f, 0x0080, 0x07ff, 0x0800,
                                     0xd7ff, 0xd800, 0xd83d, 0xdbff, 0xdc00, 0xde00,
                                     0xdfff, 0xe000, 0xfffe, 0xffff};
    char text[64];

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        for (size_t j = 0; j < G_N_ELEMENTS(units); j++) {
            snprintf(text, sizeof(text), "[\"\\u%04x\\u%04X\"]", units[i], units[j]);
            check(text, strlen(text));
        }
    }
    assert_refused("[\"\\ud83d\"]");
    assert_refused("[\"\\ud83dx\"]");
    assert_refused("[\"\\ude00\"]");
    assert_read("[\"\\ud83d\\ude00\"]");
}

static void utf8_is_judged_as_jansson_judges_it(void **state)
{
    char text[8] = "[\"";

    (void)state;
    for (unsigned lead = 0x80; lead < 0x100; lead++) {
        for (unsigned second = 0; second < 0x100; second += 1) {
            static const unsigned char others[] = {0x00, 0x7f, 0x80, 0xbf, 0xc0};

            for (size_t i = 0; i < sizeof(others); i++) {
                const char parts[] = {'[',        '"', (char)lead, (char)second, (char)others[i],
                                      (char)0x80, '"', ']'};
                memcpy(text, parts, sizeof(parts));
                check(text, sizeof(parts));
            }
        }
    }
}

/* ---- numbers ---- */

static void numbers_are_integers_and_reals_as_jansson_has_them(void **state)
{
    static const char *const numbers[] = {
        "0",
        "-0",
        "7",
        "-7",
        "10",
        "123456789012345678",
        "999999999999999999",
        "1000000000000000000",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999999",
        "01",
        "-01",
        "00",
        "-",
        "+1",
        "1.",
        ".5",
        "1.5",
        "-1.5e10",
        "1e5",
        "1E+5",
        "1e-5",
        "1e",
        "1e+",
        "1e400",
        "1e-400",
        "0.1",
        "0x10",
        "1-2",
        "1.2.3",
        "--1",
        "1e5e5",
        "Infinity",
        "NaN",
        "12a",
        "1 2",
        "0e1",
        "-0.0",
        "1_000",
    };
    size_t read = 0;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *array = g_strdup_printf("[%s]", numbers[i]);
        g_autofree char *member = g_strdup_printf("{\"k\":%s }", numbers[i]);

        read += check(array, strlen(array));
        check(member, strlen(member));
    }
    assert_in_range(read, 15, 25);
}

/* ---- the rest ---- */

static void names_blanks_and_brackets(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        " { } ",
        "\t[\n]\r",
        "[[],{}]",
        "[true,false,null]",
        "[True]",
        "[tru]",
        "[truee]",
        "[nulll]",
        "[true false]",
        "{\"a\":1,}",
        "[1,]",
        "[,1]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1}{}",
        "{\"a\":1}x",
        "[1]]",
        "{]",
        "[}",
        "",
        " ",
        "1",
        "\"a\"",
        "null",
        "\xef\xbb\xbf{}",
        "{}\v",
        "{\"a\":1,\"a\":2,\"b\":3,\"a\":4}",
        "{\"\":0}",
        "[\"\"]",
        "{ \"a\" : [ 1 , 2 ] , \"b\" : { } }",
        "{'a':1}",
        "//x\n{}",
        "[1/**/]",
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        check(texts[i], strlen(texts[i]));
    assert_read("{\"a\":1,\"a\":2}");
    assert_refused("{\"a\":1}{}");
}

static char *nested(size_t depth)
{
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < depth; i++)
        g_string_append(text, i % 2 ? "{\"a\":" : "[");
    g_string_append_c(text, '1');
    for (size_t i = depth; i-- > 0;)
        g_string_append_c(text, i % 2 ? '}' : ']');
    return g_string_free(text, FALSE);
}

/* What is too deep for the quick way jansson reads, up to its own limit. */
static void nesting_is_limited_as_in_jansson(void **state)
{
    static const size_t depths[] = {
        1, EVENT_TREE_DEPTH_MAX, EVENT_TREE_DEPTH_MAX + 1, 2047, 2048, 2049, 100000};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(depths); i++) {
        g_autofree char *text = nested(depths[i]);
        json_auto_t *expected = json_loads(text, JSON_ALLOW_NUL, NULL);
        json_auto_t *tree = event_tree_parse(text, strlen(text), NULL);
        json_auto_t *quick = event_tree_parse_quickly(text, strlen(text));

        assert_int_equal(tree != NULL, expected != NULL);
        assert_int_equal(quick != NULL, depths[i] <= EVENT_TREE_DEPTH_MAX);
        if (tree != NULL)
            assert_true(json_equal(tree, expected));
    }
}

/* jansson 2.14 passes it over; another version may not. */
static void a_nul_behind_a_number_is_jansson_affair(void **state)
{
    static const char text[] = "{\"a\":1\0}";
    json_auto_t *expected = json_loadb(text, sizeof(text) - 1, JSON_ALLOW_NUL, NULL);
    json_auto_t *tree = event_tree_parse(text, sizeof(text) - 1, NULL);

    (void)state;
    assert_null(event_tree_parse_quickly(text, sizeof(text) - 1));
    assert_int_equal(tree != NULL, expected != NULL);
}

static void a_refusal_has_jansson_words(void **state)
{
    json_error_t error, expected;

    (void)state;
    assert_null(event_tree_parse("{\"a\":tru}", 9, &error));
    assert_null(json_loadb("{\"a\":tru}", 9, JSON_ALLOW_NUL, &expected));
    assert_string_equal(error.text, expected.text);
    assert_int_equal(error.position, expected.position);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_real_event_is_read),
        cmocka_unit_test(generated_trees_are_read_however_they_are_printed),
        cmocka_unit_test(what_is_damaged_is_read_or_refused_as_jansson_does),
        cmocka_unit_test(every_beginning_of_an_event_is_refused),
        cmocka_unit_test(strings_of_every_length_end_where_they_end),
        cmocka_unit_test(every_byte_at_every_place_of_a_string),
        cmocka_unit_test(every_escape_is_decoded_or_refused),
        cmocka_unit_test(every_codepoint_is_decoded_or_refused),
        cmocka_unit_test(utf8_is_judged_as_jansson_judges_it),
        cmocka_unit_test(numbers_are_integers_and_reals_as_jansson_has_them),
        cmocka_unit_test(names_blanks_and_brackets),
        cmocka_unit_test(nesting_is_limited_as_in_jansson),
        cmocka_unit_test(a_nul_behind_a_number_is_jansson_affair),
        cmocka_unit_test(a_refusal_has_jansson_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
