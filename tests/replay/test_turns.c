/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/mix.h"
#include "replay/turns.h"

#define MANY 500u

static void assert_in_order(const struct turn *before, const struct turn *after)
{
    assert_true(before->time_us < after->time_us ||
                (before->time_us == after->time_us &&
                 (before->number < after->number ||
                  (before->number == after->number && before->copy < after->copy))));
}

static void turns_are_taken_in_the_order_of_time_number_and_copy(void **state)
{
    g_autoptr(GArray) turns = turns_new();
    uint64_t seed = 1;

    (void)state;
    for (unsigned i = 0; i < MANY; i++)
        turns_add(turns,
                  &(struct turn){(int64_t)(mix_next(&seed) % 20), mix_next(&seed) % 5, i, NULL});

    struct turn before = turns_take(turns);

    for (unsigned i = 1; i < MANY; i++) {
        const struct turn after = turns_take(turns);

        assert_in_order(&before, &after);
        before = after;
    }
    assert_int_equal(turns->len, 0);
}

static void the_first_one_is_the_earliest_at_any_time(void **state)
{
    g_autoptr(GArray) turns = turns_new();
    uint64_t seed = 2;

    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        turns_add(turns, &(struct turn){.time_us = (int64_t)(mix_next(&seed) % 1000), .copy = i});
        if (i % 3 == 2)
            turns_take(turns);
        for (guint k = 1; k < turns->len; k++)
            assert_in_order(&g_array_index(turns, struct turn, 0),
                            &g_array_index(turns, struct turn, k));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_are_taken_in_the_order_of_time_number_and_copy),
        cmocka_unit_test(the_first_one_is_the_earliest_at_any_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
