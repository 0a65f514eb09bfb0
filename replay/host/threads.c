/* SPDX-License-Identifier: GPL-3.0-or-later */

/* This process's threads, by their ids (threads.h). */

#include "replay/host/threads.h"

#include <glib.h>
#include <stdbool.h>

struct threads {
    GHashTable *before; /* ids, as text */
};

static GHashTable *running(void)
{
    GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GDir *dir = g_dir_open("/proc/self/task", 0, NULL);

    for (const char *id; dir && (id = g_dir_read_name(dir));)
        g_hash_table_add(ids, g_strdup(id));
    if (dir)
        g_dir_close(dir);
    return ids;
}

struct threads *threads_new(void)
{
    struct threads *threads = g_new0(struct threads, 1);

    threads->before = running();
    return threads;
}

static bool is_ours(const char *id)
{
    g_autofree char *path = g_strdup_printf("/proc/self/task/%s/comm", id);
    g_autofree char *name = NULL;

    return g_file_get_contents(path, &name, NULL, NULL) && g_str_has_prefix(name, "evj ");
}

size_t threads_others(const struct threads *threads)
{
    g_autoptr(GHashTable) ids = running();
    GHashTableIter iter;
    gpointer id;
    size_t others = 0;

    g_hash_table_iter_init(&iter, ids);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        others += !g_hash_table_contains(threads->before, id) && !is_ours(id);
    return others;
}

void threads_free(struct threads *threads)
{
    if (!threads)
        return;
    g_hash_table_destroy(threads->before);
    g_free(threads);
}
