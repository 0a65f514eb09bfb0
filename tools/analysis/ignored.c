/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/ignored.h"

struct ignored *ignored_new(void)
{
    struct ignored *ignored = g_new0(struct ignored, 1);

    ignored->by_rule = g_hash_table_new(g_direct_hash, g_direct_equal);
    return ignored;
}

void ignored_free(struct ignored *ignored)
{
    if (ignored == NULL)
        return;
    g_hash_table_unref(ignored->by_rule);
    g_free(ignored);
}

void ignored_add(struct ignored *ignored, const struct rule *rule)
{
    if (ignored == NULL)
        return;
    const guint before = GPOINTER_TO_UINT(g_hash_table_lookup(ignored->by_rule, rule));

    ignored->total++;
    g_hash_table_replace(ignored->by_rule, (gpointer)rule, GUINT_TO_POINTER(before + 1));
}
