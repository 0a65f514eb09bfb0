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

/* They have no order, and so no moment but that of the offer. */
static void tell(struct comparing *at, const struct model_epoch *a, const struct model_epoch *b,
                 GPtrArray *changes)
{
    const struct moment *a_offer = &a->moments[MILESTONE_OFFER];
    const struct moment *b_offer = &b->moments[MILESTONE_OFFER];
    struct difference *difference =
        diff_add_changed(at, LANE_CANDIDATES, lane_kind_name(LANE_CANDIDATES), changes);

    if (!a_offer->seen || !b_offer->seen)
        return;
    diff_side_set(&difference->a, at->a, "gathered", a_offer->seq, a_offer->time_us);
    diff_side_set(&difference->b, at->b, "gathered", b_offer->seq, b_offer->time_us);
}

/* Were they told of before the journal began? They follow the offer. */
static bool may_be_missed(const struct model_session *session, const struct model_epoch *epoch)
{
    return diff_starts_late(session) && !epoch->moments[MILESTONE_OFFER].seen;
}

void diff_candidates(struct comparing *at, const struct model_epoch *a, const struct model_epoch *b)
{
    struct candidates *left = lanes_candidates(a);
    struct candidates *right = lanes_candidates(b);
    g_autoptr(GPtrArray) changes = changes_new();

    list_kinds(at->epoch_pair->candidates, left, right);
    if (!may_be_missed(at->a, a) && !may_be_missed(at->b, b))
        candidates_compare(left, right, changes);
    if (changes->len > 0)
        tell(at, a, b, g_steal_pointer(&changes));
    candidates_free(left);
    candidates_free(right);
}
