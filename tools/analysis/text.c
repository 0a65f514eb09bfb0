/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/text.h"

#include <glib.h>

char *text_of_string(struct evj_slice value)
{
    char *text = g_malloc(value.len + 1);

    text[0] = '\0';
    if (value.text != NULL)
        evj_json_string_decode(value, text, value.len + 1);
    return text;
}

char *text_of_string_or_null(struct evj_slice value)
{
    return value.len >= 2 && value.text[0] == '"' ? text_of_string(value) : NULL;
}

/* Length of the value that starts at text[0]; quotes and brackets only, as evj/json.h does it. */
static size_t value_length(const char *text, size_t len)
{
    size_t depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < len; i++) {
        char c = text[i];

        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
            continue;
        }
        if (depth == 0 && (c == ',' || c == ']'))
            return i;
        if (c == '"')
            in_string = true;
        else if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && depth > 0)
            depth--;
    }
    return len;
}

static void skip_blanks(struct evj_slice *rest)
{
    while (rest->len > 0 && g_ascii_isspace(rest->text[0])) {
        rest->text++;
        rest->len--;
    }
}

bool text_next_element(struct evj_slice *rest, struct evj_slice *ret_element)
{
    skip_blanks(rest);
    /* Each call stands on what parts two elements: the opening bracket or a comma. */
    if (rest->len == 0 || (rest->text[0] != '[' && rest->text[0] != ','))
        return false;
    rest->text++;
    rest->len--;
    skip_blanks(rest);
    size_t len = value_length(rest->text, rest->len);

    *ret_element = (struct evj_slice){.text = rest->text, .len = len};
    rest->text += len;
    rest->len -= len;
    return len > 0;
}
