/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A normalised text, normalised: who is named first in it is number one. */
#include "tools/analysis/canonical.h"

#include <string.h>

/* Length of a name, "room_12", at this place; 0: there is none. */
static size_t name_length(const char *at)
{
    size_t len = 0, digits = 0;

    while (g_ascii_isalnum(at[len]) || at[len] == '-' || at[len] == '_')
        len++;
    while (digits < len && g_ascii_isdigit(at[len - digits - 1]))
        digits++;
    if (digits == 0 || digits + 1 >= len || at[len - digits - 1] != '_' ||
        (at[len] != '\0' && at[len] != ' '))
        return 0;
    return len;
}

static void put_name(GString *to, const char *name, size_t len, struct names *names)
{
    g_autofree char *old = g_strndup(name, len);
    g_autofree char *kind = g_strndup(name, (gsize)(strrchr(old, '_') - old));

    g_string_append(to, names_of(names, kind, old));
}

/* Length of the text in quotes at this place. */
static size_t quoted_length(const char *at)
{
    size_t len = 1;

    while (at[len] != '\0' && at[len] != '"')
        len += at[len] == '\\' && at[len + 1] != '\0' ? 2 : 1;
    return at[len] == '"' ? len + 1 : len;
}

/* A name stands for itself in a heading, and behind '=' in a step. */
void canonical_line(const char *line, struct names *names, GString *to)
{
    const bool is_heading = line[0] != ' ' && line[0] != '#';
    const bool is_sdp = g_str_has_prefix(line, "    ");
    const char *at = line;

    while (*at != '\0') {
        const char before = at == line ? ' ' : at[-1];
        size_t len = *at == '"' ? quoted_length(at) : 0;

        if (len > 0) {
            g_string_append_len(to, at, (gssize)len);
        } else if (!is_sdp && before == (is_heading ? ' ' : '=') && (len = name_length(at)) > 0) {
            put_name(to, at, len, names);
        } else {
            g_string_append_c(to, *at);
            len = 1;
        }
        at += len;
    }
}
