/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/diff_rows.h"

guint diff_parts(const struct diff_session *session)
{
    return session->handles->len == 1 ? 1 : session->handles->len + 1;
}

int diff_part_handle(const struct diff_session *session, guint part)
{
    return session->handles->len == 1 ? -1 : (int)part - 1;
}

/* ---- collecting ---- */

static struct diff_row *row_at(const GArray *rows, guint index)
{
    return &g_array_index(rows, struct diff_row, index);
}

/* B's step in the place of the last row's, which is A's. Those that stand in one another's place follow
 * each other in their lane. */
static bool joins_last(const GArray *rows, const struct diff_lane *lane, const struct diff_op *op)
{
    const struct diff_row *last = rows->len > 0 ? row_at(rows, rows->len - 1) : NULL;

    return last != NULL && last->lane == lane && last->b == NULL && op->kind == DIFF_OP_ONLY_B &&
           op->difference != NULL && last->a->difference == op->difference;
}

static void collect_lane(GArray *rows, const struct diff_lane *lane)
{
    for (guint i = 0; i < lane->ops->len; i++) {
        const struct diff_op *op = &g_array_index(lane->ops, struct diff_op, i);
        const struct diff_row row = {
            .lane = lane,
            .a = op->kind != DIFF_OP_ONLY_B ? op : NULL,
            .b = op->kind != DIFF_OP_ONLY_A ? op : NULL,
        };

        if (joins_last(rows, lane, op))
            row_at(rows, rows->len - 1)->b = op;
        else
            g_array_append_val(rows, row);
    }
}

static void collect_lanes(GArray *rows, const GPtrArray *lanes)
{
    for (guint i = 0; i < lanes->len; i++)
        collect_lane(rows, g_ptr_array_index(lanes, i));
}

static void collect_handle(GArray *rows, const struct diff_handle *handle)
{
    collect_lanes(rows, handle->lanes);
    for (guint i = 0; i < handle->epochs->len; i++)
        collect_lanes(rows, ((struct diff_epoch *)g_ptr_array_index(handle->epochs, i))->lanes);
}

/* ---- ordering ---- */

/* A moment that both sides have, each by its own clock. */
struct anchor {
    int64_t a_us, b_us;
};

static gint by_b(gconstpointer left, gconstpointer right)
{
    const struct anchor *a = left, *b = right;

    return (a->b_us > b->b_us) - (a->b_us < b->b_us);
}

static GArray *anchors_of(const GArray *rows)
{
    GArray *anchors = g_array_new(FALSE, FALSE, sizeof(struct anchor));

    for (guint i = 0; i < rows->len; i++) {
        const struct diff_row *row = row_at(rows, i);

        if (row->a == NULL || row->b == NULL)
            continue;
        const struct anchor anchor = {row->a->a.time_us, row->b->b.time_us};

        g_array_append_val(anchors, anchor);
    }
    g_array_sort(anchors, by_b);
    return anchors;
}

/* Where a moment of B belongs among A's: behind the last one that both have by then. */
static int64_t a_time_of(const GArray *anchors, int64_t b_us)
{
    guint from = 0, to = anchors->len;

    while (from < to) {
        const guint middle = from + (to - from) / 2;

        if (g_array_index(anchors, struct anchor, middle).b_us <= b_us)
            from = middle + 1;
        else
            to = middle;
    }
    if (anchors->len == 0)
        return b_us;
    /* Before the first of them: in front of it. */
    return from > 0 ? g_array_index(anchors, struct anchor, from - 1).a_us
                    : g_array_index(anchors, struct anchor, 0).a_us - 1;
}

static int compare_times(const struct diff_row *left, const struct diff_row *right)
{
    if (left->order_us != right->order_us)
        return left->order_us < right->order_us ? -1 : 1;
    return (left->then_us > right->then_us) - (left->then_us < right->then_us);
}

/* What belongs behind a step of another lane may have to stand before one of its own. Lanes keep their order. */
static void keep_lane_order(struct diff_row *row, const struct diff_row *before)
{
    if (before->lane != row->lane || compare_times(before, row) <= 0)
        return;
    row->order_us = before->order_us;
    row->then_us = before->then_us;
}

static gint by_times(gconstpointer left, gconstpointer right)
{
    return compare_times(left, right);
}

static void order(GArray *rows)
{
    g_autoptr(GArray) anchors = anchors_of(rows);

    for (guint i = 0; i < rows->len; i++) {
        struct diff_row *row = row_at(rows, i);

        row->order_us = row->a != NULL ? row->a->a.time_us : a_time_of(anchors, row->b->b.time_us);
        row->then_us = row->b != NULL ? row->b->b.time_us : INT64_MIN;
        if (i > 0)
            keep_lane_order(row, row_at(rows, i - 1));
    }
    /* GLib's sort is stable. */
    g_array_sort(rows, by_times);
}

/* ---- rows ---- */

GArray *diff_part_rows(const struct diff_session *session, guint part)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct diff_row));

    if (part == 0)
        collect_lanes(rows, session->lanes);
    else
        collect_handle(rows, g_ptr_array_index(session->handles, part - 1));
    if (session->handles->len == 1)
        collect_handle(rows, g_ptr_array_index(session->handles, 0));
    order(rows);
    return rows;
}

char diff_row_sign(const struct diff_row *row)
{
    if (row->a == NULL || row->b == NULL)
        return row->a != NULL ? '<' : '>';
    return row->a == row->b && row->a->kind == DIFF_OP_EQUAL ? ' ' : '|';
}

const struct difference *diff_row_difference(const struct diff_row *row)
{
    return row->a != NULL ? row->a->difference : row->b->difference;
}
