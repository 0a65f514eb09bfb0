/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/chains.h"

#include <glib.h>

struct chains {
    GHashTable *firsts; /* key → the first one's number + 1 */
    uint32_t *next;     /* of each: the one behind it */
    uint32_t *left;     /* of a first one: the next to be taken */
};

struct chains *chains_new(size_t count)
{
    struct chains *chains = g_new0(struct chains, 1);

    chains->firsts = g_hash_table_new(NULL, NULL);
    chains->next = g_new(uint32_t, count);
    chains->left = g_new(uint32_t, count);
    return chains;
}

void chains_free(struct chains *chains)
{
    if (chains == NULL)
        return;
    g_hash_table_unref(chains->firsts);
    g_free(chains->next);
    g_free(chains->left);
    g_free(chains);
}

uint32_t chains_first(const struct chains *chains, uint64_t key)
{
    const gpointer found = g_hash_table_lookup(chains->firsts, GSIZE_TO_POINTER(key));

    return found == NULL ? CHAINS_NONE : (uint32_t)(GPOINTER_TO_SIZE(found) - 1);
}

void chains_put(struct chains *chains, uint64_t key, uint32_t number)
{
    chains->next[number] = chains_first(chains, key);
    chains->left[number] = number;
    g_hash_table_insert(chains->firsts, GSIZE_TO_POINTER(key),
                        GSIZE_TO_POINTER((size_t)number + 1));
}

uint32_t chains_take(struct chains *chains, uint64_t key)
{
    const uint32_t first = chains_first(chains, key);
    uint32_t taken = CHAINS_NONE;

    if (first != CHAINS_NONE)
        taken = chains->left[first];
    if (taken != CHAINS_NONE)
        chains->left[first] = chains->next[taken];
    return taken;
}
