/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_COLUMNS_H
#define TOOLS_COLUMNS_H

/*
 * Text of a journal in columns: safe to print, cut or padded to a width. Widths are those of a terminal: a wide
 * character (CJK, most emoji) takes two columns, a mark that combines with the one before it none.
 */

#include <stdint.h>
#include <stdio.h>

/* How many columns a text takes, once it is safe to print. */
unsigned columns_width(const char *text);

/* At most `width` columns (0: all), the last one "…" if something is cut. To be freed with g_free(). */
char *columns_fit(const char *text, unsigned width);

/* Print exactly `width` columns, cut or padded with blanks. */
void columns_put(FILE *out, const char *text, unsigned width);

/* "janus.plugin.videoroom" → "videoroom"; "-" for NULL. Borrowed. */
const char *columns_plugin(const char *package);

/* "2026-11-22 08:14:37" of a time in µs on the wall clock. To be freed with g_free(). */
char *columns_utc(int64_t time_us);

/* To the nearest, for "%.3f" of seconds: so there is no "-0.000", and sums of what is shown agree. */
int64_t columns_milliseconds(int64_t time_us);

/* "8.02 s", "3 min 20 s", "2 h 05 min". To be freed with g_free(). */
char *columns_duration(int64_t duration_us);

#endif
