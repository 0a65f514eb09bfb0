/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pair of sessions: who, where they part, milestones, differences, timelines. */
#include "tools/columns.h"
#include "tools/diff_html_internal.h"

#include <inttypes.h>

/* Handles of a session that have no counterpart, and what was lost of it. */
#define LONE_MAX 20u

static const struct diff_session *pair_at(const struct html *html, int session)
{
    return g_ptr_array_index(html->result->sessions, session);
}

char *html_place(const struct html *html, int session, int handle, int epoch)
{
    if (session < 0 || handle < 0)
        return g_strdup("");
    const struct diff_session *pair = pair_at(html, session);
    const struct diff_handle *one =
        handle < (int)pair->handles->len ? g_ptr_array_index(pair->handles, handle) : NULL;
    const bool has_epochs = one != NULL && one->epochs->len > 1 && epoch >= 0;
    g_autofree char *in_epoch =
        has_epochs ? g_strdup_printf("PeerConnection %d", epoch + 1) : g_strdup("");

    if (pair->handles->len <= 1)
        return g_steal_pointer(&in_epoch);
    return g_strdup_printf("handle %d%s%s", handle + 1, has_epochs ? ", " : "", in_epoch);
}

void html_handle_heading(struct html *html, const char *element, int session, int handle)
{
    if (handle < 0) {
        html_ours(html, element, NULL, "The session itself");
        return;
    }
    const struct diff_handle *one = g_ptr_array_index(pair_at(html, session)->handles, handle);

    html_open(html, element, NULL);
    html_ours(html, "span", NULL, "Handle %d: ", handle + 1);
    html_theirs(html, "span", NULL, columns_plugin(one->a.plugin));
    markup_text(&html->markup, " ");
    html_theirs(html, "span", NULL, one->a.opaque_id);
    html_close(html, element);
}

/* ---- who ---- */

static void put_id(struct html *html, const struct diff_who *who)
{
    html_ours(html, "span", "id", "%" PRIu64, who->id);
}

static void put_opaque(struct html *html, const struct diff_who *who)
{
    html_theirs(html, "span", NULL, who->opaque_id);
}

static void put_plugin(struct html *html, const struct diff_who *who)
{
    html_theirs(html, "span", NULL, columns_plugin(who->plugin));
}

static void put_display(struct html *html, const struct diff_who *who)
{
    html_theirs(html, "span", NULL, who->display);
}

static void put_role(struct html *html, const struct diff_who *who)
{
    html_theirs(html, "span", NULL, who->role);
}

static void put_started(struct html *html, const struct diff_who *who)
{
    g_autofree char *started = columns_utc(who->started_us);

    html_ours(html, "span", NULL, "%s UTC", started);
}

static void put_lasted(struct html *html, const struct diff_who *who)
{
    g_autofree char *lasted = columns_duration(who->lasted_us);

    html_ours(html, "span", NULL, "%s", lasted);
}

static void put_reach(struct html *html, const struct diff_who *who)
{
    html_ours(html, "span", NULL, "%s", reach_name(who->reach));
}

static void put_ended(struct html *html, const struct diff_who *who)
{
    html_ours(html, "span", NULL, "%s", session_end_name(who->ended));
}

static void put_hangup(struct html *html, const struct diff_who *who)
{
    html_theirs(html, "span", NULL, who->hangup_reason);
}

/* What is told of a session, and of a handle. */
struct trait {
    const char *name;
    void (*put)(struct html *html, const struct diff_who *who);
};

static const struct trait session_traits[] = {
    {"session", put_id},      {"opaque_id", put_opaque}, {"plugin", put_plugin},
    {"started", put_started}, {"lasted", put_lasted},    {"got to", put_reach},
    {"ended", put_ended},
};

static const struct trait handle_traits[] = {
    {"handle", put_id},       {"opaque_id", put_opaque}, {"plugin", put_plugin},
    {"display", put_display}, {"first offer", put_role}, {"got to", put_reach},
    {"hangup", put_hangup},
};

static void put_traits(struct html *html, const struct trait *traits, size_t count,
                       const struct diff_who *a, const struct diff_who *b)
{
    static const char *const names[] = {"", "A", "B"};

    html_open(html, "table", "who");
    html_columns(html, names, G_N_ELEMENTS(names));
    html_open(html, "tbody", NULL);
    for (size_t i = 0; i < count; i++) {
        html_open(html, "tr", NULL);
        html_open(html, "th", NULL);
        markup_attribute(&html->markup, "scope", "row");
        markup_text(&html->markup, traits[i].name);
        html_close(html, "th");
        html_open(html, "td", "a");
        traits[i].put(html, a);
        html_close(html, "td");
        html_open(html, "td", "b");
        traits[i].put(html, b);
        html_close(html, "td");
        html_close(html, "tr");
    }
    html_close(html, "tbody");
    html_close(html, "table");
}

static void put_lone(struct html *html, const struct diff_lone *lone)
{
    html_open(html, "li", NULL);
    html_ours(html, "span", NULL, "Only %s has handle %" PRIu64 ": ", diff_which_name(lone->side),
              lone->who.id);
    put_plugin(html, &lone->who);
    markup_text(&html->markup, " ");
    put_opaque(html, &lone->who);
    html_close(html, "li");
}

static void put_gap(struct html *html, const struct diff_gap *gap)
{
    html_ours(html, "li", NULL, "%s lacks %" PRIu64 " events, lost between %+.3f s and %+.3f s.",
              diff_which_name(gap->side), gap->events, (double)gap->from_us / G_USEC_PER_SEC,
              (double)gap->until_us / G_USEC_PER_SEC);
}

static void put_lacks(struct html *html, const struct diff_session *pair)
{
    const guint lone = MIN(pair->lone_handles->len, LONE_MAX);
    const guint gaps = MIN(pair->gaps->len, LONE_MAX);

    if (lone + gaps == 0)
        return;
    html_open(html, "ul", NULL);
    for (guint i = 0; i < lone; i++)
        put_lone(html, g_ptr_array_index(pair->lone_handles, i));
    html_more(html, "li", pair->lone_handles->len - lone);
    for (guint i = 0; i < gaps; i++)
        put_gap(html, g_ptr_array_index(pair->gaps, i));
    html_more(html, "li", pair->gaps->len - gaps);
    html_close(html, "ul");
}

static void put_who(struct html *html, int session)
{
    const struct diff_session *pair = pair_at(html, session);
    const guint handles = MIN(pair->handles->len, LONE_MAX);

    put_traits(html, session_traits, G_N_ELEMENTS(session_traits), &pair->a, &pair->b);
    for (guint i = 0; pair->handles->len > 1 && i < handles; i++) {
        const struct diff_handle *handle = g_ptr_array_index(pair->handles, i);

        html_handle_heading(html, "h3", session, (int)i);
        put_traits(html, handle_traits, G_N_ELEMENTS(handle_traits), &handle->a, &handle->b);
    }
    html_more(html, "p", pair->handles->len - handles);
    put_lacks(html, pair);
}

/* ---- where the two part ---- */

static void put_step(struct html *html, const struct diff_context *step)
{
    html_open(html, "li", step->here ? "here" : NULL);
    html_time(html, &step->moment);
    markup_text(&html->markup, " ");
    html_theirs(html, "span", "lane", step->lane_name);
    markup_text(&html->markup, " ");
    html_theirs(html, "span", "step", step->key);
    if (step->news != NULL)
        html_theirs(html, "small", "detail", step->news);
    html_close(html, "li");
}

static void put_context(struct html *html, const char *side, const char *class,
                        const GPtrArray *context)
{
    html_open(html, "div", class);
    html_ours(html, "h4", NULL, "%s", side);
    html_open(html, "ol", "context");
    for (guint i = 0; i < context->len; i++)
        put_step(html, g_ptr_array_index(context, i));
    html_close(html, "ol");
    html_close(html, "div");
}

static void put_first(struct html *html, const struct diff_session *pair)
{
    const guint number = GPOINTER_TO_UINT(g_hash_table_lookup(html->numbers, pair->first));

    if (pair->first == NULL)
        return;
    html_ours(html, "h3", NULL, "First divergence");
    html_open(html, "div", "contexts");
    put_context(html, "A", "a", pair->context_a);
    put_context(html, "B", "b", pair->context_b);
    html_close(html, "div");
    html_changes(html, pair->first->changes);
    if (!g_hash_table_contains(html->listed, pair->first))
        return;
    html_open(html, "p", NULL);
    html_open(html, "a", NULL);
    markup_format(&html->markup, "href", "#d-%u", number);
    markup_text(&html->markup, "Difference ");
    html_ours(html, "span", NULL, "%u", number);
    html_close(html, "a");
    html_close(html, "p");
}

/* ---- the whole ---- */

static void put_epochs(struct html *html, int session,
                       void (*put)(struct html *html, int session, int handle,
                                   const struct diff_epoch *epoch))
{
    const struct diff_session *pair = pair_at(html, session);

    for (guint i = 0; i < pair->handles->len; i++) {
        const struct diff_handle *handle = g_ptr_array_index(pair->handles, i);

        for (guint k = 0; k < handle->epochs->len; k++) {
            const struct diff_epoch *epoch = g_ptr_array_index(handle->epochs, k);

            if (g_hash_table_contains(html->epochs, epoch))
                put(html, session, (int)i, epoch);
        }
    }
}

static void put_list(struct html *html, const GPtrArray *differences)
{
    if (differences->len == 0)
        return;
    html_ours(html, "h3", NULL, "Differences");
    html_differences(html, "h4", differences);
}

static void put_title(struct html *html, int session)
{
    const struct diff_session *pair = pair_at(html, session);

    if (html->result->sessions->len == 1) {
        html_ours(html, "h2", NULL, "The two sessions");
        return;
    }
    html_open(html, "h2", NULL);
    html_ours(html, "span", NULL, "Pair %d: ", session + 1);
    put_plugin(html, &pair->a);
    markup_text(&html->markup, " ");
    put_opaque(html, &pair->a);
    html_close(html, "h2");
}

void html_pair(struct html *html, int session)
{
    const struct diff_session *pair = pair_at(html, session);
    g_autoptr(GPtrArray) parts = html_plan(html, session);

    html_open(html, "section", "pair");
    markup_format(&html->markup, "id", "pair-%d", session + 1);
    put_title(html, session);
    put_who(html, session);
    put_first(html, pair);
    if (pair->handles->len > 0)
        html_ours(html, "h3", NULL, "Milestones");
    put_epochs(html, session, html_milestones);
    put_list(html, g_ptr_array_index(html->by_session, session));
    html_timelines(html, session, parts);
    put_epochs(html, session, html_call);
    html_close(html, "section");
}
