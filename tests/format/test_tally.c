/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "format/tally_internal.h"
#include "tests/support/journals.h"

#include <stdio.h>
#include <string.h>

/* A tally of one file. */
struct counting {
    struct evj_header header;
    struct evj_tally tally;
};

static int setup(void **state)
{
    static struct counting counting;

    counting = (struct counting){.tally = {.is_partial = false}};
    journal_header(&counting.header);
    *state = &counting;
    return 0;
}

static int teardown(void **state)
{
    struct counting *counting = *state;

    evj_tally_done(&counting->tally);
    return 0;
}

static void add_line(struct counting *counting, const char *line)
{
    struct evj_record record;

    assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), EVJ_OK);
    evj_tally_add(&counting->tally, &counting->header, &record);
}

/* Events with these members, `mono` at the file's start. */
static void add_event(struct counting *counting, const char *members)
{
    char line[1200];

    assert_in_range(strlen(members), 0, 999);
    snprintf(line, sizeof(line), "{\"seq\":0,\"mono\":%lld,\"event\":{%.1000s}}",
             (long long)JOURNAL_MONO_US, members);
    add_line(counting, line);
}

static void add_ids(struct counting *counting, uint64_t session_id, uint64_t handle_id)
{
    struct evj_record record = {.kind = EVJ_RECORD_EVENT};

    record.event.session_id = session_id;
    record.event.handle_id = handle_id;
    evj_tally_add(&counting->tally, &counting->header, &record);
}

static struct evj_end told(const struct counting *counting)
{
    struct evj_end end;

    evj_tally_tell(&counting->tally, &counting->header, &end);
    return end;
}

static void events_are_counted_by_type(void **state)
{
    for (int i = 0; i < 3; i++)
        add_event(*state, "\"type\":1");
    add_event(*state, "\"type\":256");
    add_event(*state, "\"type\":512");
    add_event(*state, "\"type\":3");
    add_event(*state, "");
    struct evj_end end = told(*state);
    assert_true(end.has_types);
    assert_int_equal(end.types[0], 3);
    assert_int_equal(end.types[8], 1);
    assert_int_equal(end.types[9], 3);
}

static void only_events_count(void **state)
{
    add_line(*state, "{\"seq\":1,\"mono\":5,\"state\":{\"type\":1,\"session_id\":5}}");
    add_line(*state, "{\"seq\":2,\"mono\":5,\"gap\":{\"events\":7}}");
    add_line(*state, "{\"seq\":9,\"mono\":5,\"mark\":{}}");
    add_line(*state, "{\"seq\":9,\"mono\":5,\"later\":{}}");
    struct evj_end end = told(*state);
    for (size_t i = 0; i <= EVJ_EVENT_TYPES; i++)
        assert_int_equal(end.types[i], 0);
    assert_true(end.has_sessions);
    assert_int_equal(end.sessions, 0);
    assert_int_equal(end.emitter_count, 0);
    assert_false(end.has_span);
    assert_false(end.has_lag);
}

static void an_id_counts_once(void **state)
{
    for (uint64_t i = 0; i < 300; i++)
        add_ids(*state, i % 7, i % 11);
    struct evj_end end = told(*state);
    assert_int_equal(end.sessions, 6); /* 0 is none */
    assert_int_equal(end.handles, 10);
}

/* A recorder's memory must not grow with what clients do. */
static void too_many_ids_are_not_told_and_not_kept(void **state)
{
    struct counting *counting = *state;

    for (uint64_t i = 1; i <= EVJ_END_IDS_MAX; i++)
        add_ids(counting, i, 5);
    assert_true(told(counting).has_sessions);
    assert_int_equal(told(counting).sessions, EVJ_END_IDS_MAX);
    add_ids(counting, EVJ_END_IDS_MAX, 5);
    assert_true(told(counting).has_sessions);
    for (uint64_t i = 1; i < 100; i++)
        add_ids(counting, EVJ_END_IDS_MAX + i, 5);
    assert_false(told(counting).has_sessions);
    assert_int_equal(counting->tally.sessions.set.slot_count, 0);
    assert_true(told(counting).has_handles);
    assert_int_equal(told(counting).handles, 1);
}

/* Ids of different recordings may be equal, and are not the same. */
static void ids_of_a_merged_file_are_not_told(void **state)
{
    struct counting *counting = *state;

    add_ids(counting, 1, 2);
    counting->header.sources = 1;
    assert_true(told(counting).has_sessions);
    counting->header.sources = 2;
    assert_false(told(counting).has_sessions);
    assert_false(told(counting).has_handles);
    assert_true(told(counting).has_types);
}

static void each_emitter_is_told_once(void **state)
{
    static const char *const events[] = {
        "\"emitter\":\"one\"", "\"emitter\":\"two\"",
        "\"emitter\":\"one\"", "",
        "\"emitter\":7",       "\"emitter\":\"\\u006fne\"",
        "\"emitter\":\"\"",    "\"emitter\":\"two\"",
    };

    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
        add_event(*state, events[i]);
    struct evj_end end = told(*state);
    assert_true(end.has_emitters);
    assert_int_equal(end.emitter_count, 2);
    assert_string_equal(end.emitters[0], "one");
    assert_string_equal(end.emitters[1], "two");
}

static void too_many_emitters_are_not_told(void **state)
{
    char event[64];

    for (unsigned i = 0; i < EVJ_END_EMITTERS_MAX; i++) {
        snprintf(event, sizeof(event), "\"emitter\":\"gw-%u\"", i);
        add_event(*state, event);
    }
    assert_true(told(*state).has_emitters);
    add_event(*state, "\"emitter\":\"gw-0\"");
    assert_true(told(*state).has_emitters);
    add_event(*state, "\"emitter\":\"one more\"");
    assert_false(told(*state).has_emitters);
}

/* One that was cut would be another name. */
static void a_long_emitter_is_not_told(void **state)
{
    char event[512];

    snprintf(event, sizeof(event), "\"emitter\":\"%0*d\"", (int)EVJ_END_EMITTER_SIZE - 1, 7);
    add_event(*state, event);
    assert_true(told(*state).has_emitters);
    snprintf(event, sizeof(event), "\"emitter\":\"%0*d\"", (int)EVJ_END_EMITTER_SIZE, 7);
    add_event(*state, event);
    assert_false(told(*state).has_emitters);
}

static void the_first_and_the_last_event_are_told(void **state)
{
    struct counting *counting = *state;

    add_line(counting, "{\"seq\":3,\"mono\":5,\"mark\":{}}");
    add_line(counting, "{\"seq\":4,\"mono\":60,\"event\":{}}");
    add_line(counting, "{\"seq\":5,\"mono\":90,\"event\":{}}");
    add_line(counting, "{\"seq\":6,\"mono\":70,\"event\":{}}");
    add_line(counting, "{\"seq\":7,\"mono\":99,\"gap\":{\"events\":1}}");
    struct evj_end end = told(counting);
    assert_true(end.has_span);
    assert_int_equal(end.first.seq, 4);
    assert_int_equal(end.first.mono_us, 60);
    assert_int_equal(end.last.seq, 6);
    assert_int_equal(end.last.mono_us, 70);
}

static void add_lag(struct counting *counting, int64_t timestamp_us)
{
    struct evj_record record = {.kind = EVJ_RECORD_EVENT, .mono_us = JOURNAL_MONO_US};

    record.event.timestamp_us = timestamp_us;
    evj_tally_add(&counting->tally, &counting->header, &record);
}

/* Lag: from where the event was made to where it was recorded. */
static void the_least_and_the_greatest_lag_are_told(void **state)
{
    struct counting *counting = *state;

    add_lag(counting, 0);         /* no timestamp */
    add_lag(counting, INT64_MIN); /* no time at all */
    assert_false(told(counting).has_lag);
    add_lag(counting, JOURNAL_WALL_US - 300);
    add_lag(counting, JOURNAL_WALL_US - 90);
    add_lag(counting, JOURNAL_WALL_US - 200);
    assert_true(told(counting).has_lag);
    assert_int_equal(told(counting).least_lag_us, 90);
    assert_int_equal(told(counting).greatest_lag_us, 300);
    add_lag(counting, JOURNAL_WALL_US + 20);
    assert_int_equal(told(counting).least_lag_us, -20);
}

/* A file that somebody else began has events which this writer has not seen. */
static void of_another_writers_file_nothing_is_told(void **state)
{
    struct counting *counting = *state;

    counting->tally.is_partial = true;
    add_event(counting, "\"type\":1,\"emitter\":\"gw\",\"session_id\":5,\"timestamp\":5");
    struct evj_end end = told(counting);
    assert_false(end.has_types || end.has_sessions || end.has_handles || end.has_emitters ||
                 end.has_span || end.has_lag);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(events_are_counted_by_type),
        TEST(only_events_count),
        TEST(an_id_counts_once),
        TEST(too_many_ids_are_not_told_and_not_kept),
        TEST(ids_of_a_merged_file_are_not_told),
        TEST(each_emitter_is_told_once),
        TEST(too_many_emitters_are_not_told),
        TEST(a_long_emitter_is_not_told),
        TEST(the_first_and_the_last_event_are_told),
        TEST(the_least_and_the_greatest_lag_are_told),
        TEST(of_another_writers_file_nothing_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
