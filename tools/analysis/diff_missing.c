/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What it means when only one side took a step. */
#include "tools/analysis/diff_internal.h"

/*
 * When a call that was up ends, its parts are taken down by several threads, and what comes first
 * hides the rest: no hangup is told once the handle is detached, an answer may or may not still
 * arrive, a medium is missed only after a second, and what a plugin tells others of a participant who
 * leaves, it tells as that one's, if its handle is still there (the video room's "updated"). Calls
 * that end alike differ in these at random, and in no others: whatever else only one of them did, it
 * did, however late. Of calls that never were up, only the hangup is.
 */
static const struct parting {
    enum lane_kind lane;
    const char *key;    /* a pattern as in g_pattern_match_simple() */
    const char *reason; /* of a hangup */
    int64_t within_us;  /* how long before the end that may be */
    bool was_up;        /* of calls that were up on both sides; or on neither */
} partings[] = {
    {LANE_PC, "hangup", "DTLS alert", 5 * G_USEC_PER_SEC, true},
    {LANE_PC, "hangup", "Close PC", 5 * G_USEC_PER_SEC, true},
    {LANE_PC, "hangup", "Janus API", 5 * G_USEC_PER_SEC, true},
    {LANE_PC, "hangup", "Detach", 5 * G_USEC_PER_SEC, true},
    {LANE_PC, "hangup", "Close PC", G_USEC_PER_SEC, false},
    {LANE_PC, "hangup", "Detach", G_USEC_PER_SEC, false},
    {LANE_SIGNALLING, "*", NULL, G_USEC_PER_SEC, true},
    {LANE_MEDIA, "stopped", NULL, G_USEC_PER_SEC, true},
    {LANE_PLUGIN, "* unpublished", NULL, G_USEC_PER_SEC, true},
    {LANE_PLUGIN, "* leaving", NULL, G_USEC_PER_SEC, true},
    {LANE_PLUGIN, "* left", NULL, G_USEC_PER_SEC, true},
    {LANE_PLUGIN, "* updated", NULL, G_USEC_PER_SEC, true},
    {LANE_PLUGIN, "* unsubscribed", NULL, G_USEC_PER_SEC, true},
    {LANE_PLUGIN, "* stopping", NULL, G_USEC_PER_SEC, true},
    {LANE_PLUGIN, "* stopped", NULL, G_USEC_PER_SEC, true},
    {LANE_PLUGIN, "*talking", NULL, G_USEC_PER_SEC, true},
};

static int64_t end_of(const struct model_handle *handle)
{
    const struct moment *session = &handle->session->ended;

    if (!handle->detached.seen || (session->seen && session->time_us < handle->detached.time_us))
        return session->seen ? session->time_us : INT64_MAX;
    return handle->detached.time_us;
}

/* A journal that ends in mid-call may do so while it is taken down. */
static int64_t end_in_journal(const struct comparing *at, const struct model_handle *handle,
                              enum lane_kind kind)
{
    const struct model_session *session = handle->session;
    const struct roster *roster = session == at->a ? at->a_roster : at->b_roster;
    const int64_t end_us = end_of(handle);

    if (end_us != INT64_MAX || kind == LANE_MEDIA || !diff_ends_early(at, session))
        return end_us;
    return roster_end(roster, session)->until_us;
}

/* Or it may have come up before its journal begins. */
static bool was_up_before(const struct comparing *at, const struct model_handle *handle,
                          int64_t time_us)
{
    if (!handle->attached.seen && diff_starts_late(at, handle->session))
        return true;
    for (guint i = 0; i < handle->epochs->len; i++) {
        const struct model_epoch *epoch = g_ptr_array_index(handle->epochs, i);
        const struct moment *up = &epoch->moments[MILESTONE_WEBRTCUP];

        if (up->seen && up->time_us < time_us)
            return true;
    }
    return false;
}

static bool is_parting_step(const struct comparing *at, const struct model_handle *handle,
                            bool was_up, enum lane_kind kind, const struct step *step)
{
    const char *reason = attributes_get(step->attributes, "webrtc.reason");

    for (size_t i = 0; i < G_N_ELEMENTS(partings); i++) {
        if (partings[i].lane == kind && partings[i].was_up == was_up &&
            g_strcmp0(partings[i].reason, reason) == 0 &&
            g_pattern_match_simple(partings[i].key, step->key))
            return end_in_journal(at, handle, kind) - step->time_us <= partings[i].within_us;
    }
    return false;
}

/* Of what a plugin tells at the end any word may be missing, also before others that both calls have. In
 * other lanes only the last may: an offer whose answer is there was lost, whenever that was. */
static bool ends_its_lane(const struct comparing *at, const struct model_handle *handle,
                          bool was_up, const struct lone_step *lone)
{
    bool ends = lone->kind == LANE_PLUGIN;

    for (guint i = lone->index + 1; ends && i < lone->steps->len; i++)
        ends = is_parting_step(at, handle, was_up, lone->kind, g_ptr_array_index(lone->steps, i));
    return ends || lone->is_last;
}

/* Does a step of `here` belong to its end, when both sides had got as far by then? */
static bool is_parting(const struct comparing *at, const struct model_handle *here,
                       const struct model_handle *there, const struct lone_step *lone)
{
    const struct step *step = g_ptr_array_index(lone->steps, lone->index);

    if (here == NULL)
        return false;
    const bool was_up = was_up_before(at, here, step->time_us);

    return was_up == was_up_before(at, there, INT64_MAX) &&
           is_parting_step(at, here, was_up, lone->kind, step) &&
           ends_its_lane(at, here, was_up, lone);
}

enum diff_class diff_class_of_missing(const struct comparing *at, const struct lone_step *lone,
                                      bool in_a, const char **ret_reason)
{
    const struct step *step = g_ptr_array_index(lone->steps, lone->index);
    const struct model_handle *handle = in_a ? at->a_handle : at->b_handle;
    const struct model_handle *other = in_a ? at->b_handle : at->a_handle;

    if (!is_parting(at, handle, other, lone))
        return lane_missing_class(lone->kind, step->key);
    *ret_reason = "at the end of the call: whether it is told is a matter of who is faster";
    return DIFF_NOTE;
}
