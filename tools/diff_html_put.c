/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/columns.h"
#include "tools/diff_html_internal.h"

#include <inttypes.h>
#include <stdarg.h>

/* Characters of a stranger's text, and of what two steps disagree in, that are shown. */
#define TEXT_MAX 300u
#define CHANGES_MAX 12u

/* Marks on one character: more than any script needs. */
#define MARKS_MAX 6u

void html_open(struct html *html, const char *element, const char *class)
{
    markup_open(&html->markup, element);
    if (class != NULL)
        markup_attribute(&html->markup, "class", class);
}

void html_close(struct html *html, const char *element)
{
    markup_close(&html->markup, element);
}

void html_ours(struct html *html, const char *element, const char *class, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    html_open(html, element, class);
    markup_text(&html->markup, text);
    html_close(html, element);
}

/* Where a text is cut: when there is enough of it, or when marks pile up on a character, which would be painted
 * over what stands above and below. */
static char *end_of_shown(char *text)
{
    guint marks = 0;

    for (guint left = TEXT_MAX; *text != '\0' && left > 0; left--) {
        marks = g_unichar_iszerowidth(g_utf8_get_char(text)) ? marks + 1 : 0;
        if (marks > MARKS_MAX)
            break;
        text = g_utf8_next_char(text);
    }
    return text;
}

static void put_cut(struct html *html, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    const glong len = g_utf8_strlen(valid, -1);
    char *end = end_of_shown(valid);
    const bool is_cut = *end != '\0';

    *end = '\0';
    html_open(html, "bdi", NULL);
    markup_text(&html->markup, valid);
    html_close(html, "bdi");
    if (is_cut)
        html_ours(html, "span", "more", "… (%ld characters)", len);
}

void html_theirs(struct html *html, const char *element, const char *class, const char *text)
{
    html_open(html, element, class);
    if (text != NULL)
        put_cut(html, text);
    else
        markup_text(&html->markup, "—");
    html_close(html, element);
}

void html_more(struct html *html, const char *element, guint count)
{
    if (count > 0)
        html_ours(html, element, "more", "… and %u more", count);
}

void html_time(struct html *html, const struct moment *moment)
{
    if (moment->seen)
        html_ours(html, "span", "time", "%+.3f s",
                  (double)columns_milliseconds(moment->time_us) / 1000);
    else
        html_ours(html, "span", "time", "—");
}

void html_open_table(struct html *html, const char *class, const char *label)
{
    html_open(html, "div", "wide");
    markup_attribute(&html->markup, "role", "region");
    markup_attribute(&html->markup, "tabindex", "0");
    markup_attribute(&html->markup, "aria-label", label);
    html_open(html, "table", class);
}

void html_close_table(struct html *html)
{
    html_close(html, "table");
    html_close(html, "div");
}

void html_columns(struct html *html, const char *const *names, size_t count)
{
    html_open(html, "thead", NULL);
    html_open(html, "tr", NULL);
    for (size_t i = 0; i < count; i++) {
        const char *cell = *names[i] != '\0' ? "th" : "td";

        html_open(html, cell, NULL);
        if (*names[i] != '\0')
            markup_attribute(&html->markup, "scope", "col");
        markup_text(&html->markup, names[i]);
        html_close(html, cell);
    }
    html_close(html, "tr");
    html_close(html, "thead");
}

static void put_value(struct html *html, const char *side, const char *value)
{
    html_theirs(html, "td", side, diff_value_shown(value));
}

static void put_change(struct html *html, const struct change *change)
{
    html_open(html, "tr", NULL);
    html_open(html, "th", "path");
    markup_attribute(&html->markup, "scope", "row");
    html_theirs(html, "span", NULL, change->path);
    html_close(html, "th");
    put_value(html, "a", change->a);
    put_value(html, "b", change->b);
    html_close(html, "tr");
}

void html_changes(struct html *html, const GPtrArray *changes)
{
    if (changes->len == 0)
        return;
    html_open(html, "table", "changes");
    html_open(html, "tbody", NULL);
    for (guint i = 0; i < MIN(changes->len, CHANGES_MAX); i++)
        put_change(html, g_ptr_array_index(changes, i));
    html_close(html, "tbody");
    html_close(html, "table");
    html_more(html, "p", changes->len - MIN(changes->len, CHANGES_MAX));
}
