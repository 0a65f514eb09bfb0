/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The milestones of a call: a figure of two axes, on which time runs down, with a line from each milestone of
 * A to the same of B; and the table that it shows.
 */
#include "tools/columns.h"
#include "tools/diff_html_internal.h"

#include <math.h>
#include <stdlib.h>

/* ---- where things stand, in units of the figure ---- */

#define FIGURE_WIDTH 720
#define AXIS_A 280
#define AXIS_B 440
#define TOP 36.0
#define LABEL_HEIGHT 21.0
#define LABEL_GAP 22 /* from an axis to its labels */

/* A wait is drawn by its logarithm: of these, a call has some of 1 ms and some of an hour. */
#define GAP_LEAST_US 5000.0
#define GAP_HEIGHT 30.0

struct mark {
    enum milestone which;
    int64_t time_us;
    double y, label_y;
};

struct axis {
    bool is_a;
    struct mark marks[MILESTONES]; /* by time */
    guint count;
    double at[MILESTONES]; /* y of each milestone; NAN: it has none */
};

struct figure {
    const struct diff_milestone *milestones;
    int64_t times[2 * MILESTONES]; /* of both, sorted */
    guint times_count;
    struct axis a, b;
    double height;
};

static const struct moment *moment_of(const struct diff_milestone *milestone, bool is_a)
{
    return is_a ? &milestone->a : &milestone->b;
}

static int compare_times(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

    return (a > b) - (a < b);
}

static void collect_times(struct figure *figure)
{
    for (unsigned i = 0; i < MILESTONES; i++) {
        for (int is_a = 0; is_a < 2; is_a++) {
            const struct moment *moment = moment_of(&figure->milestones[i], is_a);

            if (moment->seen)
                figure->times[figure->times_count++] = moment->time_us;
        }
    }
    qsort(figure->times, figure->times_count, sizeof(figure->times[0]), compare_times);
}

/* Both axes have the same scale: what stands at the same height was at the same time. */
static double height_of(const struct figure *figure, int64_t time_us)
{
    double y = TOP;

    for (guint i = 1; i < figure->times_count && figure->times[i] <= time_us; i++) {
        const double gap_us = (double)figure->times[i] - (double)figure->times[i - 1];

        y += GAP_HEIGHT * log10(1 + gap_us / GAP_LEAST_US);
    }
    return y;
}

static int compare_marks(const void *left, const void *right)
{
    const struct mark *a = left, *b = right;

    if (a->time_us != b->time_us)
        return a->time_us < b->time_us ? -1 : 1;
    return (int)a->which - (int)b->which;
}

/* Labels stand beside their mark, or below the label before. */
static void place_labels(struct axis *axis)
{
    for (guint i = 0; i < axis->count; i++) {
        struct mark *mark = &axis->marks[i];

        mark->label_y = i > 0 ? fmax(mark->y, axis->marks[i - 1].label_y + LABEL_HEIGHT) : mark->y;
    }
}

static void lay_out_axis(const struct figure *figure, struct axis *axis, bool is_a)
{
    axis->is_a = is_a;
    for (unsigned i = 0; i < MILESTONES; i++) {
        const struct moment *moment = moment_of(&figure->milestones[i], is_a);

        axis->at[i] = NAN;
        if (!moment->seen)
            continue;
        axis->at[i] = height_of(figure, moment->time_us);
        axis->marks[axis->count++] =
            (struct mark){.which = (enum milestone)i, .time_us = moment->time_us, .y = axis->at[i]};
    }
    qsort(axis->marks, axis->count, sizeof(axis->marks[0]), compare_marks);
    place_labels(axis);
}

static double end_of(const struct axis *axis)
{
    return axis->count > 0 ? axis->marks[axis->count - 1].label_y : TOP;
}

static void lay_out(struct figure *figure)
{
    collect_times(figure);
    lay_out_axis(figure, &figure->a, true);
    lay_out_axis(figure, &figure->b, false);
    figure->height = fmax(end_of(&figure->a), end_of(&figure->b)) + LABEL_HEIGHT;
}

/* ---- the figure ---- */

/* Attributes without a locale's comma. */
static void number(struct html *html, const char *name, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    markup_attribute(&html->markup, name, g_ascii_formatd(text, sizeof(text), "%.1f", value));
}

static void line(struct html *html, const char *class, double x1, double y1, double x2, double y2)
{
    html_open(html, "line", class);
    number(html, "x1", x1);
    number(html, "y1", y1);
    number(html, "x2", x2);
    number(html, "y2", y2);
    markup_end(&html->markup);
}

static void dot(struct html *html, const char *class, double x, double y)
{
    html_open(html, "circle", class);
    number(html, "cx", x);
    number(html, "cy", y);
    number(html, "r", 4);
    markup_end(&html->markup);
}

/* "offer +0.121": the time stands next to the axis on either side. */
static void put_label(struct html *html, const struct axis *axis, const struct mark *mark)
{
    const double seconds = (double)columns_milliseconds(mark->time_us) / 1000;
    const char *name = milestone_name(mark->which);

    html_open(html, "text", axis->is_a ? "label a" : "label b");
    number(html, "x", axis->is_a ? AXIS_A - LABEL_GAP : AXIS_B + LABEL_GAP);
    number(html, "y", mark->label_y + 5);
    if (axis->is_a)
        html_ours(html, "tspan", NULL, "%s ", name);
    html_ours(html, "tspan", "time", "%+.3f", seconds);
    if (!axis->is_a)
        html_ours(html, "tspan", NULL, " %s", name);
    html_close(html, "text");
}

static void put_axis(struct html *html, const struct axis *axis)
{
    const double x = axis->is_a ? AXIS_A : AXIS_B;
    const double label_x = axis->is_a ? x - LABEL_GAP + 5 : x + LABEL_GAP - 5;
    const char *class = axis->is_a ? "a" : "b";

    html_open(html, "text", axis->is_a ? "name a" : "name b");
    number(html, "x", x);
    number(html, "y", TOP - 18);
    markup_text(&html->markup, axis->is_a ? "A" : "B");
    html_close(html, "text");
    if (axis->count > 0)
        line(html, axis->is_a ? "axis a" : "axis b", x, axis->marks[0].y, x,
             axis->marks[axis->count - 1].y);
    for (guint i = 0; i < axis->count; i++) {
        const struct mark *mark = &axis->marks[i];

        line(html, "leader", x, mark->y, label_x, mark->label_y);
        dot(html, class, x, mark->y);
        put_label(html, axis, mark);
    }
}

/* The line between the two, or what of it there is. */
static void put_link(struct html *html, const struct figure *figure, enum milestone which)
{
    const enum diff_flag flag = figure->milestones[which].flag;
    const double a = figure->a.at[which], b = figure->b.at[which];

    if (!isnan(a) && !isnan(b))
        line(html, flag == DIFF_FLAG_NONE ? "link" : "link flagged", AXIS_A, a, AXIS_B, b);
    else if (!isnan(a))
        line(html, "missing", AXIS_A, a, AXIS_A + 40, a);
    else if (!isnan(b))
        line(html, "missing", AXIS_B - 40, b, AXIS_B, b);
}

static void put_figure(struct html *html, const struct diff_epoch *epoch)
{
    struct figure figure = {.milestones = epoch->milestones};

    lay_out(&figure);
    html_open(html, "figure", "milestones");
    html_open(html, "svg", NULL);
    markup_format(&html->markup, "viewBox", "0 0 %d %d", FIGURE_WIDTH, (int)figure.height);
    markup_attribute(&html->markup, "role", "img");
    markup_attribute(
        &html->markup, "aria-label",
        "Milestones of A and B on two axes of time, those of the same name linked; the "
        "table below has the same figures");
    for (unsigned i = 0; i < MILESTONES; i++)
        put_link(html, &figure, (enum milestone)i);
    put_axis(html, &figure.a);
    put_axis(html, &figure.b);
    html_close(html, "svg");
    html_ours(
        html, "figcaption", "hint",
        "Time runs down, the same height is the same time since each session began. Long waits "
        "are drawn short.");
    html_close(html, "figure");
}

/* ---- the table ---- */

static void put_cell(struct html *html, const char *class, const struct moment *moment)
{
    html_open(html, "td", class);
    html_time(html, moment);
    html_close(html, "td");
}

/* Of what is shown, so that the three figures agree. */
static void put_distance(struct html *html, const struct diff_milestone *times)
{
    const int64_t apart =
        columns_milliseconds(times->b.time_us) - columns_milliseconds(times->a.time_us);

    if (times->a.seen && times->b.seen)
        html_ours(html, "td", "time", "%+.3f s", (double)apart / 1000);
    else
        html_ours(html, "td", "time", "—");
}

static const char *const remarks[] = {
    [DIFF_FLAG_NONE] = "",           [DIFF_FLAG_ONLY_A] = "only A",   [DIFF_FLAG_ONLY_B] = "only B",
    [DIFF_FLAG_SLOWER] = "B slower", [DIFF_FLAG_FASTER] = "B faster",
};

static void put_milestone(struct html *html, enum milestone which,
                          const struct diff_milestone *times)
{
    if (!times->a.seen && !times->b.seen)
        return;
    html_open(html, "tr", times->flag == DIFF_FLAG_NONE ? NULL : "flagged");
    html_open(html, "th", NULL);
    markup_attribute(&html->markup, "scope", "row");
    markup_text(&html->markup, milestone_name(which));
    html_close(html, "th");
    put_cell(html, "a", &times->a);
    put_cell(html, "b", &times->b);
    put_distance(html, times);
    html_ours(html, "td", NULL, "%s", remarks[times->flag]);
    html_close(html, "tr");
}

static void put_table(struct html *html, const struct diff_epoch *epoch)
{
    static const char *const names[] = {"Milestone", "A", "B", "B − A", "Remark"};

    html_open_table(html, "figures milestone", "Milestones");
    html_columns(html, names, G_N_ELEMENTS(names));
    html_open(html, "tbody", NULL);
    for (unsigned i = 0; i < MILESTONES; i++)
        put_milestone(html, (enum milestone)i, &epoch->milestones[i]);
    html_close(html, "tbody");
    html_close_table(html);
}

static void put_order(struct html *html, const char *side, enum diff_order order,
                      enum diff_edge edge)
{
    if (order == DIFF_ORDER_BROKEN)
        html_ours(html, "p", "remark", "Out of order in %s: it should be %s.", side,
                  diff_edge_name(edge));
}

static bool reached_something(const struct diff_epoch *epoch)
{
    for (unsigned i = 0; i < MILESTONES; i++) {
        if (epoch->milestones[i].a.seen || epoch->milestones[i].b.seen)
            return true;
    }
    return false;
}

void html_milestones(struct html *html, int session, int handle, const struct diff_epoch *epoch)
{
    g_autofree char *place = html_place(html, session, handle, (int)epoch->number - 1);

    if (!reached_something(epoch))
        return;
    if (*place != '\0')
        html_ours(html, "h4", NULL, "Of %s", place);
    put_figure(html, epoch);
    put_table(html, epoch);
    for (unsigned i = 0; i < DIFF_EDGES; i++) {
        put_order(html, "A", epoch->edges[i].a, (enum diff_edge)i);
        put_order(html, "B", epoch->edges[i].b, (enum diff_edge)i);
    }
}
