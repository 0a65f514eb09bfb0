/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DIFF_TEXT_INTERNAL_H
#define TOOLS_DIFF_TEXT_INTERNAL_H

/* What diff_text.c, diff_text_details.c and diff_text_timeline.c share. */

#include "tools/diff_text.h"

#include <stdint.h>

struct page {
    const struct diff_shown *shown;
    const struct diff_result *result;
    const struct diff_text_options *options;
    unsigned width;
    GArray *pairs; /* int: indices of the pairs of sessions that are shown */
    guint alike;   /* pairs that do not differ but in what means nothing */
    FILE *out;
};

/* For "%.3f": seconds, rounded to milliseconds so that there is no "-0.000". */
double page_seconds(int64_t time_us);

enum paint { PAINT_PLAIN, PAINT_BOLD, PAINT_A, PAINT_B, PAINT_FAINT };

/* Does nothing without colours. */
void page_paint(const struct page *page, enum paint paint);

void page_heading(const struct page *page, const char *text);

/* Text, made safe and cut to a width. */
void page_text(const struct page *page, const char *text, unsigned width);

/* One line, made safe and cut to the page. */
void page_line(const struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* More than one session or handle was compared: then the details say which. */
bool page_is_plural(const struct page *page);

/* "#1.2": the second handle of the first session; "" when there is only one. To be freed with
 * g_free(). */
char *page_label(const struct page *page, int session, int handle);

/* What two matched steps disagree in, a line or two each. */
void page_changes(const struct page *page, const struct difference *difference);

/* What the two did around the first divergence, side by side. */
void page_first(const struct page *page);

/* What both did from begin to end, side by side. */
void page_timelines(const struct page *page);

/* All differences by class. */
void page_details(const struct page *page);

#endif
