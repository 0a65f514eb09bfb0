/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys that come just once on each side are surely the same step. Those of them that have the same
 * order on both sides, as many as can be, cut a long sequence into short ones (patience). Short ones
 * are better off without: a single step that moved would tear apart what lies between.
 */
#include "tools/analysis/align_internal.h"

#define NOWHERE G_MAXUINT

struct places {
    guint a, b; /* NOWHERE: not seen; NOWHERE - 1: more than once */
};

static void note(guint *place, guint index)
{
    *place = *place == NOWHERE ? index : NOWHERE - 1;
}

/* Key → where it is. */
static GHashTable *find_places(const struct aligning *aligning, const struct align_range *range)
{
    GHashTable *found = g_hash_table_new_full(NULL, NULL, NULL, g_free);

    for (guint side = 0; side < 2; side++) {
        const guint *keys = side == 0 ? aligning->a.keys : aligning->b.keys;
        const guint from = side == 0 ? range->a_from : range->b_from;
        const guint until = side == 0 ? range->a_until : range->b_until;

        for (guint i = from; i < until; i++) {
            const gpointer key = GUINT_TO_POINTER(keys[i]);
            struct places *places = g_hash_table_lookup(found, key);

            if (places == NULL) {
                places = g_new(struct places, 1);
                *places = (struct places){NOWHERE, NOWHERE};
                g_hash_table_insert(found, key, places);
            }
            note(side == 0 ? &places->a : &places->b, i);
        }
    }
    return found;
}

/* In the order of a. */
static GArray *unique_pairs(const struct aligning *aligning, const struct align_range *range)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(struct aligned));
    g_autoptr(GHashTable) found = find_places(aligning, range);

    for (guint i = range->a_from; i < range->a_until; i++) {
        const struct places *places =
            g_hash_table_lookup(found, GUINT_TO_POINTER(aligning->a.keys[i]));
        const struct aligned pair = {(int)places->a, (int)places->b};

        if (places->a < NOWHERE - 1 && places->b < NOWHERE - 1)
            g_array_append_val(pairs, pair);
    }
    return pairs;
}

/*
 * The longest run of pairs that rise on side b as well. `ends` has, for each length, the pair that
 * ends such a run with the least b; `before` leads back from each pair.
 */
static GArray *longest_rise(const GArray *pairs)
{
    GArray *rise = g_array_new(FALSE, FALSE, sizeof(struct aligned));
    g_autofree guint *ends = g_new(guint, pairs->len + 1);
    g_autofree guint *before = g_new(guint, pairs->len + 1);
    guint length = 0;

    for (guint i = 0; i < pairs->len; i++) {
        const int b = g_array_index(pairs, struct aligned, i).b;
        guint low = 0, high = length;

        while (low < high) {
            const guint middle = low + (high - low) / 2;

            if (g_array_index(pairs, struct aligned, ends[middle]).b < b)
                low = middle + 1;
            else
                high = middle;
        }
        before[i] = low > 0 ? ends[low - 1] : NOWHERE;
        ends[low] = i;
        length = MAX(length, low + 1);
    }
    g_array_set_size(rise, length);
    for (guint at = length > 0 ? ends[length - 1] : NOWHERE; at != NOWHERE; at = before[at])
        g_array_index(rise, struct aligned, --length) = g_array_index(pairs, struct aligned, at);
    return rise;
}

GArray *align_anchors(const struct aligning *aligning, const struct align_range *range)
{
    g_autoptr(GArray) pairs = unique_pairs(aligning, range);

    return longest_rise(pairs);
}
