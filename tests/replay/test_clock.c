/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/clock.h"

#include <stdbool.h>
#include <time.h>

/* The only sleeps of these tests: some microseconds, to see that a deadline is never met too early.
 */
static void the_real_clock_never_returns_early(void **state)
{
    static const int64_t ahead_ns[] = {1, 1000, CLOCK_SPIN_NS - 1, CLOCK_SPIN_NS + 1000, 2000000};
    struct replay_clock *clock = replay_clock_real();

    (void)state;
    for (size_t i = 0; i < sizeof(ahead_ns) / sizeof(ahead_ns[0]); i++) {
        int64_t deadline = clock->now(clock) + ahead_ns[i];

        clock->sleep_until(clock, deadline);
        assert_true(clock->now(clock) >= deadline);
    }
}

static void the_real_clock_does_not_wait_for_the_past(void **state)
{
    static const int64_t past_ns[] = {INT64_MIN + CLOCK_SPIN_NS, -1, 0, 1};
    struct replay_clock *clock = replay_clock_real();

    (void)state;
    for (size_t i = 0; i < sizeof(past_ns) / sizeof(past_ns[0]); i++)
        clock->sleep_until(clock, past_ns[i]);
}

static void the_real_clock_is_the_monotonic_one(void **state)
{
    struct replay_clock *clock = replay_clock_real();
    struct timespec before, after;
    int64_t now;

    (void)state;
    clock_gettime(CLOCK_MONOTONIC, &before);
    now = clock->now(clock);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_in_range(now, before.tv_sec * INT64_C(1000000000) + before.tv_nsec,
                    after.tv_sec * INT64_C(1000000000) + after.tv_nsec);
}

static void its_wall_is_the_wall_clock(void **state)
{
    struct replay_clock *clock = replay_clock_real();
    int64_t before = time(NULL), wall = clock->wall(clock);

    (void)state;
    assert_in_range(wall / 1000000000 - before, 0, 2);
}

static void the_fake_clock_jumps_to_each_deadline(void **state)
{
    struct fake_clock fake;
    struct replay_clock *clock = &fake.clock;

    (void)state;
    fake_clock_init(&fake, 40);
    assert_int_equal(clock->now(clock), 40);
    clock->sleep_until(clock, 100);
    assert_int_equal(clock->now(clock), 100);
    clock->sleep_until(clock, 60);
    assert_int_equal(clock->now(clock), 100);
    fake.oversleep_ns = 5;
    clock->sleep_until(clock, 200);
    assert_int_equal(clock->now(clock), 205);
    assert_int_equal(fake.sleeps, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_real_clock_never_returns_early),
        cmocka_unit_test(the_real_clock_does_not_wait_for_the_past),
        cmocka_unit_test(the_real_clock_is_the_monotonic_one),
        cmocka_unit_test(its_wall_is_the_wall_clock),
        cmocka_unit_test(the_fake_clock_jumps_to_each_deadline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
