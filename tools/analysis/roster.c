/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/roster.h"

#include "tools/analysis/archive.h"

/* Sessions of journals that people compare by hand never see a disk. */
#define ARCHIVE_MEMORY ((size_t)16 * 1024 * 1024)

/* A brief, and where its session is. */
struct entry {
    struct brief brief; /* first: an entry is a brief */
    struct archive_place place;
    struct model_session *session; /* borrowed from the model; NULL: in the archive */
};

struct roster {
    GPtrArray *entries; /* struct entry */
    struct archive *archive;
    GArray *gaps; /* struct model_gap */
    GArray *ends; /* struct model_end */
    enum model_scope scope;
    bool borrows; /* sessions are the model's */
};

static void entry_free(gpointer pointer)
{
    struct entry *entry = pointer;

    brief_done(&entry->brief);
    g_free(entry);
}

struct roster *roster_new(void)
{
    struct roster *roster = g_new0(struct roster, 1);

    roster->entries = g_ptr_array_new_with_free_func(entry_free);
    roster->archive = archive_new(ARCHIVE_MEMORY);
    roster->gaps = g_array_new(FALSE, FALSE, sizeof(struct model_gap));
    roster->ends = g_array_new(FALSE, FALSE, sizeof(struct model_end));
    return roster;
}

void roster_free(struct roster *roster)
{
    if (roster == NULL)
        return;
    g_ptr_array_unref(roster->entries);
    archive_free(roster->archive);
    g_array_unref(roster->gaps);
    g_array_unref(roster->ends);
    g_free(roster);
}

static struct entry *entry_new(const struct model_session *session)
{
    struct entry *entry = g_new0(struct entry, 1);

    brief_fill(&entry->brief, session);
    return entry;
}

int roster_add(struct roster *roster, const struct model_session *session, struct evj_error *err)
{
    struct entry *entry = entry_new(session);
    const int status = archive_add(roster->archive, session, &entry->place, err);

    g_ptr_array_add(roster->entries, entry);
    return status;
}

static gint by_ordinal(gconstpointer left, gconstpointer right)
{
    const struct entry *a = *(struct entry *const *)left;
    const struct entry *b = *(struct entry *const *)right;

    return a->brief.ordinal < b->brief.ordinal ? -1 : a->brief.ordinal > b->brief.ordinal;
}

static gint by_time(gconstpointer left, gconstpointer right)
{
    const struct model_gap *a = left, *b = right;

    return a->from_us < b->from_us ? -1 : a->from_us > b->from_us;
}

void roster_finish(struct roster *roster, const struct model *model)
{
    const GArray *gaps = model_gaps(model), *ends = model_ends(model);

    g_ptr_array_sort(roster->entries, by_ordinal);
    g_array_append_vals(roster->gaps, gaps->data, gaps->len);
    g_array_sort(roster->gaps, by_time);
    g_array_append_vals(roster->ends, ends->data, ends->len);
    roster->scope = model_scope(model);
}

struct roster *roster_of_model(const struct model *model, const struct model_session *only)
{
    struct roster *roster = roster_new();
    const GPtrArray *sessions = model_sessions(model);

    roster->borrows = true;
    for (guint i = 0; i < sessions->len; i++) {
        struct model_session *session = g_ptr_array_index(sessions, i);

        if (only != NULL && session != only)
            continue;
        struct entry *entry = entry_new(session);

        entry->session = session;
        g_ptr_array_add(roster->entries, entry);
    }
    roster_finish(roster, model);
    return roster;
}

const GPtrArray *roster_briefs(const struct roster *roster)
{
    return roster->entries;
}

enum model_scope roster_scope(const struct roster *roster)
{
    return roster->scope;
}

const GArray *roster_gaps(const struct roster *roster)
{
    return roster->gaps;
}

const struct model_end *roster_end(const struct roster *roster, const struct model_session *session)
{
    return &g_array_index(roster->ends, struct model_end, session->recording);
}

int roster_load(struct roster *roster, guint index, struct model_session **ret_session,
                struct evj_error *err)
{
    const struct entry *entry = g_ptr_array_index(roster->entries, index);

    if (entry->session == NULL)
        return archive_load(roster->archive, &entry->place, ret_session, err);
    *ret_session = entry->session;
    return 0;
}

void roster_release(struct roster *roster, struct model_session *session)
{
    if (!roster->borrows)
        model_session_free(session);
}
