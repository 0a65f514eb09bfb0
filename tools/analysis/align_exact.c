/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Needleman-Wunsch: the cheapest of all alignments. */
#include "tools/analysis/align_internal.h"

#include <string.h>

enum move { MOVE_MATCH, MOVE_A, MOVE_B };

/* How the cheapest way to each cell came there. Two bits a cell: a million steps to compare take
 * 256 KiB. */
struct table {
    guint columns;
    guint8 *moves;
};

static void set_move(struct table *table, guint i, guint k, enum move move)
{
    const gsize cell = (gsize)i * table->columns + k;

    table->moves[cell / 4] |= (guint8)(move << cell % 4 * 2);
}

static enum move get_move(const struct table *table, guint i, guint k)
{
    const gsize cell = (gsize)i * table->columns + k;

    return (enum move)(table->moves[cell / 4] >> cell % 4 * 2 & 3);
}

/* One row: `above` are the costs of the row before, `row` those of this one. */
static void fill_row(struct aligning *aligning, const struct align_range *range,
                     struct table *table, guint i, const int *above, int *row)
{
    row[0] = (int)i * ALIGN_COST_GAP;
    set_move(table, i, 0, MOVE_A);
    for (guint k = 1; k < table->columns; k++) {
        const int match =
            above[k - 1] + align_cost(aligning, range->a_from + i - 1, range->b_from + k - 1);
        const int skip_a = above[k] + ALIGN_COST_GAP;
        const int skip_b = row[k - 1] + ALIGN_COST_GAP;

        row[k] = MIN(match, MIN(skip_a, skip_b));
        set_move(table, i, k, row[k] == match ? MOVE_MATCH : row[k] == skip_a ? MOVE_A : MOVE_B);
    }
}

static void fill(struct aligning *aligning, const struct align_range *range, struct table *table)
{
    g_autofree int *above = g_new(int, table->columns);
    g_autofree int *row = g_new(int, table->columns);

    for (guint k = 0; k < table->columns; k++) {
        above[k] = (int)k * ALIGN_COST_GAP;
        set_move(table, 0, k, MOVE_B);
    }
    for (guint i = 1; i <= align_a_len(range); i++) {
        fill_row(aligning, range, table, i, above, row);
        memcpy(above, row, sizeof(int) * table->columns);
    }
}

/* Follow the moves back from the end. */
static void trace(struct aligning *aligning, const struct align_range *range,
                  const struct table *table)
{
    g_autoptr(GArray) backwards = g_array_new(FALSE, FALSE, sizeof(struct aligned));
    guint i = align_a_len(range), k = align_b_len(range);

    while (i > 0 || k > 0) {
        const enum move move = get_move(table, i, k);
        const struct aligned one = {
            .a = move == MOVE_B ? -1 : (int)(range->a_from + --i),
            .b = move == MOVE_A ? -1 : (int)(range->b_from + --k),
        };

        g_array_append_val(backwards, one);
    }
    for (guint n = backwards->len; n-- > 0;) {
        const struct aligned *one = &g_array_index(backwards, struct aligned, n);

        align_put(aligning, one->a, one->b);
    }
}

void align_exactly(struct aligning *aligning, const struct align_range *range)
{
    const guint rows = align_a_len(range) + 1;
    struct table table = {.columns = align_b_len(range) + 1};

    table.moves = g_malloc0(((gsize)rows * table.columns + 3) / 4);
    fill(aligning, range, &table);
    trace(aligning, range, &table);
    g_free(table.moves);
}
