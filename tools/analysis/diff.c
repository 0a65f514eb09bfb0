/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is compared with whom, and what it comes to. */
#include "tools/analysis/diff.h"

#include "tools/analysis/diff_internal.h"
#include "tools/analysis/match.h"

struct diff_options diff_options_default(struct rules *rules)
{
    return (struct diff_options){.rules = rules, .fail_on = DIFF_NEGOTIATION};
}

static const struct model_session *session_at(const GPtrArray *sessions, int index)
{
    return index >= 0 ? g_ptr_array_index(sessions, index) : NULL;
}

static void compare_all(struct comparing *at)
{
    const GPtrArray *a_sessions = model_sessions(at->a_model);
    const GPtrArray *b_sessions = model_sessions(at->b_model);
    g_autoptr(GArray) matches = match_sessions(a_sessions, b_sessions);

    for (guint i = 0; i < matches->len; i++) {
        const struct match *match = &g_array_index(matches, struct match, i);
        const struct model_session *a = session_at(a_sessions, match->a);
        const struct model_session *b = session_at(b_sessions, match->b);

        if (a != NULL && b != NULL)
            diff_sessions(at, a, b, match->score);
        else
            diff_missing_session(at, a != NULL ? a : b, a != NULL);
    }
}

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

struct diff_result *diff_compare(const struct model *a, const struct model_session *a_session,
                                 const struct model *b, const struct model_session *b_session,
                                 const struct diff_options *options)
{
    struct diff_result *result = diff_result_new();
    struct comparing at = {.result = result,
                           .options = options,
                           .rules = options->rules,
                           .ids = ids_new(),
                           .ignored = ignored_new(),
                           .a_model = a,
                           .b_model = b,
                           .scope = MAX(model_scope(a), model_scope(b)),
                           .session = -1,
                           .handle = -1,
                           .epoch = -1};

    result->fail_on = options->fail_on;
    if (a_session != NULL && b_session != NULL)
        diff_sessions(&at, a_session, b_session, 1);
    else
        compare_all(&at);
    diff_limits_of_all(&at);
    tell_ignored(result, at.ignored);
    diff_rank(result);
    ignored_free(at.ignored);
    ids_free(at.ids);
    return result;
}

struct diff_result *diff_models(const struct model *a, const struct model_session *a_session,
                                const struct model *b, const struct model_session *b_session,
                                struct rules *rules)
{
    const struct diff_options options = diff_options_default(rules);

    return diff_compare(a, a_session, b, b_session, &options);
}
