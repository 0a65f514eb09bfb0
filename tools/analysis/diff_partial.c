/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls that a journal saw only a part of: it starts or ends while they are under way. What the other call
 * did before or after that is no news. Where in the one call the other's journal starts and ends is told by
 * what both did (diff_shared.h).
 */
#include "tools/analysis/diff_internal.h"

/* What was due in the last seconds of a journal may just have been late; statistics come every second. */
#define GRACE_US (2 * G_USEC_PER_SEC)

/* As NEAR_START_US, of the last that both did: what begins is told by more threads, and by slower ones, than
 * what goes on. */
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
    const struct shared_moment of_a = {a_us, b_us, lane, a->key, at->handle};
    const struct shared_moment of_b = {b_us, a_us, lane, b->key, at->handle};

    if (!at->is_partial || may_be_repeated(at, a, b))
        return;
    g_array_append_val(at->shared[DIFF_A], of_a);
    g_array_append_val(at->shared[DIFF_B], of_b);
}

/* ---- why the other could not see it ---- */

static bool belongs_to_the_end(const struct model_session *session, int64_t time_us,
                               int64_t within_us)
{
    return session->how_ended != SESSION_OPEN &&
           session->first_us + time_us + within_us > session->ended.time_us;
}

/* When a call ends is up to people, and these are its last words then; that it fails is not, nor what it lacks
 * before. */
static bool is_hung_up(const struct model_session *session, const struct difference *difference,
                       const struct diff_side *side)
{
    static const struct {
        enum lane_kind lane;
        const char *key; /* a pattern as in g_pattern_match_simple() */
    } last_words[] = {
        {LANE_TRANSPORT, "*"}, {LANE_SESSION, "*"}, {LANE_HANDLE, "detached"}, {LANE_PLUGIN, "*"},
        {LANE_SIP, "*"},       {LANE_PC, "hangup"}, {LANE_MEDIA, "*"},
    };

    if (session->how_ended == SESSION_TIMEOUT ||
        !belongs_to_the_end(session, side->moment.time_us, GRACE_US) ||
        g_strcmp0(side->detail, "reason=ICE failed") == 0)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(last_words); i++) {
        if (last_words[i].lane == difference->lane &&
            g_pattern_match_simple(last_words[i].key, side->key))
            return true;
    }
    return false;
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

    if (difference->lane != LANE_STATS &&
        shared_count_until(shared, time_us + NEAR_END_US) < shared->len)
        return false;
    return there->first_us + shared_expected_there(shared, time_us) + grace_us >
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
    return diff_ends_early(at, there) && is_beyond(at, which, difference, time_us);
}

/*
 * What could be seen if what it follows from was: a PeerConnection is up when DTLS is, told by one thread, and
 * what a plugin says of a participant without saying whose handle that is goes to the one that joined.
 */
static const struct {
    enum lane_kind lane, cause_lane;
    const char *key, *cause; /* patterns as in g_pattern_match_simple() */
    bool is_lost_without;    /* nobody knows whose it is, whenever it comes */
} causes[] = {
    {LANE_PC, LANE_DTLS, "webrtcup", "connected", false},
    {LANE_PLUGIN, LANE_PLUGIN, "* unpublished", "* joined", true},
    {LANE_PLUGIN, LANE_PLUGIN, "* leaving", "* joined", true},
    {LANE_PLUGIN, LANE_PLUGIN, "* left", "* joined", true},
    {LANE_PLUGIN, LANE_PLUGIN, "* kicked", "* joined", true},
};

static bool is_before_the_start(const struct comparing *at, enum diff_which which,
                                const struct difference *difference, const struct diff_side *side)
{
    const int64_t time_us = side->moment.time_us;
    const bool is_early = time_us - NEAR_START_US < at->started_us[which];

    for (size_t i = 0; i < G_N_ELEMENTS(causes); i++) {
        if (causes[i].lane == difference->lane && g_pattern_match_simple(causes[i].key, side->key))
            return !shared_has(at->shared[which], difference->handle, causes[i].cause_lane,
                               causes[i].cause, time_us) &&
                   (is_early || causes[i].is_lost_without);
    }
    return is_early;
}

/* Of what a side alone did: why the other could not see it, or NULL. */
static const char *why_unseen(const struct comparing *at, enum diff_which which,
                              const struct difference *difference)
{
    const struct model_session *here = which == DIFF_A ? at->a : at->b;
    const struct model_session *there = which == DIFF_A ? at->b : at->a;
    const struct diff_side *side = which == DIFF_A ? &difference->a : &difference->b;

    if (side->key == NULL)
        return NULL;
    if (diff_starts_late(at, there) && is_before_the_start(at, which, difference, side))
        return "the other journal starts later";
    if (is_behind_the_end(at, which, difference, side->moment.time_us))
        return "the other journal ends before";
    if (diff_ends_early(at, there) && is_hung_up(here, difference, side))
        return "the other call is still under way";
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
        const int64_t until_us =
            here->first_us + shared_expected_there(at->shared[1 - which], end_us);

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
    shared_sort(at->shared[DIFF_A]);
    shared_sort(at->shared[DIFF_B]);
    for (unsigned which = DIFF_A; which <= DIFF_B; which++)
        at->started_us[which] = shared_start_of_other(at->shared[which]);
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
