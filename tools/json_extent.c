/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/json_extent.h"

#include "evj/json.h"

/* A fault so close to the end of the text so far may just be its end: "\\ud83d\\ude0" */
#define NEAR_THE_END 16

static void take_string_character(struct json_extent *extent, char c)
{
    if (extent->escaped)
        extent->escaped = false;
    else if (c == '\\')
        extent->escaped = true;
    else if (c == '"')
        extent->in_string = false;
}

bool json_extent_ends(struct json_extent *extent, const char *text, size_t len)
{
    while (extent->len < len) {
        char c = text[extent->len++];

        if (extent->in_string)
            take_string_character(extent, c);
        else if (c == '"')
            extent->in_string = true;
        else if (c == '{' || c == '[')
            extent->depth++;
        else if ((c == '}' || c == ']') && --extent->depth == 0)
            return true;
    }
    return false;
}

const char *json_extent_fault(struct json_extent *extent, const char *text, size_t len,
                              size_t *ret_at)
{
    const char *fault;

    if (len / 2 < extent->checked)
        return NULL;
    extent->checked = len;
    fault = evj_json_fault(text, len, ret_at);
    return fault != NULL && *ret_at + NEAR_THE_END < len ? fault : NULL;
}
