/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody asks of a replay while it runs. Orders are heard between two slices of a wait. */
#include "tests/support/test.h"

#include "replay/pacing.h"
#include "tests/replay/played.h"

#define PAUSE(seconds)              \
    {                               \
        (seconds) * S_NS,           \
        {                           \
            .command = REPLAY_PAUSE \
        }                           \
    }
#define ORDER(seconds, order) \
    {                         \
        (seconds) * S_NS,     \
        {                     \
            .command = order  \
        }                     \
    }
#define SEEK(seconds, by_s)                              \
    {                                                    \
        (seconds) * S_NS,                                \
        {                                                \
            .command = REPLAY_SEEK, .by_us = (by_s)*S_US \
        }                                                \
    }

/* An event each ten seconds. */
static const struct memory_record tens[] = {
    {.time_us = 0},         {.time_us = 10 * S_US}, {.time_us = 20 * S_US},
    {.time_us = 30 * S_US}, {.time_us = 40 * S_US},
};

/* An order is heard one slice later, as the clock of the test jumps from one to the next. */
#define SLICE (S_NS / 10)

static void play_tens(struct played *played, const struct played_order *orders, size_t count)
{
    played_give_orders(played, orders, count);
    played_play(played, tens, COUNT(tens));
    assert_int_equal(played->ordered, count);
    assert_int_equal(played->status, EVJ_END);
}

/* ---- pauses ---- */

static void after_a_pause_it_goes_on_where_it_was(void **state)
{
    static const struct played_order orders[] = {PAUSE(5), PAUSE(105)};
    static const int64_t times_ns[] = {0, 110 * S_NS, 120 * S_NS, 130 * S_NS, 140 * S_NS};
    struct played *played = *state;

    play_tens(played, orders, COUNT(orders));
    played_assert_delivered_at(played, times_ns, COUNT(times_ns));
}

static void a_pause_is_neither_late_nor_long(void **state)
{
    static const struct played_order orders[] = {PAUSE(5), PAUSE(105)};
    struct played *played = *state;

    play_tens(played, orders, COUNT(orders));
    assert_int_equal(played->report->lateness_ns.max, 0);
    assert_int_equal(played->report->drift_ns, 0);
    assert_int_equal(played->report->elapsed_ns, 40 * S_NS);
    assert_false(played->report->paused);
}

static void stop_is_heard_during_a_pause(void **state)
{
    static const struct played_order orders[] = {PAUSE(5)};
    struct played *played = *state;

    played_give_orders(played, orders, COUNT(orders));
    played->stop_at_ns = 3600 * S_NS;
    played_play(played, tens, COUNT(tens));
    assert_true(played->report->interrupted);
    assert_int_equal(played->sink.count, 1);
}

/* Ctrl-Z, and an hour later fg: what the hour held is not given all at once. */
static void a_process_that_was_stopped_has_paused(void **state)
{
    struct played *played = *state;

    played->stand_at_ns = 5 * S_NS;
    played->stood_ns = 3600 * S_NS;
    played_play(played, tens, COUNT(tens));
    assert_int_equal(played->sink.count, 5);
    /* It may have been stopped anywhere in its slice. */
    assert_in_range(played->sink.times_ns[1] - START_NS, 3610 * S_NS, 3610 * S_NS + SLICE);
    assert_int_equal(played->sink.times_ns[4] - played->sink.times_ns[1], 30 * S_NS);
    assert_int_equal(played->report->lateness_ns.max, 0);
}

static void stopped_during_a_pause_it_has_paused_once(void **state)
{
    static const struct played_order orders[] = {PAUSE(5), PAUSE(105)};
    struct played *played = *state;

    played->stand_at_ns = 50 * S_NS;
    played->stood_ns = 20 * S_NS;
    play_tens(played, orders, COUNT(orders));
    assert_in_range(played->sink.times_ns[1] - START_NS, 110 * S_NS, 110 * S_NS + SLICE);
    assert_int_equal(played->report->lateness_ns.max, 0);
}

/* ---- steps ---- */

static void a_step_delivers_one_event_and_leaves_it_paused(void **state)
{
    static const struct played_order orders[] = {ORDER(5, REPLAY_STEP), ORDER(50, REPLAY_STEP),
                                                 PAUSE(100)};
    struct played *played = *state;

    play_tens(played, orders, COUNT(orders));
    assert_in_range(played->sink.times_ns[1] - START_NS, 5 * S_NS, 5 * S_NS + SLICE);
    assert_in_range(played->sink.times_ns[2] - START_NS, 50 * S_NS, 50 * S_NS + SLICE);
    /* Ten seconds of recorded time from the last step, not from where it was paused. */
    assert_in_range(played->sink.times_ns[3] - START_NS, 110 * S_NS, 110 * S_NS + SLICE);
    assert_int_equal(played->report->lateness_ns.max, 0);
}

static void as_many_steps_as_were_asked_for(void **state)
{
    static const struct played_order orders[] = {ORDER(5, REPLAY_STEP), ORDER(5, REPLAY_STEP),
                                                 ORDER(5, REPLAY_STEP), PAUSE(100)};
    struct played *played = *state;

    play_tens(played, orders, COUNT(orders));
    assert_in_range(played->sink.times_ns[3] - START_NS, 5 * S_NS, 5 * S_NS + SLICE);
    assert_in_range(played->sink.times_ns[4] - START_NS, 110 * S_NS, 110 * S_NS + SLICE);
}

/* ---- speeds ---- */

static void another_speed_counts_from_now_on(void **state)
{
    /* 5 s at speed 1, then at 2: 10 s are due after 5 s + 2.5 s. */
    static const struct played_order orders[] = {ORDER(5, REPLAY_FASTER)};
    struct played *played = *state;

    play_tens(played, orders, COUNT(orders));
    assert_int_equal(played->report->speed_ppm, 2 * PACING_SPEED_ONE);
    assert_in_range(played->sink.times_ns[1] - START_NS, 15 * S_NS / 2, 15 * S_NS / 2 + SLICE);
    assert_int_equal(played->sink.times_ns[4] - played->sink.times_ns[1], 15 * S_NS);
    assert_int_equal(played->report->drift_ns, 0);
}

static void slower_is_the_other_way(void **state)
{
    static const struct played_order orders[] = {ORDER(0, REPLAY_SLOWER)};
    struct played *played = *state;

    play_tens(played, orders, COUNT(orders));
    assert_int_equal(played->report->speed_ppm, PACING_SPEED_ONE / 2);
    assert_in_range(played->sink.times_ns[4] - START_NS, 80 * S_NS - SLICE, 80 * S_NS);
}

static void a_speed_may_change_during_a_pause(void **state)
{
    static const struct played_order orders[] = {PAUSE(5), ORDER(50, REPLAY_FASTER), PAUSE(105)};
    struct played *played = *state;

    play_tens(played, orders, COUNT(orders));
    assert_in_range(played->sink.times_ns[1] - START_NS, 215 * S_NS / 2 - SLICE,
                    215 * S_NS / 2 + SLICE);
    assert_int_equal(played->report->lateness_ns.max, 0);
}

/* ---- seeks ---- */

static void a_seek_forward_leaves_out_what_is_between(void **state)
{
    static const struct played_order orders[] = {SEEK(5, 20)};
    static const uint64_t seqs[] = {0, 3, 4};
    struct played *played = *state;

    play_tens(played, orders, COUNT(orders));
    played_assert_seqs(played, seqs, COUNT(seqs));
    /* At 25 s of recorded time from the fifth second on. */
    assert_in_range(played->sink.times_ns[1] - START_NS, 10 * S_NS - SLICE, 10 * S_NS + SLICE);
    assert_int_equal(played->report->events, 3);
}

static void a_seek_back_plays_it_again(void **state)
{
    static const struct played_order orders[] = {SEEK(25, -10)};
    static const uint64_t seqs[] = {0, 1, 2, 2, 3, 4};
    struct played *played = *state;

    play_tens(played, orders, COUNT(orders));
    played_assert_seqs(played, seqs, COUNT(seqs));
    assert_in_range(played->sink.times_ns[3] - START_NS, 30 * S_NS - SLICE, 30 * S_NS + SLICE);
    /* Up to 20 s, and from 15 s to 40 s. */
    assert_in_range(played->report->recorded_us, 45 * S_US, 55 * S_US);
}

static void before_the_first_event_is_the_first_event(void **state)
{
    static const struct played_order orders[] = {SEEK(15, -3600)};
    static const uint64_t seqs[] = {0, 1, 0, 1, 2, 3, 4};
    struct played *played = *state;

    play_tens(played, orders, COUNT(orders));
    played_assert_seqs(played, seqs, COUNT(seqs));
}

static void several_seeks_at_once_are_one(void **state)
{
    static const struct played_order orders[] = {SEEK(5, 10), SEEK(5, 10), SEEK(5, -10),
                                                 SEEK(5, 20)};
    static const uint64_t seqs[] = {0, 4};
    struct played *played = *state;

    play_tens(played, orders, COUNT(orders));
    played_assert_seqs(played, seqs, COUNT(seqs));
}

static void a_seek_beyond_the_end_is_the_end(void **state)
{
    static const struct played_order orders[] = {SEEK(5, 3600)};
    struct played *played = *state;

    play_tens(played, orders, COUNT(orders));
    assert_int_equal(played->sink.count, 1);
    assert_false(played->report->interrupted);
}

/* Finding the place may take long: nothing is late because of that. */
static void the_time_that_a_seek_takes_is_no_lag(void **state)
{
    static const struct played_order orders[] = {SEEK(5, 20)};
    struct played *played = *state;

    played_init_ends(played, tens, COUNT(tens));
    played->source.seek_ns = 7 * S_NS;
    played_give_orders(played, orders, COUNT(orders));
    played_run(played);
    assert_int_equal(played->sink.count, 3);
    assert_int_equal(played->report->lateness_ns.max, 0);
    assert_int_equal(played->report->lag.read_ns, 0);
}

static void a_paused_replay_may_be_sought_in(void **state)
{
    static const struct played_order orders[] = {PAUSE(5), SEEK(10, 20), PAUSE(100)};
    static const uint64_t seqs[] = {0, 3, 4};
    struct played *played = *state;

    play_tens(played, orders, COUNT(orders));
    played_assert_seqs(played, seqs, COUNT(seqs));
    assert_in_range(played->sink.times_ns[1] - START_NS, 105 * S_NS - SLICE, 105 * S_NS + SLICE);
}

/* The event that is being waited for is not lost. */
static void where_nobody_can_seek_it_just_goes_on(void **state)
{
    static const struct played_order orders[] = {SEEK(5, 20)};
    static const int64_t times_ns[] = {0, 10 * S_NS, 20 * S_NS, 30 * S_NS, 40 * S_NS};
    struct played *played = *state;

    played_init_ends(played, tens, COUNT(tens));
    played->source.seek_status = EVJ_ERR_INVALID;
    played_give_orders(played, orders, COUNT(orders));
    played_run(played);
    assert_int_equal(played->status, EVJ_END);
    played_assert_delivered_at(played, times_ns, COUNT(times_ns));
}

static void a_seek_that_fails_ends_the_replay(void **state)
{
    static const struct played_order orders[] = {SEEK(5, 20)};
    struct played *played = *state;

    played_init_ends(played, tens, COUNT(tens));
    played->source.seek_status = EVJ_ERR_IO;
    played_give_orders(played, orders, COUNT(orders));
    played_run(played);
    assert_int_equal(played->status, EVJ_ERR_IO);
    assert_int_equal(played->sink.finished, 1);
}

#define ORDERS_TEST(name) cmocka_unit_test_setup_teardown(name, played_set_up, played_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ORDERS_TEST(after_a_pause_it_goes_on_where_it_was),
        ORDERS_TEST(a_pause_is_neither_late_nor_long),
        ORDERS_TEST(stop_is_heard_during_a_pause),
        ORDERS_TEST(a_process_that_was_stopped_has_paused),
        ORDERS_TEST(stopped_during_a_pause_it_has_paused_once),
        ORDERS_TEST(a_step_delivers_one_event_and_leaves_it_paused),
        ORDERS_TEST(as_many_steps_as_were_asked_for),
        ORDERS_TEST(another_speed_counts_from_now_on),
        ORDERS_TEST(slower_is_the_other_way),
        ORDERS_TEST(a_speed_may_change_during_a_pause),
        ORDERS_TEST(a_seek_forward_leaves_out_what_is_between),
        ORDERS_TEST(a_seek_back_plays_it_again),
        ORDERS_TEST(before_the_first_event_is_the_first_event),
        ORDERS_TEST(several_seeks_at_once_are_one),
        ORDERS_TEST(a_seek_beyond_the_end_is_the_end),
        ORDERS_TEST(the_time_that_a_seek_takes_is_no_lag),
        ORDERS_TEST(a_paused_replay_may_be_sought_in),
        ORDERS_TEST(where_nobody_can_seek_it_just_goes_on),
        ORDERS_TEST(a_seek_that_fails_ends_the_replay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
