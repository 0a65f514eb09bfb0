/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both timelines in one table: a row for what both did, or one of them. */
#include "tools/columns.h"
#include "tools/diff_html_internal.h"

#include <inttypes.h>

/* Of so many equal steps in a row the first and the last are shown. */
#define EQUAL_MAX 60u
#define EQUAL_KEPT 20u

/* ---- planning ---- */

static void part_free(gpointer pointer)
{
    struct html_part *part = pointer;

    g_array_unref(part->rows);
    g_array_unref(part->pieces);
    g_free(part);
}

/* A stretch that is to be shown, as far as the page has room. */
static void add_shown(struct html *html, GArray *pieces, guint from, guint to)
{
    const guint fit = MIN(to - from, html->rows_left);
    const struct html_piece shown = {from, from + fit, true};
    const struct html_piece left_out = {from + fit, to, false};

    html->rows_left -= fit;
    if (fit > 0)
        g_array_append_val(pieces, shown);
    if (from + fit < to)
        g_array_append_val(pieces, left_out);
}

static void add_equal(struct html *html, GArray *pieces, guint from, guint to)
{
    if (to - from <= EQUAL_MAX) {
        add_shown(html, pieces, from, to);
        return;
    }
    const struct html_piece left_out = {from + EQUAL_KEPT, to - EQUAL_KEPT, false};

    add_shown(html, pieces, from, left_out.from);
    g_array_append_val(pieces, left_out);
    add_shown(html, pieces, left_out.to, to);
}

static bool is_equal(const GArray *rows, guint index)
{
    return diff_row_difference(&g_array_index(rows, struct diff_row, index)) == NULL;
}

/* The end of the stretch that begins here, all of which is equal, or is not. */
static guint end_of_stretch(const GArray *rows, guint from)
{
    guint to = from + 1;

    while (to < rows->len && is_equal(rows, to) == is_equal(rows, from))
        to++;
    return to;
}

static void note_row(struct html *html, const struct diff_row *row)
{
    const struct difference *difference = diff_row_difference(row);

    if (difference != NULL)
        g_hash_table_add(html->placed, (gpointer)difference);
}

static void note_placed(struct html *html, const struct html_part *part)
{
    for (guint i = 0; i < part->pieces->len; i++) {
        const struct html_piece *piece = &g_array_index(part->pieces, struct html_piece, i);

        for (guint k = piece->from; piece->shown && k < piece->to; k++)
            note_row(html, &g_array_index(part->rows, struct diff_row, k));
    }
}

static struct html_part *plan_part(struct html *html, const struct diff_session *pair, guint index)
{
    struct html_part *part = g_new0(struct html_part, 1);
    guint to;

    part->handle = diff_part_handle(pair, index);
    part->rows = diff_part_rows(pair, index);
    part->pieces = g_array_new(FALSE, FALSE, sizeof(struct html_piece));
    for (guint from = 0; from < part->rows->len; from = to) {
        to = end_of_stretch(part->rows, from);
        if (is_equal(part->rows, from))
            add_equal(html, part->pieces, from, to);
        else
            add_shown(html, part->pieces, from, to);
    }
    note_placed(html, part);
    return part;
}

static void plan_epochs(struct html *html, const struct diff_handle *handle)
{
    for (guint i = 0; i < handle->epochs->len && html->epochs_left > 0; i++) {
        g_hash_table_add(html->epochs, g_ptr_array_index(handle->epochs, i));
        html->epochs_left--;
    }
}

GPtrArray *html_plan(struct html *html, int session)
{
    const struct diff_session *pair = g_ptr_array_index(html->result->sessions, session);
    GPtrArray *parts = g_ptr_array_new_with_free_func(part_free);

    html_plan_differences(html, g_ptr_array_index(html->by_session, session));
    for (guint i = 0; i < diff_parts(pair); i++)
        g_ptr_array_add(parts, plan_part(html, pair, i));
    for (guint i = 0; i < pair->handles->len; i++)
        plan_epochs(html, g_ptr_array_index(pair->handles, i));
    return parts;
}

/* ---- rows ---- */

static void put_step(struct html *html, const struct diff_op *op, const struct moment *moment,
                     unsigned count)
{
    html_time(html, moment);
    markup_text(&html->markup, " ");
    html_theirs(html, "span", "step", op->key);
    if (count > 1)
        html_ours(html, "span", "count", " ×%u", count);
}

static void put_side(struct html *html, const char *side, const struct diff_op *op,
                     const struct moment *moment, unsigned count, const char *detail)
{
    html_open(html, "td", side);
    if (op != NULL) {
        put_step(html, op, moment, count);
        if (detail != NULL && *detail != '\0')
            html_theirs(html, "small", "detail", detail);
    }
    html_close(html, "td");
}

/* How the row looks, the sign between the two, and what it says to who does not see either. */
static const struct look {
    char of;
    const char *class, *sign, *words;
} looks[] = {
    {' ', "same", "=", "the same"},
    {'|', "differs", "≠", "different"},
    {'<', "only-a", "◀", "only A"},
    {'>', "only-b", "▶", "only B"},
};

static const struct look *look_of(const struct diff_row *row)
{
    const char sign = diff_row_sign(row);
    const struct look *look = looks;

    while (look->of != sign)
        look++;
    return look;
}

static void put_look(struct html *html, const struct look *look)
{
    html_open(html, "span", NULL);
    markup_attribute(&html->markup, "aria-hidden", "true");
    markup_text(&html->markup, look->sign);
    html_close(html, "span");
    html_ours(html, "span", "unseen", "%s", look->words);
}

/* Between the two: what they are to each other, and which difference that is. */
static void put_sign(struct html *html, const struct look *look,
                     const struct difference *difference)
{
    html_open(html, "td", "sign");
    if (difference != NULL && g_hash_table_contains(html->listed, difference)) {
        const guint number = GPOINTER_TO_UINT(g_hash_table_lookup(html->numbers, difference));

        html_open(html, "a", NULL);
        markup_format(&html->markup, "href", "#d-%u", number);
        put_look(html, look);
        html_ours(html, "span", "number", " %u", number);
        html_close(html, "a");
    } else {
        put_look(html, look);
    }
    html_close(html, "td");
}

static void put_row(struct html *html, const struct diff_row *row)
{
    const struct difference *difference = diff_row_difference(row);
    const struct look *look = look_of(row);

    html_open(html, "tr", look->class);
    if (difference != NULL)
        markup_format(&html->markup, "id", "at-%u",
                      GPOINTER_TO_UINT(g_hash_table_lookup(html->numbers, difference)));
    html_open(html, "th", "lane");
    markup_attribute(&html->markup, "scope", "row");
    html_theirs(html, "span", NULL, row->lane->name);
    html_close(html, "th");
    put_side(html, "a", row->a, row->a != NULL ? &row->a->a : NULL,
             row->a != NULL ? row->a->a_count : 0,
             difference != NULL ? difference->a.detail : NULL);
    put_sign(html, look, difference);
    put_side(html, "b", row->b, row->b != NULL ? &row->b->b : NULL,
             row->b != NULL ? row->b->b_count : 0,
             difference != NULL ? difference->b.detail : NULL);
    html_close(html, "tr");
}

static void put_piece(struct html *html, const struct html_part *part,
                      const struct html_piece *piece)
{
    if (!piece->shown) {
        html_open(html, "tr", "left-out");
        html_open(html, "td", NULL);
        markup_attribute(&html->markup, "colspan", "4");
        html_ours(html, "span", NULL, "… %u more steps%s", piece->to - piece->from,
                  is_equal(part->rows, piece->from) ? ", all the same" : "");
        html_close(html, "td");
        html_close(html, "tr");
        return;
    }
    for (guint i = piece->from; i < piece->to; i++)
        put_row(html, &g_array_index(part->rows, struct diff_row, i));
}

static void put_part(struct html *html, int session, const struct html_part *part, bool is_alone)
{
    static const char *const names[] = {"Lane", "A", "", "B"};

    if (part->rows->len == 0)
        return;
    if (!is_alone)
        html_handle_heading(html, "h4", session, part->handle);
    html_open(html, "table", "timeline");
    html_columns(html, names, G_N_ELEMENTS(names));
    html_open(html, "tbody", NULL);
    for (guint i = 0; i < part->pieces->len; i++)
        put_piece(html, part, &g_array_index(part->pieces, struct html_piece, i));
    html_close(html, "tbody");
    html_close(html, "table");
}

void html_timelines(struct html *html, int session, const GPtrArray *parts)
{
    html_ours(html, "h3", NULL, "Both timelines");
    html_ours(
        html, "p", "hint",
        "A row is a step that both took, or one of them. Seconds are since each session began.");
    for (guint i = 0; i < parts->len; i++)
        put_part(html, session, g_ptr_array_index(parts, i), parts->len == 1);
}
