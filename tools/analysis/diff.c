/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is compared with whom, and what it comes to. */
#include "tools/analysis/diff.h"

#include "tools/analysis/diff_internal.h"
#include "tools/analysis/match.h"

#include <inttypes.h>

struct diff_options diff_options_default(struct rules *rules)
{
    return (struct diff_options){
        .rules = rules, .fail_on = DIFF_NEGOTIATION, .context = DIFF_CONTEXT_USUAL};
}

/* ---- ids that stand for each other because of who has them ---- */

static void tie_texts(struct comparing *at, const char *kind, const char *a, const char *b)
{
    if (a != NULL && b != NULL)
        ids_agree(at->ids, kind, a, b);
}

static void tie_numbers(struct comparing *at, const char *kind, uint64_t a, uint64_t b)
{
    g_autofree char *a_text = g_strdup_printf("%" PRIu64, a);
    g_autofree char *b_text = g_strdup_printf("%" PRIu64, b);

    ids_agree(at->ids, kind, a_text, b_text);
}

static void tie_handles(struct comparing *at, const struct brief *a, const struct brief *b)
{
    g_autoptr(GArray) matches = match_handles(a, b, at->options->map);

    for (guint i = 0; i < matches->len; i++) {
        const struct match *match = &g_array_index(matches, struct match, i);

        if (match->a < 0 || match->b < 0)
            continue;
        tie_numbers(at, "handle", a->handles[match->a].id, b->handles[match->b].id);
        tie_texts(at, "room", a->handles[match->a].room, b->handles[match->b].room);
        tie_texts(at, "participant", a->handles[match->a].participant,
                  b->handles[match->b].participant);
    }
}

/*
 * Before anything is compared: whoever is matched has the ids of its counterpart. So a reference
 * that leads elsewhere is found where it is, whichever session comes first.
 */
static void tie_all(struct comparing *at, const GArray *matches)
{
    for (guint i = 0; i < matches->len; i++) {
        const struct match *match = &g_array_index(matches, struct match, i);

        if (match->a < 0 || match->b < 0)
            continue;
        const struct brief *a = g_ptr_array_index(roster_briefs(at->a_roster), match->a);
        const struct brief *b = g_ptr_array_index(roster_briefs(at->b_roster), match->b);

        tie_numbers(at, "session", a->id, b->id);
        tie_handles(at, a, b);
    }
}

/* ---- one after the other: first the pairs, then who has no counterpart ---- */

static void release(struct roster *roster, struct model_session *session)
{
    if (session != NULL)
        roster_release(roster, session);
}

static int compare_match(struct comparing *at, const struct match *match, struct evj_error *err)
{
    struct model_session *a = NULL, *b = NULL;
    int status = roster_load(at->a_roster, (guint)match->a, &a, err);

    if (status == 0)
        status = roster_load(at->b_roster, (guint)match->b, &b, err);
    if (status == 0) {
        at->a_brief = g_ptr_array_index(roster_briefs(at->a_roster), match->a);
        at->b_brief = g_ptr_array_index(roster_briefs(at->b_roster), match->b);
        diff_sessions(at, a, b, match);
    }
    release(at->a_roster, a);
    release(at->b_roster, b);
    return status;
}

static int tell_lone(struct comparing *at, const struct match *match, struct evj_error *err)
{
    const bool in_a = match->a >= 0;
    struct roster *roster = in_a ? at->a_roster : at->b_roster;
    struct model_session *session = NULL;
    const int status = roster_load(roster, (guint)(in_a ? match->a : match->b), &session, err);

    if (status != 0)
        return status;
    diff_missing_session(at, session, in_a);
    roster_release(roster, session);
    return 0;
}

static int compare_all(struct comparing *at, struct evj_error *err)
{
    g_autoptr(GArray) matches =
        match_sessions(roster_briefs(at->a_roster), roster_briefs(at->b_roster), at->options->map);
    int status = 0;

    tie_all(at, matches);
    for (guint i = 0; i < matches->len && status == 0; i++) {
        const struct match *match = &g_array_index(matches, struct match, i);

        if (match->a >= 0 && match->b >= 0)
            status = compare_match(at, match, err);
    }
    for (guint i = 0; i < matches->len && status == 0; i++) {
        const struct match *match = &g_array_index(matches, struct match, i);

        if (match->a < 0 || match->b < 0)
            status = tell_lone(at, match, err);
    }
    return status;
}

/* ---- the result ---- */

static gint most_first(gconstpointer left, gconstpointer right)
{
    const struct diff_ignored *a = *(struct diff_ignored *const *)left;
    const struct diff_ignored *b = *(struct diff_ignored *const *)right;

    return a->count != b->count ? (a->count < b->count ? 1 : -1) : g_strcmp0(a->path, b->path);
}

static void tell_ignored(struct diff_result *result, const struct ignored *ignored)
{
    GHashTableIter iter;
    gpointer rule, count;

    g_hash_table_iter_init(&iter, ignored->by_rule);
    while (g_hash_table_iter_next(&iter, &rule, &count)) {
        struct diff_ignored *one = g_new0(struct diff_ignored, 1);

        one->path = g_strdup(((const struct rule *)rule)->path);
        one->class = ((const struct rule *)rule)->class;
        one->count = GPOINTER_TO_UINT(count);
        g_ptr_array_add(result->ignored_rules, one);
    }
    g_ptr_array_sort(result->ignored_rules, most_first);
    result->ignored = ignored->total;
}

static GArray *shared_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(struct shared_moment));
}

struct diff_result *diff_rosters(struct roster *a, struct roster *b,
                                 const struct diff_options *options, struct evj_error *err)
{
    struct diff_result *result = diff_result_new();
    struct comparing at = {.result = result,
                           .options = options,
                           .rules = options->rules,
                           .ids = ids_new(),
                           .ignored = ignored_new(),
                           .shared = {shared_new(), shared_new()},
                           .seen_from_us = {INT64_MAX, INT64_MAX},
                           .seen_until_us = {INT64_MIN, INT64_MIN},
                           .a_roster = a,
                           .b_roster = b,
                           .scope = MAX(roster_scope(a), roster_scope(b)),
                           .session = -1,
                           .handle = -1,
                           .epoch = -1};

    result->fail_on = options->fail_on;
    result->timing = options->timing;
    const int status = compare_all(&at, err);

    diff_limits_of_all(&at);
    tell_ignored(result, at.ignored);
    diff_rank(result);
    g_array_unref(at.shared[DIFF_A]);
    g_array_unref(at.shared[DIFF_B]);
    ignored_free(at.ignored);
    ids_free(at.ids);
    if (status == 0)
        return result;
    diff_free(result);
    return NULL;
}

struct diff_result *diff_compare(const struct model *a, const struct model_session *a_session,
                                 const struct model *b, const struct model_session *b_session,
                                 const struct diff_options *options)
{
    struct roster *left = roster_of_model(a, a_session);
    struct roster *right = roster_of_model(b, b_session);
    struct diff_result *result = diff_rosters(left, right, options, NULL);

    roster_free(left);
    roster_free(right);
    return result;
}

struct diff_result *diff_models(const struct model *a, const struct model_session *a_session,
                                const struct model *b, const struct model_session *b_session,
                                struct rules *rules)
{
    const struct diff_options options = diff_options_default(rules);

    return diff_compare(a, a_session, b, b_session, &options);
}
