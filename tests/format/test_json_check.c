/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/json.h"
#include "evj/limits.h"
#include "tests/support/temp.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const valid[] = {
    "{}",
    "[]",
    "0",
    "-0",
    "12.5e-3",
    "1E+9",
    "\"\"",
    "null",
    " [ true , false ,null ] ",
    "{\"a\":{\"b\":[{},[],\"\\u00e4\\ud83d\\ude00\"]},\"a\":1}\n",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\xc3\xa4\xf0\x9f\x98\x80\"",
    "{\"seq\":18446744073709551615,\"mono\":-9223372036854775808}",
};

static void json_has_no_fault(void **state)
{
    size_t at;

    (void)state;
    for (unsigned i = 0; i < sizeof(valid) / sizeof(valid[0]); i++)
        assert_null(evj_json_fault(valid[i], strlen(valid[i]), &at));
}

/* Each of these is stepped over by brackets and quotes alone. */
static const struct {
    const char *text;
    size_t at;
    const char *fault;
} invalid[] = {
    {"", 0, "a value is missing"},
    {"{\"a\":}", 5, "a value is missing"},
    {"{\"a\":1,}", 7, "a key is missing"},
    {"{a:1}", 1, "a key is missing"},
    {"{\"a\" 1}", 5, "a colon is missing"},
    {"[1,]", 3, "a value is missing"},
    {"[1 2]", 3, "a comma or a bracket is missing"},
    {"{\"a\":1]", 6, "a comma or a bracket is missing"},
    {"[}", 1, "a value is missing"},
    {"{\"a\":nil}", 5, "a value is missing"},
    {"{\"a\":01}", 6, "a comma or a bracket is missing"},
    {"{\"a\":1.}", 7, "a number without its digits"},
    {"{\"a\":1e}", 7, "a number without its digits"},
    {"{\"a\":.5}", 5, "a value is missing"},
    {"{\"a\":+1}", 5, "a value is missing"},
    {"{\"a\":\"\\x\"}", 6, "an escape that JSON does not have"},
    {"{\"a\":\"\\u12g4\"}", 6, "an escape that is no character"},
    {"{\"a\":\"\\ud800\"}", 6, "an escape that is no character"},
    {"{\"a\":\"\\udc00\"}", 6, "an escape that is no character"},
    {"{\"a\":\"\t\"}", 6, "a control character in a string"},
    {"{\"a\":\"\xff\"}", 6, "a string that is not UTF-8"},
    {"{\"a\":\"\xed\xa0\x80\"}", 6, "a string that is not UTF-8"},
    {"{\"a\":\"b", 7, "a string without its end"},
    {"{\"a\":\"\\", 6, "an escape that JSON does not have"},
    {"{} {}", 3, "something follows the value"},
    {"{}}", 2, "something follows the value"},
};

static void a_fault_is_named_with_its_place(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
        size_t at = 99;
        const char *fault = evj_json_fault(invalid[i].text, strlen(invalid[i].text), &at);
        if (!fault || strcmp(fault, invalid[i].fault) != 0 || at != invalid[i].at)
            fail_msg("%s: %s at %zu", invalid[i].text, fault ? fault : "no fault", at);
    }
}

static void nesting_has_an_end(void **state)
{
    enum { DEEP = 100000 };
    char *text = malloc(DEEP);
    size_t at;

    (void)state;
    memset(text, '[', DEEP);
    assert_string_equal(evj_json_fault(text, DEEP, &at), "it nests too deep");
    memset(text + EVJ_DEPTH_MAX, ']', EVJ_DEPTH_MAX);
    assert_null(evj_json_fault(text, 2 * EVJ_DEPTH_MAX, &at));
    free(text);
}

static void assert_as_jansson(const char *text, size_t len)
{
    size_t at;
    bool is_valid = evj_json_fault(text, len, &at) == NULL;
    json_error_t error;
    json_t *tree = json_loadb(text, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    bool expected = tree != NULL;

    json_decref(tree);
    if (is_valid == expected)
        return;
    /* A number that jansson cannot hold is JSON all the same. */
    if (is_valid && json_error_code(&error) == json_error_numeric_overflow)
        return;
    fail_msg("%.*s: %s by jansson (%s)", (int)len, text, expected ? "accepted" : "refused",
             error.text);
}

/* Whatever becomes of real events by a change, a loss or an addition of one byte. */
static void every_changed_event_is_judged_as_jansson_does(void **state)
{
    static const char changes[] = "\"\\{}[],:0-.eE \tu/\x80\xc3\xff";
    size_t size;
    char *text = temp_read_data("events/echo1.ndjson", &size);
    size_t len = strcspn(text, "\n");
    char *odd = malloc(len + 1);

    (void)state;
    assert_in_range(len, 100, 10000);
    assert_as_jansson(text, len);
    for (size_t at = 0; at < len; at++) {
        memcpy(odd, text, len);
        for (unsigned i = 0; i < sizeof(changes) - 1; i++) {
            odd[at] = changes[i];
            assert_as_jansson(odd, len);
        }
        memcpy(odd + at, text + at + 1, len - at - 1);
        assert_as_jansson(odd, len - 1);
        memcpy(odd + at + 1, text + at, len - at);
        odd[at] = changes[at % (sizeof(changes) - 1)];
        assert_as_jansson(odd, len + 1);
        assert_as_jansson(text, at);
    }
    free(odd);
    free(text);
}

static void what_is_valid_or_not_is_so_for_jansson(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof(valid) / sizeof(valid[0]); i++)
        assert_as_jansson(valid[i], strlen(valid[i]));
    for (unsigned i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++)
        assert_as_jansson(invalid[i].text, strlen(invalid[i].text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_no_fault),
        cmocka_unit_test(a_fault_is_named_with_its_place),
        cmocka_unit_test(nesting_has_an_end),
        cmocka_unit_test(what_is_valid_or_not_is_so_for_jansson),
        cmocka_unit_test(every_changed_event_is_judged_as_jansson_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
