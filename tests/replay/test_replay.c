/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/pacing.h"
#include "tests/replay/played.h"

/* ---- on time ---- */

static void each_event_is_delivered_when_it_is_due(void **state)
{
    static const struct memory_record records[] = {{.time_us = 5 * S_US},
                                                   {.time_us = 5 * S_US},
                                                   {.time_us = 6 * S_US},
                                                   {.time_us = 3605 * S_US}};
    static const struct {
        uint64_t speed_ppm;
        int64_t times_ns[4];
    } cases[] = {
        {PACING_SPEED_LEAST, {0, 0, 100 * S_NS, 360000 * S_NS}},
        {PACING_SPEED_ONE / 2, {0, 0, 2 * S_NS, 7200 * S_NS}},
        {PACING_SPEED_ONE, {0, 0, S_NS, 3600 * S_NS}},
        {10 * PACING_SPEED_ONE, {0, 0, S_NS / 10, 360 * S_NS}},
        {PACING_SPEED_GREATEST, {0, 0, 100000, 360000000}},
        {PACING_SPEED_MAX, {0, 0, 0, 0}},
    };
    struct played *played = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        played_init_clock(played);
        *played->report = (struct replay_report){0};
        played->options.speed_ppm = cases[i].speed_ppm;
        played_play(played, records, COUNT(records));
        assert_int_equal(played->status, EVJ_END);
        played_assert_delivered_at(played, cases[i].times_ns, 4);
        assert_int_equal(played->report->events, 4);
        assert_int_equal(played->report->lateness_ns.max, 0);
        assert_int_equal(played->report->drift_ns, 0);
        assert_int_equal(played->report->elapsed_ns, cases[i].times_ns[3]);
        assert_int_equal(played->report->recorded_us, 3600 * S_US);
    }
}

static void max_does_not_sleep(void **state)
{
    static const struct memory_record records[] = {{.time_us = 0}, {.time_us = 9 * S_US}};
    struct played *played = *state;

    played->options.speed_ppm = PACING_SPEED_MAX;
    played_play(played, records, COUNT(records));
    assert_int_equal(played->fake.sleeps, 0);
    assert_int_equal(played->report->lateness_ns.count, 0);
}

static void idle_limit_and_speed_work_together(void **state)
{
    static const struct memory_record records[] = {
        {.time_us = 0}, {.time_us = S_US}, {.time_us = 1001 * S_US}, {.time_us = 1002 * S_US}};
    static const int64_t times_ns[] = {0, S_NS / 10, 6 * S_NS / 10, 7 * S_NS / 10};
    struct played *played = *state;

    played->options.speed_ppm = 10 * PACING_SPEED_ONE;
    played->options.idle_limit_us = 5 * S_US;
    played_play(played, records, COUNT(records));
    played_assert_delivered_at(played, times_ns, COUNT(times_ns));
}

static void out_of_order_events_keep_their_order_and_do_not_wait(void **state)
{
    static const struct memory_record records[] = {{.time_us = 10 * S_US},
                                                   {.time_us = 12 * S_US},
                                                   {.time_us = 3 * S_US},
                                                   {.time_us = 11 * S_US},
                                                   {.time_us = 13 * S_US}};
    static const int64_t times_ns[] = {0, 2 * S_NS, 2 * S_NS, 2 * S_NS, 3 * S_NS};
    struct played *played = *state;

    played_play(played, records, COUNT(records));
    played_assert_delivered_at(played, times_ns, COUNT(times_ns));
    for (size_t i = 0; i < COUNT(records); i++)
        assert_int_equal(played->sink.seqs[i], i);
}

/* Each sleep returns 40 µs late: with relative sleeps, a thousand of them would be 40 ms. */
static void late_wake_ups_do_not_add_up(void **state)
{
    static struct memory_record records[1001];
    struct played *played = *state;

    for (size_t i = 0; i < COUNT(records); i++)
        records[i].time_us = (int64_t)i * 1000;
    played->fake.oversleep_ns = 40000;
    played_play(played, records, COUNT(records));
    assert_int_equal(played->report->elapsed_ns, S_NS + 40000);
    assert_int_equal(played->report->drift_ns, 40000);
    assert_int_equal(played->report->lateness_ns.max, 40000);
    assert_int_equal(played->report->lag.schedule_ns, 1000 * 40000);
    assert_int_equal(played->report->lag.read_ns + played->report->lag.deliver_ns, 0);
}

/* Ten events fall due while one is being delivered: they follow at once, without a sleep between.
 */
static void what_is_due_at_a_wake_up_is_delivered_at_once(void **state)
{
    struct memory_record records[12] = {{.deliver_ns = S_NS}};
    struct played *played = *state;

    for (int64_t i = 1; i < 11; i++)
        records[i].time_us = i * 1000;
    records[11].time_us = 2 * S_US;
    played_play(played, records, COUNT(records));
    for (size_t i = 1; i < 11; i++)
        assert_int_equal(played->sink.times_ns[i] - START_NS, S_NS);
    assert_int_equal(played->sink.times_ns[11] - START_NS, 2 * S_NS);
}

/* ---- who is slow ---- */

static void lag_names_what_it_was_spent_on(void **state)
{
    static const struct memory_record records[] = {
        {.time_us = 0, .deliver_ns = 700},                   /* 300 ns before the next is due */
        {.time_us = 1, .deliver_ns = 1500},                  /* 500 ns of it are late */
        {.time_us = 2, .read_ns = 200, .prepare_ns = 50},    /* all late */
        {.time_us = 10, .read_ns = 9000 - 2750 + 100 - 100}, /* reads until 9 µs: not late */
        {.time_us = 11, .read_ns = 3000 - 1000},             /* due at 11 µs, there at 12 µs */
    };
    struct played *played = *state;

    played_play(played, records, COUNT(records));
    assert_int_equal(played->report->lag.deliver_ns, 500);
    assert_int_equal(played->report->lag.read_ns, 250 + 1000);
    assert_int_equal(played->report->lag.schedule_ns, 0);
    assert_int_equal(played->report->lateness_ns.max, 1000);
}

static void reading_the_first_event_is_not_lag(void **state)
{
    static const struct memory_record records[] = {
        {.time_us = 4, .read_ns = S_NS, .prepare_ns = S_NS}};
    struct played *played = *state;

    played_play(played, records, COUNT(records));
    assert_int_equal(played->report->lag.read_ns, 0);
    assert_int_equal(played->report->lateness_ns.max, 0);
    assert_int_equal(played->report->elapsed_ns, 0);
}

static void at_max_lag_is_all_of_the_time(void **state)
{
    static const struct memory_record records[] = {
        {.deliver_ns = 100}, {.read_ns = 30, .deliver_ns = 100}, {.read_ns = 30}};
    struct played *played = *state;

    played->options.speed_ppm = PACING_SPEED_MAX;
    played_play(played, records, COUNT(records));
    assert_int_equal(played->report->lag.read_ns, 60);
    assert_int_equal(played->report->lag.deliver_ns, 200);
    assert_int_equal(played->report->elapsed_ns, 260);
}

/* ---- what is not an event ---- */

static void gaps_and_marks_are_counted_and_not_delivered(void **state)
{
    static const struct memory_record records[] = {
        {.time_us = 0, .kind = EVJ_RECORD_MARK},
        {.time_us = 50 * S_US},
        {.time_us = 51 * S_US, .kind = EVJ_RECORD_GAP, .gap_events = 118},
        {.time_us = 52 * S_US, .kind = EVJ_RECORD_GAP, .gap_events = 2},
        {.time_us = 53 * S_US},
    };
    static const int64_t times_ns[] = {0, 3 * S_NS};
    struct played *played = *state;

    played_play(played, records, COUNT(records));
    played_assert_delivered_at(played, times_ns, COUNT(times_ns));
    assert_int_equal(played->report->gaps, 2);
    assert_int_equal(played->report->gap_events, 120);
    assert_int_equal(played->report->marks, 1);
}

/* ---- endings ---- */

static void an_empty_source_finishes_the_sink(void **state)
{
    struct played *played = *state;

    played_play(played, NULL, 0);
    assert_int_equal(played->status, EVJ_END);
    assert_int_equal(played->report->events, 0);
    assert_int_equal(played->sink.finished, 1);
    assert_int_equal(played->report->stage, REPLAY_STAGE_DONE);
}

static void a_truncated_source_is_told_after_its_events(void **state)
{
    static const struct memory_record records[] = {{.time_us = 0}};
    struct played *played = *state;

    played_init_ends(played, records, COUNT(records));
    played->source.ending = EVJ_TRUNCATED;
    played_run(played);
    assert_int_equal(played->status, EVJ_TRUNCATED);
    assert_int_equal(played->report->events, 1);
    assert_false(played->report->interrupted);
    assert_int_equal(played->sink.finished, 1);
}

static void a_broken_source_still_finishes_the_sink(void **state)
{
    static const struct memory_record records[] = {{.time_us = 0}};
    struct played *played = *state;

    played_init_ends(played, records, COUNT(records));
    played->source.ending = EVJ_ERR_CORRUPT;
    played->sink.finish_status = EVJ_ERR_IO;
    played_run(played);
    assert_int_equal(played->status, EVJ_ERR_CORRUPT);
    assert_string_equal(played->err.text, "the source is broken");
    assert_int_equal(played->sink.finished, 1);
}

static void a_sink_that_fails_ends_the_replay(void **state)
{
    static const struct memory_record records[] = {{.time_us = 0}, {.time_us = 1}, {.time_us = 2}};
    struct played *played = *state;

    played_init_ends(played, records, COUNT(records));
    played->sink.fail_at = 1;
    played_run(played);
    assert_int_equal(played->status, EVJ_ERR_IO);
    assert_string_equal(played->err.text, "the sink is full");
    assert_int_equal(played->report->events, 2); /* handed to it, taken or not */
    assert_int_equal(played->sink.finished, 1);
}

static void a_sink_that_does_not_close_is_a_failure(void **state)
{
    static const struct memory_record records[] = {{.time_us = 0}};
    struct played *played = *state;

    played_init_ends(played, records, COUNT(records));
    played->sink.finish_status = EVJ_ERR_IO;
    played_run(played);
    assert_int_equal(played->status, EVJ_ERR_IO);
    assert_string_equal(played->err.text, "the sink does not close");
}

/* ---- stopping ---- */

static void stop_ends_it_and_still_drains(void **state)
{
    static const struct memory_record records[] = {{.time_us = 0}, {.time_us = 1}, {.time_us = 2}};
    struct played *played = *state;

    played_init_ends(played, records, COUNT(records));
    played->sink.stop_at = 1;
    played_run(played);
    assert_int_equal(played->status, 0);
    assert_true(played->report->interrupted);
    assert_int_equal(played->report->events, 2);
    assert_int_equal(played->sink.drain_us, 30 * S_US);
}

static void hurry_does_not_drain(void **state)
{
    static const struct memory_record records[] = {{.time_us = 0}};
    struct played *played = *state;

    played_init_ends(played, records, COUNT(records));
    played->sink.stop = REPLAY_HURRY;
    played_run(played);
    assert_int_equal(played->report->events, 0);
    assert_int_equal(played->sink.finished, 1);
    assert_int_equal(played->sink.drain_us, 0);
}

static void stop_while_waiting(const struct replay_report *report, void *context)
{
    struct played *played = context;

    if (report->events == 1 && played->fake.now_ns >= START_NS + 2 * S_NS)
        played->sink.stop = REPLAY_STOP;
}

/* The next event is due in an hour; Ctrl-C is heard within the slice. */
static void stop_is_heard_while_waiting(void **state)
{
    static const struct memory_record records[] = {{.time_us = 0}, {.time_us = 3600 * S_US}};
    struct played *played = *state;

    played->options.observer = stop_while_waiting;
    played->options.observer_context = played;
    played_play(played, records, COUNT(records));
    assert_true(played->report->interrupted);
    assert_int_equal(played->sink.count, 1);
    assert_in_range(played->fake.now_ns, START_NS + 2 * S_NS, START_NS + 2 * S_NS + S_NS / 5);
}

struct seen {
    int calls;
    int64_t longest_wait_ns;
};

static void look_on(const struct replay_report *report, void *context)
{
    struct seen *seen = context;

    seen->calls++;
    if (report->next_due_ns > seen->longest_wait_ns)
        seen->longest_wait_ns = report->next_due_ns;
}

static void the_observer_is_told_how_long_the_wait_is(void **state)
{
    static const struct memory_record records[] = {{.time_us = 0}, {.time_us = 60 * S_US}};
    struct played *played = *state;
    struct seen seen = {0};

    played->options.observer = look_on;
    played->options.observer_context = &seen;
    played_play(played, records, COUNT(records));
    assert_in_range(seen.calls, 500, 700);
    assert_in_range(seen.longest_wait_ns, 60 * S_NS - S_NS / 5, 60 * S_NS);
    assert_int_equal(played->report->next_due_ns, 0);
}

/* ---- the ends of 64 bits ---- */

static void the_widest_span_is_replayed_at_max(void **state)
{
    static const struct memory_record records[] = {
        {.time_us = INT64_MIN}, {.time_us = INT64_MAX}, {.time_us = 0}};
    struct played *played = *state;

    played->options.speed_ppm = PACING_SPEED_MAX;
    played_play(played, records, COUNT(records));
    assert_int_equal(played->sink.count, 3);
    assert_int_equal(played->report->recorded_us, INT64_MAX);
}

static void the_widest_span_is_replayed_with_an_idle_limit(void **state)
{
    static const struct memory_record records[] = {
        {.time_us = INT64_MIN}, {.time_us = INT64_MAX}, {.time_us = 0}};
    static const int64_t times_ns[] = {0, 2 * S_NS, 2 * S_NS};
    struct played *played = *state;

    played->options.idle_limit_us = 2 * S_US;
    played_play(played, records, COUNT(records));
    played_assert_delivered_at(played, times_ns, COUNT(times_ns));
}

#define REPLAY_TEST(name) cmocka_unit_test_setup_teardown(name, played_set_up, played_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPLAY_TEST(each_event_is_delivered_when_it_is_due),
        REPLAY_TEST(max_does_not_sleep),
        REPLAY_TEST(idle_limit_and_speed_work_together),
        REPLAY_TEST(out_of_order_events_keep_their_order_and_do_not_wait),
        REPLAY_TEST(late_wake_ups_do_not_add_up),
        REPLAY_TEST(what_is_due_at_a_wake_up_is_delivered_at_once),
        REPLAY_TEST(lag_names_what_it_was_spent_on),
        REPLAY_TEST(reading_the_first_event_is_not_lag),
        REPLAY_TEST(at_max_lag_is_all_of_the_time),
        REPLAY_TEST(gaps_and_marks_are_counted_and_not_delivered),
        REPLAY_TEST(an_empty_source_finishes_the_sink),
        REPLAY_TEST(a_truncated_source_is_told_after_its_events),
        REPLAY_TEST(a_broken_source_still_finishes_the_sink),
        REPLAY_TEST(a_sink_that_fails_ends_the_replay),
        REPLAY_TEST(a_sink_that_does_not_close_is_a_failure),
        REPLAY_TEST(stop_ends_it_and_still_drains),
        REPLAY_TEST(hurry_does_not_drain),
        REPLAY_TEST(stop_is_heard_while_waiting),
        REPLAY_TEST(the_observer_is_told_how_long_the_wait_is),
        REPLAY_TEST(the_widest_span_is_replayed_at_max),
        REPLAY_TEST(the_widest_span_is_replayed_with_an_idle_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
