/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/diff_shared.h"

static gint by_time(gconstpointer left, gconstpointer right)
{
    const struct shared_moment *a = left, *b = right;

    if (a->here_us != b->here_us)
        return a->here_us < b->here_us ? -1 : 1;
    return a->there_us < b->there_us ? -1 : a->there_us > b->there_us;
}

void shared_sort(GArray *shared)
{
    g_array_sort(shared, by_time);
}

guint shared_count_until(const GArray *shared, int64_t time_us)
{
    guint low = 0, high = shared->len;

    while (low < high) {
        const guint middle = low + (high - low) / 2;

        if (g_array_index(shared, struct shared_moment, middle).here_us > time_us)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

int64_t shared_expected_there(const GArray *shared, int64_t time_us)
{
    const guint before = shared_count_until(shared, time_us);
    const struct shared_moment *last =
        before > 0 ? &g_array_index(shared, struct shared_moment, before - 1) : NULL;

    return last != NULL ? last->there_us + (time_us - last->here_us) : time_us;
}

/* The first that it saw both do. Of what it saw at once, the latest counts: what is told again and again may
 * be matched with an earlier time. */
int64_t shared_start_of_other(const GArray *shared)
{
    int64_t first_there_us = INT64_MAX, start_us = INT64_MAX;

    for (guint i = 0; i < shared->len; i++)
        first_there_us =
            MIN(first_there_us, g_array_index(shared, struct shared_moment, i).there_us);
    for (guint i = shared->len; i-- > 0 && start_us == INT64_MAX;) {
        const struct shared_moment *one = &g_array_index(shared, struct shared_moment, i);

        if (one->there_us <= first_there_us + NEAR_START_US)
            start_us = one->here_us;
    }
    return start_us;
}

bool shared_has(const GArray *shared, int handle, enum lane_kind lane, const char *key,
                int64_t time_us)
{
    const guint until = shared_count_until(shared, time_us);

    for (guint i = 0; i < until; i++) {
        const struct shared_moment *one = &g_array_index(shared, struct shared_moment, i);

        if (one->lane == lane && one->handle == handle && g_pattern_match_simple(key, one->key))
            return true;
    }
    return false;
}
