/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Myers' greedy method, on keys only: the alignment with the fewest missing steps, in time and room
 * that grow with how many those are instead of with how long the sequences are.
 */
#include "tools/analysis/align_internal.h"

#include <string.h>

/* With more missing steps than this the two have hardly anything in common. */
#define MISSING_MAX 1000

/* How far along a each diagonal (a - b) has come, after 0, 1, 2 … missing steps. Each round is kept,
 * since the way is followed back. */
struct rounds {
    const struct aligning *aligning;
    const struct align_range *range;
    GPtrArray *furthest; /* int[2 × round + 1]: diagonal -round … round */
};

static bool same_key(const struct rounds *rounds, int x, int y)
{
    return rounds->aligning->a.keys[rounds->range->a_from + (guint)x] ==
           rounds->aligning->b.keys[rounds->range->b_from + (guint)y];
}

/* As far as the steps are the same. */
static int slide(const struct rounds *rounds, int x, int diagonal)
{
    const int a_len = (int)align_a_len(rounds->range), b_len = (int)align_b_len(rounds->range);

    while (x < a_len && x - diagonal < b_len && same_key(rounds, x, x - diagonal))
        x++;
    return x;
}

/* Was the step before this one missing on side b (then a went on), or on side a? */
static bool came_from_a(const int *before, int missing, int diagonal)
{
    const int offset = missing - 1;

    if (diagonal == -missing)
        return false;
    return diagonal == missing || before[diagonal - 1 + offset] >= before[diagonal + 1 + offset];
}

/* Where the round of so many missing steps begins on a diagonal, before sliding. */
static int start_of(const int *before, int missing, int diagonal)
{
    const int offset = missing - 1;

    if (missing == 0)
        return 0;
    return came_from_a(before, missing, diagonal) ? before[diagonal - 1 + offset] + 1
                                                  : before[diagonal + 1 + offset];
}

/* Fill the rounds until the end is reached. Returns how many steps are missing, or -1. */
static int search(struct rounds *rounds)
{
    const int a_len = (int)align_a_len(rounds->range), b_len = (int)align_b_len(rounds->range);
    const int last = a_len - b_len;

    for (int missing = 0; missing <= MISSING_MAX; missing++) {
        const int *before = missing > 0 ? g_ptr_array_index(rounds->furthest, missing - 1) : NULL;
        int *furthest = g_new0(int, 2 * missing + 1);

        g_ptr_array_add(rounds->furthest, furthest);
        for (int diagonal = -missing; diagonal <= missing; diagonal += 2)
            furthest[diagonal + missing] =
                slide(rounds, start_of(before, missing, diagonal), diagonal);
        if (ABS(last) <= missing && (last + missing) % 2 == 0 && furthest[last + missing] >= a_len)
            return missing;
    }
    return -1;
}

/* Follow the way back, from the end. */
static GArray *trace(const struct rounds *rounds, int missing)
{
    GArray *backwards = g_array_new(FALSE, FALSE, sizeof(struct aligned));
    int x = (int)align_a_len(rounds->range);
    int diagonal = x - (int)align_b_len(rounds->range);

    for (; missing >= 0; missing--) {
        const int *before = missing > 0 ? g_ptr_array_index(rounds->furthest, missing - 1) : NULL;
        const int start = start_of(before, missing, diagonal);

        for (; x > start; x--) {
            const struct aligned same = {x - 1, x - 1 - diagonal};

            g_array_append_val(backwards, same);
        }
        if (missing == 0)
            break;
        const bool from_a = came_from_a(before, missing, diagonal);
        const struct aligned lone = {from_a ? x - 1 : -1, from_a ? -1 : x - diagonal - 1};

        g_array_append_val(backwards, lone);
        x -= from_a;
        diagonal += from_a ? -1 : 1;
    }
    return backwards;
}

static int shifted(int index, guint by)
{
    return index < 0 ? -1 : index + (int)by;
}

/* Step by step, matched where the keys agree. */
static void align_by_place(struct aligning *aligning, const struct align_range *range)
{
    const guint a_len = align_a_len(range), b_len = align_b_len(range);

    for (guint i = 0; i < MAX(a_len, b_len); i++) {
        const guint a = range->a_from + i, b = range->b_from + i;

        if (i < a_len && i < b_len && aligning->a.keys[a] == aligning->b.keys[b]) {
            align_put(aligning, (int)a, (int)b);
            continue;
        }
        if (i < a_len)
            align_put(aligning, (int)a, -1);
        if (i < b_len)
            align_put(aligning, -1, (int)b);
    }
}

void align_by_keys(struct aligning *aligning, const struct align_range *range)
{
    struct rounds rounds = {
        .aligning = aligning, .range = range, .furthest = g_ptr_array_new_with_free_func(g_free)};
    const int missing = search(&rounds);

    if (missing < 0) {
        align_by_place(aligning, range);
    } else {
        g_autoptr(GArray) backwards = trace(&rounds, missing);

        for (guint n = backwards->len; n-- > 0;) {
            const struct aligned *one = &g_array_index(backwards, struct aligned, n);

            align_put(aligning, shifted(one->a, range->a_from), shifted(one->b, range->b_from));
        }
    }
    g_ptr_array_unref(rounds.furthest);
}
