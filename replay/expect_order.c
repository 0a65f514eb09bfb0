/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/expect_internal.h"

#include <stdlib.h>

/* An expected event that came, and when. */
struct came {
    uint32_t number;   /* in the order of GOT */
    uint32_t expected; /* in the order of delivery */
    uint32_t before;   /* the one before it in the longest run that ends with it; EXPECT_NONE */
};

static int by_number(const void *a, const void *b)
{
    const uint32_t left = ((const struct came *)a)->number,
                   right = ((const struct came *)b)->number;

    return left < right ? -1 : left > right;
}

static GArray *in_order_of_got(const struct match *match)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(struct came));

    for (uint32_t i = 0; i < match->expected->len; i++) {
        const struct came came = {match->arrivals[i].number, i, EXPECT_NONE};

        if (came.number != EXPECT_NONE)
            g_array_append_val(all, came);
    }
    g_array_sort(all, by_number);
    return all;
}

/* How many of the runs end before `expected`: they are sorted by where they end. */
static guint runs_before(const GArray *all, const GArray *runs, uint32_t expected)
{
    guint low = 0, high = runs->len;

    while (low < high) {
        const guint middle = low + (high - low) / 2;
        const uint32_t end = g_array_index(runs, uint32_t, middle);

        if (g_array_index(all, struct came, end).expected < expected)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/*
 * The longest rising subsequence: of the runs of each length, the one that ends earliest is kept, by
 * its last event. Returns the last event of the longest.
 */
static uint32_t find_longest_run(GArray *all)
{
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(uint32_t));

    for (uint32_t i = 0; i < all->len; i++) {
        struct came *came = &g_array_index(all, struct came, i);
        const guint length = runs_before(all, runs, came->expected);

        if (length > 0)
            came->before = g_array_index(runs, uint32_t, length - 1);
        if (length == runs->len)
            g_array_append_val(runs, i);
        else
            g_array_index(runs, uint32_t, length) = i;
    }
    return runs->len > 0 ? g_array_index(runs, uint32_t, runs->len - 1) : EXPECT_NONE;
}

bool *expect_moved(const struct match *match, uint64_t *ret_count)
{
    g_autoptr(GArray) all = in_order_of_got(match);
    bool *moved = g_new0(bool, match->expected->len);

    *ret_count = all->len;
    for (guint i = 0; i < all->len; i++)
        moved[g_array_index(all, struct came, i).expected] = true;
    for (uint32_t at = find_longest_run(all); at != EXPECT_NONE;) {
        const struct came *came = &g_array_index(all, struct came, at);

        moved[came->expected] = false;
        (*ret_count)--;
        at = came->before;
    }
    return moved;
}
