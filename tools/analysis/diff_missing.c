/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What it means when only one side took a step. */
#include "tools/analysis/diff_internal.h"

/*
 * When a call that was up ends, its parts are taken down by several threads, and what comes first
 * hides the rest: no hangup is told once the handle is detached, an answer may or may not still
 * arrive, a medium is missed only after a second, and what a plugin tells others of a participant who
 * leaves, it tells as that one's, if its handle is still there (the video room's "updated"). Calls
 * that end alike differ in these at random, and in no others: whatever else only one of them did, it
 * did, however late.
 */
static const struct parting {
    enum lane_kind lane;
    const char *key;    /* a pattern as in g_pattern_match_simple() */
    const char *reason; /* of a hangup */
    int64_t within_us;  /* how long before the end that may be */
} partings[] = {
    {LANE_PC, "hangup", "DTLS alert", 5 * G_USEC_PER_SEC},
    {LANE_PC, "hangup", "Close PC", 5 * G_USEC_PER_SEC},
    {LANE_PC, "hangup", "Janus API", 5 * G_USEC_PER_SEC},
    {LANE_PC, "hangup", "Detach", 5 * G_USEC_PER_SEC},
    {LANE_SIGNALLING, "*", NULL, G_USEC_PER_SEC},
    {LANE_MEDIA, "stopped", NULL, G_USEC_PER_SEC},
    {LANE_PLUGIN, "* unpublished", NULL, G_USEC_PER_SEC},
    {LANE_PLUGIN, "* leaving", NULL, G_USEC_PER_SEC},
    {LANE_PLUGIN, "* left", NULL, G_USEC_PER_SEC},
    {LANE_PLUGIN, "* updated", NULL, G_USEC_PER_SEC},
    {LANE_PLUGIN, "* unsubscribed", NULL, G_USEC_PER_SEC},
    {LANE_PLUGIN, "* stopping", NULL, G_USEC_PER_SEC},
    {LANE_PLUGIN, "* stopped", NULL, G_USEC_PER_SEC},
    {LANE_PLUGIN, "*talking", NULL, G_USEC_PER_SEC},
};

bool diff_ends_before(const struct comparing *at, const struct model_session *session,
                      int64_t offset_us)
{
    return at->scope != MODEL_FILTERED && session->how_ended == SESSION_OPEN &&
           session->first_us + offset_us > session->last_us;
}

bool diff_starts_late(const struct model_session *session)
{
    return !session->created.seen && !session->server_started;
}

static const struct model_epoch *first_epoch(const struct model_handle *handle)
{
    return handle->epochs->len > 0 ? g_ptr_array_index(handle->epochs, 0) : NULL;
}

/*
 * When `late`, whose journal begins in mid-call, begins by the clock of the other one: as long before a milestone
 * that both tell of as it does by its own. What the late one tells of first may have happened before; so of
 * several milestones the one counts by which it begins the latest, and the end only if there is no other: how
 * long calls last says nothing of how they began. INT64_MIN if they have none in common.
 */
static int64_t start_by_the_clock_of(const struct model_handle *other,
                                     const struct model_handle *late)
{
    struct moment theirs[MILESTONES], ours[MILESTONES];
    int64_t start_us = INT64_MIN;

    model_moments(other, first_epoch(other), theirs);
    model_moments(late, first_epoch(late), ours);
    for (unsigned i = 0; i < MILESTONES; i++) {
        if (i >= MILESTONE_HANGUP && start_us != INT64_MIN)
            break;
        if (theirs[i].seen && ours[i].seen && !theirs[i].coarse && !ours[i].coarse)
            start_us =
                MAX(start_us, theirs[i].time_us - (ours[i].time_us - late->session->first_us));
    }
    return start_us;
}

/* Did a side take this step before the journal of the other, `there`, began? NULL: a step of no handle. */
static bool is_before_the_start(const struct model_session *there,
                                const struct model_handle *here_handle,
                                const struct model_handle *there_handle, const struct step *step)
{
    if (!diff_starts_late(there))
        return false;
    if (g_str_equal(step->key, "created") || g_str_equal(step->key, "attached"))
        return true;
    /* Not later: of the two steps either of which is a milestone, a pair and ICE, one may come before. */
    return here_handle != NULL && step->time_us <= start_by_the_clock_of(here_handle, there_handle);
}

static int64_t end_of(const struct model_handle *handle)
{
    const struct moment *session = &handle->session->ended;

    if (!handle->detached.seen || (session->seen && session->time_us < handle->detached.time_us))
        return session->seen ? session->time_us : INT64_MAX;
    return handle->detached.time_us;
}

static bool was_up_before(const struct model_handle *handle, int64_t time_us)
{
    for (guint i = 0; i < handle->epochs->len; i++) {
        const struct model_epoch *epoch = g_ptr_array_index(handle->epochs, i);
        const struct moment *up = &epoch->moments[MILESTONE_WEBRTCUP];

        if (up->seen && up->time_us < time_us)
            return true;
    }
    return false;
}

static bool is_parting_step(const struct model_handle *handle, enum lane_kind kind,
                            const struct step *step)
{
    const char *reason = attributes_get(step->attributes, "webrtc.reason");

    for (size_t i = 0; i < G_N_ELEMENTS(partings); i++) {
        if (partings[i].lane == kind && g_strcmp0(partings[i].reason, reason) == 0 &&
            g_pattern_match_simple(partings[i].key, step->key))
            return end_of(handle) - step->time_us <= partings[i].within_us;
    }
    return false;
}

/* Of what a plugin tells at the end any word may be missing, also before others that both calls have. In
 * other lanes only the last may: an offer whose answer is there was lost, whenever that was. */
static bool ends_its_lane(const struct model_handle *handle, const struct lone_step *lone)
{
    bool ends = lone->kind == LANE_PLUGIN;

    for (guint i = lone->index + 1; ends && i < lone->steps->len; i++)
        ends = is_parting_step(handle, lone->kind, g_ptr_array_index(lone->steps, i));
    return ends || lone->is_last;
}

/* Does a step of `here` belong to its end, while the call was up on both sides? */
static bool is_parting(const struct model_handle *here, const struct model_handle *there,
                       const struct lone_step *lone)
{
    const struct step *step = g_ptr_array_index(lone->steps, lone->index);

    return here != NULL && was_up_before(here, step->time_us) && was_up_before(there, INT64_MAX) &&
           is_parting_step(here, lone->kind, step) && ends_its_lane(here, lone);
}

enum diff_class diff_class_of_missing(const struct comparing *at, const struct lone_step *lone,
                                      bool in_a, const char **ret_reason)
{
    const struct step *step = g_ptr_array_index(lone->steps, lone->index);
    const struct model_session *here = in_a ? at->a : at->b;
    const struct model_session *there = in_a ? at->b : at->a;
    const struct model_handle *handle = in_a ? at->a_handle : at->b_handle;
    const struct model_handle *other = in_a ? at->b_handle : at->a_handle;
    const char *reason = NULL;

    if (diff_ends_before(at, there, step->time_us - here->first_us))
        reason = DIFF_ENDS_BEFORE;
    else if (is_before_the_start(there, handle, other, step))
        reason = "the other journal starts later";
    else if (is_parting(handle, other, lone))
        reason = "at the end of the call: whether it is told is a matter of who is faster";
    if (reason == NULL)
        return lane_missing_class(lone->kind, step->key);
    *ret_reason = reason;
    return DIFF_NOTE;
}
