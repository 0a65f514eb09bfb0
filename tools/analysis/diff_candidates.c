/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which kinds of candidates each side had. */
#include "tools/analysis/diff_internal.h"

static void list_kinds(GPtrArray *list, const struct candidates *a, const struct candidates *b)
{
    g_autoptr(GPtrArray) kinds = candidates_kinds(a, b);

    for (guint i = 0; i < kinds->len; i++) {
        struct diff_candidates *one = g_new0(struct diff_candidates, 1);

        one->kind = g_strdup(g_ptr_array_index(kinds, i));
        one->a = candidates_of_kind(a, one->kind);
        one->b = candidates_of_kind(b, one->kind);
        g_ptr_array_add(list, one);
    }
}

/* Did the journal see all that this side gathered? It may start after that, or end in the middle of it. */
static bool saw_all(const struct comparing *at, const struct model_handle *handle,
                    const struct model_epoch *epoch)
{
    const struct model_session *session = handle->session;
    const bool began = handle->attached.seen || !diff_starts_late(at, session);
    const bool is_over = epoch->moments[MILESTONE_WEBRTCUP].seen || epoch->closed;

    return began && (is_over || !diff_ends_early(at, session));
}

/* They have no order, and so no moment but that of the offer; or when something was first told of the handle. */
static void set_side(struct diff_side *side, const struct model_handle *handle,
                     const struct model_epoch *epoch)
{
    const struct moment *offer = &epoch->moments[MILESTONE_OFFER];

    if (offer->seen)
        diff_side_set(side, handle->session, "gathered", offer->seq, offer->time_us);
    else
        diff_side_set(side, handle->session, "gathered", handle->session->first_seq,
                      handle->first_us);
}

static void tell(struct comparing *at, const struct model_epoch *a, const struct model_epoch *b,
                 GPtrArray *changes)
{
    struct difference *difference =
        diff_add_changed(at, LANE_CANDIDATES, lane_kind_name(LANE_CANDIDATES), changes);

    if (!saw_all(at, at->a_handle, a) || !saw_all(at, at->b_handle, b)) {
        difference->class = DIFF_NOTE;
        difference->remark = g_strdup("one of the journals did not see all of them");
    }
    set_side(&difference->a, at->a_handle, a);
    set_side(&difference->b, at->b_handle, b);
}

void diff_candidates(struct comparing *at, const struct model_epoch *a, const struct model_epoch *b)
{
    struct candidates *left = lanes_candidates(a);
    struct candidates *right = lanes_candidates(b);
    g_autoptr(GPtrArray) changes = changes_new();

    list_kinds(at->epoch_pair->candidates, left, right);
    candidates_compare(left, right, changes);
    if (changes->len > 0)
        tell(at, a, b, g_steal_pointer(&changes));
    candidates_free(left);
    candidates_free(right);
}
