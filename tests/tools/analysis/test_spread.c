/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/spread.h"

#include <math.h>

static void the_median_of_nothing_is_no_number(void **state)
{
    struct spread spread = {0};

    (void)state;
    assert_true(isnan(spread_quantile(&spread, 0.5)));
    spread_done(&spread);
}

static void small_values_are_exact(void **state)
{
    struct spread spread = {0};

    (void)state;
    for (uint32_t i = 63; i-- > 0;)
        spread_add(&spread, i);
    assert_float_equal(spread_quantile(&spread, 0.5), 31, 0);
    assert_float_equal(spread_quantile(&spread, 0), 0, 0);
    assert_float_equal(spread_quantile(&spread, 1), 62, 0);
    spread_done(&spread);
}

/* Whatever comes, and however long. */
static void great_values_are_known_to_a_thirty_second(void **state)
{
    static const uint32_t values[] = {64, 100, 1000, 65535, 1000000, UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        struct spread spread = {0};

        spread_add(&spread, values[i]);
        assert_true(spread_quantile(&spread, 0.5) <= values[i]);
        assert_true(spread_quantile(&spread, 0.5) >= values[i] * (31.0 / 32));
        spread_done(&spread);
    }
}

static void a_series_without_end_takes_little_room(void **state)
{
    struct spread spread = {0};

    (void)state;
    for (uint32_t i = 0; i < 1000000; i++)
        spread_add(&spread, i * 2654435761u);
    assert_int_equal(spread.count, 1000000);
    assert_true(spread.values->len < 1000);
    spread_done(&spread);
}

static void two_spreads_add_up(void **state)
{
    struct spread low = {0}, high = {0};

    (void)state;
    for (uint32_t i = 0; i < 10; i++) {
        spread_add(&low, 1);
        spread_add(&high, 9);
    }
    spread_add(&high, 9);
    spread_add_all(&low, &high);
    assert_int_equal(low.count, 21);
    assert_float_equal(spread_quantile(&low, 0.4), 1, 0);
    assert_float_equal(spread_quantile(&low, 0.5), 9, 0);
    spread_done(&low);
    spread_done(&high);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_median_of_nothing_is_no_number),
        cmocka_unit_test(small_values_are_exact),
        cmocka_unit_test(great_values_are_known_to_a_thirty_second),
        cmocka_unit_test(a_series_without_end_takes_little_room),
        cmocka_unit_test(two_spreads_add_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
