/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sessions: what they did themselves, then their handles. */
#include "tools/analysis/diff_internal.h"

#include <inttypes.h>

/* ---- transports ---- */

static void remove_lanes(GPtrArray *lanes, enum lane_kind kind)
{
    for (guint i = lanes->len; i-- > 0;) {
        if (((struct lane *)g_ptr_array_index(lanes, i))->kind == kind)
            g_ptr_array_remove_index(lanes, i);
    }
}

/* A journal may have been recorded, or selected, without its connections. */
static bool knows_connection(const struct model_session *session)
{
    return session->transport_facts != NULL;
}

static bool same_transport(const struct comparing *at)
{
    return g_strcmp0(at->a->transport_package, at->b->transport_package) == 0;
}

/* Sessions over different transports are the same sessions: one note, and no lane. */
static void compare_transports(struct comparing *at, GPtrArray *a_lanes, GPtrArray *b_lanes)
{
    if (!same_transport(at) || !knows_connection(at->a) || !knows_connection(at->b)) {
        remove_lanes(a_lanes, LANE_TRANSPORT);
        remove_lanes(b_lanes, LANE_TRANSPORT);
    }
    if (same_transport(at) || at->a->transport_package == NULL || at->b->transport_package == NULL)
        return;
    struct difference *difference =
        diff_add(at, DIFF_NOTE, LANE_TRANSPORT, lane_kind_name(LANE_TRANSPORT));

    diff_side_set(&difference->a, at->a, "client connection", at->a->first_seq, at->a->first_us);
    diff_side_set(&difference->b, at->b, "client connection", at->b->first_seq, at->b->first_us);
    changes_add(difference->changes, "transport", at->a->transport_package,
                at->b->transport_package, DIFF_NOTE);
}

/* ---- handles ---- */

static const struct model_handle *handle_at(const struct model_session *session, int index)
{
    return index >= 0 ? g_ptr_array_index(session->handles, index) : NULL;
}

static void compare_session_handles(struct comparing *at)
{
    g_autoptr(GArray) matches = match_handles(at->a_brief, at->b_brief, at->options->map);

    for (guint i = 0; i < matches->len; i++) {
        const struct match *match = &g_array_index(matches, struct match, i);
        const struct model_handle *a = handle_at(at->a, match->a);
        const struct model_handle *b = handle_at(at->b, match->b);

        if (a != NULL && b != NULL)
            diff_handles(at, a, b, match);
        else
            diff_missing_handle(at, a != NULL ? a : b, a != NULL);
    }
}

/* ---- sessions ---- */

static void begin(struct comparing *at, const struct model_session *a,
                  const struct model_session *b, const struct match *match)
{
    struct diff_session *session = diff_session_new();

    diff_who_session(&session->a, a);
    diff_who_session(&session->b, b);
    session->score = match->score;
    session->mapped = match->mapped;
    at->a = a;
    at->b = b;
    at->pair = session;
    at->built = g_ptr_array_new_with_free_func(built_lanes_free);
    at->session = (int)at->result->sessions->len;
    g_ptr_array_add(at->result->sessions, session);
}

/* Whoever reads looks at a few; a machine wants all. */
static bool is_kept(struct comparing *at, bool differs)
{
    const guint most = at->options->details_max;

    if (most == 0)
        return true;
    if (at->pair->first != NULL)
        return at->kept.parted++ < most;
    return differs ? at->kept.differing++ < most : at->kept.alike++ < most;
}

/* Its differences are those from this index on. */
static void finish(struct comparing *at, guint from)
{
    const GPtrArray *differences = at->result->differences;

    diff_partial_settle(at, from);
    for (guint i = from; i < differences->len; i++)
        at->pair->counts[((struct difference *)g_ptr_array_index(differences, i))->class]++;
    at->pair->first = diff_first(at->result, from);
    if (at->pair->first != NULL)
        diff_put_contexts(at);
    diff_limits_of_pair(at);
    if (!is_kept(at, differences->len > from))
        diff_session_drop_details(at->pair);
    g_clear_pointer(&at->built, g_ptr_array_unref);
    at->pair = NULL;
    at->session = -1;
}

void diff_sessions(struct comparing *at, const struct model_session *a,
                   const struct model_session *b, const struct match *match)
{
    const guint from = at->result->differences->len;

    begin(at, a, b, match);
    diff_partial_begin(at);
    const struct built_lanes *lanes =
        diff_keep_lanes(at, lanes_of_session(a, at->rules), lanes_of_session(b, at->rules));

    compare_transports(at, lanes->a, lanes->b);
    diff_lanes(at, lanes->a, lanes->b, at->pair->lanes);
    diff_evaluated(at, DIFF_STRUCTURE);
    diff_evaluated(at, DIFF_NOTE);
    if (a->how_ended != SESSION_OPEN && b->how_ended != SESSION_OPEN)
        diff_evaluated(at, DIFF_OUTCOME);
    compare_session_handles(at);
    finish(at, from);
}

void diff_missing_session(struct comparing *at, const struct model_session *session, bool in_a)
{
    const char *reason = diff_partial_lone(at, session, in_a);
    struct difference *difference =
        diff_add(at, reason == NULL ? DIFF_STRUCTURE : DIFF_NOTE, LANE_SESSION, "session");
    struct diff_side *side = in_a ? &difference->a : &difference->b;
    struct diff_lone *lone = g_new0(struct diff_lone, 1);
    g_autofree char *id = g_strdup_printf("%" PRIu64, session->id);

    lone->side = in_a ? DIFF_A : DIFF_B;
    diff_who_session(&lone->who, session);
    g_ptr_array_add(at->result->lone_sessions, lone);
    difference->how = in_a ? DIFF_ONLY_A : DIFF_ONLY_B;
    diff_side_set(side, session, id, session->first_seq, session->first_us);
    difference->remark = g_strdup(reason);
    side->detail = g_strdup_printf("of %s, got to %s",
                                   lone->who.plugin != NULL ? lone->who.plugin : "no plugin",
                                   reach_name(lone->who.reach));
}
