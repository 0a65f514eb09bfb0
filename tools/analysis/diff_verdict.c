/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the differences amount to: their ranking, the verdict, and where the two part first. */
#include "tools/analysis/diff_internal.h"

#include <string.h>

/*
 * Steps this close together belong to one happening, which several threads report: among them the
 * order of cause and effect counts, not that of the clock.
 */
#define ONE_HAPPENING_US (50 * 1000)

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

bool diff_weighs(const struct diff_result *result, const struct difference *difference)
{
    return difference->class <= result->fail_on ||
           (difference->class == DIFF_TIMING && result->timing == DIFF_TIMING_FAIL);
}

/* From signalling to media one thing leads to the next; what a session, handle or plugin does at
 * the same moment is as likely the consequence (a client that gives up). */
static int causal_rank(enum lane_kind lane)
{
    /* An offer leads to an INVITE, and what is answered to that to an answer. */
    if (lane == LANE_SIP)
        return LANE_SIGNALLING;
    return lane >= LANE_SIGNALLING && lane <= LANE_MEDIA ? (int)lane : LANE_KINDS;
}

/* Does `one` come before `other`, given that they are of one session and one happening? */
static bool causes(const struct difference *one, const struct difference *other)
{
    const int left = causal_rank(one->lane), right = causal_rank(other->lane);

    return left != right ? left < right : difference_time(one) < difference_time(other);
}

static const struct moment *moment_in(const struct difference *difference, bool in_a)
{
    return in_a ? &difference->a.moment : &difference->b.moment;
}

/* Among those that weigh, from an index on, of one session. */
struct search {
    const struct diff_result *result;
    guint from;
    int64_t session; /* its rank */
};

static const struct difference *look_at(const struct search *search, guint index)
{
    const struct difference *one = g_ptr_array_index(search->result->differences, index);

    return diff_weighs(search->result, one) && session_rank(one) == search->session ? one : NULL;
}

/* What a side did first, or NULL. */
static const struct difference *first_deed(const struct search *search, bool in_a)
{
    const struct difference *first = NULL;

    for (guint i = search->from; i < search->result->differences->len; i++) {
        const struct difference *one = look_at(search, i);

        if (one == NULL || !moment_in(one, in_a)->seen)
            continue;
        if (first == NULL || moment_in(one, in_a)->time_us < moment_in(first, in_a)->time_us)
            first = one;
    }
    return first;
}

/*
 * Where the two part. The clocks of the two calls cannot be compared: how long a call lasts is up to
 * people, and a call that was hung up early did not part from one that failed late by being hung up.
 * So what both did, but otherwise, comes behind what one side did alone before that.
 */
static const struct difference *earliest(const struct search *search)
{
    const struct difference *a = first_deed(search, true);
    const struct difference *b = first_deed(search, false);

    if (a == NULL || b == NULL)
        return a != NULL ? a : b;
    if (a->b.moment.seen != b->a.moment.seen)
        return a->b.moment.seen ? b : a;
    if (difference_time(a) != difference_time(b))
        return difference_time(a) < difference_time(b) ? a : b;
    return by_rank(&a, &b) <= 0 ? a : b;
}

static int64_t first_session(const struct diff_result *result, guint from)
{
    int64_t first = INT64_MAX;

    for (guint i = from; i < result->differences->len; i++) {
        const struct difference *one = g_ptr_array_index(result->differences, i);

        if (diff_weighs(result, one))
            first = MIN(first, session_rank(one));
    }
    return first;
}

/* On the clock of a side that did both, if there is one. */
static bool is_soon_after(const struct difference *one, const struct difference *start)
{
    bool shared = false;

    for (int in_a = 0; in_a < 2; in_a++) {
        const struct moment *moment = moment_in(one, in_a), *from = moment_in(start, in_a);

        if (!moment->seen || !from->seen)
            continue;
        if (moment->time_us <= from->time_us + ONE_HAPPENING_US)
            return true;
        shared = true;
    }
    return !shared && difference_time(one) <= difference_time(start) + ONE_HAPPENING_US;
}

const struct difference *diff_first(const struct diff_result *result, guint from)
{
    const struct search search = {
        .result = result, .from = from, .session = first_session(result, from)};
    const struct difference *start = earliest(&search);
    const struct difference *first = start;

    for (guint i = from; start != NULL && i < result->differences->len; i++) {
        const struct difference *one = look_at(&search, i);

        if (one != NULL && is_soon_after(one, start) && causes(one, first))
            first = one;
    }
    return first;
}

/* Its context is that of its pair of sessions. */
static void take_context(struct diff_result *result)
{
    if (result->first == NULL || result->first->session < 0)
        return;
    const struct diff_session *pair = g_ptr_array_index(result->sessions, result->first->session);

    g_ptr_array_unref(result->context_a);
    g_ptr_array_unref(result->context_b);
    result->context_a = g_ptr_array_ref(pair->context_a);
    result->context_b = g_ptr_array_ref(pair->context_b);
}

void diff_rank(struct diff_result *result)
{
    g_ptr_array_sort(result->differences, by_rank);
    for (guint i = 0; i < result->differences->len; i++) {
        const struct difference *one = g_ptr_array_index(result->differences, i);

        result->counts[one->class]++;
    }
    result->first = diff_first(result, 0);
    result->verdict = result->first != NULL          ? DIFF_DIFFERENT
                      : result->differences->len > 0 ? DIFF_SAME
                                                     : DIFF_IDENTICAL;
    take_context(result);
}
