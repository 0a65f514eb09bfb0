/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/markup.h"

#include "tools/report.h"

#include <glib.h>
#include <stdarg.h>
#include <string.h>

/* XML 1.0, 2.2, has no control characters but three, and not the last two of the plane. */
static bool is_shown(const char *at)
{
    const gunichar c = g_utf8_get_char(at);

    if (c == '\t' || c == '\n' || c == '\r')
        return true;
    return c != 0xfffe && c != 0xffff && printable_char(at, g_utf8_next_char(at)) > 0;
}

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

static void put_text(FILE *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    const char *next;

    for (const char *at = valid; *at != '\0'; at = next) {
        const char *entity = entity_of(*at);

        next = g_utf8_next_char(at);
        if (entity != NULL)
            fputs(entity, out);
        else if (is_shown(at))
            fwrite(at, 1, (size_t)(next - at), out);
        else
            fputs("\xef\xbf\xbd", out);
    }
}

static void end_tag(struct markup *markup)
{
    if (markup->in_tag)
        fputc('>', markup->out);
    markup->in_tag = false;
}

void markup_open(struct markup *markup, const char *element)
{
    end_tag(markup);
    fprintf(markup->out, "<%s", element);
    markup->in_tag = true;
}

void markup_attribute(struct markup *markup, const char *name, const char *value)
{
    fprintf(markup->out, " %s=\"", name);
    put_text(markup->out, value);
    fputc('"', markup->out);
}

void markup_format(struct markup *markup, const char *name, const char *format, ...)
{
    g_autofree char *value = NULL;
    va_list arguments;

    va_start(arguments, format);
    value = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    markup_attribute(markup, name, value);
}

void markup_text(struct markup *markup, const char *text)
{
    end_tag(markup);
    put_text(markup->out, text);
}

void markup_line(struct markup *markup, unsigned level)
{
    end_tag(markup);
    fprintf(markup->out, "\n%*s", (int)(2 * level), "");
}

void markup_close(struct markup *markup, const char *element)
{
    end_tag(markup);
    fprintf(markup->out, "</%s>", element);
}

void markup_end(struct markup *markup)
{
    fputs("/>", markup->out);
    markup->in_tag = false;
}
