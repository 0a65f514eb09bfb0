/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a replay begins, with what is live there, and how it begins again. */
#include "tests/support/test.h"

#include "replay/pacing.h"
#include "tests/replay/played.h"

static const struct memory_record pair[] = {{.time_us = 50 * S_US}, {.time_us = 53 * S_US}};

/* ---- rounds ---- */

static void each_round_is_played_on_time(void **state)
{
    static const int64_t times_ns[] = {0, 3 * S_NS, 3 * S_NS, 6 * S_NS, 6 * S_NS, 9 * S_NS};
    static const uint64_t seqs[] = {0, 1, 0, 1, 0, 1};
    struct played *played = *state;

    played->options.rounds = 3;
    played_play(played, pair, COUNT(pair));
    assert_int_equal(played->status, EVJ_END);
    played_assert_seqs(played, seqs, COUNT(seqs));
    played_assert_delivered_at(played, times_ns, COUNT(times_ns));
    assert_int_equal(played->report->rounds, 3);
    assert_int_equal(played->report->events, 6);
    assert_int_equal(played->report->recorded_us, 9 * S_US);
    assert_int_equal(played->report->elapsed_ns, 9 * S_NS);
}

/* What one was late is not the next one's. */
static void each_round_has_an_anchor_of_its_own(void **state)
{
    struct played *played = *state;

    played->options.rounds = 100;
    played_init_ends(played, pair, COUNT(pair));
    played->fake.oversleep_ns = 40000;
    played->source.seek_ns = S_NS;
    played_run(played);
    assert_int_equal(played->report->rounds, 100);
    assert_int_equal(played->report->drift_ns, 40000);
    assert_int_equal(played->report->lateness_ns.max, 40000);
    assert_int_equal(played->report->lag.read_ns, 0);
}

static void a_round_that_is_not_played_to_its_end_does_not_count(void **state)
{
    struct played *played = *state;

    played->options.rounds = REPLAY_FOREVER;
    played_init_ends(played, pair, COUNT(pair));
    played->sink.stop_after = 5;
    played_run(played);
    assert_true(played->report->interrupted);
    assert_int_equal(played->report->rounds, 2);
    assert_int_equal(played->report->events, 5);
}

static void a_source_without_events_is_not_played_for_ever(void **state)
{
    static const struct memory_record marks[] = {{.kind = EVJ_RECORD_MARK}};
    struct played *played = *state;

    played->options.rounds = REPLAY_FOREVER;
    played_play(played, marks, COUNT(marks));
    assert_int_equal(played->status, EVJ_END);
    assert_int_equal(played->report->rounds, 0);
}

static void a_source_that_cannot_begin_again_ends_the_replay(void **state)
{
    struct played *played = *state;

    played->options.rounds = 2;
    played_init_ends(played, pair, COUNT(pair));
    played->source.seek_status = EVJ_ERR_INVALID;
    played_run(played);
    assert_int_equal(played->status, EVJ_ERR_INVALID);
    assert_string_equal(played->err.text, "the source cannot seek");
}

/* ---- what is live ---- */

/* However old it is, and however long it takes. */
static void what_is_live_comes_at_once_and_delays_nothing(void **state)
{
    static const struct memory_record records[] = {
        {.time_us = 1, .kind = EVJ_RECORD_STATE, .deliver_ns = S_NS},
        {.time_us = 40 * S_US, .kind = EVJ_RECORD_STATE, .deliver_ns = S_NS},
        {.time_us = 50 * S_US},
        {.time_us = 53 * S_US},
    };
    static const int64_t times_ns[] = {0, S_NS, 2 * S_NS, 5 * S_NS};
    struct played *played = *state;

    played_play(played, records, COUNT(records));
    played_assert_delivered_at(played, times_ns, COUNT(times_ns));
    assert_int_equal(played->report->states, 2);
    assert_int_equal(played->report->events, 2);
    assert_int_equal(played->report->lateness_ns.max, 0);
    assert_int_equal(played->report->elapsed_ns, 3 * S_NS);
}

/* Where another recording joins in: what the events behind it are late is owed to the sink. */
static void what_is_live_later_on_is_a_delivery_like_others(void **state)
{
    static const struct memory_record records[] = {
        {.time_us = 0},
        {.time_us = -5, .kind = EVJ_RECORD_STATE, .deliver_ns = 2 * S_NS},
        {.time_us = S_US},
    };
    static const int64_t times_ns[] = {0, 0, 2 * S_NS};
    struct played *played = *state;

    played_play(played, records, COUNT(records));
    played_assert_delivered_at(played, times_ns, COUNT(times_ns));
    assert_int_equal(played->report->drift_ns, S_NS);
    assert_int_equal(played->report->lag.deliver_ns, S_NS);
    assert_int_equal(played->report->lag.read_ns, 0);
}

static void a_sink_that_does_not_take_what_is_live_ends_the_replay(void **state)
{
    static const struct memory_record records[] = {{.kind = EVJ_RECORD_STATE}, {.time_us = 1}};
    struct played *played = *state;

    played_init_ends(played, records, COUNT(records));
    played->sink.fail_at = 0;
    played_run(played);
    assert_int_equal(played->status, EVJ_ERR_IO);
}

/* ---- out of order ---- */

static void what_is_out_of_order_is_counted(void **state)
{
    static const struct memory_record records[] = {
        {.time_us = 10}, {.time_us = 30}, {.time_us = 20}, {.time_us = 25}, {.time_us = 30}};
    struct played *played = *state;

    played_play(played, records, COUNT(records));
    assert_int_equal(played->report->out_of_order, 2);
}

/* ---- a time to start at ---- */

#define WALL_NS (INT64_C(1795335330) * S_NS)

static void start_at(struct played *played, int64_t after_us)
{
    played->fake.wall_ns = WALL_NS - START_NS;
    played->options.start_wall_us = WALL_NS / 1000 + after_us;
}

static void the_first_event_is_due_at_the_start(void **state)
{
    static const int64_t times_ns[] = {20 * S_NS, 23 * S_NS};
    struct played *played = *state;

    start_at(played, 20 * S_US);
    played_play(played, pair, COUNT(pair));
    played_assert_delivered_at(played, times_ns, COUNT(times_ns));
    assert_int_equal(played->report->elapsed_ns, 3 * S_NS);
    assert_int_equal(played->report->lateness_ns.max, 0);
}

static void a_wall_clock_that_is_set_meanwhile_is_believed(void **state)
{
    static const struct {
        int64_t step_ns;
        int64_t times_ns[2];
    } cases[] = {
        {-100 * S_NS, {120 * S_NS, 123 * S_NS}},
        {5 * S_NS, {15 * S_NS, 18 * S_NS}},
    };
    struct played *played = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        played_init_clock(played);
        *played->report = (struct replay_report){0};
        start_at(played, 20 * S_US);
        played->fake.step_at_ns = START_NS + 10 * S_NS;
        played->fake.step_ns = cases[i].step_ns;
        played_play(played, pair, COUNT(pair));
        played_assert_delivered_at(played, cases[i].times_ns, 2);
    }
}

/* By a moment, the start is made up for; by an hour, nobody wants all of the hour at once. */
static void a_start_that_was_leapt_over_is_now(void **state)
{
    static const struct {
        int64_t step_ns;
        int64_t times_ns[2];
    } cases[] = {
        {10 * S_NS + S_NS / 2, {10 * S_NS, 12 * S_NS + S_NS / 2}},
        {3600 * S_NS, {10 * S_NS, 13 * S_NS}},
    };
    struct played *played = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        played_init_clock(played);
        *played->report = (struct replay_report){0};
        start_at(played, 20 * S_US);
        played->fake.step_at_ns = START_NS + 10 * S_NS;
        played->fake.step_ns = cases[i].step_ns;
        played_play(played, pair, COUNT(pair));
        played_assert_delivered_at(played, cases[i].times_ns, 2);
    }
}

/* So that replayers that are told different amounts still go on together. */
static void what_is_live_does_not_put_off_the_start(void **state)
{
    static const struct memory_record records[] = {
        {.kind = EVJ_RECORD_STATE, .read_ns = S_NS, .deliver_ns = 2 * S_NS},
        {.time_us = 50 * S_US},
        {.time_us = 53 * S_US},
    };
    static const int64_t times_ns[] = {20 * S_NS, 22 * S_NS, 23 * S_NS};
    struct played *played = *state;

    start_at(played, 20 * S_US);
    played_play(played, records, COUNT(records));
    played_assert_delivered_at(played, times_ns, COUNT(times_ns));
    assert_int_equal(played->report->lateness_ns.max, 2 * S_NS);
}

static void stop_is_heard_before_the_start(void **state)
{
    struct played *played = *state;

    start_at(played, 3600 * S_US);
    played->stop_at_ns = 2 * S_NS;
    played_play(played, pair, COUNT(pair));
    assert_true(played->report->interrupted);
    assert_int_equal(played->sink.count, 0);
    assert_in_range(played->fake.now_ns, START_NS + 2 * S_NS, START_NS + 2 * S_NS + S_NS / 5);
}

#define ROUNDS_TEST(name) cmocka_unit_test_setup_teardown(name, played_set_up, played_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROUNDS_TEST(each_round_is_played_on_time),
        ROUNDS_TEST(each_round_has_an_anchor_of_its_own),
        ROUNDS_TEST(a_round_that_is_not_played_to_its_end_does_not_count),
        ROUNDS_TEST(a_source_without_events_is_not_played_for_ever),
        ROUNDS_TEST(a_source_that_cannot_begin_again_ends_the_replay),
        ROUNDS_TEST(what_is_live_comes_at_once_and_delays_nothing),
        ROUNDS_TEST(what_is_live_later_on_is_a_delivery_like_others),
        ROUNDS_TEST(a_sink_that_does_not_take_what_is_live_ends_the_replay),
        ROUNDS_TEST(what_is_out_of_order_is_counted),
        ROUNDS_TEST(the_first_event_is_due_at_the_start),
        ROUNDS_TEST(a_wall_clock_that_is_set_meanwhile_is_believed),
        ROUNDS_TEST(a_start_that_was_leapt_over_is_now),
        ROUNDS_TEST(what_is_live_does_not_put_off_the_start),
        ROUNDS_TEST(stop_is_heard_before_the_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
