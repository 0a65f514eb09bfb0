/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The core's helpers for paths and folders (utils.h). */

#include "replay/host/abi.h"

#include <pthread.h>

static struct {
    pthread_mutex_t lock;
    GSList *folders; /* absolute, without "." and ".." */
} protected_list = {.lock = PTHREAD_MUTEX_INITIALIZER};

int janus_mkdir(const char *dir, mode_t mode)
{
    return dir ? g_mkdir_with_parents(dir, (gint)mode) : -1;
}

gchar *janus_make_absolute_path(const gchar *base_dir, const gchar *path)
{
    if (!path)
        return NULL;
    if (g_path_is_absolute(path))
        return g_strdup(path);
    /* g_build_filename() would leave the blank behind the slash that an empty path makes. */
    return *path == '\0' ? g_strdup(base_dir) : g_build_filename(base_dir, path, NULL);
}

void janus_protected_folder_add(const char *folder)
{
    if (!folder)
        return;
    pthread_mutex_lock(&protected_list.lock);
    protected_list.folders =
        g_slist_prepend(protected_list.folders, g_canonicalize_filename(folder, NULL));
    pthread_mutex_unlock(&protected_list.lock);
}

gboolean janus_is_folder_protected(const char *path)
{
    if (!path)
        return TRUE;
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    gboolean found = FALSE;

    pthread_mutex_lock(&protected_list.lock);
    for (GSList *l = protected_list.folders; l && !found; l = l->next)
        found = g_str_has_prefix(absolute, l->data); /* "/a/bc" is in "/a/b", as in the core */
    pthread_mutex_unlock(&protected_list.lock);
    return found;
}

void janus_protected_folders_clear(void)
{
    pthread_mutex_lock(&protected_list.lock);
    g_slist_free_full(g_steal_pointer(&protected_list.folders), g_free);
    pthread_mutex_unlock(&protected_list.lock);
}
