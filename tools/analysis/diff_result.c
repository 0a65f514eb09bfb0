/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The result of a comparison, as an object. */
#include "tools/analysis/diff_internal.h"

#define FREE_ALL_WITH(free) g_ptr_array_new_with_free_func(free)

/* ---- differences ---- */

static void side_clear(struct diff_side *side)
{
    g_free(side->key);
    g_free(side->detail);
    g_free(side->news);
}

static void difference_free(gpointer pointer)
{
    struct difference *difference = pointer;

    g_free(difference->lane_name);
    g_free(difference->remark);
    side_clear(&difference->a);
    side_clear(&difference->b);
    g_ptr_array_unref(difference->changes);
    g_free(difference);
}

struct difference *diff_add(struct comparing *at, enum diff_class class, enum lane_kind lane,
                            const char *lane_name)
{
    struct difference *difference = g_new0(struct difference, 1);

    difference->class = class;
    difference->lane = lane;
    difference->lane_name = g_strdup(lane_name);
    difference->session = at->session;
    difference->handle = at->handle;
    difference->epoch = at->epoch;
    difference->changes = changes_new();
    g_ptr_array_add(at->result->differences, difference);
    return difference;
}

struct difference *diff_add_changed(struct comparing *at, enum lane_kind lane,
                                    const char *lane_name, GPtrArray *changes)
{
    struct difference *difference = diff_add(at, changes_worst(changes), lane, lane_name);

    g_ptr_array_unref(difference->changes);
    difference->changes = changes;
    return difference;
}

void diff_side_set(struct diff_side *side, const struct model_session *session, const char *key,
                   uint64_t seq, int64_t time_us)
{
    side->key = g_strdup(key);
    side->moment =
        (struct moment){.seen = true, .seq = seq, .time_us = time_us - session->first_us};
}

struct moment diff_moment(const struct model_session *session, const struct moment *moment)
{
    struct moment shifted = *moment;

    if (shifted.seen)
        shifted.time_us -= session->first_us;
    return shifted;
}

void diff_evaluated(struct comparing *at, enum diff_class class)
{
    if (at->handle_pair != NULL)
        at->handle_pair->evaluated[class] = true;
    else
        at->pair->evaluated[class] = true;
}

/* ---- lanes ---- */

static void op_clear(gpointer pointer)
{
    g_free(((struct diff_op *)pointer)->key);
}

static void lane_free(gpointer pointer)
{
    struct diff_lane *lane = pointer;

    g_free(lane->name);
    g_array_unref(lane->ops);
    g_free(lane);
}

struct diff_lane *diff_lane_new(enum lane_kind kind, const char *name)
{
    struct diff_lane *lane = g_new0(struct diff_lane, 1);

    lane->kind = kind;
    lane->name = g_strdup(name);
    lane->ops = g_array_new(FALSE, FALSE, sizeof(struct diff_op));
    g_array_set_clear_func(lane->ops, op_clear);
    return lane;
}

/* ---- SDPs ---- */

static void section_free(gpointer pointer)
{
    struct diff_sdp_section *section = pointer;

    g_free(section->name);
    g_free(section->a_kind);
    g_free(section->b_kind);
    g_ptr_array_unref(section->changes);
    g_ptr_array_unref(section->reordered);
    g_free(section);
}

struct diff_sdp_section *diff_sdp_section_new(void)
{
    struct diff_sdp_section *section = g_new0(struct diff_sdp_section, 1);

    section->changes = changes_new();
    section->reordered = FREE_ALL_WITH(g_free);
    return section;
}

static void sdp_free(gpointer pointer)
{
    struct diff_sdp *sdp = pointer;

    g_free(sdp->key);
    g_ptr_array_unref(sdp->sections);
    g_free(sdp);
}

struct diff_sdp *diff_sdp_new(void)
{
    struct diff_sdp *sdp = g_new0(struct diff_sdp, 1);

    sdp->sections = FREE_ALL_WITH(section_free);
    return sdp;
}

/* ---- epochs ---- */

static void candidates_free_one(gpointer pointer)
{
    g_free(((struct diff_candidates *)pointer)->kind);
    g_free(pointer);
}

static void medium_free_one(gpointer pointer)
{
    struct diff_medium *medium = pointer;

    g_free(medium->mid);
    g_free(medium->media);
    g_free(medium->a_codec);
    g_free(medium->b_codec);
    g_free(medium);
}

struct diff_medium *diff_medium_new(void)
{
    return g_new0(struct diff_medium, 1);
}

static void epoch_free(gpointer pointer)
{
    struct diff_epoch *epoch = pointer;

    g_ptr_array_unref(epoch->lanes);
    g_ptr_array_unref(epoch->sdps);
    g_ptr_array_unref(epoch->candidates);
    g_ptr_array_unref(epoch->media);
    g_free(epoch);
}

struct diff_epoch *diff_epoch_new(void)
{
    struct diff_epoch *epoch = g_new0(struct diff_epoch, 1);

    epoch->lanes = FREE_ALL_WITH(lane_free);
    epoch->sdps = FREE_ALL_WITH(sdp_free);
    epoch->candidates = FREE_ALL_WITH(candidates_free_one);
    epoch->media = FREE_ALL_WITH(medium_free_one);
    return epoch;
}

/* ---- handles and sessions ---- */

static void handle_free(gpointer pointer)
{
    struct diff_handle *handle = pointer;

    diff_who_clear(&handle->a);
    diff_who_clear(&handle->b);
    g_ptr_array_unref(handle->lanes);
    g_ptr_array_unref(handle->epochs);
    g_free(handle);
}

struct diff_handle *diff_handle_new(void)
{
    struct diff_handle *handle = g_new0(struct diff_handle, 1);

    handle->lanes = FREE_ALL_WITH(lane_free);
    handle->epochs = FREE_ALL_WITH(epoch_free);
    return handle;
}

static void lone_free(gpointer pointer)
{
    diff_who_clear(&((struct diff_lone *)pointer)->who);
    g_free(pointer);
}

static void session_free(gpointer pointer)
{
    struct diff_session *session = pointer;

    diff_who_clear(&session->a);
    diff_who_clear(&session->b);
    g_ptr_array_unref(session->context_a);
    g_ptr_array_unref(session->context_b);
    g_ptr_array_unref(session->lanes);
    g_ptr_array_unref(session->handles);
    g_ptr_array_unref(session->lone_handles);
    g_ptr_array_unref(session->gaps);
    g_free(session);
}

struct diff_session *diff_session_new(void)
{
    struct diff_session *session = g_new0(struct diff_session, 1);

    session->context_a = FREE_ALL_WITH(diff_context_free);
    session->context_b = FREE_ALL_WITH(diff_context_free);
    session->lanes = FREE_ALL_WITH(lane_free);
    session->handles = FREE_ALL_WITH(handle_free);
    session->lone_handles = FREE_ALL_WITH(lone_free);
    session->gaps = FREE_ALL_WITH(g_free);
    session->has_details = true;
    return session;
}

void diff_session_drop_details(struct diff_session *session)
{
    g_ptr_array_set_size(session->lanes, 0);
    g_ptr_array_set_size(session->handles, 0);
    g_ptr_array_set_size(session->lone_handles, 0);
    g_ptr_array_set_size(session->gaps, 0);
    session->has_details = false;
}

/* ---- the whole ---- */

static void limit_free(gpointer pointer)
{
    g_free(((struct diff_limit *)pointer)->text);
    g_free(pointer);
}

static void ignored_free_one(gpointer pointer)
{
    g_free(((struct diff_ignored *)pointer)->path);
    g_free(pointer);
}

struct diff_result *diff_result_new(void)
{
    struct diff_result *result = g_new0(struct diff_result, 1);

    result->differences = FREE_ALL_WITH(difference_free);
    result->context_a = FREE_ALL_WITH(diff_context_free);
    result->context_b = FREE_ALL_WITH(diff_context_free);
    result->sessions = FREE_ALL_WITH(session_free);
    result->lone_sessions = FREE_ALL_WITH(lone_free);
    result->limits = FREE_ALL_WITH(limit_free);
    result->ignored_rules = FREE_ALL_WITH(ignored_free_one);
    return result;
}

void diff_free(struct diff_result *result)
{
    if (result == NULL)
        return;
    g_ptr_array_unref(result->differences);
    g_ptr_array_unref(result->context_a);
    g_ptr_array_unref(result->context_b);
    g_ptr_array_unref(result->sessions);
    g_ptr_array_unref(result->lone_sessions);
    g_ptr_array_unref(result->limits);
    g_ptr_array_unref(result->ignored_rules);
    g_free(result);
}
