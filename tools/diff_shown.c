/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/diff_shown.h"

#include "tools/columns.h"

/* "plugin echotest bitrate=0": its news is what it is not to be taken for another step for. */
static char *name_of(const struct difference *first, const struct diff_side *side, unsigned width)
{
    g_autofree char *text = g_strjoin(" ", first->lane_name, side->key, side->news, NULL);

    return width > 0 ? columns_fit(text, width) : g_steal_pointer(&text);
}

static char *sentence_of_one(const struct difference *first, unsigned width)
{
    const bool in_a = first->a.key != NULL;
    g_autofree char *name = name_of(first, in_a ? &first->a : &first->b, width);

    return g_strdup_printf("only %s has “%s”.", in_a ? "A" : "B", name);
}

static char *sentence_of_changed(const struct difference *first, unsigned width)
{
    const struct change *change = g_ptr_array_index(first->changes, 0);
    g_autofree char *name = name_of(first, &first->a, width);

    if (first->changes->len > 1)
        return g_strdup_printf("“%s” differs in %s and %u more.", name, change->path,
                               first->changes->len - 1);
    return g_strdup_printf("“%s” differs in %s.", name, change->path);
}

/* What stands between the two takes room, too. */
static char *sentence_of_both(const struct difference *first, unsigned width)
{
    const unsigned half = width > 4 ? width / 2 - 2 : width;
    g_autofree char *a = name_of(first, &first->a, half);
    g_autofree char *b = name_of(first, &first->b, half);

    return g_strdup_printf("“%s” in A, “%s” in B.", a, b);
}

char *diff_sentence_of_first(const struct difference *first, unsigned width)
{
    if (first->changes->len > 0)
        return sentence_of_changed(first, width);
    if (first->a.key == NULL || first->b.key == NULL)
        return sentence_of_one(first, width);
    return sentence_of_both(first, width);
}

char *diff_sentence(const struct diff_result *result, unsigned width)
{
    g_autofree char *first = NULL;

    if (result->verdict == DIFF_IDENTICAL)
        return g_strdup("Identical: the two say the same.");
    if (result->verdict == DIFF_SAME)
        return g_strdup("Same: nothing differs that weighs.");
    first = diff_sentence_of_first(result->first, width);
    return g_strconcat("Different: first, ", first, NULL);
}

char *diff_counts(const unsigned counts[static DIFF_CLASSES])
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < DIFF_CLASSES; i++) {
        if (counts[i] > 0)
            g_string_append_printf(text, "%s%u %s", text->len > 0 ? ", " : "", counts[i],
                                   diff_class_name((enum diff_class)i));
    }
    return g_string_free(text->len > 0 ? text : g_string_assign(text, "none"), FALSE);
}

const char *diff_value_shown(const char *value)
{
    if (value == NULL)
        return "(absent)";
    return *value != '\0' ? value : "(present)";
}

GPtrArray *diff_by_session(const struct diff_result *result)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    for (guint i = 0; i <= result->sessions->len; i++)
        g_ptr_array_add(all, g_ptr_array_new());
    for (guint i = 0; i < result->differences->len; i++) {
        struct difference *one = g_ptr_array_index(result->differences, i);
        const guint place = one->session >= 0 ? (guint)one->session : result->sessions->len;

        g_ptr_array_add(g_ptr_array_index(all, place), one);
    }
    return all;
}

GHashTable *diff_numbers(const struct diff_result *result)
{
    GHashTable *numbers = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < result->differences->len; i++)
        g_hash_table_insert(numbers, g_ptr_array_index(result->differences, i),
                            GUINT_TO_POINTER(i + 1));
    return numbers;
}
