/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/end.h"

#include <stdio.h>
#include <string.h>

static struct evj_end parsed(const char *line)
{
    struct evj_record record;
    struct evj_end end = {0};
    struct evj_error err = {0};

    if (evj_record_parse(line, strlen(line), &record, &err) != EVJ_OK ||
        evj_end_parse(&record, &end, &err) != EVJ_OK)
        fail_msg("%s: %s", line, err.text);
    return end;
}

/* Write it; the line must be a record, and no longer than promised. */
static const char *put(const struct evj_end *end, char line[EVJ_END_LINE_MAX + 1])
{
    size_t len = evj_end_put(end, line);

    assert_in_range(len, 1, EVJ_END_LINE_MAX);
    line[len] = '\0';
    assert_null(strchr(line, '\n'));
    return line;
}

#define CLOSED \
    "\"wall\":5,\"mono\":-4,\"records\":3,\"events\":2,\"dropped\":1,\"reason\":\"rotate\""
#define WHOLE                                                                                \
    "{\"end\":{" CLOSED ",\"types\":{\"sessions\":1,\"core\":2,\"other\":3},\"sessions\":4," \
    "\"handles\":5,\"emitters\":[\"gw\",\"a\\\"b\"],\"first\":{\"seq\":6,\"mono\":-7},"      \
    "\"last\":{\"seq\":8,\"mono\":9},\"lag\":{\"least\":-10,\"greatest\":11}}}"

static void all_that_an_end_tells_is_read(void **state)
{
    struct evj_end end = parsed(WHOLE);

    (void)state;
    assert_int_equal(end.wall_us, 5);
    assert_int_equal(end.mono_us, -4);
    assert_int_equal(end.records, 3);
    assert_int_equal(end.events, 2);
    assert_int_equal(end.dropped, 1);
    assert_string_equal(end.reason, "rotate");
    assert_true(end.has_types && end.has_sessions && end.has_handles && end.has_emitters);
    assert_true(end.has_span && end.has_lag);
    assert_int_equal(end.types[0], 1);
    assert_int_equal(end.types[8], 2);
    assert_int_equal(end.types[9], 3);
    assert_int_equal(end.sessions, 4);
    assert_int_equal(end.handles, 5);
    assert_int_equal(end.emitter_count, 2);
    assert_string_equal(end.emitters[0], "gw");
    assert_string_equal(end.emitters[1], "a\"b");
    assert_int_equal(end.first.seq, 6);
    assert_int_equal(end.first.mono_us, -7);
    assert_int_equal(end.last.seq, 8);
    assert_int_equal(end.last.mono_us, 9);
    assert_int_equal(end.least_lag_us, -10);
    assert_int_equal(end.greatest_lag_us, 11);
}

static void what_was_read_is_written_the_same(void **state)
{
    static const char *const lines[] = {WHOLE, "{\"end\":{" CLOSED "}}",
                                        "{\"end\":{" CLOSED ",\"types\":{},\"emitters\":[]}}"};
    char line[EVJ_END_LINE_MAX + 1];

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct evj_end end = parsed(lines[i]);
        assert_string_equal(put(&end, line), lines[i]);
    }
}

/* Files of the first release, and what completes a file after a crash, tell no more than this. */
static void what_an_end_does_not_tell_is_absent(void **state)
{
    static const char *const ends[] = {"{\"end\":{}}", "{\"end\":7}", "{\"end\":{" CLOSED "}}"};

    (void)state;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        struct evj_end end = parsed(ends[i]);
        assert_false(end.has_types || end.has_sessions || end.has_handles || end.has_emitters);
        assert_false(end.has_span || end.has_lag);
    }
}

/* What cannot be understood must not pass for a number. */
static void what_is_told_in_another_way_is_absent(void **state)
{
    static const char *const bodies[] = {
        "\"types\":[],\"sessions\":-1,\"handles\":1.5,\"emitters\":{}",
        "\"types\":{\"media\":-1},\"sessions\":\"4\",\"handles\":[],\"emitters\":[1]",
        "\"types\":{\"media\":18446744073709551615,\"x\":1,\"y\":18446744073709551615}",
        "\"types\":7,\"emitters\":[\"gw\" 7],\"first\":{\"seq\":1,\"mono\":1}",
        "\"emitters\":[\"gw\",[]],\"first\":{\"seq\":1},\"last\":{\"mono\":1}",
        "\"emitters\":[[\"gw\"]],\"lag\":{\"least\":1},\"first\":1,\"last\":2",
        "\"emitters\":\"[a]\",\"lag\":{\"least\":1,\"greatest\":1e3}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        char line[256];
        struct evj_record record;
        struct evj_end end;

        snprintf(line, sizeof(line), "{\"end\":{%s}}", bodies[i]);
        assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), EVJ_OK);
        assert_int_equal(evj_end_parse(&record, &end, NULL), EVJ_OK);
        if (end.has_types || end.has_sessions || end.has_handles || end.has_emitters ||
            end.has_span || end.has_lag)
            fail_msg("%s was understood", line);
    }
}

/* Of a later release, say: readers of this one count such events so, too. */
static void a_type_without_a_name_here_is_another(void **state)
{
    struct evj_end end = parsed("{\"end\":{\"types\":{\"media\":1,\"quic\":2,\"other\":3}}}");

    (void)state;
    assert_true(end.has_types);
    assert_int_equal(end.types[5], 1);
    assert_int_equal(end.types[9], 5);
}

/* One that was cut would be another name. */
static void emitters_are_whole_or_absent(void **state)
{
    char line[4096], name[EVJ_END_EMITTER_SIZE + 1];

    (void)state;
    memset(name, 'x', sizeof(name));
    snprintf(line, sizeof(line), "{\"end\":{\"emitters\":[\"%.127s\"]}}", name);
    assert_true(parsed(line).has_emitters);
    snprintf(line, sizeof(line), "{\"end\":{\"emitters\":[\"%.128s\"]}}", name);
    assert_false(parsed(line).has_emitters);

    size_t at = (size_t)snprintf(line, sizeof(line), "{\"end\":{\"emitters\":[\"0\"");
    for (unsigned i = 1; i < EVJ_END_EMITTERS_MAX; i++)
        at += (size_t)snprintf(line + at, sizeof(line) - at, " , \"%u\"", i);
    snprintf(line + at, sizeof(line) - at, "]}}");
    assert_int_equal(parsed(line).emitter_count, EVJ_END_EMITTERS_MAX);
    snprintf(line + at, sizeof(line) - at, ",\"one more\"]}}");
    assert_false(parsed(line).has_emitters);
}

static void the_longest_end_has_room(void **state)
{
    char line[EVJ_END_LINE_MAX + 1];
    struct evj_end end = {
        .wall_us = INT64_MIN,
        .mono_us = INT64_MIN,
        .records = UINT64_MAX,
        .events = UINT64_MAX,
        .dropped = UINT64_MAX,
        .sessions = UINT64_MAX,
        .handles = UINT64_MAX,
        .has_types = true,
        .has_sessions = true,
        .has_handles = true,
        .has_emitters = true,
        .has_span = true,
        .has_lag = true,
        .first = {UINT64_MAX, INT64_MIN},
        .last = {UINT64_MAX, INT64_MIN},
        .least_lag_us = INT64_MIN,
        .greatest_lag_us = INT64_MIN,
        .emitter_count = EVJ_END_EMITTERS_MAX,
    };

    (void)state;
    memset(end.reason, 1, sizeof(end.reason) - 1);
    memset(end.types, 0xff, sizeof(end.types));
    for (size_t i = 0; i < EVJ_END_EMITTERS_MAX; i++)
        memset(end.emitters[i], (int)i + 1, EVJ_END_EMITTER_SIZE - 1);
    struct evj_end back = parsed(put(&end, line));
    assert_memory_equal(back.emitters, end.emitters, sizeof(end.emitters));
    assert_memory_equal(back.reason, end.reason, sizeof(end.reason));
    assert_int_equal(back.greatest_lag_us, INT64_MIN);
}

static void another_record_is_no_end(void **state)
{
    static const char mark[] = "{\"seq\":1,\"mono\":1,\"mark\":{\"wall\":1}}";
    struct evj_end end = {.records = 77};
    struct evj_record record;
    struct evj_error err = {0};

    (void)state;
    assert_int_equal(evj_record_parse(mark, sizeof(mark) - 1, &record, NULL), EVJ_OK);
    assert_int_equal(evj_end_parse(&record, &end, &err), EVJ_ERR_CORRUPT);
    assert_int_equal(end.records, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_an_end_tells_is_read),
        cmocka_unit_test(what_was_read_is_written_the_same),
        cmocka_unit_test(what_an_end_does_not_tell_is_absent),
        cmocka_unit_test(what_is_told_in_another_way_is_absent),
        cmocka_unit_test(a_type_without_a_name_here_is_another),
        cmocka_unit_test(emitters_are_whole_or_absent),
        cmocka_unit_test(the_longest_end_has_room),
        cmocka_unit_test(another_record_is_no_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
