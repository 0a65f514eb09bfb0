/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/columns.h"

#include "tools/report.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>

static GString *printable(const char *text)
{
    const char *end = text + strlen(text);
    GString *safe = g_string_new(NULL);

    while (text < end) {
        const size_t len = printable_char(text, end);

        if (len > 0)
            g_string_append_len(safe, text, (gssize)len);
        else
            g_string_append_printf(safe, "\\x%02X", (unsigned char)*text);
        text += len > 0 ? len : 1;
    }
    return safe;
}

/* Marks without a width of their own may pile up on one character: no terminal needs this many. */
#define CHARACTERS_PER_COLUMN 8u

static unsigned width_of(gunichar c)
{
    if (g_unichar_iszerowidth(c))
        return 0;
    return g_unichar_iswide(c) ? 2 : 1;
}

/* Where the columns that a text has end: behind as many characters as fit. */
static const char *end_of_columns(const char *text, unsigned width)
{
    unsigned used = 0, left = CHARACTERS_PER_COLUMN * width;

    for (; *text != '\0' && left > 0; left--) {
        used += width_of(g_utf8_get_char(text));
        if (used > width)
            break;
        text = g_utf8_next_char(text);
    }
    return text;
}

static unsigned width_of_printable(const char *text)
{
    unsigned width = 0;

    for (; *text != '\0'; text = g_utf8_next_char(text))
        width += width_of(g_utf8_get_char(text));
    return width;
}

unsigned columns_width(const char *text)
{
    g_autoptr(GString) safe = printable(text);

    return width_of_printable(safe->str);
}

char *columns_fit(const char *text, unsigned width)
{
    GString *safe = printable(text);

    if (width > 0 && *end_of_columns(safe->str, width) != '\0') {
        g_string_truncate(safe, (gsize)(end_of_columns(safe->str, width - 1) - safe->str));
        g_string_append(safe, "…");
    }
    return g_string_free(safe, FALSE);
}

void columns_put(FILE *out, const char *text, unsigned width)
{
    g_autofree char *fitted = columns_fit(text, width);

    fprintf(out, "%s%*s", fitted, (int)(width - width_of_printable(fitted)), "");
}

const char *columns_plugin(const char *package)
{
    if (package == NULL)
        return "-";
    return g_str_has_prefix(package, "janus.plugin.") ? package + strlen("janus.plugin.") : package;
}

char *columns_utc(int64_t time_us)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_us / G_USEC_PER_SEC);

    return time != NULL ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S") : g_strdup("-");
}

int64_t columns_milliseconds(int64_t time_us)
{
    return time_us / 1000 + (time_us % 1000 >= 500) - (time_us % 1000 <= -500);
}

char *columns_duration(int64_t duration_us)
{
    const int64_t seconds = duration_us / G_USEC_PER_SEC;

    if (seconds < 60)
        return g_strdup_printf("%.2f s", (double)duration_us / G_USEC_PER_SEC);
    if (seconds < 3600)
        return g_strdup_printf("%" PRId64 " min %02" PRId64 " s", seconds / 60, seconds % 60);
    return g_strdup_printf("%" PRId64 " h %02" PRId64 " min", seconds / 3600, seconds / 60 % 60);
}
