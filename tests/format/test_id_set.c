/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "format/id_set_internal.h"

static void an_empty_set_has_nothing(void **state)
{
    struct evj_id_set set = {0};

    (void)state;
    assert_false(evj_id_set_has(&set, 0));
    assert_false(evj_id_set_has(&set, 1));
    evj_id_set_clear(&set);
    evj_id_set_done(&set);
}

/* Consecutive ids, ids that differ in their high bits only, and the extremes. */
static uint64_t nth_id(uint64_t i)
{
    switch (i % 3) {
    case 0:
        return i + 1;
    case 1:
        return i << 40;
    default:
        return UINT64_MAX - i;
    }
}

static void a_set_has_what_was_added_and_nothing_else(void **state)
{
    struct evj_id_set set = {0};

    (void)state;
    for (uint64_t i = 0; i < 10000; i += 2)
        assert_true(evj_id_set_add(&set, nth_id(i)));
    assert_int_equal(set.count, 5000);
    for (uint64_t i = 0; i < 10000; i++)
        assert_int_equal(evj_id_set_has(&set, nth_id(i)), i % 2 == 0);
    evj_id_set_done(&set);
}

static void an_id_counts_once(void **state)
{
    struct evj_id_set set = {0};

    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_true(evj_id_set_add(&set, 7));
    assert_int_equal(set.count, 1);
    evj_id_set_done(&set);
}

/* An event without a session is no session 0. */
static void id_0_is_never_in(void **state)
{
    struct evj_id_set set = {0};

    (void)state;
    assert_true(evj_id_set_add(&set, 0));
    assert_int_equal(set.count, 0);
    assert_true(evj_id_set_add(&set, 5));
    assert_false(evj_id_set_has(&set, 0));
    evj_id_set_done(&set);
}

static void a_cleared_set_is_empty_and_can_be_filled_again(void **state)
{
    struct evj_id_set set = {0};

    (void)state;
    for (uint64_t i = 1; i <= 500; i++)
        evj_id_set_add(&set, i);
    evj_id_set_clear(&set);
    assert_int_equal(set.count, 0);
    for (uint64_t i = 1; i <= 500; i++)
        assert_false(evj_id_set_has(&set, i));
    assert_true(evj_id_set_add(&set, 9));
    assert_true(evj_id_set_has(&set, 9));
    assert_int_equal(set.count, 1);
    evj_id_set_done(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_set_has_nothing),
        cmocka_unit_test(a_set_has_what_was_added_and_nothing_else),
        cmocka_unit_test(an_id_counts_once),
        cmocka_unit_test(id_0_is_never_in),
        cmocka_unit_test(a_cleared_set_is_empty_and_can_be_filled_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
