/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a step says besides its name, on a line. */
#include "tools/analysis/diff_internal.h"

#include <string.h>

/* Worth a place on a line: an SDP is too long for one, and retries are told where they differ. */
static bool says_much(const struct attribute *attribute)
{
    return attribute->rule->class != RULE_VOLATILE && attribute->rule->class != RULE_TOLERANT &&
           !g_str_has_prefix(attribute->path, "sdp");
}

/* With the last word of its path. */
static void put_value(GString *to, const struct attribute *attribute)
{
    const char *dot = strrchr(attribute->path, '.');

    g_string_append_printf(to, "%s%s=%s", to->len > 0 ? " " : "",
                           dot != NULL ? dot + 1 : attribute->path, attribute->value);
}

char *diff_detail(const struct step *step)
{
    GString *detail = g_string_new(NULL);

    for (guint i = 0; i < step->attributes->len; i++) {
        const struct attribute *attribute = g_ptr_array_index(step->attributes, i);

        if (says_much(attribute))
            put_value(detail, attribute);
    }
    return g_string_free(detail, FALSE);
}

/* The last step of this name before an index, or NULL. */
static const struct step *step_before(const GPtrArray *steps, guint index)
{
    const struct step *step = g_ptr_array_index(steps, index);

    while (index-- > 0) {
        const struct step *before = g_ptr_array_index(steps, index);

        if (g_str_equal(before->key, step->key))
            return before;
    }
    return NULL;
}

/* The first step of this name in another lane, or NULL. */
static const struct step *step_like(const GPtrArray *steps, const struct step *step)
{
    for (guint i = 0; steps != NULL && i < steps->len; i++) {
        const struct step *like = g_ptr_array_index(steps, i);

        if (g_str_equal(like->key, step->key))
            return like;
    }
    return NULL;
}

/* NULL: nothing. */
static char *said_anew(const struct step *step, const struct step *before)
{
    g_autoptr(GString) news = g_string_new(NULL);

    for (guint i = 0; i < step->attributes->len; i++) {
        const struct attribute *attribute = g_ptr_array_index(step->attributes, i);

        if (says_much(attribute) &&
            g_strcmp0(attributes_get(before->attributes, attribute->path), attribute->value) != 0)
            put_value(news, attribute);
    }
    return news->len > 0 ? g_strdup(news->str) : NULL;
}

char *diff_news(const GPtrArray *steps, guint index, const GPtrArray *others)
{
    const struct step *step = g_ptr_array_index(steps, index);
    const struct step *before = step_before(steps, index);
    const struct step *like = before != NULL ? before : step_like(others, step);
    char *news = like != NULL ? said_anew(step, like) : NULL;

    return news == NULL && before != NULL ? g_strdup("again") : news;
}
