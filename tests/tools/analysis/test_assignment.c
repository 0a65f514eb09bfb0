/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/assignment.h"

#include <stdbool.h>
#include <string.h>

#define NEVER ASSIGNMENT_NEVER

static void the_sum_of_all_costs_is_the_least(void **state)
{
    /* Row by row it would be 1 + 4 + 9. */
    static const int64_t costs[] = {1, 2, 3, 2, 4, 6, 3, 6, 9};
    int columns[3];

    (void)state;
    assignment_solve(costs, 3, 3, columns);
    assert_int_equal(columns[0], 2);
    assert_int_equal(columns[1], 1);
    assert_int_equal(columns[2], 0);
}

static void as_many_as_can_go_together(void **state)
{
    /* The cheapest pair would leave the second row alone. */
    static const int64_t costs[] = {1, 100, 2, NEVER};
    int columns[2];

    (void)state;
    assignment_solve(costs, 2, 2, columns);
    assert_int_equal(columns[0], 1);
    assert_int_equal(columns[1], 0);
}

static void what_cannot_go_together_stays_alone(void **state)
{
    static const int64_t costs[] = {NEVER, NEVER, NEVER, 5};
    int columns[2];

    (void)state;
    assignment_solve(costs, 2, 2, columns);
    assert_int_equal(columns[0], -1);
    assert_int_equal(columns[1], 1);
}

static void nobody_is_no_problem(void **state)
{
    static const int64_t costs[] = {1, 2};
    int columns[2] = {7, 7};

    (void)state;
    assignment_solve(costs, 0, 2, columns);
    assignment_solve(costs, 0, 0, columns);
    assert_int_equal(columns[0], 7);
    assignment_solve(costs, 2, 0, columns);
    assert_int_equal(columns[0], -1);
    assert_int_equal(columns[1], -1);
}

/* ---- against trying all ways ---- */

struct best {
    guint alone;
    int64_t cost;
};

static void try_all(const int64_t *costs, guint rows, guint columns, guint row, unsigned used,
                    struct best so_far, struct best *best)
{
    if (row == rows) {
        if (so_far.alone < best->alone || (so_far.alone == best->alone && so_far.cost < best->cost))
            *best = so_far;
        return;
    }
    for (guint k = 0; k < columns; k++) {
        const int64_t cost = costs[row * columns + k];

        if (cost == NEVER || (used & 1u << k) != 0)
            continue;
        try_all(costs, rows, columns, row + 1, used | 1u << k,
                (struct best){so_far.alone, so_far.cost + cost}, best);
    }
    so_far.alone++;
    try_all(costs, rows, columns, row + 1, used, so_far, best);
}

static struct best found(const int64_t *costs, guint rows, guint columns, const int *column_of)
{
    struct best best = {0, 0};
    unsigned used = 0;

    for (guint i = 0; i < rows; i++) {
        if (column_of[i] < 0) {
            best.alone++;
            continue;
        }
        assert_false(used & 1u << column_of[i]);
        used |= 1u << column_of[i];
        best.cost += costs[i * columns + (guint)column_of[i]];
    }
    return best;
}

static void no_other_way_is_cheaper(void **state)
{
    GRand *random = g_rand_new_with_seed(20261129);

    (void)state;
    for (int n = 0; n < 2000; n++) {
        const guint rows = (guint)g_rand_int_range(random, 1, 6);
        const guint columns = (guint)g_rand_int_range(random, 1, 6);
        int64_t costs[25], turned[25];
        int column_of[5], row_of[5];
        struct best best = {G_MAXUINT, 0};

        for (guint i = 0; i < rows * columns; i++)
            costs[i] = g_rand_int_range(random, 0, 4) == 0 ? NEVER : g_rand_int_range(random, 0, 9);
        for (guint i = 0; i < rows; i++) {
            for (guint k = 0; k < columns; k++)
                turned[k * rows + i] = costs[i * columns + k];
        }
        assignment_solve(costs, rows, columns, column_of);
        try_all(costs, rows, columns, 0, 0, (struct best){0, 0}, &best);
        const struct best got = found(costs, rows, columns, column_of);

        assert_int_equal(got.alone, best.alone);
        assert_int_equal(got.cost, best.cost);
        /* The sides exchanged, it is the same way. */
        assignment_solve(turned, columns, rows, row_of);
        for (guint i = 0; i < rows; i++)
            assert_true(column_of[i] < 0 || row_of[column_of[i]] == (int)i);
    }
    g_rand_free(random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sum_of_all_costs_is_the_least),
        cmocka_unit_test(as_many_as_can_go_together),
        cmocka_unit_test(what_cannot_go_together_stays_alone),
        cmocka_unit_test(nobody_is_no_problem),
        cmocka_unit_test(no_other_way_is_cheaper),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
