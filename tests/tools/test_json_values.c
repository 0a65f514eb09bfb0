/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/limits.h"
#include "tools/json_values.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A stream of this text, in pieces of at most `step` bytes; then the end, or a failure. */
struct stream {
    const char *text;
    size_t len, step;
    int fails_with;
};

static ssize_t read_stream(void *context, char *buffer, size_t size)
{
    struct stream *stream = context;
    size_t n = stream->len;

    if (n == 0 && stream->fails_with != 0) {
        errno = stream->fails_with;
        return -1;
    }
    n = n < size ? n : size;
    n = n < stream->step ? n : stream->step;
    memcpy(buffer, stream->text, n);
    stream->text += n;
    stream->len -= n;
    return (ssize_t)n;
}

/* What comes of a text, as one line: objects, and faults as "!LINE". */
static void split(const char *text, size_t len, size_t step, char *out, size_t out_size)
{
    struct stream stream = {text, len, step, 0};
    struct json_values *values = json_values_new(read_stream, &stream);
    struct evj_slice object;
    struct evj_error err;
    int status;

    *out = '\0';
    while ((status = json_values_next(values, &object, &err)) != EVJ_END) {
        size_t at = strlen(out);

        if (status == 0)
            snprintf(out + at, out_size - at, "%.*s ", (int)object.len, object.text);
        else
            snprintf(out + at, out_size - at, "!%d ", (int)json_values_line(values));
    }
    json_values_free(values);
}

static void assert_split(const char *text, const char *want)
{
    char whole[4096], bytewise[4096];

    split(text, strlen(text), SIZE_MAX, whole, sizeof(whole));
    assert_string_equal(whole, want);
    split(text, strlen(text), 1, bytewise, sizeof(bytewise));
    assert_string_equal(bytewise, want);
}

static void objects_come_out_however_they_are_laid_out(void **state)
{
    (void)state;
    assert_split("{\"a\":1}\n{\"a\":2}\n", "{\"a\":1} {\"a\":2} ");
    assert_split("{\"a\":1}{\"a\":2}", "{\"a\":1} {\"a\":2} ");
    assert_split("[{\"a\":1},{\"a\":2}]", "{\"a\":1} {\"a\":2} ");
    assert_split("[]\n[{\"a\":1}]\n[[{\"a\":2}]]", "{\"a\":1} {\"a\":2} ");
    assert_split("{\n  \"a\": 1,\r\n\t\"b\": [ ]\n}\n", "{\"a\":1,\"b\":[]} ");
    assert_split("", "");
    assert_split(" \n\n", "");
}

/* A journal must hold the text that Janus gave: 1.0 must not become 1, nor é become \u00e9. */
static void the_text_of_an_object_is_kept(void **state)
{
    static const char text[] =
        "{\"b\":1.0,\"a\":1E5,\"s\":\" { \\\" \\\\\",\"u\":\"\xc3\xa9\\u00e9\\/\","
        "\"b\":-0}";
    char out[4096];

    (void)state;
    split(text, strlen(text), SIZE_MAX, out, sizeof(out));
    assert_memory_equal(out, text, strlen(text));
}

static void a_broken_object_costs_no_other(void **state)
{
    (void)state;
    assert_split("{\"a\":1}\n{\"a\":\n{\"a\":2}\n{\"a\":3}\n", "{\"a\":1} !2 {\"a\":2} {\"a\":3} ");
    assert_split("{\"a\":\"x\n{\"a\":2}\n", "!1 {\"a\":2} ");
    assert_split("{\"a\":1]\n{\"a\":2}\n", "!1 {\"a\":2} ");
    assert_split("{\n  \"a\": {\n    \"b\": 1\n  \"c\": {\n  }\n  }\n}\n{\"a\":2}\n",
                 "!1 {\"a\":2} ");
    assert_split("{\n \"a\": [\n  {\"b\":1},\n  {\"b\":2}\n  {\"b\":3}\n ]\n}\n{\"a\":2}\n",
                 "!1 {\"a\":2} ");
    assert_split("{\"a\":1", "!1 ");
    assert_split("[{\"a\":1},", "{\"a\":1} !1 ");
}

static void what_is_no_object_is_a_fault_of_its_line(void **state)
{
    (void)state;
    assert_split("1\ntwo\n{\"a\":3}\n\"four\"\n}\n", "!1 !2 {\"a\":3} !4 !5 ");
    assert_split("[1,\"x\",{\"a\":1}]", "!1 !1 {\"a\":1} ");
    assert_split("]{\"a\":1}\n{\"a\":2}", "!1 {\"a\":2} ");
}

static void a_nul_byte_is_a_fault_and_not_the_end(void **state)
{
    static const char text[] = "\0\n{\"a\":1}\n[\0,{\"a\":2}]";
    char out[4096];

    (void)state;
    split(text, sizeof(text) - 1, 1, out, sizeof(out));
    assert_string_equal(out, "!1 {\"a\":1} !3 {\"a\":2} ");
}

/* An object without an end must not be read into memory without an end. */
static void an_object_beyond_the_limit_is_passed_by(void **state)
{
    size_t len = EVJ_LINE_MAX + 3 * 1024 * 1024;
    char *text = malloc(len);
    struct stream stream = {text, len, SIZE_MAX, 0};
    struct json_values *values = json_values_new(read_stream, &stream);
    struct evj_slice object;
    struct evj_error err;

    (void)state;
    memset(text, 'x', len);
    memcpy(text, "{\"a\":\"", 6);
    memcpy(text + len - 9, "\n{\"b\":1}\n", 9);
    assert_int_equal(json_values_next(values, &object, &err), EVJ_ERR_LIMIT);
    assert_int_equal(json_values_next(values, &object, &err), 0);
    assert_int_equal(object.len, strlen("{\"b\":1}"));
    assert_int_equal(json_values_line(values), 2);
    assert_int_equal(json_values_next(values, &object, &err), EVJ_END);
    json_values_free(values);
    free(text);
}

/* "{\"a\":[", a million numbers, and this; then another object. */
static void assert_long(const char *rest, const char *want)
{
    enum { NUMBERS = 1000000 };
    static char text[2 * NUMBERS + 100], out[2 * NUMBERS + 100];
    const char begin[] = "{\"a\":[";
    char *at = text + strlen(begin);

    memcpy(text, begin, strlen(begin));
    for (int i = 0; i < NUMBERS; i++, at += 2)
        memcpy(at, "1,", 2);
    snprintf(at, sizeof(text) - (size_t)(at - text), "%s\n{\"b\":1}\n", rest);
    for (size_t step = 100; step <= sizeof(text); step *= 1000) {
        split(text, strlen(text), step, out, sizeof(out));
        if (want != NULL)
            assert_string_equal(out, want);
        else
            assert_true(strlen(out) == strlen(text) && memcmp(out, text, (size_t)(at - text)) == 0);
    }
}

/* No tree is made of those: what they are is found out in another way, and must be the same. */
static void long_objects_are_valid_or_passed_by(void **state)
{
    (void)state;
    assert_long("1]}", NULL);
    assert_long("\"]}\\\\\\\"]}\"]}", NULL);
    assert_long("]}", "!1 {\"b\":1} ");
    assert_long("1}]", "!1 {\"b\":1} ");
    assert_long("\"\x01\"]}", "!1 {\"b\":1} ");
    assert_long("\"\xff\"]}", "!1 {\"b\":1} ");
    assert_long("1 \"]}", "!1 {\"b\":1} ");
    assert_long("1]", "!1 {\"b\":1} ");
}

static void a_failing_read_is_reported(void **state)
{
    struct stream stream = {"{\"a\":1}\n", 8, SIZE_MAX, EISDIR};
    struct json_values *values = json_values_new(read_stream, &stream);
    struct evj_slice object;
    struct evj_error err = {0};

    (void)state;
    assert_int_equal(json_values_next(values, &object, &err), 0);
    assert_int_equal(json_values_next(values, &object, &err), EVJ_ERR_IO);
    assert_int_equal(err.sys_errno, EISDIR);
    json_values_free(values);
}

/* Each of these lines opens an object that no line closes: going back must not take for ever. */
static void many_broken_objects_take_no_time_out_of_proportion(void **state)
{
    enum { LINES = 20000 };
    static const char line[] = "{\"a\":\n";
    char *text = malloc(LINES * (sizeof(line) - 1));
    struct stream stream = {text, LINES * (sizeof(line) - 1), SIZE_MAX, 0};
    struct json_values *values = json_values_new(read_stream, &stream);
    struct evj_slice object;
    struct evj_error err;
    size_t faults = 0;

    (void)state;
    for (size_t i = 0; i < LINES; i++)
        memcpy(text + i * (sizeof(line) - 1), line, sizeof(line) - 1);
    while (json_values_next(values, &object, &err) != EVJ_END)
        faults++;
    assert_in_range(faults, 1, LINES / 1000);
    json_values_free(values);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_come_out_however_they_are_laid_out),
        cmocka_unit_test(the_text_of_an_object_is_kept),
        cmocka_unit_test(a_broken_object_costs_no_other),
        cmocka_unit_test(what_is_no_object_is_a_fault_of_its_line),
        cmocka_unit_test(a_nul_byte_is_a_fault_and_not_the_end),
        cmocka_unit_test(an_object_beyond_the_limit_is_passed_by),
        cmocka_unit_test(long_objects_are_valid_or_passed_by),
        cmocka_unit_test(a_failing_read_is_reported),
        cmocka_unit_test(many_broken_objects_take_no_time_out_of_proportion),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
