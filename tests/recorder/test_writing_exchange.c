/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/writing_exchange.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

static struct exchange exchange;

static int setup(void **state)
{
    static const struct writing_tuning tuning = {.flush_interval_us = 1, .level = 6};

    (void)state;
    exchange_init(&exchange, &tuning);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    exchange_done(&exchange);
    return 0;
}

static size_t take(struct order orders[ORDERS_MAX])
{
    struct writing_tuning tuning;

    return exchange_take(&exchange, &tuning, orders);
}

static void orders_are_taken_once_and_in_their_order(void **state)
{
    struct order orders[ORDERS_MAX];

    (void)state;
    assert_int_equal(take(orders), 0);
    assert_true(exchange_order(&exchange, WRITING_PIN, "a"));
    assert_true(exchange_order(&exchange, WRITING_TURN, ""));
    assert_true(exchange_order(&exchange, WRITING_UNPIN, "b"));
    assert_int_equal(take(orders), 3);
    assert_int_equal(orders[0].kind, WRITING_PIN);
    assert_string_equal(orders[0].name, "a");
    assert_int_equal(orders[1].kind, WRITING_TURN);
    assert_int_equal(orders[2].kind, WRITING_UNPIN);
    assert_int_equal(take(orders), 0);
}

/* A disk may hang for hours while somebody's script asks every second. */
static void what_waits_already_does_not_wait_twice_and_no_more_than_so_many_wait(void **state)
{
    struct order orders[ORDERS_MAX];
    char name[20];

    (void)state;
    for (unsigned i = 0; i < ORDERS_MAX; i++) {
        snprintf(name, sizeof(name), "%u", i);
        assert_true(exchange_order(&exchange, WRITING_PIN, name));
    }
    assert_false(exchange_order(&exchange, WRITING_TURN, ""));
    assert_true(exchange_order(&exchange, WRITING_PIN, "3"));
    assert_int_equal(take(orders), ORDERS_MAX);
    assert_true(exchange_order(&exchange, WRITING_TURN, ""));
}

/* pin, then unpin, then pin: the last one must hold. */
static void an_order_that_takes_back_another_is_not_lost(void **state)
{
    struct order orders[ORDERS_MAX];

    (void)state;
    assert_true(exchange_order(&exchange, WRITING_PIN, "a"));
    assert_true(exchange_order(&exchange, WRITING_UNPIN, "a"));
    assert_true(exchange_order(&exchange, WRITING_PIN, "a"));
    size_t count = take(orders);
    assert_true(count > 0);
    assert_int_equal(orders[count - 1].kind, WRITING_PIN);
}

static void the_latest_settings_are_taken(void **state)
{
    struct order orders[ORDERS_MAX];
    struct writing_tuning tuning = {.level = 1}, taken;

    (void)state;
    exchange_take(&exchange, &taken, orders);
    assert_int_equal(taken.level, 6);
    exchange_tune(&exchange, &tuning);
    tuning.level = 2;
    exchange_tune(&exchange, &tuning);
    exchange_take(&exchange, &taken, orders);
    assert_int_equal(taken.level, 2);
}

static void the_list_is_a_copy(void **state)
{
    struct retention_file *found = g_new0(struct retention_file, 2);
    struct upkeep_report report = {.files = found, .count = 2, .disk_free = 7};
    struct writing_report told;
    size_t count;

    (void)state;
    snprintf(found[0].name, sizeof(found[0].name), "first");
    found[0].bytes = 10;
    found[1].bytes = 20;
    exchange_tell_files(&exchange, &report);
    g_autofree struct retention_file *files = exchange_list(&exchange, &count);
    assert_int_equal(count, 2);
    assert_ptr_not_equal(files, found);
    assert_string_equal(files[0].name, "first");
    exchange_report(&exchange, &told);
    assert_string_equal(told.oldest, "first");
    assert_int_equal(told.journals_bytes, 30);
    assert_int_equal(told.disk_free, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)
        TEST(orders_are_taken_once_and_in_their_order),
        TEST(what_waits_already_does_not_wait_twice_and_no_more_than_so_many_wait),
        TEST(an_order_that_takes_back_another_is_not_lost),
        TEST(the_latest_settings_are_taken),
        TEST(the_list_is_a_copy),
    };

    return cmocka_run_group_tests_name("writing exchange", tests, NULL, NULL);
}
