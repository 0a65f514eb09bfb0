/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/assignment.h"

#include <stdbool.h>
#include <string.h>

/* What it costs to go with nobody: more than any number of worse pairs. */
#define ALONE (ASSIGNMENT_COST_MAX * 256)

#define FAR_AWAY (INT64_MAX / 2)

/*
 * Rows are taken in one after the other. Each looks for the cheapest chain of exchanges that ends at
 * a column which is free: potentials make the costs of all pairs that go together 0, and those of
 * the others the price of an exchange. Index 0 stands for the row that is being taken in, so rows
 * and columns count from 1.
 */
struct solving {
    const int64_t *costs;
    guint rows, columns; /* rows <= columns */
    int64_t *row_potential, *column_potential;
    guint *row_of;  /* of a column; 0: free */
    guint *way;     /* the column before, on the cheapest chain to a column */
    int64_t *least; /* the price of that chain */
    bool *used;     /* columns whose chain is known to be the cheapest */
};

static int64_t cost_of(const struct solving *solving, guint row, guint column)
{
    const int64_t cost = solving->costs[(gsize)(row - 1) * solving->columns + column - 1];

    return cost == ASSIGNMENT_NEVER ? ALONE : cost;
}

/* Prices of the chains that go on over the row of this column. Returns the nearest column. */
static guint look_around(struct solving *solving, guint from, int64_t *ret_price)
{
    const guint row = solving->row_of[from];
    int64_t nearest_price = FAR_AWAY;
    guint nearest = 0;

    for (guint k = 1; k <= solving->columns; k++) {
        if (solving->used[k])
            continue;
        const int64_t price =
            cost_of(solving, row, k) - solving->row_potential[row] - solving->column_potential[k];

        if (price < solving->least[k]) {
            solving->least[k] = price;
            solving->way[k] = from;
        }
        if (solving->least[k] < nearest_price) {
            nearest_price = solving->least[k];
            nearest = k;
        }
    }
    *ret_price = nearest_price;
    return nearest;
}

static void shift_potentials(struct solving *solving, int64_t by)
{
    for (guint k = 0; k <= solving->columns; k++) {
        if (solving->used[k]) {
            solving->row_potential[solving->row_of[k]] += by;
            solving->column_potential[k] -= by;
        } else {
            solving->least[k] -= by;
        }
    }
}

static void take_in(struct solving *solving, guint row)
{
    guint column = 0;

    for (guint k = 0; k <= solving->columns; k++) {
        solving->least[k] = FAR_AWAY;
        solving->used[k] = false;
    }
    solving->row_of[0] = row;
    do {
        int64_t price;

        solving->used[column] = true;
        column = look_around(solving, column, &price);
        shift_potentials(solving, price);
    } while (solving->row_of[column] != 0);
    /* Exchange along the chain. */
    while (column != 0) {
        const guint before = solving->way[column];

        solving->row_of[column] = solving->row_of[before];
        column = before;
    }
}

static void solve(const int64_t *costs, guint rows, guint columns, int *ret_columns)
{
    g_autofree int64_t *row_potential = g_new0(int64_t, rows + 1);
    g_autofree int64_t *column_potential = g_new0(int64_t, columns + 1);
    g_autofree int64_t *least = g_new0(int64_t, columns + 1);
    g_autofree guint *row_of = g_new0(guint, columns + 1);
    g_autofree guint *way = g_new0(guint, columns + 1);
    g_autofree bool *used = g_new0(bool, columns + 1);
    struct solving solving = {costs,  rows, columns, row_potential, column_potential,
                              row_of, way,  least,   used};

    for (guint row = 1; row <= rows; row++)
        take_in(&solving, row);
    for (guint k = 1; k <= columns; k++) {
        if (row_of[k] != 0)
            ret_columns[row_of[k] - 1] = (int)k - 1;
    }
}

/* ---- either way round ---- */

static int64_t *transposed(const int64_t *costs, guint rows, guint columns)
{
    int64_t *turned = g_new(int64_t, (gsize)rows * columns + 1);

    for (guint i = 0; i < rows; i++) {
        for (guint k = 0; k < columns; k++)
            turned[(gsize)k * rows + i] = costs[(gsize)i * columns + k];
    }
    return turned;
}

/* Where several ways cost the least, which one is found depends on what the rows are. */
static bool is_to_be_turned(const int64_t *costs, const int64_t *turned, guint rows, guint columns)
{
    if (rows != columns)
        return rows > columns;
    for (gsize i = 0; i < (gsize)rows * columns; i++) {
        if (costs[i] != turned[i])
            return turned[i] < costs[i];
    }
    return false;
}

static void solve_turned(const int64_t *turned, guint rows, guint columns, int *ret_columns)
{
    g_autofree int *row_of = g_new(int, columns + 1);

    for (guint k = 0; k < columns; k++)
        row_of[k] = -1;
    solve(turned, columns, rows, row_of);
    for (guint k = 0; k < columns; k++) {
        if (row_of[k] >= 0)
            ret_columns[row_of[k]] = (int)k;
    }
}

void assignment_solve(const int64_t *costs, guint rows, guint columns, int *ret_columns)
{
    g_autofree int64_t *turned = transposed(costs, rows, columns);

    for (guint i = 0; i < rows; i++)
        ret_columns[i] = -1;
    if (is_to_be_turned(costs, turned, rows, columns))
        solve_turned(turned, rows, columns, ret_columns);
    else
        solve(costs, rows, columns, ret_columns);
    for (guint i = 0; i < rows; i++) {
        if (ret_columns[i] >= 0 &&
            costs[(gsize)i * columns + (guint)ret_columns[i]] == ASSIGNMENT_NEVER)
            ret_columns[i] = -1;
    }
}
