/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DIFF_HTML_INTERNAL_H
#define TOOLS_DIFF_HTML_INTERNAL_H

/* What the files of the page share: how it is written, what of it is shown, and its parts. */

#include "tools/diff_html.h"
#include "tools/diff_rows.h"
#include "tools/markup.h"

#include <glib.h>

struct html {
    struct markup markup;
    const struct diff_shown *shown;
    const struct diff_result *result;
    GPtrArray *by_session; /* of differences: see diff_by_session() */
    GHashTable *numbers;   /* of differences: see diff_numbers() */
    GHashTable *listed;    /* differences that are listed on this page */
    GHashTable *placed;    /* differences that stand in one of its timelines */
    GHashTable *epochs;    /* struct diff_epoch whose details are on this page */
    /* What there is room for. */
    guint rows_left, differences_left, epochs_left;
};

/* ---- writing: diff_html_put.c ---- */

/* "<td class="a">"; without class if that is NULL. */
void html_open(struct html *html, const char *element, const char *class);
void html_close(struct html *html, const char *element);

/* A whole element with a text of ours. */
void html_ours(struct html *html, const char *element, const char *class, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * A whole element with a text that somebody else wrote: of bounded length, and of no influence on the
 * direction of what stands beside it. NULL: "—".
 */
void html_theirs(struct html *html, const char *element, const char *class, const char *text);

/* "… and 7 more", if there are any. */
void html_more(struct html *html, const char *element, guint count);

/* "+0.161 s"; "—" for what did not happen. */
void html_time(struct html *html, const struct moment *moment);

/* What two steps disagree in, as a table; nothing if there is nothing. */
void html_changes(struct html *html, const GPtrArray *changes);

/* Wide tables scroll in themselves, by keyboard too, so that the page does not. `label` is ours. */
void html_open_table(struct html *html, const char *class, const char *label);
void html_close_table(struct html *html);

/* The head of a table: names of ours, "" where a column needs none. */
void html_columns(struct html *html, const char *const *names, size_t count);

/* ---- planning and timelines: diff_html_timeline.c ---- */

/* One part of a timeline, and which stretches of it are shown. */
struct html_part {
    int handle;
    GArray *rows;   /* struct diff_row */
    GArray *pieces; /* struct html_piece, in order */
};

struct html_piece {
    guint from, to; /* rows */
    bool shown;
};

/*
 * What of a pair of sessions is shown: struct html_part. To be called before the pair is written, since what
 * refers to a step must know whether it will be there. To be freed with g_ptr_array_unref().
 */
GPtrArray *html_plan(struct html *html, int session);

void html_timelines(struct html *html, int session, const GPtrArray *parts);

/* ---- parts of a pair ---- */

/* Of a pair of sessions, all that there is: diff_html_pair.c. */
void html_pair(struct html *html, int session);

/* Does anything of this class among them make the two different? */
bool html_weighs(const struct html *html, const GPtrArray *differences, enum diff_class class);

/* List these, as far as there is room: before anything refers to them. */
void html_plan_differences(struct html *html, const GPtrArray *differences);

/* Differences below a heading, "h4", for each class; each with a link to where it is, if it is there:
 * diff_html_list.c. */
void html_differences(struct html *html, const char *heading, const GPtrArray *differences);

/* A figure and a table: diff_html_milestones.c. Nothing if neither side reached anything. */
void html_milestones(struct html *html, int session, int handle, const struct diff_epoch *epoch);

/* SDPs, candidates and statistics: diff_html_call.c. */
void html_call(struct html *html, int session, int handle, const struct diff_epoch *epoch);

/* A heading, "h4", for a handle of a pair of sessions; -1: for what is of the session itself. */
void html_handle_heading(struct html *html, const char *element, int session, int handle);

/* "handle 2, PeerConnection 1", as far as there is more than one. To be freed with g_free(). */
char *html_place(const struct html *html, int session, int handle, int epoch);

#endif
