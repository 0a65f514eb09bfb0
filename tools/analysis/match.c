/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/match.h"

#include <stdbool.h>
#include <string.h>

/* Describes a member for one level of likeness; NULL: cannot be matched at this level. */
typedef char *signature_function(gconstpointer member);

static const char *text_or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* Which milestones all its PeerConnections reached, as bits. */
static unsigned milestones_of(const struct model_handle *handle)
{
    unsigned mask = 0;

    for (guint i = 0; i < handle->epochs->len; i++) {
        const struct model_epoch *epoch = g_ptr_array_index(handle->epochs, i);

        for (unsigned m = 0; m < MILESTONES; m++)
            mask |= epoch->moments[m].seen ? 1u << m : 0;
    }
    return mask;
}

static const char *role_of(const struct model_handle *handle)
{
    const struct model_epoch *epoch =
        handle->epochs->len > 0 ? g_ptr_array_index(handle->epochs, 0) : NULL;

    return epoch != NULL ? text_or_empty(epoch->offer_owner) : "";
}

static char *handle_plugin(gconstpointer member)
{
    const struct model_handle *handle = member;

    return g_strdup(text_or_empty(handle->plugin));
}

/* A publisher is offered to, a subscriber offers. */
static char *handle_role(gconstpointer member)
{
    const struct model_handle *handle = member;

    return g_strdup_printf("%s %s", text_or_empty(handle->plugin), role_of(handle));
}

static char *handle_story(gconstpointer member)
{
    const struct model_handle *handle = member;

    return g_strdup_printf("%s %s %x", text_or_empty(handle->plugin), role_of(handle),
                           milestones_of(handle));
}

/* Subscribers of one session are alike, but for whom they subscribe to. */
static char *handle_name(gconstpointer member)
{
    const struct model_handle *handle = member;
    g_autofree char *story = handle_story(member);

    return g_strconcat(story, "\t", text_or_empty(handle->display), NULL);
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The signatures of all handles, whatever their order. */
static char *session_signature(gconstpointer member, signature_function *of_handle)
{
    const struct model_session *session = member;
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    GString *signature = g_string_new(NULL);

    for (guint i = 0; i < session->handles->len; i++)
        g_ptr_array_add(parts, of_handle(g_ptr_array_index(session->handles, i)));
    g_ptr_array_sort(parts, by_text);
    for (guint i = 0; i < parts->len; i++)
        g_string_append_printf(signature, "%s\n", (char *)g_ptr_array_index(parts, i));
    return g_string_free(signature, FALSE);
}

static char *session_story(gconstpointer member)
{
    return session_signature(member, handle_story);
}

static char *session_names(gconstpointer member)
{
    return session_signature(member, handle_name);
}

static char *session_plugins(gconstpointer member)
{
    return session_signature(member, handle_plugin);
}

static char *session_first_plugin(gconstpointer member)
{
    const struct model_session *session = member;

    return session->handles->len > 0 ? handle_plugin(g_ptr_array_index(session->handles, 0))
                                     : g_strdup("");
}

/* Indices of the yet unmatched members, listed by signature. */
static GHashTable *by_signature(const GPtrArray *members, const int *partners,
                                signature_function *signature)
{
    GHashTable *lists =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_queue_free);

    for (guint i = 0; i < members->len; i++) {
        if (partners[i] >= 0)
            continue;
        char *key = signature(g_ptr_array_index(members, i));
        GQueue *list = g_hash_table_lookup(lists, key);

        if (list == NULL) {
            list = g_queue_new();
            g_hash_table_insert(lists, key, list);
        } else {
            g_free(key);
        }
        g_queue_push_tail(list, GUINT_TO_POINTER(i));
    }
    return lists;
}

struct matching {
    const GPtrArray *a, *b;
    int *partner_of_a, *partner_of_b;
    double *scores; /* of the members of a */
};

static void match_level(struct matching *matching, signature_function *signature, double score)
{
    g_autoptr(GHashTable) waiting = by_signature(matching->b, matching->partner_of_b, signature);

    for (guint i = 0; i < matching->a->len; i++) {
        if (matching->partner_of_a[i] >= 0)
            continue;
        g_autofree char *key = signature(g_ptr_array_index(matching->a, i));
        GQueue *list = g_hash_table_lookup(waiting, key);

        if (list == NULL || g_queue_is_empty(list))
            continue;
        const guint k = GPOINTER_TO_UINT(g_queue_pop_head(list));

        matching->partner_of_a[i] = (int)k;
        matching->partner_of_b[k] = (int)i;
        matching->scores[i] = score;
    }
}

static int *nobody(guint count)
{
    int *partners = g_new(int, count + 1);

    for (guint i = 0; i < count; i++)
        partners[i] = -1;
    return partners;
}

static GArray *match(const GPtrArray *a, const GPtrArray *b, signature_function *const *levels,
                     size_t level_count)
{
    g_autofree int *partner_of_a = nobody(a->len);
    g_autofree int *partner_of_b = nobody(b->len);
    g_autofree double *scores = g_new0(double, a->len + 1);
    struct matching matching = {.a = a,
                                .b = b,
                                .partner_of_a = partner_of_a,
                                .partner_of_b = partner_of_b,
                                .scores = scores};
    GArray *matches = g_array_new(FALSE, FALSE, sizeof(struct match));

    for (size_t i = 0; i < level_count; i++)
        match_level(&matching, levels[i], 1 - (double)i / (double)level_count);
    for (guint i = 0; i < a->len; i++) {
        const struct match one = {.a = (int)i, .b = partner_of_a[i], .score = scores[i]};

        g_array_append_val(matches, one);
    }
    for (guint i = 0; i < b->len; i++) {
        const struct match one = {.a = -1, .b = (int)i};

        if (partner_of_b[i] < 0)
            g_array_append_val(matches, one);
    }
    return matches;
}

/* Any member is like any other. */
static char *nothing(gconstpointer member)
{
    (void)member;
    return g_strdup("");
}

GArray *match_sessions(const GPtrArray *a, const GPtrArray *b)
{
    static signature_function *const levels[] = {session_names, session_story, session_plugins,
                                                 session_first_plugin};
    static signature_function *const only = nothing;

    /* Who gives two journals of one call each wants to see these compared, whatever they are. */
    if (a->len == 1 && b->len == 1)
        return match(a, b, &only, 1);
    return match(a, b, levels, G_N_ELEMENTS(levels));
}

GArray *match_handles(const GPtrArray *a, const GPtrArray *b)
{
    static signature_function *const levels[] = {handle_name, handle_story, handle_role,
                                                 handle_plugin};

    return match(a, b, levels, G_N_ELEMENTS(levels));
}
