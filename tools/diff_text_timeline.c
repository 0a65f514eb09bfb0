/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both timelines side by side, as diff -y shows two files. */
#include "tools/columns.h"
#include "tools/diff_rows.h"
#include "tools/diff_text_internal.h"

/* What stands between the two: a sign, and a blank on either side. */
#define GUTTER 3u

/* "   +0.161 dtls connected" */
static char *step_text(const struct diff_lane *lane, const struct diff_op *op,
                       const struct moment *moment, unsigned count)
{
    g_autofree char *times = count > 1 ? g_strdup_printf(" ×%u", count) : g_strdup("");

    return g_strdup_printf("%+9.3f %s %s%s", page_seconds(moment->time_us), lane->name, op->key,
                           times);
}

static char *detail_text(const struct diff_side *side)
{
    return side->detail != NULL && side->detail[0] != '\0'
               ? g_strdup_printf("%10s%s", "", side->detail)
               : g_strdup("");
}

/* No blanks at the end of a line. */
static void put_line(const struct page *page, const char *a, char sign, const char *b, bool differs)
{
    const unsigned left = (page->width - GUTTER) / 2;
    const bool ends = *b == '\0' && sign == ' ';

    page_paint(page, differs ? PAINT_A : PAINT_PLAIN);
    if (ends)
        page_text(page, a, left);
    else
        columns_put(page->out, a, left);
    page_paint(page, PAINT_PLAIN);
    if (!ends)
        fprintf(page->out, *b != '\0' ? " %c " : " %c", sign);
    page_paint(page, differs ? PAINT_B : PAINT_PLAIN);
    page_text(page, b, page->width - left - GUTTER);
    page_paint(page, PAINT_PLAIN);
    fputc('\n', page->out);
}

/* What a step that the other side lacks says besides. */
static void put_row_details(const struct page *page, const struct difference *difference)
{
    g_autofree char *a = detail_text(&difference->a), *b = detail_text(&difference->b);

    if (*a != '\0' || *b != '\0')
        put_line(page, a, ' ', b, true);
    page_changes(page, difference);
}

static void put_row(const struct page *page, const struct diff_row *row)
{
    const struct difference *difference = diff_row_difference(row);
    g_autofree char *a =
        row->a != NULL ? step_text(row->lane, row->a, &row->a->a, row->a->a_count) : g_strdup("");
    g_autofree char *b =
        row->b != NULL ? step_text(row->lane, row->b, &row->b->b, row->b->b_count) : g_strdup("");

    put_line(page, a, diff_row_sign(row), b, difference != NULL);
    if (difference != NULL)
        put_row_details(page, difference);
}

/* "#1.2  echotest alice", where there is more than one. */
static void put_part_name(const struct page *page, int session, guint part)
{
    const struct diff_session *pair = g_ptr_array_index(page->result->sessions, session);
    const int index = diff_part_handle(pair, part);
    g_autofree char *label = page_label(page, session, index);

    if (*label == '\0')
        return;
    const struct diff_handle *handle = index >= 0 ? g_ptr_array_index(pair->handles, index) : NULL;

    fputc('\n', page->out);
    if (handle == NULL)
        page_line(page, "%s  session", label);
    else
        page_line(page, "%s  %s %s", label, columns_plugin(handle->a.plugin),
                  handle->a.opaque_id != NULL ? handle->a.opaque_id : "-");
}

static void put_part(const struct page *page, int session, guint part)
{
    g_autoptr(GArray) rows =
        diff_part_rows(g_ptr_array_index(page->result->sessions, session), part);

    if (rows->len == 0)
        return;
    put_part_name(page, session, part);
    for (guint i = 0; i < rows->len; i++)
        put_row(page, &g_array_index(rows, struct diff_row, i));
}

void page_timelines(const struct page *page)
{
    fputc('\n', page->out);
    page_heading(page, "Side by side");
    put_line(page, "          A", ' ', "          B", false);
    for (guint i = 0; i < page->pairs->len; i++) {
        const int index = g_array_index(page->pairs, int, i);
        const struct diff_session *session = g_ptr_array_index(page->result->sessions, index);

        for (guint part = 0; session->has_details && part < diff_parts(session); part++)
            put_part(page, index, part);
    }
}
