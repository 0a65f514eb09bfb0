/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of a journal comes from strangers: nothing in it may look like a line, a name or a field. */
#include "tools/analysis/canonical.h"

#include <string.h>

/* As JSON, which has surrogates for what is beyond its four digits. */
static void put_escaped(GString *to, gunichar character)
{
    if (character > 0xffff) {
        character -= 0x10000;
        g_string_append_printf(to, "\\u%04x\\u%04x", 0xd800 + (character >> 10),
                               0xdc00 + (character & 0x3ff));
    } else {
        g_string_append_printf(to, "\\u%04x", character);
    }
}

/* With a backslash before those of `special`. */
static void put_escaping(GString *to, const char *text, const char *special)
{
    const char *end = text + strlen(text);

    while (text < end) {
        const gunichar character = g_utf8_get_char_validated(text, end - text);
        const bool is_broken = character == (gunichar)-1 || character == (gunichar)-2;

        if (is_broken)
            put_escaped(to, 0xfffd);
        else if (character < 0x80 && strchr(special, (int)character) != NULL)
            g_string_append_printf(to, "\\%c", (char)character);
        else if (g_unichar_isprint(character))
            g_string_append_unichar(to, character);
        else
            put_escaped(to, character);
        text = is_broken ? text + 1 : g_utf8_next_char(text);
    }
}

static void put_quoted(GString *to, const char *text)
{
    g_string_append_c(to, '"');
    put_escaping(to, text, "\"\\");
    g_string_append_c(to, '"');
}

void canonical_put_text(GString *to, const char *text)
{
    put_escaping(to, text, "\\");
}

static bool is_number(const char *text)
{
    char *end;

    if (!g_ascii_isdigit(text[0]) && !(text[0] == '-' && g_ascii_isdigit(text[1])))
        return false;
    g_ascii_strtod(text, &end);
    return *end == '\0';
}

void canonical_put_value(GString *to, const char *value)
{
    static const char *const words[] = {"true", "false", "null", "{}", "[]", NULL};

    if (is_number(value) || g_strv_contains(words, value))
        g_string_append(to, value);
    else
        put_quoted(to, value);
}

static void put_if_plain(GString *to, const char *text, const char *plain)
{
    const char *at = text;

    while (*at != '\0' && (g_ascii_isalnum(*at) || strchr(plain, *at) != NULL))
        at++;
    if (*at == '\0' && text[0] != '\0' && text[0] != ' ')
        g_string_append(to, text);
    else
        put_quoted(to, text);
}

/* Neither '_', which names have, nor '=' or a quote, which fields have. */
void canonical_put_words(GString *to, const char *words)
{
    put_if_plain(to, words, "-.:;/+[]()@* ");
}

/* What stands before '=' is no name, whatever it looks like. */
void canonical_put_key(GString *to, const char *key)
{
    put_if_plain(to, key, "-.:;/+[]()@*_");
}
