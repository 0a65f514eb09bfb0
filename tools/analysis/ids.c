/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/ids.h"

#include <glib.h>

struct ids {
    GHashTable *a_to_b, *b_to_a; /* "kind\nid" → id */
};

struct ids *ids_new(void)
{
    struct ids *ids = g_new0(struct ids, 1);

    ids->a_to_b = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    ids->b_to_a = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return ids;
}

void ids_free(struct ids *ids)
{
    if (ids == NULL)
        return;
    g_hash_table_unref(ids->a_to_b);
    g_hash_table_unref(ids->b_to_a);
    g_free(ids);
}

bool ids_agree(struct ids *ids, const char *kind, const char *a, const char *b)
{
    g_autofree char *a_key = g_strconcat(kind, "\n", a, NULL);
    g_autofree char *b_key = g_strconcat(kind, "\n", b, NULL);
    const char *for_a = g_hash_table_lookup(ids->a_to_b, a_key);
    const char *for_b = g_hash_table_lookup(ids->b_to_a, b_key);

    if (for_a == NULL && for_b == NULL) {
        g_hash_table_insert(ids->a_to_b, g_steal_pointer(&a_key), g_strdup(b));
        g_hash_table_insert(ids->b_to_a, g_steal_pointer(&b_key), g_strdup(a));
        return true;
    }
    return for_a != NULL && for_b != NULL && g_str_equal(for_a, b) && g_str_equal(for_b, a);
}
