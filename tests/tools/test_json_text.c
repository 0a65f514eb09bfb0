/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/json_text.h"
#include "tools/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void print_function(FILE *out, const char *text, size_t len);

static void assert_printed(print_function *print, const char *text, size_t len, const char *want)
{
    char *printed = NULL;
    size_t printed_len = 0;
    FILE *out = open_memstream(&printed, &printed_len);

    print(out, text, len);
    fclose(out);
    assert_string_equal(printed, want);
    free(printed);
}

#define ASSERT_PRINTED(print, text, want) assert_printed(print, text, sizeof(text) - 1, want)

/* A participant's display name must not be able to recolour or rewrite an administrator's terminal.
 */
static void what_a_terminal_obeys_is_shown_as_bytes(void **state)
{
    (void)state;
    ASSERT_PRINTED(print_safely, "plain", "plain");
    ASSERT_PRINTED(print_safely, "caf\xc3\xa9 \xe2\x80\xa6", "caf\xc3\xa9 \xe2\x80\xa6");
    ASSERT_PRINTED(print_safely, "\033[31m\a\n\r\t\0x", "\\x1B[31m\\x07\\x0A\\x0D\\x09\\x00x");
    ASSERT_PRINTED(print_safely, "\x7f\xc2\x9b", "\\x7F\\xC2\\x9B");
    ASSERT_PRINTED(print_safely, "\xe2\x80\xae", "\\xE2\\x80\\xAE"); /* right-to-left override */
    ASSERT_PRINTED(print_safely, "\xff\xc3", "\\xFF\\xC3");
    ASSERT_PRINTED(print_safely, "\xed\xa0\x80", "\\xED\\xA0\\x80"); /* a lone surrogate */
}

/* … and JSON stays the same JSON. */
static void what_a_terminal_obeys_is_escaped_in_json(void **state)
{
    (void)state;
    ASSERT_PRINTED(json_text_print, "{\"a\":\"\\u001b\xc3\xa9\"}", "{\"a\":\"\\u001b\xc3\xa9\"}");
    ASSERT_PRINTED(json_text_print, "\"\x7f\xc2\x9b\xe2\x80\xae\"", "\"\\u007F\\u009B\\u202E\"");
    ASSERT_PRINTED(json_text_print, "\"\xff\"", "\"\\uFFFD\"");
}

static void json_is_indented_by_its_brackets(void **state)
{
    (void)state;
    ASSERT_PRINTED(json_text_print_indented, "{\"a\":1,\"b\":[true,{}],\"c\":{\"d\":[]}}",
                   "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    {}\n  ],\n  \"c\": {\n"
                   "    \"d\": []\n  }\n}");
    ASSERT_PRINTED(json_text_print_indented, "[ 1 , { } ]", "[\n  1,\n  {}\n]");
}

static void numbers_and_strings_are_copied(void **state)
{
    (void)state;
    ASSERT_PRINTED(json_text_print_indented, "[1.0,1E400,123456789012345678901234567890]",
                   "[\n  1.0,\n  1E400,\n  123456789012345678901234567890\n]");
    ASSERT_PRINTED(json_text_print_indented, "\"{[,:]} \\\" \\\\\"", "\"{[,:]} \\\" \\\\\"");
}

/* It may be asked to print what is no JSON. */
static void broken_text_ends(void **state)
{
    static const char *const texts[] = {"{", "]]]]", "\"open", "\"\\", "{\"a\"", ":,", "a b", ""};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        FILE *out = fopen("/dev/null", "w");

        json_text_print_indented(out, texts[i], strlen(texts[i]));
        json_text_print_indented(out, "\0{\0", 3);
        fclose(out);
    }
}

/* 100 KB of brackets must not become gigabytes of blanks. */
static void indentation_has_a_limit(void **state)
{
    size_t len = 100 * 1000, printed_len = 0;
    char *text = malloc(len), *printed = NULL;
    FILE *out = open_memstream(&printed, &printed_len);

    (void)state;
    memset(text, '[', len);
    json_text_print_indented(out, text, len);
    fclose(out);
    assert_in_range(printed_len, len, 200 * len);
    free(printed);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_terminal_obeys_is_shown_as_bytes),
        cmocka_unit_test(what_a_terminal_obeys_is_escaped_in_json),
        cmocka_unit_test(json_is_indented_by_its_brackets),
        cmocka_unit_test(numbers_and_strings_are_copied),
        cmocka_unit_test(broken_text_ends),
        cmocka_unit_test(indentation_has_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
