/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/json_text.h"

#include "tools/report.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* Deeper levels are not indented further: a hostile journal could turn one line into gigabytes. */
#define INDENT_MAX 64

/* Print what cannot be shown, as an escape of the same value. Returns the bytes it took. */
static size_t print_escaped(FILE *out, const char *at, const char *end)
{
    gunichar c = g_utf8_get_char_validated(at, end - at);

    if (c == (gunichar)-1 || c == (gunichar)-2) {
        fputs("\\uFFFD", out);
        return 1;
    }
    fprintf(out, "\\u%04X", c); /* all of them are in the basic plane */
    return (size_t)(g_utf8_next_char(at) - at);
}

void json_text_print(FILE *out, const char *text, size_t len)
{
    print_escaping(out, text, len, print_escaped);
}

static void print_line_break(FILE *out, size_t depth)
{
    fprintf(out, "\n%*s", (int)(2 * MIN(depth, INDENT_MAX)), "");
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && strchr(" \t\r\n", *at) != NULL)
        at++;
    return at;
}

/* End of the string, number or literal that begins at `at`. */
static const char *scalar_end(const char *at, const char *end)
{
    if (*at != '"') {
        while (at < end && strchr(",:[]{} \t\r\n", *at) == NULL)
            at++;
        return at;
    }
    for (at++; at < end && *at != '"'; at++) {
        if (*at == '\\' && at + 1 < end)
            at++;
    }
    return MIN(at + 1, end);
}

/* Print one of ,:[]{} and what belongs behind it. Returns where to go on. */
static const char *print_structure(FILE *out, const char *at, const char *end, size_t *depth)
{
    const char *next = skip_blanks(at + 1, end);
    bool opens = *at == '{' || *at == '[';

    if (opens && next < end && *next == *at + 2) { /* "{}" and "[]" stay together */
        fprintf(out, "%c%c", *at, *next);
        return next + 1;
    }
    if (*at == '}' || *at == ']') {
        *depth -= *depth > 0;
        print_line_break(out, *depth);
    }
    fputc(*at, out);
    *depth += opens;
    if (opens || *at == ',')
        print_line_break(out, *depth);
    else if (*at == ':')
        fputc(' ', out);
    return next;
}

void json_text_print_indented(FILE *out, const char *text, size_t len)
{
    const char *end = text + len;
    size_t depth = 0;

    for (text = skip_blanks(text, end); text < end; text = skip_blanks(text, end)) {
        const char *next;

        if (strchr(",:[]{}", *text) != NULL && *text != '\0') {
            text = print_structure(out, text, end, &depth);
            continue;
        }
        next = scalar_end(text, end);
        next += next == text; /* a NUL: whatever it is, go on */
        json_text_print(out, text, (size_t)(next - text));
        text = next;
    }
}
