/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tools/analysis/compare.h"

#include "tests/support/test.h"

#include <string.h>

static void add_record(const struct evj_record *record, void *model)
{
    model_add(model, record);
}

struct model *model_of(const GPtrArray *events)
{
    struct model *model = model_new(true);

    event_list_visit(events, add_record, model);
    return model;
}

struct model *model_of_sample(const char *name)
{
    g_autoptr(GPtrArray) events = event_list_load(name);

    return model_of(events);
}

struct diff_result *compare_models(const struct model *a, const struct model *b,
                                   struct rules *rules)
{
    return diff_models(a, NULL, b, NULL, rules);
}

static struct diff_result *compare_keeping(const GPtrArray *a, const GPtrArray *b, bool keep_equal)
{
    struct model *left = model_of(a), *right = model_of(b);
    struct rules *rules = rules_new();
    struct diff_options options = diff_options_default(rules);

    options.keep_equal = keep_equal;
    struct diff_result *result = diff_compare(left, NULL, right, NULL, &options);

    rules_free(rules);
    model_free(left);
    model_free(right);
    return result;
}

struct diff_result *compare_events(const GPtrArray *a, const GPtrArray *b)
{
    return compare_keeping(a, b, false);
}

struct diff_result *compare_timelines_of(const GPtrArray *a, const GPtrArray *b)
{
    return compare_keeping(a, b, true);
}

struct diff_result *compare_timelines(const char *a, const char *b)
{
    g_autoptr(GPtrArray) left = event_list_load(a);
    g_autoptr(GPtrArray) right = event_list_load(b);

    return compare_timelines_of(left, right);
}

struct diff_result *compare_samples(const char *a, const char *b)
{
    g_autoptr(GPtrArray) left = event_list_load(a);
    g_autoptr(GPtrArray) right = event_list_load(b);

    return compare_events(left, right);
}

const struct difference *find_difference(const struct diff_result *result, enum diff_class class,
                                         const char *lane_name)
{
    for (guint i = 0; i < result->differences->len; i++) {
        const struct difference *one = g_ptr_array_index(result->differences, i);

        if (one->class == class && g_str_equal(one->lane_name, lane_name))
            return one;
    }
    return NULL;
}

static void describe_side(GString *to, const struct diff_side *side)
{
    g_string_append_printf(to, " [%s %s %d %" G_GINT64_FORMAT " %" G_GUINT64_FORMAT "]",
                           side->key != NULL ? side->key : "-",
                           side->detail != NULL ? side->detail : "-", side->moment.seen,
                           side->moment.time_us, side->moment.seq);
}

static char *describe_difference(const struct difference *one, bool mirrored)
{
    GString *line = g_string_new(diff_class_name(one->class));

    g_string_append_printf(line, " %s %d", one->lane_name, one->epoch);
    describe_side(line, mirrored ? &one->b : &one->a);
    describe_side(line, mirrored ? &one->a : &one->b);
    for (guint i = 0; i < one->changes->len; i++) {
        const struct change *change = g_ptr_array_index(one->changes, i);
        const char *a = mirrored ? change->b : change->a;
        const char *b = mirrored ? change->a : change->b;

        g_string_append_printf(line, " {%s %s %s}", change->path, a != NULL ? a : "-",
                               b != NULL ? b : "-");
    }
    return g_string_free(line, FALSE);
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char *describe_result(const struct diff_result *result, bool mirrored)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < result->differences->len; i++)
        g_ptr_array_add(lines,
                        describe_difference(g_ptr_array_index(result->differences, i), mirrored));
    g_ptr_array_sort(lines, by_text);
    g_string_printf(text, "verdict %d ignored %u\n", result->verdict, result->ignored);
    if (result->first != NULL) {
        g_autofree char *first = describe_difference(result->first, mirrored);

        g_string_append_printf(text, "first %s\n", first);
    }
    for (guint i = 0; i < lines->len; i++)
        g_string_append_printf(text, "%s\n", (char *)g_ptr_array_index(lines, i));
    return g_string_free(text, FALSE);
}

json_t *value_at(const json_t *event, const char *path)
{
    g_auto(GStrv) keys = g_strsplit(path, ".", 0);
    json_t *value = (json_t *)event;

    for (guint i = 0; keys[i] != NULL && value != NULL; i++)
        value = json_object_get(value, keys[i]);
    return value;
}

guint find_event(const GPtrArray *events, const char *path, const char *value, unsigned n)
{
    for (guint i = 0; i < events->len; i++) {
        const char *text = json_string_value(value_at(g_ptr_array_index(events, i), path));

        if (text != NULL && strcmp(text, value) == 0 && n-- == 0)
            return i;
    }
    fail_msg("no event with %s = %s", path, value);
    return 0;
}
