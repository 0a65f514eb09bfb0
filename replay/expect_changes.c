/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/expect_internal.h"
#include "replay/json_walk.h"

#include <string.h>

/* Paths that are told apart, and those that are named of one event; the rest is in the counts. */
#define PATHS_MAX 1000u
#define PATHS_NAMED 20u

enum how { ADDED, REMOVED, CHANGED, HOWS };

static const char *const hows[HOWS] = {"added", "removed", "changed"};

/* A leaf of an event, for comparing. */
struct leaf {
    char *path;
    uint64_t place, value;
};

struct leaves {
    GArray *all; /* struct leaf */
    const char *const *ignored;
};

struct changes {
    GHashTable *paths; /* path → uint64_t[HOWS] */
    GPtrArray *order;  /* the paths, as they came */
    json_t *named;     /* of the event that is looked at; NULL: it is not to be named */
};

/* ---- leaves ---- */

static void leaf_clear(gpointer data)
{
    g_free(((struct leaf *)data)->path);
}

static void add_leaf(const struct json_leaf *leaf, void *context)
{
    struct leaves *leaves = context;
    const struct leaf copy = {g_strdup(leaf->path), leaf->place, event_value_hash(leaf->value)};

    if (event_path_is_ignored(leaf->path, leaves->ignored))
        g_free(copy.path);
    else
        g_array_append_val(leaves->all, copy);
}

static int compare_leaves(const struct leaf *a, const struct leaf *b)
{
    const int order = strcmp(a->path, b->path);

    if (order != 0)
        return order;
    return a->place < b->place ? -1 : a->place > b->place;
}

static int by_path(const void *a, const void *b)
{
    return compare_leaves(a, b);
}

static GArray *leaves_of(const char *text, size_t len, const char *const *ignored)
{
    struct leaves leaves = {g_array_new(FALSE, FALSE, sizeof(struct leaf)), ignored};

    g_array_set_clear_func(leaves.all, leaf_clear);
    json_walk((struct evj_slice){text, len}, "", add_leaf, &leaves);
    g_array_sort(leaves.all, by_path);
    return leaves.all;
}

/* ---- comparing ---- */

static void count(struct changes *changes, const char *path, enum how how)
{
    uint64_t *counts = g_hash_table_lookup(changes->paths, path);

    if (counts == NULL && changes->order->len < PATHS_MAX) {
        char *key = g_strdup(path);

        counts = g_new0(uint64_t, HOWS);
        g_hash_table_insert(changes->paths, key, counts);
        g_ptr_array_add(changes->order, key);
    }
    if (counts != NULL)
        counts[how]++;
    if (changes->named != NULL && json_array_size(changes->named) < PATHS_NAMED)
        json_array_append_new(
            changes->named, json_pack("{s:s%, s:s}", "path", path, strlen(path), "how", hows[how]));
}

static void compare(struct changes *changes, const GArray *before, const GArray *after)
{
    guint i = 0, k = 0;

    while (i < before->len || k < after->len) {
        const struct leaf *old = i < before->len ? &g_array_index(before, struct leaf, i) : NULL;
        const struct leaf *new = k < after->len ? &g_array_index(after, struct leaf, k) : NULL;
        const int order = old == NULL ? 1 : new == NULL ? -1 : compare_leaves(old, new);

        if (order < 0)
            count(changes, old->path, REMOVED);
        else if (order > 0)
            count(changes, new->path, ADDED);
        else if (old->value != new->value)
            count(changes, old->path, CHANGED);
        i += order <= 0;
        k += order >= 0;
    }
}

/* False when a text was not kept. */
static bool compare_texts(struct changes *changes, const struct match *match, uint32_t expected,
                          const struct event_notes *delivered, const char *const *ignored)
{
    const struct event_note *old = &g_array_index(match->expected, struct event_note, expected);
    const struct event_note *new =
        &g_array_index(match->others, struct event_note, match->arrivals[expected].other);
    g_autofree char *old_text = event_notes_text(delivered, old);
    g_autofree char *new_text = event_notes_text(match->other_notes, new);
    g_autoptr(GArray) before = NULL;
    g_autoptr(GArray) after = NULL;

    if (old_text == NULL || new_text == NULL)
        return false;
    before = leaves_of(old_text, old->text_len, ignored);
    after = leaves_of(new_text, new->text_len, ignored);
    compare(changes, before, after);
    return true;
}

/* ---- what is said ---- */

static json_t *json_paths(const struct changes *changes)
{
    json_t *paths = json_array();

    for (guint i = 0; i < changes->order->len; i++) {
        const char *path = g_ptr_array_index(changes->order, i);
        const uint64_t *counts = g_hash_table_lookup(changes->paths, path);
        json_t *object = json_pack("{s:s%}", "path", path, strlen(path));

        for (int how = 0; object != NULL && how < HOWS; how++)
            json_object_set_new(object, hows[how], json_integer((json_int_t)counts[how]));
        json_array_append_new(paths, object);
    }
    return paths;
}

static json_t *json_event(const struct match *match, uint32_t expected, json_t *changes)
{
    const struct event_note *note = &g_array_index(match->expected, struct event_note, expected);

    return json_pack("{s:I, s:I, s:I, s:I, s:o}", "seq", (json_int_t)note->seq, "got_seq",
                     (json_int_t)match->arrivals[expected].got_seq, "type", (json_int_t)note->type,
                     "session_id", (json_int_t)note->session_id, "changes", changes);
}

json_t *expect_altered(const struct match *match, const struct event_notes *delivered,
                       const char *const *ignored)
{
    g_autoptr(GHashTable) paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    struct changes changes = {.paths = paths, .order = order};
    json_t *events = json_array();
    uint64_t altered = 0, unknown = 0;

    for (uint32_t i = 0; i < match->expected->len; i++) {
        if (match->arrivals[i].other == EXPECT_NONE)
            continue;
        changes.named = altered++ < EXPECT_NAMED ? json_array() : NULL;
        unknown += !compare_texts(&changes, match, i, delivered, ignored);
        if (changes.named != NULL)
            json_array_append_new(events, json_event(match, i, changes.named));
    }
    return json_pack("{s:I, s:o, s:o, s:I}", "count", (json_int_t)altered, "events", events,
                     "paths", json_paths(&changes), "unknown", (json_int_t)unknown);
}
