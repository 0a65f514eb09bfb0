/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls that a journal saw only a part of: it starts or ends while they are under way. What the other call
 * did before or after that is no news. The clocks of two calls have nothing in common, so the moments of
 * what both did tell where in the one the other would have been.
 */
#include "tools/analysis/diff_internal.h"

/* What was due in the last seconds of a journal may just have been late; statistics come every second. */
#define GRACE_US (2 * G_USEC_PER_SEC)

/* Lanes have no order: what is this close to the first or the last that both did may have come on its other
 * side. What begins is told by more threads, and by slower ones, than what goes on. */
#define NEAR_START_US (250 * 1000)
#define NEAR_END_US (50 * 1000)

/* ---- how much of it was seen ---- */

bool diff_starts_late(const struct comparing *at, const struct model_session *session)
{
    return at->scope != MODEL_FILTERED && !session->created.seen && !session->server_started;
}

bool diff_ends_early(const struct comparing *at, const struct model_session *session)
{
    return at->scope != MODEL_FILTERED && session->how_ended == SESSION_OPEN;
}

/* The end of a session is told by several threads: a journal that goes no further may lack what its
 * handles and their plugins say. */
static bool lacks_the_last(const struct comparing *at, const struct model_session *session)
{
    const struct model_end *end =
        roster_end(session == at->a ? at->a_roster : at->b_roster, session);

    return at->scope != MODEL_FILTERED && session->how_ended != SESSION_OPEN && !end->stopped &&
           end->until_us < session->ended.time_us + GRACE_US;
}

static bool is_partial(const struct comparing *at, const struct model_session *session)
{
    return diff_starts_late(at, session) || diff_ends_early(at, session) ||
           lacks_the_last(at, session);
}

void diff_partial_begin(struct comparing *at)
{
    at->is_partial = is_partial(at, at->a) || is_partial(at, at->b);
    g_array_set_size(at->shared[DIFF_A], 0);
    g_array_set_size(at->shared[DIFF_B], 0);
}

/* libnice tells at any later time once more that it is ready. */
static bool may_be_repeated(const struct comparing *at, const struct step *a, const struct step *b)
{
    return g_str_equal(a->key, "usable") && a->count == b->count &&
           (diff_starts_late(at, at->a) || diff_starts_late(at, at->b));
}

void diff_partial_share(struct comparing *at, enum lane_kind lane, const struct step *a,
                        const struct step *b)
{
    /* Who starts late, and tells it less often, saw but the last of it. */
    const bool b_saw_last = a->count > b->count && diff_starts_late(at, at->b);
    const bool a_saw_last = b->count > a->count && diff_starts_late(at, at->a);
    const int64_t a_us = (b_saw_last ? a->last_us : a->time_us) - at->a->first_us;
    const int64_t b_us = (a_saw_last ? b->last_us : b->time_us) - at->b->first_us;
    const struct shared_moment of_a = {a_us, b_us, lane, at->handle};
    const struct shared_moment of_b = {b_us, a_us, lane, at->handle};

    if (!at->is_partial || may_be_repeated(at, a, b))
        return;
    g_array_append_val(at->shared[DIFF_A], of_a);
    g_array_append_val(at->shared[DIFF_B], of_b);
}

/* ---- where in the other call that would have been ---- */

static gint by_time(gconstpointer left, gconstpointer right)
{
    const struct shared_moment *a = left, *b = right;

    if (a->here_us != b->here_us)
        return a->here_us < b->here_us ? -1 : 1;
    return a->there_us < b->there_us ? -1 : a->there_us > b->there_us;
}

/* How many of them, which are in order, come at this time or before. */
static guint count_until(const GArray *shared, int64_t time_us)
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

/* When the other call would have done it: as long after what both did last as here. */
static int64_t expected_there(const GArray *shared, int64_t time_us)
{
    const guint before = count_until(shared, time_us);
    const struct shared_moment *last =
        before > 0 ? &g_array_index(shared, struct shared_moment, before - 1) : NULL;

    return last != NULL ? last->there_us + (time_us - last->here_us) : time_us;
}

/* Where in this call the other's journal starts: at the first that it saw both do. Of what it saw at once, the
 * latest counts: what is told again and again may be matched with an earlier time. */
static int64_t start_of_other(const GArray *shared)
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

static bool belongs_to_the_end(const struct model_session *session, int64_t time_us,
                               int64_t within_us)
{
    return session->how_ended != SESSION_OPEN &&
           session->first_us + time_us + within_us > session->ended.time_us;
}

/* When a call ends is up to people. */
static bool is_hung_up(const struct model_session *session, int64_t time_us)
{
    return session->how_ended != SESSION_TIMEOUT && belongs_to_the_end(session, time_us, GRACE_US);
}

/* What a plugin tells of a participant without saying whose handle that is: the one that joined. */
static bool needs_the_join(enum lane_kind lane, const char *key)
{
    static const char *const patterns[] = {"* unpublished", "* leaving", "* kicked"};
    bool needs = false;

    for (size_t i = 0; lane == LANE_PLUGIN && i < G_N_ELEMENTS(patterns); i++)
        needs = needs || g_pattern_match_simple(patterns[i], key);
    return needs;
}

/* Would it come when the other journal has ended, or so soon before that it may have been late? Not if what
 * comes later has come; but statistics come by a clock of their own. */
static bool is_beyond(const struct comparing *at, enum diff_which side,
                      const struct difference *difference, int64_t time_us)
{
    const struct model_session *there = side == DIFF_A ? at->b : at->a;
    const struct roster *roster = side == DIFF_A ? at->b_roster : at->a_roster;
    const GArray *shared = at->shared[side];
    /* Whoever did something else in that place was there. */
    const int64_t grace_us = difference->how != DIFF_INSTEAD ? GRACE_US : 0;

    if (difference->lane != LANE_STATS && count_until(shared, time_us + NEAR_END_US) < shared->len)
        return false;
    return there->first_us + expected_there(shared, time_us) + grace_us >
           roster_end(roster, there)->until_us;
}

static bool is_behind_the_end(const struct comparing *at, enum diff_which which,
                              const struct difference *difference, int64_t time_us)
{
    const struct model_session *here = which == DIFF_A ? at->a : at->b;
    const struct model_session *there = which == DIFF_A ? at->b : at->a;

    if (lacks_the_last(at, there))
        return (difference->lane == LANE_HANDLE && belongs_to_the_end(here, time_us, GRACE_US)) ||
               (difference->lane == LANE_PLUGIN && belongs_to_the_end(here, time_us, NEAR_END_US));
    return diff_ends_early(at, there) &&
           (is_beyond(at, which, difference, time_us) || is_hung_up(here, time_us));
}

/* Did both do what this follows from, in one thread? A PeerConnection is up when DTLS is. */
static bool is_behind_its_cause(const GArray *shared, const struct difference *difference,
                                int64_t time_us)
{
    bool found = false;

    for (guint i = 0; difference->lane == LANE_PC && i < shared->len && !found; i++) {
        const struct shared_moment *one = &g_array_index(shared, struct shared_moment, i);

        found =
            one->lane == LANE_DTLS && one->handle == difference->handle && one->here_us <= time_us;
    }
    return found;
}

static bool is_before_the_start(const struct comparing *at, enum diff_which which,
                                const struct difference *difference, const struct diff_side *side)
{
    const int64_t time_us = side->moment.time_us;

    if (needs_the_join(difference->lane, side->key))
        return true;
    return time_us - NEAR_START_US < at->started_us[which] &&
           !is_behind_its_cause(at->shared[which], difference, time_us);
}

/* Of what a side alone did: why the other could not see it, or NULL. */
static const char *why_unseen(const struct comparing *at, enum diff_which which,
                              const struct difference *difference)
{
    const struct model_session *there = which == DIFF_A ? at->b : at->a;
    const struct diff_side *side = which == DIFF_A ? &difference->a : &difference->b;
    const int64_t time_us = side->moment.time_us;

    if (side->key == NULL)
        return NULL;
    if (diff_starts_late(at, there) && is_before_the_start(at, which, difference, side))
        return "the other journal starts later";
    if (is_behind_the_end(at, which, difference, time_us))
        return "the other journal ends before";
    return NULL;
}

/* ---- what that makes of a difference ---- */

/* Of what a side did, if the other could see it. */
static enum diff_class weight_of(const struct difference *difference, const struct diff_side *side,
                                 const char *why_unseen)
{
    if (side->key == NULL || why_unseen != NULL)
        return DIFF_NOTE;
    return difference->how == DIFF_INSTEAD ? side->alone : difference->class;
}

static void settle(const struct comparing *at, struct difference *difference)
{
    const struct diff_side *a = &difference->a, *b = &difference->b;
    const char *a_reason = why_unseen(at, DIFF_A, difference);
    const char *b_reason = why_unseen(at, DIFF_B, difference);

    if (a_reason == NULL && b_reason == NULL)
        return;
    difference->class = MIN(weight_of(difference, a, a_reason), weight_of(difference, b, b_reason));
    if (difference->class != DIFF_NOTE)
        return;
    g_free(difference->remark);
    difference->remark = g_strdup(a_reason != NULL ? a_reason : b_reason);
}

/* Whether it starts ICE again is told by the offer before. */
static bool is_restart_only(const struct difference *difference)
{
    const struct change *first = g_ptr_array_index(difference->changes, 0);

    return difference->changes->len == 1 && g_str_equal(first->path, "sdp.ice-restart");
}

/* ---- sessions without a counterpart ---- */

/* The latest end, and the earliest start, of all calls that the other journal saw a part of. */
static void note_what_is_seen(struct comparing *at, enum diff_which which)
{
    const struct model_session *here = which == DIFF_A ? at->a : at->b;
    const struct model_session *there = which == DIFF_A ? at->b : at->a;
    const struct roster *roster = which == DIFF_A ? at->b_roster : at->a_roster;

    if (there->how_ended == SESSION_OPEN && at->scope != MODEL_FILTERED) {
        const int64_t end_us = roster_end(roster, there)->until_us - there->first_us;
        const int64_t until_us = here->first_us + expected_there(at->shared[1 - which], end_us);

        at->seen_until_us[which] = MAX(at->seen_until_us[which], until_us);
    }
    if (diff_starts_late(at, there)) {
        const int64_t from_us =
            at->shared[which]->len > 0 ? here->first_us + at->started_us[which] : here->last_us;

        at->seen_from_us[which] = MIN(at->seen_from_us[which], from_us);
    }
}

const char *diff_partial_lone(const struct comparing *at, const struct model_session *session,
                              bool in_a)
{
    const enum diff_which which = in_a ? DIFF_A : DIFF_B;

    if (at->seen_from_us[which] != INT64_MAX &&
        session->last_us < at->seen_from_us[which] + NEAR_START_US)
        return "the other journal starts later";
    if (at->seen_until_us[which] != INT64_MIN &&
        session->first_us + GRACE_US > at->seen_until_us[which])
        return "the other journal ends before";
    return NULL;
}

void diff_partial_settle(struct comparing *at, guint from)
{
    if (!at->is_partial)
        return;
    g_array_sort(at->shared[DIFF_A], by_time);
    g_array_sort(at->shared[DIFF_B], by_time);
    for (unsigned which = DIFF_A; which <= DIFF_B; which++)
        at->started_us[which] = start_of_other(at->shared[which]);
    note_what_is_seen(at, DIFF_A);
    note_what_is_seen(at, DIFF_B);
    for (guint i = from; i < at->result->differences->len; i++) {
        struct difference *one = g_ptr_array_index(at->result->differences, i);

        if (one->how != DIFF_CHANGED)
            settle(at, one);
        else if (is_restart_only(one) &&
                 (diff_starts_late(at, at->a) || diff_starts_late(at, at->b)))
            one->class = DIFF_NOTE;
    }
}
