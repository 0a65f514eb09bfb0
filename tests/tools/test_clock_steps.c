/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/clock_steps.h"

#define MS 1000
#define SECOND (1000 * MS)

/* Events of one file, ten a second; `offset_us` is how far timestamps are from where they should
 * be. */
static void add_events(struct clock_steps *steps, unsigned source, uint64_t *seq, unsigned count,
                       int64_t offset_us)
{
    for (unsigned i = 0; i < count; i++, (*seq)++) {
        struct evj_record record = {
            .kind = EVJ_RECORD_EVENT,
            .seq = *seq,
            .source = source,
            .mono_us = (int64_t)*seq * 100 * MS,
            .wall_us = 1000 * (int64_t)SECOND + (int64_t)*seq * 100 * MS,
        };

        record.event.timestamp_us = record.wall_us + offset_us;
        clock_steps_add(steps, &record);
    }
}

static const struct clock_step *step(const struct clock_steps *steps, unsigned index)
{
    assert_in_range(index, 0, steps->found->len - 1);
    return &g_array_index(steps->found, struct clock_step, index);
}

static int setup(void **state)
{
    struct clock_steps *steps = g_new0(struct clock_steps, 1);

    clock_steps_init(steps);
    *state = steps;
    return 0;
}

static int teardown(void **state)
{
    clock_steps_done(*state);
    g_free(*state);
    return 0;
}

static void a_clock_set_forward_is_found_at_once(void **state)
{
    struct clock_steps *steps = *state;
    uint64_t seq = 0;

    add_events(steps, 0, &seq, 5, 0);
    add_events(steps, 0, &seq, 1, 3 * SECOND);
    assert_int_equal(steps->found->len, 1);
    assert_int_equal(step(steps, 0)->step_us, 3 * SECOND);
    assert_int_equal(step(steps, 0)->seq, 5);
}

static void a_clock_set_back_is_found_when_it_stays_there(void **state)
{
    struct clock_steps *steps = *state;
    uint64_t seq = 0;

    add_events(steps, 0, &seq, 5, 0);
    add_events(steps, 0, &seq, 40, -3 * SECOND);
    assert_int_equal(steps->found->len, 1);
    assert_int_equal(step(steps, 0)->step_us, -3 * SECOND);
    assert_int_equal(step(steps, 0)->seq, 5);
}

/* Janus's events thread was kept busy: the queue drains, and the lag is gone. */
static void a_delay_is_no_step(void **state)
{
    struct clock_steps *steps = *state;
    uint64_t seq = 0;

    for (int i = 0; i < 3; i++) {
        add_events(steps, 0, &seq, 40, 0);
        for (int64_t lag_ms = 1500; lag_ms > 0; lag_ms -= 100)
            add_events(steps, 0, &seq, 1, -lag_ms * MS);
    }
    assert_int_equal(steps->found->len, 0);
}

/* NTP slews by up to 500 ppm: a second in half an hour. */
static void drift_is_no_step(void **state)
{
    struct clock_steps *steps = *state;
    uint64_t seq = 0;

    for (int64_t i = 0; i < 20000; i++)
        add_events(steps, 0, &seq, 1, i * 50);
    assert_int_equal(steps->found->len, 0);
}

static void each_file_has_a_clock_of_its_own(void **state)
{
    struct clock_steps *steps = *state;
    uint64_t first = 0, second = 0;

    for (int i = 0; i < 50; i++) {
        add_events(steps, 0, &first, 1, 0);
        add_events(steps, 1, &second, 1, 7 * SECOND);
    }
    assert_int_equal(steps->found->len, 0);
}

static void extreme_timestamps_do_no_harm(void **state)
{
    struct clock_steps *steps = *state;
    const int64_t extremes[] = {INT64_MAX, INT64_MIN, 0, INT64_MIN, INT64_MAX, -1};

    for (size_t i = 0; i < 6; i++) {
        struct evj_record record = {.wall_us = extremes[5 - i], .mono_us = extremes[i]};

        record.event.timestamp_us = extremes[i];
        clock_steps_add(steps, &record);
    }
}

/* A replay into a recording server: its pace is not that of the first recording. */
static void events_of_another_time_tell_nothing_of_the_clock(void **state)
{
    struct clock_steps *steps = *state;
    uint64_t seq = 0;

    add_events(steps, 0, &seq, 5, 0);
    add_events(steps, 1, &seq, 5, -3600 * (int64_t)SECOND);
    add_events(steps, 1, &seq, 50, -3000 * (int64_t)SECOND);
    assert_int_equal(steps->found->len, 0);
    assert_false(clock_steps_other_time(steps, 0));
    assert_true(clock_steps_other_time(steps, 1));
    assert_false(clock_steps_other_time(steps, 2));
    add_events(steps, 0, &seq, 5, 3 * SECOND);
    assert_int_equal(step(steps, 0)->source, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_clock_set_forward_is_found_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_clock_set_back_is_found_when_it_stays_there, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_delay_is_no_step, setup, teardown),
        cmocka_unit_test_setup_teardown(drift_is_no_step, setup, teardown),
        cmocka_unit_test_setup_teardown(each_file_has_a_clock_of_its_own, setup, teardown),
        cmocka_unit_test_setup_teardown(extreme_timestamps_do_no_harm, setup, teardown),
        cmocka_unit_test_setup_teardown(events_of_another_time_tell_nothing_of_the_clock, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
