/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two handles, and their PeerConnections one by one. */
#include "tools/analysis/diff_internal.h"

#include <inttypes.h>

static struct moment relative(const struct moment *moment, const struct model_session *session)
{
    struct moment shifted = *moment;

    if (shifted.seen)
        shifted.time_us -= session->first_us;
    return shifted;
}

static struct diff_epoch *add_epoch(const struct comparing *at, struct diff_handle *handle,
                                    const struct model_handle *a, const struct model_epoch *a_epoch,
                                    const struct model_handle *b, const struct model_epoch *b_epoch)
{
    struct diff_epoch *epoch = g_new0(struct diff_epoch, 1);
    struct moment a_moments[MILESTONES], b_moments[MILESTONES];

    model_moments(a, a_epoch, a_moments);
    model_moments(b, b_epoch, b_moments);
    epoch->number = handle->epochs->len + 1;
    for (unsigned i = 0; i < MILESTONES; i++) {
        epoch->milestones[i].a = relative(&a_moments[i], at->a);
        epoch->milestones[i].b = relative(&b_moments[i], at->b);
    }
    g_ptr_array_add(handle->epochs, epoch);
    return epoch;
}

static void compare_candidates(struct comparing *at, const struct model_handle *a,
                               const struct model_epoch *a_epoch, const struct model_handle *b,
                               const struct model_epoch *b_epoch)
{
    struct candidates *left = lanes_candidates(a, a_epoch);
    struct candidates *right = lanes_candidates(b, b_epoch);
    g_autoptr(GPtrArray) changes = changes_new();

    candidates_compare(left, right, changes);
    if (changes->len > 0) {
        struct difference *difference =
            diff_add(at, changes_worst(changes), LANE_CANDIDATES, lane_kind_name(LANE_CANDIDATES));
        const struct moment *a_offer = &a_epoch->moments[MILESTONE_OFFER];
        const struct moment *b_offer = &b_epoch->moments[MILESTONE_OFFER];

        if (a_offer->seen && b_offer->seen) {
            diff_side_set(&difference->a, at->a, "gathered", a_offer->seq, a_offer->time_us);
            diff_side_set(&difference->b, at->b, "gathered", b_offer->seq, b_offer->time_us);
        }
        g_ptr_array_unref(difference->changes);
        difference->changes = g_steal_pointer(&changes);
    }
    candidates_free(left);
    candidates_free(right);
}

static void compare_epochs(struct comparing *at, const struct model_handle *a,
                           const struct model_epoch *a_epoch, const struct model_handle *b,
                           const struct model_epoch *b_epoch)
{
    g_autoptr(GPtrArray) a_lanes = lanes_of_epoch(a, a_epoch, at->rules);
    g_autoptr(GPtrArray) b_lanes = lanes_of_epoch(b, b_epoch, at->rules);

    diff_lanes(at, a_lanes, b_lanes);
    compare_candidates(at, a, a_epoch, b, b_epoch);
    diff_media(at, a_epoch, b_epoch);
}

static void tell_missing_epoch(struct comparing *at, const struct model_epoch *epoch, bool in_a)
{
    struct difference *difference = diff_add(at, DIFF_STRUCTURE, LANE_SIGNALLING, "PeerConnection");
    const struct moment *offer = &epoch->moments[MILESTONE_OFFER];
    const struct model_session *session = in_a ? at->a : at->b;
    g_autofree char *key = g_strdup_printf("PeerConnection %u", epoch->number);

    diff_side_set(in_a ? &difference->a : &difference->b, session, key, offer->seq,
                  offer->seen ? offer->time_us : session->last_us);
}

static const struct model_epoch *epoch_at(const struct model_handle *handle, guint index)
{
    return index < handle->epochs->len ? g_ptr_array_index(handle->epochs, index) : NULL;
}

static void compare_all_epochs(struct comparing *at, struct diff_handle *handle,
                               const struct model_handle *a, const struct model_handle *b)
{
    const guint count = MAX(MAX(a->epochs->len, b->epochs->len), 1);

    for (guint i = 0; i < count; i++) {
        const struct model_epoch *left = epoch_at(a, i), *right = epoch_at(b, i);
        const struct diff_epoch *epoch = add_epoch(at, handle, a, left, b, right);

        at->epoch = (int)i;
        if (left != NULL && right != NULL) {
            compare_epochs(at, a, left, b, right);
            diff_timing(at, epoch);
        } else if (left != NULL || right != NULL) {
            tell_missing_epoch(at, left != NULL ? left : right, left != NULL);
        }
    }
    at->epoch = -1;
}

static void set_handle(struct diff_who *who, const struct model_handle *handle)
{
    who->id = handle->id;
    who->opaque_id = g_strdup(handle->opaque_id);
    who->plugin = g_strdup(handle->plugin);
    who->started_us = handle->first_us;
    who->reach = model_reach(handle);
}

void diff_tie_ids(struct comparing *at, const char *kind, uint64_t a, uint64_t b)
{
    g_autofree char *a_text = g_strdup_printf("%" PRIu64, a);
    g_autofree char *b_text = g_strdup_printf("%" PRIu64, b);

    ids_agree(at->ids, kind, a_text, b_text);
}

void diff_handles(struct comparing *at, struct diff_session *session, const struct model_handle *a,
                  const struct model_handle *b)
{
    struct diff_handle *handle = g_new0(struct diff_handle, 1);
    g_autoptr(GPtrArray) a_lanes = lanes_of_handle(a, at->rules);
    g_autoptr(GPtrArray) b_lanes = lanes_of_handle(b, at->rules);

    set_handle(&handle->a, a);
    set_handle(&handle->b, b);
    handle->epochs = g_ptr_array_new_with_free_func(g_free);
    at->handle = (int)session->handles->len;
    at->a_handle = a;
    at->b_handle = b;
    g_ptr_array_add(session->handles, handle);
    diff_tie_ids(at, "handle", a->id, b->id);
    diff_lanes(at, a_lanes, b_lanes);
    compare_all_epochs(at, handle, a, b);
    at->handle = -1;
    at->a_handle = at->b_handle = NULL;
}

void diff_missing_handle(struct comparing *at, const struct model_handle *handle, bool in_a)
{
    struct difference *difference = diff_add(at, DIFF_STRUCTURE, LANE_HANDLE, "handle");
    struct diff_side *side = in_a ? &difference->a : &difference->b;
    g_autofree char *id = g_strdup_printf("%" PRIu64, handle->id);

    diff_side_set(side, handle->session, id, handle->attached.seq, handle->first_us);
    side->detail = g_strdup_printf("of %s, got to %s",
                                   handle->plugin != NULL ? handle->plugin : "an unknown plugin",
                                   reach_name(model_reach(handle)));
}
