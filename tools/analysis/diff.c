/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is compared with whom, and what of them. */
#include "tools/analysis/diff.h"

#include "tools/analysis/align.h"
#include "tools/analysis/diff_internal.h"
#include "tools/analysis/match.h"

#include <inttypes.h>

/* The entities behind a place of the result, for as long as the comparison lasts. */
struct place {
    const struct model_session *a_session, *b_session;
    const struct model_handle *a, *b; /* NULL: the place of the session itself */
    int session, handle;
};

static void limit(struct comparing *at, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void limit(struct comparing *at, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(at->result->limits, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

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
    return session->transport != NULL && session->transport->facts->len > 0;
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

/* ---- sessions ---- */

static void set_session(struct diff_who *who, const struct model_session *session)
{
    who->id = session->id;
    who->started_us = session->first_us;
    who->reach = REACH_ATTACHED;
    for (guint i = 0; i < session->handles->len; i++) {
        const struct model_handle *handle = g_ptr_array_index(session->handles, i);

        who->reach = MAX(who->reach, model_reach(handle));
        if (who->opaque_id == NULL)
            who->opaque_id = g_strdup(handle->opaque_id);
        if (who->plugin == NULL)
            who->plugin = g_strdup(handle->plugin);
    }
}

static void note_limits(struct comparing *at, const struct model *model,
                        const struct model_session *session, const char *side)
{
    const GArray *gaps = model_gaps(model);

    const bool is_whole = model_scope(model) == MODEL_WHOLE;

    if (is_whole && !session->created.seen)
        limit(at, "%s: session %" PRIu64 " was under way when the journal began", side,
              session->id);
    if (is_whole && session->how_ended == SESSION_OPEN)
        limit(at, "%s: session %" PRIu64 " was under way when the journal ended", side,
              session->id);
    for (guint i = 0; i < gaps->len; i++) {
        const struct model_gap *gap = &g_array_index(gaps, struct model_gap, i);

        if (gap->until_us >= session->first_us && gap->from_us <= session->last_us)
            limit(at, "%s: %" PRIu64 " events were lost at +%.3f s of session %" PRIu64, side,
                  gap->events, (double)(gap->from_us - session->first_us) / G_USEC_PER_SEC,
                  session->id);
    }
}

static void add_place(GArray *places, const struct comparing *at, const struct model_handle *a,
                      const struct model_handle *b)
{
    const struct place place = {.a_session = at->a,
                                .b_session = at->b,
                                .a = a,
                                .b = b,
                                .session = at->session,
                                .handle = a != NULL ? at->handle : -1};

    g_array_append_val(places, place);
}

static void compare_session_handles(struct comparing *at, struct diff_session *session,
                                    GArray *places)
{
    g_autoptr(GArray) matches = match_handles(at->a->handles, at->b->handles);

    for (guint i = 0; i < matches->len; i++) {
        const struct match *match = &g_array_index(matches, struct match, i);
        const struct model_handle *a =
            match->a >= 0 ? g_ptr_array_index(at->a->handles, match->a) : NULL;
        const struct model_handle *b =
            match->b >= 0 ? g_ptr_array_index(at->b->handles, match->b) : NULL;

        if (a == NULL || b == NULL) {
            diff_missing_handle(at, a != NULL ? a : b, a != NULL);
            continue;
        }
        at->handle = (int)session->handles->len;
        add_place(places, at, a, b);
        diff_handles(at, session, a, b);
    }
}

static void compare_sessions(struct comparing *at, const struct model_session *a,
                             const struct model_session *b, GArray *places)
{
    struct diff_session *session = g_new0(struct diff_session, 1);
    g_autoptr(GPtrArray) a_lanes = lanes_of_session(a, at->rules);
    g_autoptr(GPtrArray) b_lanes = lanes_of_session(b, at->rules);

    set_session(&session->a, a);
    set_session(&session->b, b);
    session->handles = g_ptr_array_new_with_free_func(diff_handle_free);
    at->a = a;
    at->b = b;
    at->session = (int)at->result->sessions->len;
    g_ptr_array_add(at->result->sessions, session);
    diff_tie_ids(at, "session", a->id, b->id);
    add_place(places, at, NULL, NULL);
    compare_transports(at, a_lanes, b_lanes);
    diff_lanes(at, a_lanes, b_lanes);
    compare_session_handles(at, session, places);
}

static void tell_missing_session(struct comparing *at, const struct model_session *session,
                                 bool in_a)
{
    struct difference *difference = diff_add(at, DIFF_STRUCTURE, LANE_SESSION, "session");
    struct diff_side *side = in_a ? &difference->a : &difference->b;
    g_autofree char *id = g_strdup_printf("%" PRIu64, session->id);
    struct diff_who who = {.id = session->id};

    set_session(&who, session);
    difference->session = -1;
    diff_side_set(side, session, id, session->first_seq, session->first_us);
    side->detail = g_strdup_printf(
        "of %s, got to %s", who.plugin != NULL ? who.plugin : "no plugin", reach_name(who.reach));
    diff_who_clear(&who);
}

static void compare_models(struct comparing *at, const struct model *a, const struct model *b,
                           GArray *places)
{
    const GPtrArray *a_sessions = model_sessions(a), *b_sessions = model_sessions(b);
    g_autoptr(GArray) matches = match_sessions(a_sessions, b_sessions);

    for (guint i = 0; i < matches->len; i++) {
        const struct match *match = &g_array_index(matches, struct match, i);
        const struct model_session *left =
            match->a >= 0 ? g_ptr_array_index(a_sessions, match->a) : NULL;
        const struct model_session *right =
            match->b >= 0 ? g_ptr_array_index(b_sessions, match->b) : NULL;

        if (left != NULL && right != NULL) {
            compare_sessions(at, left, right, places);
            note_limits(at, a, left, "A");
            note_limits(at, b, right, "B");
        } else {
            tell_missing_session(at, left != NULL ? left : right, left != NULL);
        }
    }
}

/* ---- the result ---- */

static const struct place *place_of(const GArray *places, int session, int handle)
{
    for (guint i = 0; i < places->len; i++) {
        const struct place *place = &g_array_index(places, struct place, i);

        if (place->session == session && place->handle == handle)
            return place;
    }
    return NULL;
}

/* The lanes in sight of a place: the session's, its handle's, and those of one PeerConnection. */
static void put_context(GPtrArray *context, const struct model_session *session,
                        const struct model_handle *handle, const struct difference *first,
                        bool in_a, struct rules *rules)
{
    const int epoch = MAX(first->epoch, 0);
    GPtrArray *lanes[3] = {lanes_of_session(session, rules)};
    guint count = 1;

    if (handle != NULL)
        lanes[count++] = lanes_of_handle(handle, rules);
    if (handle != NULL && epoch < (int)handle->epochs->len)
        lanes[count++] = lanes_of_epoch(handle, g_ptr_array_index(handle->epochs, epoch), rules);
    diff_put_context(context, lanes, count, first, in_a, session);
    for (guint i = 0; i < count; i++)
        g_ptr_array_unref(lanes[i]);
}

static void add_context(struct diff_result *result, const GArray *places, struct rules *rules)
{
    const struct difference *first = result->first;

    if (first == NULL || first->session < 0)
        return;
    /* What happens to the session is seen best beside what its first handle does, and the same for
     * a handle and its first PeerConnection. */
    const struct place *place = place_of(places, first->session, MAX(first->handle, 0));

    if (place == NULL)
        place = place_of(places, first->session, -1);
    put_context(result->context_a, place->a_session, place->a, first, true, rules);
    put_context(result->context_b, place->b_session, place->b, first, false, rules);
}

struct diff_result *diff_models(const struct model *a, const struct model_session *a_session,
                                const struct model *b, const struct model_session *b_session,
                                struct rules *rules)
{
    struct diff_result *result = diff_result_new();
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(struct place));
    struct comparing at = {.result = result,
                           .rules = rules,
                           .ids = ids_new(),
                           .scope = MAX(model_scope(a), model_scope(b)),
                           .session = -1,
                           .handle = -1,
                           .epoch = -1};

    if (a_session != NULL && b_session != NULL) {
        compare_sessions(&at, a_session, b_session, places);
        note_limits(&at, a, a_session, "A");
        note_limits(&at, b, b_session, "B");
    } else {
        compare_models(&at, a, b, places);
    }
    if (at.scope != MODEL_WHOLE)
        limit(&at, "Not all events were selected: only those that were are compared");
    if (at.capped)
        limit(&at, "A lane was longer than %u steps: its rest was compared by place only",
              ALIGN_STEPS_MAX);
    diff_rank(result);
    add_context(result, places, rules);
    ids_free(at.ids);
    return result;
}
