/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/limits.h"
#include "evj/record.h"
#include "tests/support/temp.h"

#include <stdlib.h>
#include <string.h>

static int parse(const char *line, struct evj_record *ret_record)
{
    return evj_record_parse(line, strlen(line), ret_record, NULL);
}

static void assert_slice(struct evj_slice slice, const char *text)
{
    assert_int_equal(slice.len, strlen(text));
    assert_memory_equal(slice.text, text, slice.len);
}

static void each_key_names_its_kind(void **state)
{
    static const struct {
        const char *line;
        enum evj_record_kind kind;
        bool has_seq;
    } lines[] = {
        {"{\"journal\":{\"version\":1}}", EVJ_RECORD_JOURNAL, false},
        {"{\"seq\":1,\"mono\":2,\"event\":{}}", EVJ_RECORD_EVENT, true},
        {"{\"seq\":1,\"mono\":2,\"state\":{}}", EVJ_RECORD_STATE, true},
        {"{\"seq\":1,\"mono\":2,\"gap\":{\"events\":3}}", EVJ_RECORD_GAP, true},
        {"{\"seq\":1,\"mono\":2,\"mark\":{\"text\":\"x\"}}", EVJ_RECORD_MARK, true},
        {"{\"end\":{\"wall\":1}}", EVJ_RECORD_END, false},
        {"{\"seq\":1,\"mono\":2,\"invented\":{}}", EVJ_RECORD_UNKNOWN, true},
        {"{\"invented\":[1]}", EVJ_RECORD_UNKNOWN, false},
        {"{}", EVJ_RECORD_UNKNOWN, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct evj_record record;
        assert_int_equal(parse(lines[i].line, &record), EVJ_OK);
        assert_int_equal(record.kind, lines[i].kind);
        assert_int_equal(record.has_seq, lines[i].has_seq);
        assert_slice(record.line, lines[i].line);
    }
}

static void an_event_record_tells_the_envelope_of_its_event(void **state)
{
    static const char line[] =
        "{\"seq\":812,\"mono\":98123456789,\"event\":{\"emitter\":\"gw-alpha\",\"type\":16,"
        "\"subtype\":6,\"timestamp\":1795334406947154,\"session_id\":5417018352543714,"
        "\"handle_id\":1234567890,\"opaque_id\":\"a-\\u00e4\",\"event\":{\"type\":1,\"x\":[]}}}";
    struct evj_record record;

    (void)state;
    assert_int_equal(parse(line, &record), EVJ_OK);
    assert_int_equal(record.seq, 812);
    assert_int_equal(record.mono_us, INT64_C(98123456789));
    assert_slice(record.event.emitter, "\"gw-alpha\"");
    assert_slice(record.event.opaque_id, "\"a-\\u00e4\"");
    assert_slice(record.event.body, "{\"type\":1,\"x\":[]}");
    assert_int_equal(record.event.type, 16);
    assert_int_equal(record.event.subtype, 6);
    assert_int_equal(record.event.timestamp_us, INT64_C(1795334406947154));
    assert_int_equal(record.event.session_id, UINT64_C(5417018352543714));
    assert_int_equal(record.event.handle_id, 1234567890);
    assert_int_equal(record.wall_us, 0);
}

static void keys_may_stand_in_any_order_and_unknown_ones_are_passed(void **state)
{
    struct evj_record record;

    (void)state;
    assert_int_equal(
        parse("{\"new\":{\"seq\":9},\"event\":{\"type\":8},\"mono\":-5,\"seq\":3}", &record),
        EVJ_OK);
    assert_int_equal(record.kind, EVJ_RECORD_EVENT);
    assert_int_equal(record.seq, 3);
    assert_int_equal(record.mono_us, -5);
    assert_int_equal(record.event.type, 8);
}

/* Whatever a plug-in or another Janus puts there, the record stays readable. */
static void envelope_values_of_another_type_count_as_absent(void **state)
{
    struct evj_record record;

    (void)state;
    assert_int_equal(parse("{\"seq\":0,\"mono\":0,\"event\":{\"type\":\"x\",\"subtype\":4294967296,"
                           "\"timestamp\":1.5,\"session_id\":-1,\"handle_id\":null,\"emitter\":7}}",
                           &record),
                     EVJ_OK);
    assert_int_equal(record.event.type, 0);
    assert_int_equal(record.event.subtype, 0);
    assert_int_equal(record.event.timestamp_us, 0);
    assert_int_equal(record.event.session_id, 0);
    assert_int_equal(record.event.handle_id, 0);
    assert_slice(record.event.emitter, "7");
    assert_null(record.event.body.text);
}

static void numbers_reach_to_their_64_bit_ends(void **state)
{
    struct evj_record record;

    (void)state;
    assert_int_equal(parse("{\"seq\":18446744073709551615,\"mono\":-9223372036854775808,\"event\":"
                           "{\"session_id\":18446744073709551615,\"type\":4294967295,"
                           "\"timestamp\":9223372036854775807}}",
                           &record),
                     EVJ_OK);
    assert_true(record.seq == UINT64_MAX);
    assert_true(record.mono_us == INT64_MIN);
    assert_true(record.event.session_id == UINT64_MAX);
    assert_true(record.event.type == UINT32_MAX);
    assert_true(record.event.timestamp_us == INT64_MAX);
}

static void a_record_that_lacks_what_its_kind_needs_is_corrupt(void **state)
{
    static const char *const lines[] = {
        "{\"event\":{}}",
        "{\"seq\":1,\"event\":{}}",
        "{\"mono\":1,\"event\":{}}",
        "{\"seq\":-1,\"mono\":1,\"event\":{}}",
        "{\"seq\":18446744073709551616,\"mono\":1,\"event\":{}}",
        "{\"seq\":1,\"mono\":1.5,\"event\":{}}",
        "{\"seq\":1,\"mono\":2,\"event\":[]}",
        "{\"seq\":1,\"mono\":2,\"event\":null}",
        "{\"seq\":1,\"mono\":2,\"event\":{\"a\":}}",
        "{\"seq\":1,\"mono\":2,\"state\":7}",
        "{\"mark\":{}}",
        "{\"gap\":{\"events\":1}}",
        "{\"seq\":1,\"mono\":2,\"gap\":{}}",
        "{\"seq\":1,\"mono\":2,\"gap\":{\"events\":-1}}",
        "{\"seq\":1,\"mono\":2,\"gap\":7}",
        "",
        "{",
        "null",
        "{\"seq\":1,\"mono\":2,\"event\":{}}}",
        "{\"seq\":1,\"mono\":2,\"event\":{}",
        "{\"seq\":1,\"mono\":2,\"event\":{\"a\":\"}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct evj_record record = {.seq = 77};
        if (parse(lines[i], &record) != EVJ_ERR_CORRUPT)
            fail_msg("%s was read", lines[i]);
        assert_int_equal(record.seq, 77);
    }
}

/* The depth that a stack could not take: 100,000 brackets. */
static void an_absurd_depth_is_a_limit_and_no_crash(void **state)
{
    enum { DEPTH = 100000 };
    static const char start[] = "{\"seq\":1,\"mono\":2,\"event\":{\"a\":";
    char *line = malloc(sizeof(start) + 2 * DEPTH + 4);
    struct evj_record record;
    struct evj_error err;
    size_t at = sizeof(start) - 1;

    (void)state;
    memcpy(line, start, at);
    memset(line + at, '[', DEPTH);
    memset(line + at + DEPTH, ']', DEPTH);
    memcpy(line + at + 2 * DEPTH, "}}", 2);
    assert_int_equal(evj_record_parse(line, at + 2 * DEPTH + 2, &record, &err), EVJ_ERR_LIMIT);
    assert_non_null(strstr(err.text, "2048"));
    free(line);
}

static void every_prefix_of_a_line_is_corrupt(void **state)
{
    static const char line[] =
        "{\"seq\":1,\"mono\":2,\"event\":{\"type\":1,\"event\":{\"a\":[1]}}}";
    struct evj_record record;

    (void)state;
    for (size_t len = 0; len < sizeof(line) - 1; len++) {
        char *copy = malloc(len + 1);
        memcpy(copy, line, len);
        assert_int_equal(evj_record_parse(copy, len, &record, NULL), EVJ_ERR_CORRUPT);
        free(copy);
    }
}

static uint64_t span_of(const char *line)
{
    struct evj_record record;

    assert_int_equal(parse(line, &record), EVJ_OK);
    return evj_record_seq_span(&record);
}

static void a_record_of_a_merged_journal_tells_its_source(void **state)
{
    static const struct {
        const char *line;
        unsigned recording;
    } lines[] = {
        {"{\"seq\":1,\"mono\":2,\"source\":3,\"event\":{}}", 3},
        {"{\"event\":{\"source\":5},\"source\":4294967295,\"seq\":1,\"mono\":2}", 4294967295},
        {"{\"seq\":1,\"mono\":2,\"event\":{}}", 0},
        {"{\"seq\":1,\"mono\":2,\"mark\":{\"source\":7}}", 0},
        {"{\"seq\":1,\"mono\":2,\"source\":4294967296,\"event\":{}}", 0},
        {"{\"seq\":1,\"mono\":2,\"source\":-1,\"event\":{}}", 0},
        {"{\"seq\":1,\"mono\":2,\"source\":\"3\",\"event\":{}}", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct evj_record record;
        assert_int_equal(parse(lines[i].line, &record), EVJ_OK);
        assert_int_equal(record.recording, lines[i].recording);
    }
}

static void a_gap_of_damage_tells_its_bytes(void **state)
{
    struct evj_record record;

    (void)state;
    assert_int_equal(parse("{\"seq\":1,\"mono\":2,\"gap\":{\"events\":3,\"reason\":\"damaged\","
                           "\"until\":9,\"from\":512,\"to\":18446744073709551615}}",
                           &record),
                     EVJ_OK);
    assert_int_equal(record.gap.from, 512);
    assert_true(record.gap.to == UINT64_MAX);
    assert_int_equal(parse("{\"seq\":1,\"mono\":2,\"gap\":{\"events\":3,\"from\":-1}}", &record),
                     EVJ_OK);
    assert_int_equal(record.gap.from, 0);
    assert_int_equal(record.gap.to, 0);
}

static void a_gap_takes_as_many_seqs_as_it_lost_events(void **state)
{
    (void)state;
    assert_int_equal(span_of("{\"seq\":1,\"mono\":2,\"gap\":{\"events\":118}}"), 118);
    assert_int_equal(span_of("{\"seq\":1,\"mono\":2,\"gap\":{\"events\":0}}"), 0);
    assert_true(span_of("{\"seq\":1,\"mono\":2,\"gap\":{\"events\":18446744073709551615}}") ==
                UINT64_MAX);
    assert_int_equal(span_of("{\"seq\":1,\"mono\":2,\"event\":{}}"), 1);
    assert_int_equal(span_of("{\"seq\":1,\"mono\":2,\"mark\":{}}"), 1);
}

/* A state record tells an earlier event again; the first and the last line have no seq. */
static void what_was_not_offered_takes_no_seq(void **state)
{
    (void)state;
    assert_int_equal(span_of("{\"seq\":1,\"mono\":2,\"state\":{}}"), 0);
    assert_int_equal(span_of("{\"journal\":{}}"), 0);
    assert_int_equal(span_of("{\"end\":{}}"), 0);
}

static void assert_prefix(uint64_t seq, int64_t mono_us, const char *expected)
{
    char out[EVJ_PREFIX_MAX + 1];
    size_t len = evj_record_put_prefix(out, seq, mono_us);

    assert_in_range(len, 1, EVJ_PREFIX_MAX);
    out[len] = '\0';
    assert_string_equal(out, expected);
}

static void a_prefix_holds_every_number(void **state)
{
    (void)state;
    assert_prefix(0, 0, "{\"seq\":0,\"mono\":0,\"event\":");
    assert_prefix(9, 10, "{\"seq\":9,\"mono\":10,\"event\":");
    assert_prefix(99, 100, "{\"seq\":99,\"mono\":100,\"event\":");
    assert_prefix(101, -101, "{\"seq\":101,\"mono\":-101,\"event\":");
    assert_prefix(UINT64_MAX, INT64_MIN,
                  "{\"seq\":18446744073709551615,\"mono\":-9223372036854775808,\"event\":");
    assert_prefix(UINT64_MAX - 1, INT64_MAX,
                  "{\"seq\":18446744073709551614,\"mono\":9223372036854775807,\"event\":");
}

/* Against the C library, for numbers of every length. */
static void a_prefix_reads_back(void **state)
{
    char line[EVJ_PREFIX_MAX + 3];
    struct evj_record record;

    (void)state;
    for (unsigned bit = 0; bit < 64; bit++) {
        for (uint64_t near = 0; near < 3; near++) {
            uint64_t seq = (UINT64_C(1) << bit) - near;
            size_t len = evj_record_put_prefix(line, seq, (int64_t)~seq);
            memcpy(line + len, "{}}", 3);
            assert_int_equal(evj_record_parse(line, len + 3, &record, NULL), EVJ_OK);
            assert_true(record.seq == seq);
            assert_true(record.mono_us == (int64_t)~seq);
        }
    }
}

static void a_gap_reads_back_with_its_types(void **state)
{
    struct evj_loss loss = {
        .seq = 813, .events = 118, .bytes = 70412, .first_us = -4, .until_us = 9};
    char line[EVJ_GAP_LINE_MAX];
    struct evj_record record;

    (void)state;
    loss.types[0] = 3;
    loss.types[5] = 110;
    loss.types[8] = 4;
    loss.types[15] = 1;
    size_t len = evj_record_put_gap(line, &loss);
    assert_slice((struct evj_slice){line, len},
                 "{\"seq\":813,\"mono\":-4,\"gap\":{\"events\":118,\"bytes\":70412,\"reason\":"
                 "\"buffer-full\",\"until\":9,\"types\":{\"sessions\":3,\"media\":110,\"core\":4,"
                 "\"other\":1}}}");
    assert_int_equal(evj_record_parse(line, len, &record, NULL), EVJ_OK);
    assert_int_equal(record.kind, EVJ_RECORD_GAP);
    assert_int_equal(record.gap.events, 118);
    assert_int_equal(record.gap.bytes, 70412);
    assert_int_equal(record.gap.until_us, 9);
    assert_slice(record.gap.reason, "\"buffer-full\"");
}

/* A spool may be damaged: any loss at all must fit its room. */
static void the_longest_gap_fits_its_room(void **state)
{
    struct evj_loss loss;
    char *line = malloc(EVJ_GAP_LINE_MAX);

    (void)state;
    memset(&loss, 0xff, sizeof(loss));
    loss.first_us = loss.until_us = INT64_MIN;
    size_t len = evj_record_put_gap(line, &loss);
    assert_in_range(len, 1, EVJ_GAP_LINE_MAX);
    assert_int_equal(line[len - 1], '}');
    free(line);
}

static void real_events_are_read(void **state)
{
    static const char *const files[] = {"events/echo1.ndjson", "events/dtlsfail.ndjson",
                                        "events/room1.ndjson"};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        size_t size;
        char *text = temp_read_data(files[i], &size), *rest = text, *line;
        while ((line = strsep(&rest, "\n")) && line[0] != '\0') {
            struct evj_event event;
            assert_int_equal(evj_event_peek(line, strlen(line), &event, NULL), EVJ_OK);
            assert_true(event.type != 0);
            assert_true(event.timestamp_us > INT64_C(1500000000000000));
            assert_non_null(event.body.text);
            assert_slice(event.emitter, "\"gw-alpha\"");
        }
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_key_names_its_kind),
        cmocka_unit_test(an_event_record_tells_the_envelope_of_its_event),
        cmocka_unit_test(keys_may_stand_in_any_order_and_unknown_ones_are_passed),
        cmocka_unit_test(envelope_values_of_another_type_count_as_absent),
        cmocka_unit_test(numbers_reach_to_their_64_bit_ends),
        cmocka_unit_test(a_record_of_a_merged_journal_tells_its_source),
        cmocka_unit_test(a_gap_of_damage_tells_its_bytes),
        cmocka_unit_test(a_record_that_lacks_what_its_kind_needs_is_corrupt),
        cmocka_unit_test(an_absurd_depth_is_a_limit_and_no_crash),
        cmocka_unit_test(every_prefix_of_a_line_is_corrupt),
        cmocka_unit_test(a_gap_takes_as_many_seqs_as_it_lost_events),
        cmocka_unit_test(what_was_not_offered_takes_no_seq),
        cmocka_unit_test(a_prefix_holds_every_number),
        cmocka_unit_test(a_prefix_reads_back),
        cmocka_unit_test(a_gap_reads_back_with_its_types),
        cmocka_unit_test(the_longest_gap_fits_its_room),
        cmocka_unit_test(real_events_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
