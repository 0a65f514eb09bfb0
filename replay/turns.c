/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/turns.h"

#include <stdbool.h>

GArray *turns_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(struct turn));
}

static struct turn *at(const GArray *turns, guint index)
{
    return &g_array_index(turns, struct turn, index);
}

static bool is_before(const struct turn *a, const struct turn *b)
{
    if (a->time_us != b->time_us)
        return a->time_us < b->time_us;
    return a->number != b->number ? a->number < b->number : a->copy < b->copy;
}

static void swap(struct turn *a, struct turn *b)
{
    const struct turn kept = *a;

    *a = *b;
    *b = kept;
}

void turns_add(GArray *turns, const struct turn *turn)
{
    guint index = turns->len;

    g_array_append_vals(turns, turn, 1);
    while (index > 0 && is_before(at(turns, index), at(turns, (index - 1) / 2))) {
        swap(at(turns, index), at(turns, (index - 1) / 2));
        index = (index - 1) / 2;
    }
}

/* The earlier of the two below `index`, if there are any; else `index`. */
static guint earlier_below(const GArray *turns, guint index)
{
    const guint left = 2 * index + 1, right = left + 1;

    if (left >= turns->len)
        return index;
    return right < turns->len && is_before(at(turns, right), at(turns, left)) ? right : left;
}

struct turn turns_take(GArray *turns)
{
    const struct turn earliest = *at(turns, 0);
    guint index = 0, below;

    *at(turns, 0) = *at(turns, turns->len - 1);
    g_array_set_size(turns, turns->len - 1);
    while ((below = earlier_below(turns, index)) != index &&
           is_before(at(turns, below), at(turns, index))) {
        swap(at(turns, below), at(turns, index));
        index = below;
    }
    return earliest;
}
