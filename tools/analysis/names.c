/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/names.h"

#include <glib.h>

struct names {
    GHashTable *given;  /* "kind\nid" → name */
    GHashTable *counts; /* kind → how many, in GUINT_TO_POINTER */
};

struct names *names_new(void)
{
    struct names *names = g_new0(struct names, 1);

    names->given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    names->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return names;
}

void names_free(struct names *names)
{
    if (names == NULL)
        return;
    g_hash_table_unref(names->given);
    g_hash_table_unref(names->counts);
    g_free(names);
}

const char *names_of(struct names *names, const char *kind, const char *id)
{
    g_autofree char *key = g_strconcat(kind, "\n", id, NULL);
    const char *known = g_hash_table_lookup(names->given, key);

    if (known != NULL)
        return known;
    const guint number = GPOINTER_TO_UINT(g_hash_table_lookup(names->counts, kind)) + 1;
    char *name = g_strdup_printf("%s_%u", kind, number);

    g_hash_table_replace(names->counts, g_strdup(kind), GUINT_TO_POINTER(number));
    g_hash_table_insert(names->given, g_steal_pointer(&key), name);
    return name;
}
