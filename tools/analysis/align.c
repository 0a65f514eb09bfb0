/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/align.h"

#include "tools/analysis/lanes.h"

#include <string.h>

/* Costs in thousandths of a missing step. Any match is cheaper than two missing steps. */
enum { COST_GAP = 1000, COST_CHANGED = 200, COST_CHANGED_MAX = 800, COST_NEVER = G_MAXINT / 4 };

enum move { MOVE_MATCH, MOVE_A, MOVE_B };

static int cost_of(const struct step *a, const struct step *b)
{
    g_autoptr(GPtrArray) changes = NULL;

    if (!g_str_equal(a->key, b->key))
        return COST_NEVER;
    changes = changes_new();
    attributes_compare(a->attributes, b->attributes, NULL, changes, NULL);
    return MIN((int)changes->len * COST_CHANGED, COST_CHANGED_MAX);
}

struct table {
    const GPtrArray *a, *b;
    guint from, a_len, b_len; /* the part that is aligned */
    guint8 *moves;            /* (a_len + 1) × (b_len + 1) */
};

static const struct step *step_at(const GPtrArray *steps, guint index)
{
    return g_ptr_array_index(steps, index);
}

static guint8 *cell(const struct table *table, guint i, guint k)
{
    return &table->moves[(gsize)i * (table->b_len + 1) + k];
}

/* One row: `above` are the costs of the row before, `row` those of this one. */
static void fill_row(struct table *table, guint i, const int *above, int *row)
{
    row[0] = (int)i * COST_GAP;
    *cell(table, i, 0) = MOVE_A;
    for (guint k = 1; k <= table->b_len; k++) {
        const int match = above[k - 1] + cost_of(step_at(table->a, table->from + i - 1),
                                                 step_at(table->b, table->from + k - 1));
        const int skip_a = above[k] + COST_GAP;
        const int skip_b = row[k - 1] + COST_GAP;

        row[k] = MIN(match, MIN(skip_a, skip_b));
        *cell(table, i, k) = row[k] == match ? MOVE_MATCH : row[k] == skip_a ? MOVE_A : MOVE_B;
    }
}

static void fill(struct table *table)
{
    g_autofree int *above = g_new(int, table->b_len + 1);
    g_autofree int *row = g_new(int, table->b_len + 1);

    for (guint k = 0; k <= table->b_len; k++) {
        above[k] = (int)k * COST_GAP;
        *cell(table, 0, k) = MOVE_B;
    }
    for (guint i = 1; i <= table->a_len; i++) {
        fill_row(table, i, above, row);
        memcpy(above, row, sizeof(int) * (table->b_len + 1));
    }
}

static void put(GArray *aligned, int a, int b)
{
    const struct aligned pair = {.a = a, .b = b};

    g_array_append_val(aligned, pair);
}

/* Follow the moves back from the end. */
static void trace(const struct table *table, GArray *ret_aligned)
{
    g_autoptr(GArray) backwards = g_array_new(FALSE, FALSE, sizeof(struct aligned));
    guint i = table->a_len, k = table->b_len;

    while (i > 0 || k > 0) {
        const enum move move = (enum move) * cell(table, i, k);
        const int a = move == MOVE_B ? -1 : (int)(table->from + --i);
        const int b = move == MOVE_A ? -1 : (int)(table->from + --k);

        put(backwards, a, b);
    }
    for (guint n = backwards->len; n-- > 0;)
        g_array_append_val(ret_aligned, g_array_index(backwards, struct aligned, n));
}

static guint common_start(const GPtrArray *a, const GPtrArray *b)
{
    guint n = 0;

    while (n < a->len && n < b->len && cost_of(step_at(a, n), step_at(b, n)) == 0)
        n++;
    return n;
}

static guint common_end(const GPtrArray *a, const GPtrArray *b, guint start)
{
    guint n = 0;

    while (n < a->len - start && n < b->len - start &&
           cost_of(step_at(a, a->len - 1 - n), step_at(b, b->len - 1 - n)) == 0)
        n++;
    return n;
}

/* Past the limit: step by step, matched where the keys agree. */
static void align_by_place(const GPtrArray *a, const GPtrArray *b, guint from, guint a_end,
                           guint b_end, GArray *aligned)
{
    for (guint i = from; i < MAX(a_end, b_end); i++) {
        if (i < a_end && i < b_end && g_str_equal(step_at(a, i)->key, step_at(b, i)->key)) {
            put(aligned, (int)i, (int)i);
            continue;
        }
        if (i < a_end)
            put(aligned, (int)i, -1);
        if (i < b_end)
            put(aligned, -1, (int)i);
    }
}

static GArray *align_ordered(const GPtrArray *a, const GPtrArray *b, bool *ret_capped)
{
    GArray *aligned = g_array_new(FALSE, FALSE, sizeof(struct aligned));
    const guint start = common_start(a, b);
    const guint end = common_end(a, b, start);
    const guint a_end = a->len - end, b_end = b->len - end;

    for (guint i = 0; i < start; i++)
        put(aligned, (int)i, (int)i);
    if (a_end - start > ALIGN_STEPS_MAX || b_end - start > ALIGN_STEPS_MAX) {
        *ret_capped = true;
        align_by_place(a, b, start, a_end, b_end, aligned);
    } else if (a_end > start || b_end > start) {
        struct table table = {
            .a = a, .b = b, .from = start, .a_len = a_end - start, .b_len = b_end - start};

        table.moves = g_malloc(((gsize)table.a_len + 1) * (table.b_len + 1));
        fill(&table);
        trace(&table, aligned);
        g_free(table.moves);
    }
    for (guint i = 0; i < end; i++)
        put(aligned, (int)(a_end + i), (int)(b_end + i));
    return aligned;
}

static int compare_attributes(const GPtrArray *a, const GPtrArray *b)
{
    for (guint i = 0; i < MIN(a->len, b->len); i++) {
        const struct attribute *left = g_ptr_array_index(a, i);
        const struct attribute *right = g_ptr_array_index(b, i);
        const int path = strcmp(left->path, right->path);
        const int value = strcmp(left->value, right->value);

        if (path != 0 || value != 0)
            return path != 0 ? path : value;
    }
    return (int)a->len - (int)b->len;
}

static int compare_sequences(const GPtrArray *a, const GPtrArray *b)
{
    for (guint i = 0; i < MIN(a->len, b->len); i++) {
        const int keys = strcmp(step_at(a, i)->key, step_at(b, i)->key);
        const int rest =
            keys != 0 ? keys
                      : compare_attributes(step_at(a, i)->attributes, step_at(b, i)->attributes);
        if (rest != 0)
            return rest;
    }
    return (int)a->len - (int)b->len;
}

GArray *align_steps(const GPtrArray *a, const GPtrArray *b, bool *ret_capped)
{
    /* Where two alignments cost the same, which one is found depends on the order of the sides: a
     * fixed order makes (b, a) the mirror of (a, b). */
    if (compare_sequences(a, b) <= 0)
        return align_ordered(a, b, ret_capped);
    GArray *aligned = align_ordered(b, a, ret_capped);

    for (guint i = 0; i < aligned->len; i++) {
        struct aligned *pair = &g_array_index(aligned, struct aligned, i);
        const int was_a = pair->a;

        pair->a = pair->b;
        pair->b = was_a;
    }
    return aligned;
}
