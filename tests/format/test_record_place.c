/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The quick parsers against the other one: whatever the line, they agree on all but the event, and the
 * body of who wants only places. */
#include "tests/support/test.h"

#include "evj/record.h"
#include "tests/support/temp.h"

#include <stdlib.h>
#include <string.h>

static void assert_same_slice(struct evj_slice a, struct evj_slice b, const char *line)
{
    if (a.len != b.len || a.text != b.text)
        fail_msg("another slice of %s", line);
}

static void assert_same(const struct evj_record *a, const struct evj_record *b, const char *line)
{
    if (a->kind != b->kind || a->has_seq != b->has_seq || a->seq != b->seq ||
        a->mono_us != b->mono_us || a->recording != b->recording || a->source != b->source)
        fail_msg("another place of %s", line);
    assert_same_slice(a->line, b->line, line);
    assert_same_slice(a->gap.reason, b->gap.reason, line);
    assert_int_equal(a->gap.events, b->gap.events);
}

static void assert_same_body(const struct evj_record *a, const struct evj_record *b,
                             bool may_be_empty, const char *line)
{
    if (a->body.text || !may_be_empty)
        assert_same_slice(a->body, b->body, line);
    else if (b->body.text)
        assert_int_equal(b->kind, EVJ_RECORD_EVENT);
}

/* A copy that ends where the line does, so that ASan sees a step beyond it. */
static int parse_both(evj_record_parser *parser, const char *line, size_t len,
                      struct evj_record *ret_quick, struct evj_record *ret_full,
                      int *ret_full_status)
{
    static char *copy;

    free(copy);
    copy = malloc(len > 0 ? len : 1);
    memcpy(copy, line, len);
    *ret_quick = *ret_full = (struct evj_record){0};
    *ret_full_status = evj_record_parse(copy, len, ret_full, NULL);
    return parser(copy, len, ret_quick, NULL);
}

static void assert_agree_by(evj_record_parser *parser, const char *line, size_t len)
{
    struct evj_record quick, full;
    int full_status, status = parse_both(parser, line, len, &quick, &full, &full_status);

    if (status != full_status)
        fail_msg("%d, and %d, for %.*s", status, full_status, (int)len, line);
    if (status != EVJ_OK)
        return;
    assert_same(&quick, &full, line);
    assert_same_body(&quick, &full, parser == evj_record_parse_place, line);
}

static void assert_agree(const char *line, size_t len)
{
    assert_agree_by(evj_record_parse_place, line, len);
    assert_agree_by(evj_record_parse_body, line, len);
}

/* This is what it is for: the event is not looked into. */
static void a_usual_event_is_not_looked_into(void **state)
{
    static const char line[] =
        "{\"seq\":812,\"mono\":98123456789,\"event\":{\"type\":32,\"session_id\":7}}";
    struct evj_record quick, full;
    int full_status;

    (void)state;
    assert_int_equal(
        parse_both(evj_record_parse_place, line, strlen(line), &quick, &full, &full_status),
        EVJ_OK);
    assert_int_equal(full_status, EVJ_OK);
    assert_same(&quick, &full, line);
    assert_int_equal(quick.seq, 812);
    assert_int_equal(quick.mono_us, INT64_C(98123456789));
    assert_int_equal(full.event.session_id, 7);
    assert_int_equal(quick.event.session_id, 0);
    assert_int_equal(quick.wall_us, 0);
}

static void real_events_have_the_same_place(void **state)
{
    size_t size;
    char *text = temp_read_data("events/room1.ndjson", &size), *rest = text, *event, line[20000];

    (void)state;
    for (uint64_t seq = 0; (event = strsep(&rest, "\n")) && event[0] != '\0'; seq += 12345678) {
        size_t prefix = evj_record_put_prefix(line, seq, (int64_t)seq * 3);
        size_t len = strlen(event);
        memcpy(line + prefix, event, len);
        line[prefix + len] = '}';
        line[prefix + len + 1] = '\0';
        assert_agree(line, prefix + len + 1);
    }
    free(text);
}

static void unusual_lines_are_left_to_the_other_parser(void **state)
{
    static const char *const lines[] = {
        /* other orders, blanks, keys that nobody knows */
        "{\"mono\":2,\"seq\":1,\"event\":{\"type\":1}}",
        "{\"event\":{\"type\":1},\"seq\":1,\"mono\":2}",
        "{\"seq\":1,\"event\":{\"type\":1},\"mono\":2}",
        "{ \"seq\":1,\"mono\":2,\"event\":{}}",
        "{\"seq\": 1,\"mono\":2,\"event\":{}}",
        "{\"seq\":1 ,\"mono\":2,\"event\":{}}",
        "{\"seq\":1,\"mono\":2 ,\"event\":{}}",
        "{\"seq\":1,\"mono\":2,\"event\": {}}",
        "{\"seq\":1,\"mono\":2,\"event\":{} }",
        "{\"seq\":1,\"mono\":2,\"event\":{}} ",
        " {\"seq\":1,\"mono\":2,\"event\":{}}",
        "{\"seq\":1,\"mono\":2,\"event\":{ }}",
        "{\"seq\":1,\"mono\":2,\"later\":[],\"event\":{}}",
        "{\"seq\":1,\"mono\":2,\"source\":3,\"event\":{}}",
        "{\"seq\":1,\"mono\":2,\"event\":{},\"source\":3}",
        "{\"seq\":1,\"mono\":2,\"event\":{\"a\":{}},\"source\":3}",
        "{\"seq\":1,\"mono\":2,\"event\":{},\"later\":{}}",
        "{\"seq\":1,\"mono\":2,\"event\":{\"a\":1},\"later\":{\"b\":2}}",
        /* numbers at their ends, and beyond */
        "{\"seq\":0,\"mono\":0,\"event\":{}}",
        "{\"seq\":007,\"mono\":008,\"event\":{}}",
        "{\"seq\":999999999999999999,\"mono\":999999999999999999,\"event\":{}}",
        "{\"seq\":1000000000000000000,\"mono\":1000000000000000000,\"event\":{}}",
        "{\"seq\":9223372036854775807,\"mono\":9223372036854775807,\"event\":{}}",
        "{\"seq\":9223372036854775808,\"mono\":9223372036854775808,\"event\":{}}",
        "{\"seq\":18446744073709551615,\"mono\":1,\"event\":{}}",
        "{\"seq\":18446744073709551616,\"mono\":1,\"event\":{}}",
        "{\"seq\":99999999999999999999999,\"mono\":1,\"event\":{}}",
        "{\"seq\":000000000000000000000001,\"mono\":1,\"event\":{}}",
        "{\"seq\":1,\"mono\":-2,\"event\":{}}",
        "{\"seq\":1,\"mono\":-9223372036854775808,\"event\":{}}",
        "{\"seq\":-1,\"mono\":2,\"event\":{}}",
        "{\"seq\":1.5,\"mono\":2,\"event\":{}}",
        "{\"seq\":1e3,\"mono\":2,\"event\":{}}",
        "{\"seq\":\"1\",\"mono\":2,\"event\":{}}",
        "{\"seq\":,\"mono\":2,\"event\":{}}",
        "{\"seq\":1,\"mono\":,\"event\":{}}",
        "{\"seq\":null,\"mono\":2,\"event\":{}}",
        /* places that are missing, or come twice */
        "{\"seq\":1,\"event\":{}}",
        "{\"mono\":1,\"event\":{}}",
        "{\"event\":{}}",
        "{\"seq\":1,\"seq\":9,\"mono\":2,\"event\":{}}",
        "{\"seq\":1,\"mono\":2,\"mono\":9,\"event\":{}}",
        "{\"seq\":1,\"mono\":2,\"event\":{},\"seq\":9}",
        /* other kinds, and other values */
        "{\"seq\":1,\"mono\":2,\"state\":{\"type\":1}}",
        "{\"seq\":1,\"mono\":2,\"gap\":{\"events\":5,\"reason\":\"buffer-full\"}}",
        "{\"seq\":1,\"mono\":2,\"gap\":{}}",
        "{\"seq\":1,\"mono\":2,\"mark\":{\"text\":\"here\"}}",
        "{\"seq\":1,\"mono\":2,\"later\":{}}",
        "{\"journal\":{\"version\":1,\"id\":\"x\",\"started\":{}}}",
        "{\"end\":{\"records\":1}}",
        "{\"seq\":1,\"mono\":2,\"event\":[{}]}",
        "{\"seq\":1,\"mono\":2,\"event\":\"{}\"}",
        "{\"seq\":1,\"mono\":2,\"event\":5}",
        "{\"seq\":1,\"mono\":2,\"events\":{}}",
        /* no records */
        "",
        "{",
        "{}",
        "}}",
        "[]",
        "null",
        "{\"seq\":1,\"mono\":2,\"event\":{}",
        "{\"seq\":1,\"mono\":2,\"event\":}}",
        "{\"seq\":1,\"mono\":2,\"event\":{",
        "{\"seq\":1,\"mono\":2}",
        "{\"seq\":1,\"mono\":2,\"event\":{}}x",
        "x{\"seq\":1,\"mono\":2,\"event\":{}}",
        "{\"seq\":1,\"mono\":2,,\"event\":{}}",
        "{\"seq\":1\"mono\":2,\"event\":{}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_agree(lines[i], strlen(lines[i]));
}

/* A line that stops, anywhere: no step beyond its end, and no record but where both see one. */
static void a_line_that_stops_is_no_record(void **state)
{
    static const char line[] = "{\"seq\":12345678901234567890,\"mono\":9876543210,\"event\":{\"a\":"
                               "{\"b\":{\"c\":1}}}}";
    static const char usual[] = "{\"seq\":123456789,\"mono\":9876543210,\"event\":{\"a\":1}}";

    (void)state;
    for (size_t len = 0; len <= strlen(line); len++)
        assert_agree(line, len);
    for (size_t len = 0; len <= strlen(usual); len++)
        assert_agree(usual, len);
}

/* Any byte outside of the event may be any other. */
static void a_changed_byte_is_seen_alike(void **state)
{
    static const char line[] = "{\"seq\":15,\"mono\":2078,\"event\":{\"type\":1}}";
    char changed[sizeof(line)];

    (void)state;
    for (size_t at = 0; at < strlen(line); at++) {
        for (unsigned value = 1; value < 256; value++) {
            memcpy(changed, line, sizeof(line));
            changed[at] = (char)value;
            if (at >= strlen("{\"seq\":15,\"mono\":2078,\"event\":{") && at < strlen(line) - 2)
                continue; /* inside the event, which need not be JSON */
            assert_agree(changed, strlen(line));
        }
    }
}

/* What the header says: the event need not be JSON. */
static void an_odd_event_is_its_readers_affair(void **state)
{
    static const char line[] = "{\"seq\":15,\"mono\":2078,\"event\":{odd}}";
    struct evj_record quick, full;
    int full_status;

    (void)state;
    assert_int_equal(
        parse_both(evj_record_parse_place, line, strlen(line), &quick, &full, &full_status),
        EVJ_OK);
    assert_int_equal(full_status, EVJ_ERR_CORRUPT);
    assert_int_equal(quick.kind, EVJ_RECORD_EVENT);
    assert_int_equal(
        parse_both(evj_record_parse_body, line, strlen(line), &quick, &full, &full_status), EVJ_OK);
    assert_true(evj_slice_is(quick.body, "{odd}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_usual_event_is_not_looked_into),
        cmocka_unit_test(real_events_have_the_same_place),
        cmocka_unit_test(unusual_lines_are_left_to_the_other_parser),
        cmocka_unit_test(a_line_that_stops_is_no_record),
        cmocka_unit_test(a_changed_byte_is_seen_alike),
        cmocka_unit_test(an_odd_event_is_its_readers_affair),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
