/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/merge_line.h"

#include <string.h>

static void parse(const char *text, struct evj_record *ret_record)
{
    assert_int_equal(evj_record_parse(text, strlen(text), ret_record, NULL), 0);
}

/* The line of `text` at seq 7, mono 900, source 2; and what the record of it tells is what its line
 * tells. */
static void assert_moved(const char *text, const char *expected)
{
    const struct merge_place place = {.seq = 7, .mono_us = 900, .source = 2};
    GString *line = g_string_new("of another record");
    struct evj_record record, moved, parsed;

    parse(text, &record);
    merge_line(&record, &place, line, &moved);
    assert_string_equal(line->str, expected);
    parse(line->str, &parsed);
    assert_ptr_equal(moved.line.text, line->str);
    assert_int_equal(moved.line.len, line->len);
    assert_int_equal(moved.kind, parsed.kind);
    assert_int_equal(moved.seq, parsed.seq);
    assert_int_equal(moved.mono_us, parsed.mono_us);
    assert_int_equal(moved.recording, 2);
    assert_int_equal(parsed.recording, 2);
    assert_int_equal(moved.event.session_id, parsed.event.session_id);
    assert_int_equal(moved.gap.events, parsed.gap.events);
    if (parsed.kind == EVJ_RECORD_GAP && parsed.gap.until_us != 0)
        assert_int_equal(moved.gap.until_us, parsed.gap.until_us);
    g_string_free(line, TRUE);
}

static void an_event_stays_byte_for_byte(void **state)
{
    (void)state;
    assert_moved("{\"seq\":1,\"mono\":2,\"event\":{\"type\":1,\"session_id\":5,\"a\":[ 1 "
                 "],\"\\u0061\":\"\\\"}\"}}",
                 "{\"seq\":7,\"mono\":900,\"source\":2,"
                 "\"event\":{\"type\":1,\"session_id\":5,\"a\":[ 1 ],\"\\u0061\":\"\\\"}\"}}");
}

static void keys_that_nobody_knows_come_along(void **state)
{
    (void)state;
    assert_moved(
        "{\"new\":{\"seq\":5},\"mono\":2,\"event\":{},\"seq\":1,\"x\\n\":null}",
        "{\"seq\":7,\"mono\":900,\"source\":2,\"new\":{\"seq\":5},\"event\":{},\"x\\n\":null}");
}

static void a_source_of_before_is_replaced(void **state)
{
    (void)state;
    assert_moved("{\"seq\":1,\"mono\":2,\"source\":0,\"mark\":{\"source\":\"admin\"}}",
                 "{\"seq\":7,\"mono\":900,\"source\":2,\"mark\":{\"source\":\"admin\"}}");
}

static void the_end_of_a_gap_moves_with_its_beginning(void **state)
{
    (void)state;
    assert_moved("{\"seq\":1,\"mono\":2,\"gap\":{\"until\":52,\"events\":3,\"reason\":\"x\"}}",
                 "{\"seq\":7,\"mono\":900,\"source\":2,\"gap\":{\"until\":950,\"events\":3,"
                 "\"reason\":\"x\"}}");
    assert_moved("{\"seq\":1,\"mono\":52,\"gap\":{\"events\":3,\"until\":2}}",
                 "{\"seq\":7,\"mono\":900,\"source\":2,\"gap\":{\"events\":3,\"until\":900}}");
    assert_moved(
        "{\"seq\":1,\"mono\":2,\"gap\":{\"events\":3,\"types\":{\"media\":3}}}",
        "{\"seq\":7,\"mono\":900,\"source\":2,\"gap\":{\"events\":3,\"types\":{\"media\":3}}}");
}

static void absurd_gaps_end_at_the_end_of_time(void **state)
{
    (void)state;
    assert_moved("{\"seq\":1,\"mono\":-9223372036854775808,\"gap\":{\"events\":1,\"until\":"
                 "9223372036854775807}}",
                 "{\"seq\":7,\"mono\":900,\"source\":2,\"gap\":{\"events\":1,\"until\":"
                 "9223372036854775807}}");
}

/* The last one counts; what the others were is a stranger's affair. */
static void a_key_may_come_twice(void **state)
{
    (void)state;
    assert_moved(
        "{\"seq\":1,\"mono\":2,\"gap\":5,\"gap\":{},\"gap\":{\"events\":1}}",
        "{\"seq\":7,\"mono\":900,\"source\":2,\"gap\":5,\"gap\":{},\"gap\":{\"events\":1}}");
    assert_moved("{\"seq\":1,\"seq\":2,\"mono\":2,\"gap\":{\"events\":1},\"event\":{}}",
                 "{\"seq\":7,\"mono\":900,\"source\":2,\"gap\":{\"events\":1},\"event\":{}}");
}

static void what_has_no_place_gets_none(void **state)
{
    const struct merge_place place = {.seq = 7, .mono_us = 900, .source = 2};
    GString *line = g_string_new(NULL);
    struct evj_record record, moved;

    (void)state;
    parse("{\"invented\":[1]}", &record);
    merge_line(&record, &place, line, &moved);
    assert_string_equal(line->str, "{\"source\":2,\"invented\":[1]}");
    assert_false(moved.has_seq);
    parse("{}", &record);
    merge_line(&record, &place, line, &moved);
    assert_string_equal(line->str, "{\"source\":2}");
    g_string_free(line, TRUE);
}

static void a_gap_of_our_own_reads_back(void **state)
{
    struct merge_gap gap = {
        .seq = 5, .events = 3, .mono_us = 10, .until_us = 20, .source = -1, .reason = "missing"};
    GString *line = g_string_new("x");
    struct evj_record record;

    (void)state;
    merge_gap_line(&gap, line, &record);
    assert_string_equal(
        line->str,
        "{\"seq\":5,\"mono\":10,\"gap\":{\"events\":3,\"reason\":\"missing\",\"until\":20}}");
    assert_int_equal(record.kind, EVJ_RECORD_GAP);
    assert_int_equal(evj_record_seq_span(&record), 3);
    gap.source = 4;
    gap.until_us = 5;
    merge_gap_line(&gap, line, &record);
    assert_int_equal(record.recording, 4);
    assert_int_equal(record.gap.until_us, 10);
    g_string_free(line, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_stays_byte_for_byte),
        cmocka_unit_test(keys_that_nobody_knows_come_along),
        cmocka_unit_test(a_source_of_before_is_replaced),
        cmocka_unit_test(the_end_of_a_gap_moves_with_its_beginning),
        cmocka_unit_test(absurd_gaps_end_at_the_end_of_time),
        cmocka_unit_test(a_key_may_come_twice),
        cmocka_unit_test(what_has_no_place_gets_none),
        cmocka_unit_test(a_gap_of_our_own_reads_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
