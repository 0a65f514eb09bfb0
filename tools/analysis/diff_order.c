/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order of two lanes means nothing, but for what causes what: one thread of Janus does the one
 * because the other happened, so they can be told in one order only.
 */
#include "tools/analysis/diff_internal.h"

/* The first step of each that fits; keys are patterns as in g_pattern_match_simple(). */
static const struct edge {
    struct {
        enum lane_kind lane;
        const char *key;
    } from, to;
} edges[DIFF_EDGES] = {
    [DIFF_EDGE_OFFER_ANSWER] = {{LANE_SIGNALLING, "* offer"}, {LANE_SIGNALLING, "* answer"}},
    [DIFF_EDGE_PAIR_DTLS] = {{LANE_PAIR, "selected"}, {LANE_DTLS, "trying"}},
    [DIFF_EDGE_DTLS_UP] = {{LANE_DTLS, "connected"}, {LANE_PC, "webrtcup"}},
    [DIFF_EDGE_UP_HANGUP] = {{LANE_PC, "webrtcup"}, {LANE_PC, "hangup"}},
};

static const char *const words[] = {
    [DIFF_ORDER_UNKNOWN] = "unknown",
    [DIFF_ORDER_KEPT] = "kept",
    [DIFF_ORDER_BROKEN] = "broken",
};

static const struct step *find(const GPtrArray *lanes, enum lane_kind kind, const char *key)
{
    const struct lane *lane = lanes_find(lanes, kind, lane_kind_name(kind));

    for (guint i = 0; lane != NULL && i < lane->steps->len; i++) {
        const struct step *step = g_ptr_array_index(lane->steps, i);

        if (g_pattern_match_simple(key, step->key))
            return step;
    }
    return NULL;
}

static enum diff_order order_in(const GPtrArray *lanes, const struct edge *edge)
{
    const struct step *from = find(lanes, edge->from.lane, edge->from.key);
    const struct step *to = find(lanes, edge->to.lane, edge->to.key);

    if (from == NULL || to == NULL)
        return DIFF_ORDER_UNKNOWN;
    return from->seq < to->seq ? DIFF_ORDER_KEPT : DIFF_ORDER_BROKEN;
}

/* Whoever comes in the middle may see a second offer first. */
static enum diff_order order_of(const struct comparing *at, const struct model_session *session,
                                const GPtrArray *lanes, const struct edge *edge)
{
    return diff_starts_late(at, session) ? DIFF_ORDER_UNKNOWN : order_in(lanes, edge);
}

static void tell(struct comparing *at, const struct edge *edge, const char *name,
                 const GPtrArray *a_lanes, const GPtrArray *b_lanes)
{
    const struct step *a = find(a_lanes, edge->to.lane, edge->to.key);
    const struct step *b = find(b_lanes, edge->to.lane, edge->to.key);
    GPtrArray *changes = changes_new();
    g_autofree char *path = g_strconcat("order.", name, NULL);

    changes_add(changes, path, words[order_in(a_lanes, edge)], words[order_in(b_lanes, edge)],
                DIFF_STRUCTURE);
    struct difference *difference =
        diff_add_changed(at, edge->to.lane, lane_kind_name(edge->to.lane), changes);

    diff_side_set(&difference->a, at->a, a->key, a->seq, a->time_us);
    diff_side_set(&difference->b, at->b, b->key, b->seq, b->time_us);
}

void diff_orders(struct comparing *at, const GPtrArray *a_lanes, const GPtrArray *b_lanes)
{
    for (unsigned i = 0; i < DIFF_EDGES; i++) {
        const enum diff_order a = order_of(at, at->a, a_lanes, &edges[i]);
        const enum diff_order b = order_of(at, at->b, b_lanes, &edges[i]);

        at->epoch_pair->edges[i].a = a;
        at->epoch_pair->edges[i].b = b;
        if (a != b && a != DIFF_ORDER_UNKNOWN && b != DIFF_ORDER_UNKNOWN)
            tell(at, &edges[i], diff_edge_name((enum diff_edge)i), a_lanes, b_lanes);
    }
}
