/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the differences amount to: their ranking, the verdict, and where the two part first. */
#include "tools/analysis/diff_internal.h"

#include <string.h>

/*
 * Steps this close together belong to one happening, which several threads report: among them the
 * order of cause and effect counts, not that of the clock.
 */
#define ONE_HAPPENING_US (50 * 1000)

/* Steps that are shown before and after the place where the two part. */
#define CONTEXT_BEFORE 3u
#define CONTEXT_AFTER 2u

int64_t difference_time(const struct difference *difference)
{
    const struct moment *a = &difference->a.moment;
    const struct moment *b = &difference->b.moment;

    if (!a->seen || !b->seen)
        return a->seen ? a->time_us : b->seen ? b->time_us : 0;
    return MIN(a->time_us, b->time_us);
}

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int64_t first_seq(const struct difference *difference)
{
    const struct moment *a = &difference->a.moment;
    const struct moment *b = &difference->b.moment;

    if (!a->seen || !b->seen)
        return (int64_t)(a->seen ? a->seq : b->seq);
    return (int64_t)MIN(a->seq, b->seq);
}

static char *told_of(const struct diff_side *side)
{
    return g_strjoin(" ", side->key != NULL ? side->key : "", side->detail, NULL);
}

/* What both sides did, whichever is called A: equal for a difference and its mirror. */
static char *told_of_both(const struct difference *difference)
{
    g_autofree char *a = told_of(&difference->a);
    g_autofree char *b = told_of(&difference->b);

    return strcmp(a, b) < 0 ? g_strjoin("\n", a, b, NULL) : g_strjoin("\n", b, a, NULL);
}

static int compare_names(const struct difference *a, const struct difference *b)
{
    const int lanes = strcmp(a->lane_name, b->lane_name);
    g_autofree char *a_keys = told_of_both(a);
    g_autofree char *b_keys = told_of_both(b);

    return lanes != 0 ? lanes : strcmp(a_keys, b_keys);
}

/* A session without counterpart comes after those that were compared. */
static int64_t session_rank(const struct difference *difference)
{
    return difference->session >= 0 ? difference->session : INT64_MAX;
}

static gint by_rank(gconstpointer left, gconstpointer right)
{
    const struct difference *a = *(struct difference *const *)left;
    const struct difference *b = *(struct difference *const *)right;
    const int64_t keys[][2] = {
        {a->class, b->class},
        {session_rank(a), session_rank(b)},
        {difference_time(a), difference_time(b)},
        {first_seq(a), first_seq(b)},
        {a->lane, b->lane},
        {a->handle, b->handle},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (keys[i][0] != keys[i][1])
            return order(keys[i][0], keys[i][1]);
    }
    return compare_names(a, b);
}

static bool weighs(const struct difference *difference)
{
    return difference->class <= DIFF_NEGOTIATION;
}

/* From signalling to media one thing leads to the next; what a session, handle or plugin does at
 * the same moment is as likely the consequence (a client that gives up). */
static int causal_rank(enum lane_kind lane)
{
    return lane >= LANE_SIGNALLING && lane <= LANE_MEDIA ? (int)lane : LANE_KINDS + (int)lane;
}

/* Does `one` come before `other`, given that they are of one session and one happening? */
static bool causes(const struct difference *one, const struct difference *other)
{
    return one->lane != other->lane ? causal_rank(one->lane) < causal_rank(other->lane)
                                    : difference_time(one) < difference_time(other);
}

static bool is_earlier(const struct difference *one, const struct difference *other)
{
    return session_rank(one) != session_rank(other) ? session_rank(one) < session_rank(other)
                                                    : difference_time(one) < difference_time(other);
}

static const struct difference *earliest(const GPtrArray *differences)
{
    const struct difference *found = NULL;

    for (guint i = 0; i < differences->len; i++) {
        const struct difference *one = g_ptr_array_index(differences, i);

        if (weighs(one) && (found == NULL || is_earlier(one, found)))
            found = one;
    }
    return found;
}

static const struct difference *first_divergence(const GPtrArray *differences)
{
    const struct difference *start = earliest(differences);
    const struct difference *first = start;

    for (guint i = 0; i < differences->len; i++) {
        const struct difference *one = g_ptr_array_index(differences, i);

        if (weighs(one) && one->session == start->session &&
            difference_time(one) <= difference_time(start) + ONE_HAPPENING_US && causes(one, first))
            first = one;
    }
    return first;
}

void diff_rank(struct diff_result *result)
{
    g_ptr_array_sort(result->differences, by_rank);
    for (guint i = 0; i < result->differences->len; i++) {
        const struct difference *one = g_ptr_array_index(result->differences, i);

        result->counts[one->class]++;
    }
    result->first = first_divergence(result->differences);
    result->verdict = result->first != NULL          ? DIFF_DIFFERENT
                      : result->differences->len > 0 ? DIFF_SAME
                                                     : DIFF_IDENTICAL;
}

void diff_context_free(gpointer pointer)
{
    struct diff_context *line = pointer;

    if (line == NULL)
        return;
    g_free(line->lane_name);
    g_free(line->key);
    g_free(line);
}

static gint by_seq(gconstpointer left, gconstpointer right)
{
    const struct diff_context *a = *(struct diff_context *const *)left;
    const struct diff_context *b = *(struct diff_context *const *)right;

    return a->moment.seq != b->moment.seq ? (a->moment.seq > b->moment.seq ? 1 : -1) : 0;
}

static void collect(GPtrArray *all, const GPtrArray *lanes, const struct model_session *session)
{
    for (guint i = 0; i < lanes->len; i++) {
        const struct lane *lane = g_ptr_array_index(lanes, i);

        for (guint k = 0; k < lane->steps->len; k++) {
            const struct step *step = g_ptr_array_index(lane->steps, k);
            struct diff_context *line = g_new0(struct diff_context, 1);

            line->lane_name = g_strdup(lane->name);
            line->key = g_strdup(step->key);
            line->moment = (struct moment){
                .seen = true, .seq = step->seq, .time_us = step->time_us - session->first_us};
            g_ptr_array_add(all, line);
        }
    }
}

/* Index of the step that the side took, or behind which it took none. -1: none. */
static int find_place(const GPtrArray *all, const struct diff_side *side)
{
    const uint64_t seq = side->moment.seen ? side->moment.seq : side->place_seq;

    if (!side->moment.seen && !side->has_place)
        return -1;
    for (guint i = 0; i < all->len; i++) {
        if (((struct diff_context *)g_ptr_array_index(all, i))->moment.seq >= seq)
            return (int)i;
    }
    return (int)all->len - 1;
}

void diff_put_context(GPtrArray *context, GPtrArray *const *lanes, guint lane_lists,
                      const struct diff_side *side, const struct model_session *session)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(diff_context_free);

    for (guint i = 0; i < lane_lists; i++)
        collect(all, lanes[i], session);
    g_ptr_array_sort(all, by_seq);
    const int place = find_place(all, side);
    const guint from = place > (int)CONTEXT_BEFORE ? (guint)place - CONTEXT_BEFORE : 0;
    const guint to = (guint)(place + 1) + CONTEXT_AFTER;

    for (guint i = 0; i < all->len; i++) {
        struct diff_context *line = g_ptr_array_index(all, i);

        line->here = side->moment.seen && (int)i == place;
        if (i >= from && i < to)
            g_ptr_array_add(context, g_steal_pointer(&g_ptr_array_index(all, i)));
    }
}
