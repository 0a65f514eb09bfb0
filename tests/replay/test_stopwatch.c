/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/stopwatch.h"

static void it_shows_the_clocks_time_less_the_pauses(void **state)
{
    struct stopwatch watch = {0};

    (void)state;
    assert_int_equal(stopwatch_at(&watch, 100), 100);
    stopwatch_stop(&watch, 110);
    assert_int_equal(stopwatch_at(&watch, 110), 110);
    assert_int_equal(stopwatch_at(&watch, 150), 110);
    stopwatch_go_on(&watch, 160);
    assert_int_equal(stopwatch_at(&watch, 160), 110);
    assert_int_equal(stopwatch_at(&watch, 170), 120);
    stopwatch_stop(&watch, 170);
    stopwatch_go_on(&watch, 200);
    assert_int_equal(stopwatch_at(&watch, 200), 120);
    assert_int_equal(stopwatch_to_clock(&watch, 130), 210);
}

static void what_it_does_already_changes_nothing(void **state)
{
    struct stopwatch watch = {0};

    (void)state;
    stopwatch_go_on(&watch, 50);
    assert_int_equal(stopwatch_at(&watch, 60), 60);
    stopwatch_stop(&watch, 60);
    stopwatch_stop(&watch, 80);
    assert_int_equal(stopwatch_at(&watch, 90), 60);
}

static void what_it_did_not_see_is_taken_off(void **state)
{
    struct stopwatch watch = {0};

    (void)state;
    stopwatch_stand(&watch, 30);
    assert_int_equal(stopwatch_at(&watch, 100), 70);
    stopwatch_stop(&watch, 110);
    stopwatch_stand(&watch, 40);
    stopwatch_go_on(&watch, 160);
    assert_int_equal(stopwatch_at(&watch, 160), 80);
}

static void a_time_beyond_all_times_stays_there(void **state)
{
    struct stopwatch watch = {.paused_ns = 10};

    (void)state;
    assert_int_equal(stopwatch_to_clock(&watch, INT64_MAX), INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_shows_the_clocks_time_less_the_pauses),
        cmocka_unit_test(what_it_does_already_changes_nothing),
        cmocka_unit_test(what_it_did_not_see_is_taken_off),
        cmocka_unit_test(a_time_beyond_all_times_stays_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
