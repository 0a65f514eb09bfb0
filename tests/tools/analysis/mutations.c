/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding a place for a change, and changing it. */
#include "tests/tools/analysis/mutations.h"

#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"

#include <string.h>

json_t *event_of(const GPtrArray *events, guint index)
{
    return g_ptr_array_index(events, index);
}

json_t *body_value(const GPtrArray *events, guint index, const char *path)
{
    json_t *body = json_object_get(event_of(events, index), "event");

    return json_is_object(body) ? value_at(body, path) : NULL;
}

bool body_has(const GPtrArray *events, guint index, const char *path)
{
    return body_value(events, index, path) != NULL;
}

bool body_says(const GPtrArray *events, guint index, const char *path, const char *value)
{
    const char *text = json_string_value(body_value(events, index, path));

    return text != NULL && strcmp(text, value) == 0;
}

bool is_statistics(const GPtrArray *events, guint index)
{
    return body_has(events, index, "packets-received");
}

GArray *events_with(const GPtrArray *events, const char *path, const char *value)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < events->len; i++) {
        if (value != NULL ? body_says(events, i, path, value) : body_has(events, i, path))
            g_array_append_val(found, i);
    }
    return found;
}

static bool choose(const GArray *indices, GRand *random, guint *ret_index)
{
    if (indices->len == 0)
        return false;
    *ret_index = g_array_index(indices, guint, g_rand_int_range(random, 0, (gint32)indices->len));
    return true;
}

bool any_event_with(const GPtrArray *events, const char *path, const char *value, GRand *random,
                    guint *ret_index)
{
    g_autoptr(GArray) found = events_with(events, path, value);

    return choose(found, random, ret_index);
}

json_int_t handle_of_event(const GPtrArray *events, guint index)
{
    return json_integer_value(json_object_get(event_of(events, index), "handle_id"));
}

bool first_event_with(const GPtrArray *events, const char *path, const char *value, GRand *random,
                      guint *ret_index)
{
    g_autoptr(GArray) found = events_with(events, path, value);
    g_autoptr(GHashTable) handles = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autofree gint64 *ids = g_new(gint64, found->len + 1);

    for (guint i = 0; i < found->len;) {
        ids[i] = handle_of_event(events, g_array_index(found, guint, i));
        if (g_hash_table_add(handles, &ids[i]))
            i++;
        else
            g_array_remove_index(found, i);
    }
    return choose(found, random, ret_index);
}

void body_set(const GPtrArray *events, guint index, const char *key, const char *value)
{
    json_object_set_new(json_object_get(event_of(events, index), "event"), key, json_string(value));
}

GStrv sdp_lines(const GPtrArray *events, guint index)
{
    const char *sdp = json_string_value(body_value(events, index, "jsep.sdp"));

    assert_non_null(sdp);
    return g_strsplit(sdp, "\r\n", 0);
}

void sdp_set(const GPtrArray *events, guint index, GStrv lines)
{
    g_autofree char *sdp = g_strjoinv("\r\n", lines);

    json_object_set_new(body_value(events, index, "jsep"), "sdp", json_string(sdp));
}
