/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parser for usual lines against the one for all: whatever it takes, they agree. */
#include "tests/support/test.h"

#include "format/record_steps_internal.h"
#include "tests/support/temp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_LEN 8192

static const char *const files[] = {"echo1", "echo2", "room1", "mute", "dtlsfail"};

static void assert_same_text(struct evj_slice a, struct evj_slice b, const char *line)
{
    if (a.len != b.len || (a.text == NULL) != (b.text == NULL) ||
        (a.len > 0 && memcmp(a.text, b.text, a.len) != 0))
        fail_msg("another slice of %s", line);
}

static void assert_same(const struct evj_record *a, const struct evj_record *b, const char *line)
{
    if (a->kind != b->kind || a->has_seq != b->has_seq || a->seq != b->seq ||
        a->mono_us != b->mono_us || a->recording != b->recording || a->source != b->source)
        fail_msg("another place of %s", line);
    if (a->event.type != b->event.type || a->event.subtype != b->event.subtype ||
        a->event.timestamp_us != b->event.timestamp_us ||
        a->event.session_id != b->event.session_id || a->event.handle_id != b->event.handle_id)
        fail_msg("other numbers in %s", line);
    assert_same_text(a->body, b->body, line);
    assert_same_text(a->event.emitter, b->event.emitter, line);
    assert_same_text(a->event.opaque_id, b->event.opaque_id, line);
    assert_same_text(a->event.body, b->event.body, line);
}

/* With a blank that nobody wrote it is unusual, but the same. Returns whether it is usual. */
static bool assert_agree(const char *line, size_t len)
{
    char *copy = malloc(len > 0 ? len : 1), *unusual = malloc(len + 1);
    struct evj_record usual = {0}, any = {0};

    memcpy(copy, line, len);
    bool is_usual = evj_record_parse_usual(copy, len, &usual);
    if (is_usual) {
        unusual[0] = '{';
        unusual[1] = ' ';
        memcpy(unusual + 2, line + 1, len - 1);
        assert_false(evj_record_parse_usual(unusual, len + 1, &any));
        if (evj_record_parse(unusual, len + 1, &any, NULL) != EVJ_OK)
            fail_msg("only one takes %.*s", (int)len, line);
        assert_same(&usual, &any, line);
        assert_ptr_equal(usual.line.text, copy);
        assert_int_equal(usual.line.len, len);
    }
    free(unusual);
    free(copy);
    return is_usual;
}

static void for_each_real_line(void (*look)(char *line, size_t len))
{
    char line[LINE_MAX_LEN];

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char path[64];
        size_t size;
        snprintf(path, sizeof(path), "events/%s.ndjson", files[i]);
        char *text = temp_read_data(path, &size);
        for (char *at = text, *end; (end = strchr(at, '\n')); at = end + 1) {
            *end = '\0';
            int len =
                snprintf(line, sizeof(line), "{\"seq\":%zu,\"mono\":98123456789,\"event\":%s}",
                         (size_t)(at - text), at);
            assert_in_range(len, 1, sizeof(line) - 1);
            look(line, (size_t)len);
        }
        free(text);
    }
}

static void assert_is_usual(char *line, size_t len)
{
    if (!assert_agree(line, len))
        fail_msg("not usual: %s", line);
}

/* Otherwise nothing would be gained. */
static void what_janus_sends_is_usual(void **state)
{
    (void)state;
    for_each_real_line(assert_is_usual);
}

static void change_and_look(char *line, size_t len)
{
    static const char bytes[] = "\"\\{}[],:x1 ";
    static unsigned seed = 29;

    for (unsigned i = 0; i < 20; i++) {
        size_t at = (size_t)rand_r(&seed) % len;
        char before = line[at];
        line[at] = bytes[(size_t)rand_r(&seed) % (sizeof(bytes) - 1)];
        assert_agree(line, len);
        line[at] = before;
    }
    assert_agree(line, (size_t)rand_r(&seed) % len);
}

static void what_is_damaged_is_read_as_the_other_parser_reads_it(void **state)
{
    (void)state;
    for_each_real_line(change_and_look);
}

static void unusual_lines_are_left_alone(void **state)
{
#define BEGIN "{\"seq\":1,\"mono\":2,\"event\":{\"emitter\":\"gw\",\"type\":1"
    static const char *const lines[] = {
        "",
        "{",
        BEGIN,
        "{\"seq\":1,\"mono\":2,\"mark\":{}}",
        "{\"mono\":2,\"seq\":1,\"event\":{\"emitter\":\"gw\",\"type\":1,\"timestamp\":3,\"event\":{"
        "}}}",
        BEGIN ",\"timestamp\":3}}",
        BEGIN ",\"timestamp\":3,\"event\":{},\"more\":1}}",
        BEGIN ",\"timestamp\":3,\"event\":{}},\"more\":1}",
        BEGIN ",\"timestamp\":3,\"event\":{}}} ",
        BEGIN ",\"timestamp\":3,\"event\":7}}",
        BEGIN ",\"timestamp\":3.5,\"event\":{}}}",
        BEGIN ",\"timestamp\":-3,\"event\":{}}}",
        BEGIN ",\"timestamp\":1234567890123456789,\"event\":{}}}",
        BEGIN ",\"subtype\":4294967296,\"timestamp\":3,\"event\":{}}}",
        BEGIN ",\"timestamp\":3,\"opaque_id\":\"a\\\"b\",\"event\":{}}}",
        BEGIN ",\"timestamp\":3,\"handle_id\":1,\"session_id\":2,\"event\":{}}}",
    };

    (void)state;
    assert_true(assert_agree(BEGIN ",\"timestamp\":3,\"event\":{}}}",
                             strlen(BEGIN ",\"timestamp\":3,\"event\":{}}}")));
    assert_true(assert_agree(BEGIN ",\"timestamp\":3,\"event\":[{\"a\":1}]}}",
                             strlen(BEGIN ",\"timestamp\":3,\"event\":[{\"a\":1}]}}")));
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        if (assert_agree(lines[i], strlen(lines[i])))
            fail_msg("usual: %s", lines[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_janus_sends_is_usual),
        cmocka_unit_test(what_is_damaged_is_read_as_the_other_parser_reads_it),
        cmocka_unit_test(unusual_lines_are_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
