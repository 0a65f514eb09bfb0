/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/attributes.h"

#include <math.h>
#include <string.h>

/* Deeper values are taken as one text: nothing that Janus sends nests like this. */
#define DEPTH_MAX 32

static void attribute_free(gpointer pointer)
{
    struct attribute *attribute = pointer;

    g_free(attribute->path);
    g_free(attribute->value);
    g_free(attribute);
}

GPtrArray *attributes_new(void)
{
    return g_ptr_array_new_with_free_func(attribute_free);
}

/* "streams[12].mid" → "streams[].mid": a rule holds for every element. */
static char *without_indices(const char *path)
{
    GString *plain = g_string_sized_new(strlen(path));

    for (const char *at = path; *at != '\0'; at++) {
        g_string_append_c(plain, *at);
        if (*at == '[' && g_ascii_isdigit(at[1]))
            at += strspn(at + 1, "0123456789");
    }
    return g_string_free(plain, FALSE);
}

void attributes_add(GPtrArray *attributes, struct rules *rules, const char *path, const char *value)
{
    g_autofree char *plain = without_indices(path);
    struct attribute *attribute = g_new0(struct attribute, 1);

    attribute->path = g_strdup(path);
    attribute->value = g_strdup(value);
    attribute->rule = rules_find(rules, plain);
    attribute->order = attributes->len;
    g_ptr_array_add(attributes, attribute);
}

/* Strings as they are, everything else as JSON. To be freed with free(). */
static char *leaf_text(const json_t *value)
{
    if (json_is_string(value) && strlen(json_string_value(value)) == json_string_length(value))
        return strdup(json_string_value(value));
    return json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
}

static void add_leaf(GPtrArray *attributes, struct rules *rules, const char *path,
                     const json_t *value)
{
    char *text = leaf_text(value);

    attributes_add(attributes, rules, path, text != NULL ? text : "");
    free(text);
}

static void add_value(GPtrArray *attributes, struct rules *rules, const char *path,
                      const json_t *value, int depth)
{
    const char *key;
    json_t *member;
    size_t index;

    if (depth < DEPTH_MAX && json_object_size(value) > 0) {
        json_object_foreach((json_t *)value, key, member)
        {
            g_autofree char *below = g_strconcat(path, ".", key, NULL);

            add_value(attributes, rules, below, member, depth + 1);
        }
    } else if (depth < DEPTH_MAX && json_array_size(value) > 0) {
        json_array_foreach(value, index, member)
        {
            g_autofree char *below = g_strdup_printf("%s[%zu]", path, index);

            add_value(attributes, rules, below, member, depth + 1);
        }
    } else {
        add_leaf(attributes, rules, path, value);
    }
}

void attributes_add_json(GPtrArray *attributes, struct rules *rules, const char *path,
                         const json_t *value)
{
    add_value(attributes, rules, path, value, 0);
}

/* A path, then all that lies below it, then the next: '.' sorts before every other character. */
static int compare_paths(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    const int left = *a == '.' ? 1 : (unsigned char)*a;
    const int right = *b == '.' ? 1 : (unsigned char)*b;

    return left - right;
}

static gint by_path(gconstpointer left, gconstpointer right)
{
    const struct attribute *a = *(struct attribute *const *)left;
    const struct attribute *b = *(struct attribute *const *)right;
    const int order = compare_paths(a->path, b->path);

    return order != 0 ? order : strcmp(a->value, b->value);
}

void attributes_sort(GPtrArray *attributes)
{
    g_ptr_array_sort(attributes, by_path);
}

const char *attributes_get(const GPtrArray *attributes, const char *path)
{
    for (guint i = 0; i < attributes->len; i++) {
        const struct attribute *attribute = g_ptr_array_index(attributes, i);

        if (g_str_equal(attribute->path, path))
            return attribute->value;
    }
    return NULL;
}

static void change_free(gpointer pointer)
{
    struct change *change = pointer;

    g_free(change->path);
    g_free(change->a);
    g_free(change->b);
    g_free(change);
}

GPtrArray *changes_new(void)
{
    return g_ptr_array_new_with_free_func(change_free);
}

void changes_add(GPtrArray *changes, const char *path, const char *a, const char *b,
                 enum diff_class weight)
{
    struct change *change = g_new0(struct change, 1);

    change->path = g_strdup(path);
    change->a = g_strdup(a);
    change->b = g_strdup(b);
    change->weight = weight;
    g_ptr_array_add(changes, change);
}

enum diff_class changes_worst(const GPtrArray *changes)
{
    enum diff_class worst = DIFF_NOTE;

    for (guint i = 0; i < changes->len; i++) {
        const struct change *change = g_ptr_array_index(changes, i);

        worst = MIN(worst, change->weight);
    }
    return worst;
}

static bool within_tolerance(const char *a, const char *b, double tolerance)
{
    char *a_end, *b_end;
    const double a_number = g_ascii_strtod(a, &a_end);
    const double b_number = g_ascii_strtod(b, &b_end);

    return *a_end == '\0' && *b_end == '\0' && fabs(a_number - b_number) < tolerance;
}

static void compare_values(const struct attribute *a, const struct attribute *b, struct ids *ids,
                           GPtrArray *changes, struct ignored *ignored)
{
    const struct rule *rule = a->rule;
    const bool same = g_str_equal(a->value, b->value);

    if (rule->class == RULE_CORRELATED) {
        if (ids != NULL && !ids_agree(ids, rule->ids, a->value, b->value))
            changes_add(changes, a->path, a->value, b->value, rule->weight);
        else if (!same)
            ignored_add(ignored, rule);
    } else if (same) {
        return;
    } else if (rule->class == RULE_VOLATILE ||
               (rule->class == RULE_TOLERANT &&
                within_tolerance(a->value, b->value, rule->tolerance))) {
        ignored_add(ignored, rule);
    } else {
        changes_add(changes, a->path, a->value, b->value, rule->weight);
    }
}

static bool lies_below(const char *path, const char *above)
{
    const size_t len = strlen(above);

    return strncmp(path, above, len) == 0 && path[len] == '.';
}

/* One side lacks this field. Moves *at past it and all that lies below it. */
static void tell_missing(const GPtrArray *list, guint *at, bool in_a, GPtrArray *changes,
                         struct ignored *ignored)
{
    const struct attribute *attribute = g_ptr_array_index(list, *at);

    if (attribute->rule->class == RULE_VOLATILE)
        ignored_add(ignored, attribute->rule);
    else
        changes_add(changes, attribute->path, in_a ? attribute->value : NULL,
                    in_a ? NULL : attribute->value, attribute->rule->weight);
    do {
        (*at)++;
    } while (*at < list->len &&
             lies_below(((struct attribute *)g_ptr_array_index(list, *at))->path, attribute->path));
}

void attributes_compare(const GPtrArray *a, const GPtrArray *b, struct ids *ids, GPtrArray *changes,
                        struct ignored *ignored)
{
    guint i = 0, k = 0;

    while (i < a->len || k < b->len) {
        const struct attribute *left = i < a->len ? g_ptr_array_index(a, i) : NULL;
        const struct attribute *right = k < b->len ? g_ptr_array_index(b, k) : NULL;
        const int order = left == NULL    ? 1
                          : right == NULL ? -1
                                          : compare_paths(left->path, right->path);

        if (order == 0) {
            compare_values(left, right, ids, changes, ignored);
            i++;
            k++;
        } else if (order < 0) {
            tell_missing(a, &i, true, changes, ignored);
        } else {
            tell_missing(b, &k, false, changes, ignored);
        }
    }
}
