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

/* Feed events whose timestamps follow a pattern, and note their lags on the way. */
struct lags {
    int64_t least_us, greatest_us;
};

static struct lags add_pattern(struct clock_steps *steps, const int64_t *offsets_us, size_t count)
{
    struct lags lags = {INT64_MAX, INT64_MIN};
    uint64_t seq = 0;

    for (size_t i = 0; i < count; i++) {
        add_events(steps, 0, &seq, 25, offsets_us[i]);
        lags.least_us = MIN(lags.least_us, -offsets_us[i]);
        lags.greatest_us = MAX(lags.greatest_us, -offsets_us[i]);
    }
    return lags;
}

/* Whatever the events, passing a file by and looking at all of them come to the same. */
static void what_is_passed_by_has_nothing_to_find(void **state)
{
    static const int64_t sizes_us[] = {1,        100,        99 * MS,    100 * MS,
                                       101 * MS, 3 * SECOND, 70 * SECOND};
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    unsigned passed = 0;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        int64_t size_us = sizes_us[g_rand_int_range(random, 0, G_N_ELEMENTS(sizes_us))];
        int64_t base_us = (int64_t)g_rand_int_range(random, -2, 3) * 50 * SECOND;
        struct clock_steps looked, hopped;
        int64_t offsets_us[6];

        for (size_t i = 0; i < G_N_ELEMENTS(offsets_us); i++)
            offsets_us[i] = base_us + g_rand_int_range(random, 0, 3) * size_us / 2;
        clock_steps_init(&looked);
        clock_steps_init(&hopped);
        struct lags lags = add_pattern(&looked, offsets_us, G_N_ELEMENTS(offsets_us));
        if (clock_steps_pass_by(&hopped, 0, lags.least_us, lags.greatest_us)) {
            assert_int_equal(looked.found->len, 0);
            assert_int_equal(clock_steps_other_time(&looked, 0),
                             clock_steps_other_time(&hopped, 0));
            passed++;
        }
        clock_steps_done(&looked);
        clock_steps_done(&hopped);
    }
    assert_in_range(passed, 500, 2500);
}

static void a_file_is_passed_by_if_its_clock_was_not_set(void **state)
{
    struct clock_steps *steps = *state;

    assert_true(clock_steps_pass_by(steps, 0, 5, 5));
    assert_true(clock_steps_pass_by(steps, 0, 5, 100 * MS + 5));
    assert_true(clock_steps_pass_by(steps, 0, -50 * MS, 50 * MS));
    assert_false(clock_steps_pass_by(steps, 0, 5, 100 * MS + 6));
    assert_false(clock_steps_pass_by(steps, 0, INT64_MIN, INT64_MAX));
    assert_false(clock_steps_other_time(steps, 0));
    /* A replay: all of another time, however they are spread. */
    assert_true(clock_steps_pass_by(steps, 1, 61 * (int64_t)SECOND, 9000 * (int64_t)SECOND));
    assert_true(clock_steps_other_time(steps, 1));
    assert_true(clock_steps_pass_by(steps, 2, INT64_MIN, -61 * (int64_t)SECOND));
    assert_true(clock_steps_other_time(steps, 2));
    /* Which is the first one's? */
    assert_false(clock_steps_pass_by(steps, 3, 59 * (int64_t)SECOND, 61 * (int64_t)SECOND));
    assert_false(clock_steps_other_time(steps, 3));
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
        cmocka_unit_test(what_is_passed_by_has_nothing_to_find),
        cmocka_unit_test_setup_teardown(a_file_is_passed_by_if_its_clock_was_not_set, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
