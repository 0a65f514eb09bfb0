/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the two part, and the differences one by one, heaviest first. */
#include "tools/columns.h"
#include "tools/diff_text_internal.h"

#include <inttypes.h>
#include <string.h>

/* Changed fields of one step that are listed; an SDP can differ in hundreds. */
#define CHANGES_SHOWN 12u

/* Differences of one class that are listed. */
#define DIFFERENCES_SHOWN 40u

bool page_is_plural(const struct page *page)
{
    const GPtrArray *sessions = page->result->sessions;

    if (sessions->len != 1)
        return sessions->len > 1;
    return ((struct diff_session *)g_ptr_array_index(sessions, 0))->handles->len > 1;
}

char *page_label(const struct page *page, int session, int handle)
{
    if (!page_is_plural(page) || session < 0)
        return g_strdup("");
    return handle >= 0 ? g_strdup_printf("#%d.%d", session + 1, handle + 1)
                       : g_strdup_printf("#%d", session + 1);
}

static void put_value(const struct page *page, const char *side, const char *value,
                      enum paint paint)
{
    page_paint(page, paint);
    page_line(page, "          %s  %s", side, diff_value_shown(value));
    page_paint(page, PAINT_PLAIN);
}

/* "path: a | b" when it fits on a line, three lines otherwise. */
static void put_change(const struct page *page, const struct change *change)
{
    g_autofree char *line =
        g_strdup_printf("      %s: %s | %s", change->path, diff_value_shown(change->a),
                        diff_value_shown(change->b));

    if (columns_width(line) <= page->width) {
        page_line(page, "%s", line);
        return;
    }
    page_line(page, "      %s:", change->path);
    put_value(page, "A", change->a, PAINT_A);
    put_value(page, "B", change->b, PAINT_B);
}

void page_changes(const struct page *page, const struct difference *difference)
{
    const GPtrArray *changes = difference->changes;

    for (guint i = 0; i < MIN(changes->len, CHANGES_SHOWN); i++)
        put_change(page, g_ptr_array_index(changes, i));
    if (changes->len > CHANGES_SHOWN)
        page_line(page, "      … and %u more", changes->len - CHANGES_SHOWN);
}

/* ---- first divergence ---- */

static const struct diff_context *step_at(const GPtrArray *context, guint index)
{
    return index < context->len ? g_ptr_array_index(context, index) : NULL;
}

static void put_cell(const struct page *page, const struct diff_context *step, const char *text,
                     enum paint paint, bool is_last)
{
    if (step != NULL && step->here)
        page_paint(page, paint);
    if (is_last)
        page_text(page, text, page->width / 2 - (paint == PAINT_A));
    else
        columns_put(page->out, text, page->width / 2 - 1);
    page_paint(page, PAINT_PLAIN);
}

/* No blanks at the end of a line. */
static void put_cells(const struct page *page, const struct diff_context *a, const char *a_text,
                      const struct diff_context *b, const char *b_text)
{
    const bool has_b = b_text[0] != '\0';

    put_cell(page, a, a_text, PAINT_A, !has_b);
    if (has_b) {
        fputc(' ', page->out);
        put_cell(page, b, b_text, PAINT_B, true);
    }
    fputc('\n', page->out);
}

static char *text_of(const struct diff_context *step)
{
    if (step == NULL)
        return g_strdup("");
    return g_strdup_printf("%s %+9.3f %s %s", step->here ? ">" : " ",
                           page_seconds(step->moment.time_us), step->lane_name, step->key);
}

static char *news_of(const struct diff_context *step)
{
    return step != NULL && step->news != NULL ? g_strdup_printf("%12s%s", "", step->news)
                                              : g_strdup("");
}

/* A step of each, and below it what distinguishes it from others of its name. */
static void put_row(const struct page *page, const struct diff_context *a,
                    const struct diff_context *b)
{
    g_autofree char *a_text = text_of(a), *b_text = text_of(b);
    g_autofree char *a_news = news_of(a), *b_news = news_of(b);

    put_cells(page, a, a_text, b, b_text);
    if (a_news[0] != '\0' || b_news[0] != '\0')
        put_cells(page, a, a_news, b, b_news);
}

void page_first(const struct page *page)
{
    const GPtrArray *a = page->result->context_a, *b = page->result->context_b;

    if (a->len + b->len == 0)
        return;
    fputc('\n', page->out);
    page_heading(page, "First divergence");
    columns_put(page->out, "  A", page->width / 2);
    fputs("  B\n", page->out);
    for (guint i = 0; i < MAX(a->len, b->len); i++)
        put_row(page, step_at(a, i), step_at(b, i));
    page_changes(page, page->result->first);
}

/* ---- all of them ---- */

/* Words on as many lines as they need. */
static void put_words(const struct page *page, const char *text, const char *indent)
{
    g_auto(GStrv) words = g_strsplit(text, " ", 0);
    g_autoptr(GString) line = g_string_new(indent);

    for (guint i = 0; words[i] != NULL; i++) {
        if (line->len > strlen(indent) &&
            columns_width(line->str) + columns_width(words[i]) + 1 > page->width) {
            page_line(page, "%s", line->str);
            g_string_assign(line, indent);
        }
        g_string_append_printf(line, "%s%s", line->len > strlen(indent) ? " " : "", words[i]);
    }
    page_line(page, "%s", line->str);
}

/* "    dtls              A  connected         +0.161 s  @20", and what it says, if that is more. */
static void put_side(const struct page *page, const char *lane, const char *side,
                     const struct diff_side *what, enum paint paint)
{
    g_autofree char *when =
        g_strdup_printf("%+.3f s  @%" PRIu64, page_seconds(what->moment.time_us), what->moment.seq);
    const unsigned room = page->width - 4 - 18 - 3 - 2 - (unsigned)strlen(when);
    const bool has_detail = what->detail != NULL && what->detail[0] != '\0';
    g_autofree char *both =
        has_detail ? g_strconcat(what->key, "  ", what->detail, NULL) : g_strdup(what->key);
    const bool fits = columns_width(both) <= room;

    fputs("    ", page->out);
    columns_put(page->out, lane, 18);
    page_paint(page, paint);
    fprintf(page->out, "%-3s", side);
    columns_put(page->out, fits ? both : what->key, room);
    page_paint(page, PAINT_PLAIN);
    fprintf(page->out, "  %s\n", when);
    if (has_detail && !fits)
        put_words(page, what->detail, "                         ");
}

static void put_sides(const struct page *page, const char *lane,
                      const struct difference *difference)
{
    const bool a = difference->a.key != NULL, b = difference->b.key != NULL;

    if (a && b && difference->changes->len > 0)
        put_side(page, lane, "", &difference->a, PAINT_PLAIN);
    else if (a)
        put_side(page, lane, "A", &difference->a, PAINT_A);
    if (b && difference->changes->len == 0)
        put_side(page, a ? "" : lane, "B", &difference->b, PAINT_B);
    /* Candidates, which are no step, of a call without an offer. */
    if (!a && !b)
        page_line(page, "    %s", lane);
}

static void put_difference(const struct page *page, const struct difference *difference)
{
    g_autofree char *label = page_label(page, difference->session, difference->handle);
    g_autofree char *lane = label[0] != '\0'
                                ? g_strdup_printf("%s %s", label, difference->lane_name)
                                : g_strdup(difference->lane_name);

    put_sides(page, lane, difference);
    page_changes(page, difference);
    if (difference->remark != NULL)
        page_line(page, "      (%s)", difference->remark);
}

static void put_class(const struct page *page, enum diff_class class)
{
    const GPtrArray *differences = page->result->differences;
    unsigned shown = 0;

    page_line(page, "  %s", diff_class_name(class));
    for (guint i = 0; i < differences->len; i++) {
        const struct difference *difference = g_ptr_array_index(differences, i);

        if (difference->class == class && shown++ < DIFFERENCES_SHOWN)
            put_difference(page, difference);
    }
    if (shown > DIFFERENCES_SHOWN)
        page_line(page, "    … and %u more", shown - DIFFERENCES_SHOWN);
}

void page_details(const struct page *page)
{
    fputc('\n', page->out);
    page_heading(page, "Differences");
    for (unsigned i = 0; i < DIFF_CLASSES; i++) {
        if (page->result->counts[i] > 0)
            put_class(page, (enum diff_class)i);
    }
}
