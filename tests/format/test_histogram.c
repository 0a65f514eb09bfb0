/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/histogram.h"

#include <stdlib.h>
#include <string.h>

static struct evj_histogram histogram;

static int empty_histogram(void **state)
{
    (void)state;
    memset(&histogram, 0, sizeof(histogram));
    return 0;
}

static void an_empty_histogram_answers_0(void **state)
{
    (void)state;
    assert_int_equal(evj_histogram_quantile(&histogram, 0.5), 0);
    assert_int_equal(evj_histogram_quantile(&histogram, 1), 0);
}

static void small_values_are_exact(void **state)
{
    (void)state;
    for (uint64_t value = 1; value <= 100; value++)
        evj_histogram_add(&histogram, value);
    assert_int_equal(evj_histogram_quantile(&histogram, 0), 1);
    assert_int_equal(evj_histogram_quantile(&histogram, 0.01), 1);
    assert_int_equal(evj_histogram_quantile(&histogram, 0.5), 50);
    assert_int_equal(evj_histogram_quantile(&histogram, 0.9), 90);
    assert_int_equal(evj_histogram_quantile(&histogram, 0.99), 99);
    assert_int_equal(evj_histogram_quantile(&histogram, 1), 100);
    assert_int_equal(histogram.sum, 5050);
    assert_int_equal(histogram.count, 100);
}

/* A quantile is never below the value, nor more than 1.6 % above. */
static void assert_read_back(uint64_t value)
{
    memset(&histogram, 0, sizeof(histogram));
    evj_histogram_add(&histogram, value);
    evj_histogram_add(&histogram, UINT64_MAX);
    uint64_t read = evj_histogram_quantile(&histogram, 0.5);
    assert_true(read >= value);
    assert_true((double)(read - value) <= 0.016 * (double)value);
}

static void every_magnitude_is_read_to_within_1_6_percent(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t power = UINT64_C(1) << bit;
        assert_read_back(power);
        assert_read_back(power - 1);
        assert_read_back(power + power / 3);
        assert_read_back(power + (power - 1));
    }
}

static void the_largest_values_have_a_bucket(void **state)
{
    (void)state;
    evj_histogram_add(&histogram, 0);
    evj_histogram_add(&histogram, UINT64_MAX);
    assert_int_equal(evj_histogram_quantile(&histogram, 0.5), 0);
    assert_true(evj_histogram_quantile(&histogram, 1) == UINT64_MAX);
    assert_true(evj_histogram_quantile(&histogram, 0.99) == UINT64_MAX);
    assert_int_equal(histogram.buckets[EVJ_HISTOGRAM_BUCKETS - 1], 1);
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Against sorting all values, which is what nobody can afford. */
static void quantiles_agree_with_sorting(void **state)
{
    enum { COUNT = 20000 };
    static uint64_t values[COUNT];
    static const double quantiles[] = {0.001, 0.1, 0.5, 0.9, 0.99, 0.999};
    uint64_t x = 88172645463325252u;

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        values[i] = x >> (x % 50);
        evj_histogram_add(&histogram, values[i]);
    }
    qsort(values, COUNT, sizeof(values[0]), by_value);
    for (unsigned i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++) {
        uint64_t exact = values[(size_t)(quantiles[i] * COUNT + 0.5) - 1];
        uint64_t read = evj_histogram_quantile(&histogram, quantiles[i]);
        assert_true(read >= exact);
        assert_true((double)(read - exact) <= 0.016 * (double)exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_empty_histogram_answers_0, empty_histogram),
        cmocka_unit_test_setup(small_values_are_exact, empty_histogram),
        cmocka_unit_test_setup(every_magnitude_is_read_to_within_1_6_percent, empty_histogram),
        cmocka_unit_test_setup(the_largest_values_have_a_bucket, empty_histogram),
        cmocka_unit_test_setup(quantiles_agree_with_sorting, empty_histogram),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
