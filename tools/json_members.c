/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/json_members.h"

#include <glib.h>

json_t *json_members_text(const char *bytes)
{
    g_autofree char *valid = g_utf8_make_valid(bytes, -1);

    return json_string(valid);
}

void json_members_set(json_t *object, const char *key, uint64_t number)
{
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

void json_members_set_text(json_t *object, const char *key, const char *bytes)
{
    if (*bytes != '\0')
        json_object_set_new(object, key, json_members_text(bytes));
}
