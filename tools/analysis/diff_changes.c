/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changed fields that mean less than their rule says, seen beside one another. */
#include "tools/analysis/diff_internal.h"

#include <string.h>

/* A pair is called prflx when a packet was faster than the candidate that announces its address. */
static void soften_prflx(GPtrArray *changes)
{
    for (guint i = 0; i < changes->len; i++) {
        struct change *change = g_ptr_array_index(changes, i);

        if (g_str_has_prefix(change->path, "pair.") &&
            (g_strcmp0(change->a, "prflx") == 0 || g_strcmp0(change->b, "prflx") == 0))
            change->weight = DIFF_NOTE;
    }
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *sorted_words(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", 0);

    qsort(words, g_strv_length(words), sizeof(char *), by_text);
    return g_strjoinv(" ", words);
}

static bool same_words(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return false;
    g_autofree char *left = sorted_words(a);
    g_autofree char *right = sorted_words(b);

    return g_str_equal(left, right);
}

/* That a missing codec changes the list of codecs, or a missing section that of sections, goes
 * without saying. */
static void drop_orders_of_other_things(GPtrArray *changes)
{
    for (guint i = changes->len; i-- > 0;) {
        const struct change *change = g_ptr_array_index(changes, i);

        if (diff_is_order(change->path) && !same_words(change->a, change->b))
            g_ptr_array_remove_index(changes, i);
    }
}

bool diff_is_order(const char *path)
{
    return g_str_has_suffix(path, ".codec-order") || g_str_has_suffix(path, ".section-order");
}

void diff_settle_changes(GPtrArray *changes)
{
    soften_prflx(changes);
    drop_orders_of_other_things(changes);
}
