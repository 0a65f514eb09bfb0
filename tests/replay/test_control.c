/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/control.h"

#include <pthread.h>
#include <sched.h>

static struct replay_order seek_by(int64_t by_us)
{
    return (struct replay_order){.command = REPLAY_SEEK, .by_us = by_us};
}

static void orders_come_out_as_they_went_in(void **state)
{
    struct replay_control control = {0};
    struct replay_order order;

    (void)state;
    assert_false(replay_control_take(&control, &order));
    assert_true(replay_control_post(&control, seek_by(-7)));
    assert_true(replay_control_post(&control, (struct replay_order){.command = REPLAY_STEP}));
    assert_true(replay_control_take(&control, &order));
    assert_int_equal(order.command, REPLAY_SEEK);
    assert_int_equal(order.by_us, -7);
    assert_true(replay_control_take(&control, &order));
    assert_int_equal(order.command, REPLAY_STEP);
    assert_false(replay_control_take(&control, &order));
}

static void a_full_queue_takes_no_more_until_there_is_room(void **state)
{
    struct replay_control control = {0};
    struct replay_order order;

    (void)state;
    for (unsigned i = 0; i < REPLAY_ORDERS; i++)
        assert_true(replay_control_post(&control, seek_by(i)));
    assert_false(replay_control_post(&control, seek_by(99)));
    assert_true(replay_control_take(&control, &order));
    assert_int_equal(order.by_us, 0);
    assert_true(replay_control_post(&control, seek_by(99)));
}

/* So do two counters that are about to overflow. */
static void it_goes_on_for_ever(void **state)
{
    struct replay_control control = {.posted = UINT32_MAX - 1, .taken = UINT32_MAX - 1};
    struct replay_order order;

    (void)state;
    for (int i = 0; i < 5; i++) {
        assert_true(replay_control_post(&control, seek_by(i)));
        assert_true(replay_control_take(&control, &order));
        assert_int_equal(order.by_us, i);
    }
    assert_false(replay_control_take(&control, &order));
}

#define MANY 20000

static void *post_many(void *context)
{
    for (int64_t i = 0; i < MANY; i++)
        while (!replay_control_post(context, seek_by(i)))
            sched_yield();
    return NULL;
}

static void two_threads_need_no_lock(void **state)
{
    static struct replay_control control;
    struct replay_order order;
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, post_many, &control), 0);
    for (int64_t i = 0; i < MANY; i++) {
        while (!replay_control_take(&control, &order))
            sched_yield();
        assert_int_equal(order.by_us, i);
    }
    pthread_join(thread, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_come_out_as_they_went_in),
        cmocka_unit_test(a_full_queue_takes_no_more_until_there_is_room),
        cmocka_unit_test(it_goes_on_for_ever),
        cmocka_unit_test(two_threads_need_no_lock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
