/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each side did around the place where the two part. */
#include "tools/analysis/diff_internal.h"

void diff_context_free(gpointer pointer)
{
    struct diff_context *line = pointer;

    if (line == NULL)
        return;
    g_free(line->lane_name);
    g_free(line->key);
    g_free(line->news);
    g_free(line);
}

static gint by_seq(gconstpointer left, gconstpointer right)
{
    const struct diff_context *a = *(struct diff_context *const *)left;
    const struct diff_context *b = *(struct diff_context *const *)right;

    return a->moment.seq != b->moment.seq ? (a->moment.seq > b->moment.seq ? 1 : -1) : 0;
}

static struct diff_context *line_new(const char *lane_name, const char *key,
                                     const struct moment *moment)
{
    struct diff_context *line = g_new0(struct diff_context, 1);

    line->lane_name = g_strdup(lane_name);
    line->key = g_strdup(key);
    line->moment = *moment;
    return line;
}

/* Is this a step that could be taken for the one in question? */
static bool looks_like(const struct difference *difference, const struct diff_context *line)
{
    return g_str_equal(line->lane_name, difference->lane_name) &&
           (g_strcmp0(line->key, difference->a.key) == 0 ||
            g_strcmp0(line->key, difference->b.key) == 0);
}

static void collect(GPtrArray *all, const GPtrArray *lanes, const struct difference *difference,
                    const struct model_session *session)
{
    for (guint i = 0; i < lanes->len; i++) {
        const struct lane *lane = g_ptr_array_index(lanes, i);

        for (guint k = 0; k < lane->steps->len; k++) {
            const struct step *step = g_ptr_array_index(lane->steps, k);
            const struct moment moment = {
                .seen = true, .seq = step->seq, .time_us = step->time_us - session->first_us};
            struct diff_context *line = line_new(lane->name, step->key, &moment);

            if (looks_like(difference, line))
                line->news = diff_news(lane->steps, k, NULL);
            g_ptr_array_add(all, line);
        }
    }
}

/* Index of the line of what the side did. What is no step of a lane (statistics, candidates, a
 * handle) gets a line of its own. */
static int place_of_deed(GPtrArray *all, const struct difference *difference,
                         const struct diff_side *side)
{
    guint place = 0;

    for (guint i = 0; i < all->len; i++) {
        const struct diff_context *line = g_ptr_array_index(all, i);

        if (line->moment.seq == side->moment.seq &&
            g_str_equal(line->lane_name, difference->lane_name))
            return (int)i;
        if (line->moment.seq <= side->moment.seq)
            place = i + 1;
    }
    g_ptr_array_insert(all, (gint)place, line_new(difference->lane_name, side->key, &side->moment));
    return (int)place;
}

/* Index of the step behind which the side did nothing: of the same lane, or else the last one by
 * the time when the other did it. -1: none. */
static int place_of_nothing(const GPtrArray *all, const struct diff_side *side,
                            const struct diff_side *other)
{
    int place = -1;

    for (guint i = 0; i < all->len; i++) {
        const struct diff_context *line = g_ptr_array_index(all, i);

        if (side->has_place ? line->moment.seq <= side->place_seq
                            : line->moment.time_us <= other->moment.time_us)
            place = (int)i;
    }
    return place;
}

static void mark(struct diff_context *line, const struct diff_side *side)
{
    line->here = true;
    if (side->news == NULL)
        return;
    g_free(line->news);
    line->news = g_strdup(side->news);
}

/* The lanes of what is in sight, around what one side did. */
static void put_context(const struct comparing *at, GPtrArray *context, GPtrArray *const *lanes,
                        guint lane_lists, bool in_a)
{
    const struct difference *difference = at->pair->first;
    const struct diff_side *side = in_a ? &difference->a : &difference->b;
    const struct diff_side *other = in_a ? &difference->b : &difference->a;
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(diff_context_free);

    for (guint i = 0; i < lane_lists; i++)
        collect(all, lanes[i], difference, in_a ? at->a : at->b);
    g_ptr_array_sort(all, by_seq);
    const int place = side->moment.seen ? place_of_deed(all, difference, side)
                                        : place_of_nothing(all, side, other);
    const guint around = at->options->context;
    const guint from = place > (int64_t)around ? (guint)place - around : 0;
    const guint behind = all->len - (guint)(place + 1);
    const guint to = (guint)(place + 1) + MIN(around, behind);

    if (side->moment.seen)
        mark(g_ptr_array_index(all, place), side);
    for (guint i = from; i < to; i++)
        g_ptr_array_add(context, g_steal_pointer(&g_ptr_array_index(all, i)));
}

void built_lanes_free(gpointer pointer)
{
    struct built_lanes *built = pointer;

    g_clear_pointer(&built->a, g_ptr_array_unref);
    g_clear_pointer(&built->b, g_ptr_array_unref);
    g_free(built);
}

const struct built_lanes *diff_keep_lanes(struct comparing *at, GPtrArray *a, GPtrArray *b)
{
    struct built_lanes *built = g_new0(struct built_lanes, 1);

    *built = (struct built_lanes){.handle = at->handle, .epoch = at->epoch, .a = a, .b = b};
    g_ptr_array_add(at->built, built);
    return built;
}

/*
 * Is this in sight of the first divergence: the session, the handle, or its PeerConnection? What
 * happens to the session is seen best beside what its first handle does, and the same for a handle
 * and its first PeerConnection.
 */
static bool is_in_sight(const struct built_lanes *built, const struct difference *first)
{
    return (built->handle < 0 || built->handle == MAX(first->handle, 0)) &&
           (built->epoch < 0 || built->epoch == MAX(first->epoch, 0));
}

static void put_side(struct comparing *at, GPtrArray *context, bool in_a)
{
    enum { PLACES = 3 };
    GPtrArray *lanes[PLACES];
    guint count = 0;

    for (guint i = 0; i < at->built->len && count < PLACES; i++) {
        const struct built_lanes *built = g_ptr_array_index(at->built, i);
        GPtrArray *side = in_a ? built->a : built->b;

        if (side != NULL && is_in_sight(built, at->pair->first))
            lanes[count++] = side;
    }
    put_context(at, context, lanes, count, in_a);
}

void diff_put_contexts(struct comparing *at)
{
    put_side(at, at->pair->context_a, true);
    put_side(at, at->pair->context_b, false);
}
