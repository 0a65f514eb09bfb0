/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told in many places: texts, numbers, moments, lists. */
#include "tools/diff_json_internal.h"

#include "tools/json_members.h"

#include <inttypes.h>
#include <math.h>

json_t *diff_json_text(const char *text)
{
    return text != NULL ? json_members_text(text) : json_null();
}

json_t *diff_json_number(uint64_t number)
{
    char text[24];

    if (number <= INT64_MAX)
        return json_integer((json_int_t)number);
    g_snprintf(text, sizeof(text), "%" PRIu64, number);
    return json_string(text);
}

json_t *diff_json_seq(const struct moment *moment)
{
    return moment->seen ? diff_json_number(moment->seq) : json_null();
}

json_t *diff_json_us(const struct moment *moment)
{
    return moment->seen ? json_integer(moment->time_us) : json_null();
}

json_t *diff_json_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *diff_json_index(const struct diff_json *json, const struct difference *difference)
{
    const guint number = GPOINTER_TO_UINT(g_hash_table_lookup(json->numbers, difference));

    return number > 0 && number <= DIFF_JSON_LIST_MAX ? json_integer(number - 1) : json_null();
}

json_t *diff_json_place(int index)
{
    return index >= 0 ? json_integer(index) : json_null();
}

void diff_json_list(const struct diff_json *json, json_t *object, const char *name,
                    const GPtrArray *items, diff_json_make *make)
{
    json_t *list = json_array();

    for (guint i = 0; i < MIN(items->len, DIFF_JSON_LIST_MAX); i++)
        json_array_append_new(list, make(json, g_ptr_array_index(items, i)));
    json_object_set_new(object, name, list);
    if (items->len > DIFF_JSON_LIST_MAX) {
        g_autofree char *more = g_strconcat(name, "_more", NULL);

        json_members_set(object, more, items->len - DIFF_JSON_LIST_MAX);
    }
}

json_t *diff_json_change(const struct diff_json *json, const void *item)
{
    const struct change *change = item;

    (void)json;
    return json_pack("{s:o, s:o, s:o, s:s}", "path", diff_json_text(change->path), "a",
                     diff_json_text(change->a), "b", diff_json_text(change->b), "class",
                     diff_class_name(change->weight));
}

json_t *diff_json_string(const struct diff_json *json, const void *item)
{
    (void)json;
    return diff_json_text(item);
}
