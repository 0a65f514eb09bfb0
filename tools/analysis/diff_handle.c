/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two handles, and their PeerConnections one by one. */
#include "tools/analysis/diff_internal.h"

#include <inttypes.h>

/* ---- one PeerConnection of each ---- */

static void set_milestones(const struct comparing *at, struct diff_epoch *epoch,
                           const struct model_epoch *a, const struct model_epoch *b)
{
    struct moment a_moments[MILESTONES], b_moments[MILESTONES];

    model_moments(at->a_handle, a, a_moments);
    model_moments(at->b_handle, b, b_moments);
    for (unsigned i = 0; i < MILESTONES; i++) {
        epoch->milestones[i].a = diff_moment(at->a, &a_moments[i]);
        epoch->milestones[i].b = diff_moment(at->b, &b_moments[i]);
    }
}

static void begin_epoch(struct comparing *at, const struct model_epoch *a,
                        const struct model_epoch *b)
{
    struct diff_epoch *epoch = diff_epoch_new();
    GPtrArray *epochs = at->handle_pair->epochs;

    at->epoch = (int)epochs->len;
    at->epoch_pair = epoch;
    epoch->number = epochs->len + 1;
    epoch->a_number = a != NULL ? a->number : 0;
    epoch->b_number = b != NULL ? b->number : 0;
    set_milestones(at, epoch, a, b);
    g_ptr_array_add(epochs, epoch);
}

static void compare_epochs(struct comparing *at, const struct model_epoch *a,
                           const struct model_epoch *b)
{
    const struct built_lanes *lanes =
        diff_keep_lanes(at, lanes_of_epoch(a, at->rules), lanes_of_epoch(b, at->rules));
    const unsigned by_kind = diff_mids(at, a, b, lanes);

    diff_lanes(at, lanes->a, lanes->b, at->epoch_pair->lanes);
    diff_orders(at, lanes->a, lanes->b);
    diff_candidates(at, a, b);
    diff_media(at, a, b, by_kind);
    diff_evaluated(at, DIFF_OUTCOME);
}

/* Of its milestones; or one that was not seen. */
static const struct moment *first_moment(const struct model_epoch *epoch)
{
    const struct moment *first = &epoch->moments[MILESTONE_OFFER];

    for (unsigned i = 0; i < MILESTONES; i++) {
        const struct moment *one = &epoch->moments[i];

        if (one->seen && (!first->seen || one->time_us < first->time_us))
            first = one;
    }
    return first;
}

static void tell_missing_epoch(struct comparing *at, const struct model_epoch *epoch, bool in_a)
{
    struct difference *difference = diff_add(at, DIFF_STRUCTURE, LANE_SIGNALLING, "PeerConnection");
    const struct moment *first = first_moment(epoch);
    const struct model_session *session = in_a ? at->a : at->b;
    g_autofree char *key = g_strdup_printf("%u", epoch->number);
    GPtrArray *lanes = lanes_of_epoch(epoch, at->rules);

    diff_keep_lanes(at, in_a ? lanes : NULL, in_a ? NULL : lanes);
    difference->how = in_a ? DIFF_ONLY_A : DIFF_ONLY_B;
    diff_side_set(in_a ? &difference->a : &difference->b, session, key, first->seq,
                  first->seen ? first->time_us : session->last_us);
}

/* ---- handles ---- */

static const struct model_epoch *epoch_at(const struct model_handle *handle, guint index)
{
    return index < handle->epochs->len ? g_ptr_array_index(handle->epochs, index) : NULL;
}

/* At least one, which may be neither's: it shows the milestones of the handles themselves. */
static void compare_all_epochs(struct comparing *at)
{
    const guint count = MAX(at->a_handle->epochs->len, at->b_handle->epochs->len);

    for (guint i = 0; i < MAX(count, 1); i++) {
        const struct model_epoch *a = epoch_at(at->a_handle, i);
        const struct model_epoch *b = epoch_at(at->b_handle, i);

        begin_epoch(at, a, b);
        if (a != NULL && b != NULL)
            compare_epochs(at, a, b);
        else if (a != NULL || b != NULL)
            tell_missing_epoch(at, a != NULL ? a : b, a != NULL);
        diff_timing(at);
    }
    at->epoch = -1;
    at->epoch_pair = NULL;
}

static void begin(struct comparing *at, const struct model_handle *a, const struct model_handle *b,
                  const struct match *match)
{
    struct diff_handle *handle = diff_handle_new();

    diff_who_handle(&handle->a, a);
    diff_who_handle(&handle->b, b);
    handle->score = match->score;
    handle->mapped = match->mapped;
    at->handle = (int)at->pair->handles->len;
    at->handle_pair = handle;
    at->a_handle = a;
    at->b_handle = b;
    g_ptr_array_add(at->pair->handles, handle);
}

void diff_handles(struct comparing *at, const struct model_handle *a, const struct model_handle *b,
                  const struct match *match)
{
    begin(at, a, b, match);
    const struct built_lanes *lanes =
        diff_keep_lanes(at, lanes_of_handle(a, at->rules), lanes_of_handle(b, at->rules));

    diff_lanes(at, lanes->a, lanes->b, at->handle_pair->lanes);
    diff_evaluated(at, DIFF_STRUCTURE);
    diff_evaluated(at, DIFF_IDENTITY);
    diff_evaluated(at, DIFF_NOTE);
    compare_all_epochs(at);
    at->handle = -1;
    at->handle_pair = NULL;
    at->a_handle = at->b_handle = NULL;
}

void diff_missing_handle(struct comparing *at, const struct model_handle *handle, bool in_a)
{
    struct difference *difference = diff_add(at, DIFF_STRUCTURE, LANE_HANDLE, "handle");
    struct diff_side *side = in_a ? &difference->a : &difference->b;
    struct diff_lone *lone = g_new0(struct diff_lone, 1);
    g_autofree char *id = g_strdup_printf("%" PRIu64, handle->id);

    lone->side = in_a ? DIFF_A : DIFF_B;
    diff_who_handle(&lone->who, handle);
    g_ptr_array_add(at->pair->lone_handles, lone);
    difference->how = in_a ? DIFF_ONLY_A : DIFF_ONLY_B;
    diff_side_set(side, handle->session, id, handle->attached.seq, handle->first_us);
    side->detail = g_strdup_printf("of %s, got to %s",
                                   handle->plugin != NULL ? handle->plugin : "an unknown plugin",
                                   reach_name(model_reach(handle)));
}
