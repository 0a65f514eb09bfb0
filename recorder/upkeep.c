/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/upkeep.h"

#include "recorder/retention.h"
#include "recorder/retention_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <glib.h>

struct upkeep {
    char *folder, *emitter, *instance;
    notice_fn *notice;
    struct retention_cache *cache;
    GHashTable *ours; /* name → whether it is ours: that never changes */
    bool told_unread; /* that the folder cannot be read */
};

struct upkeep *upkeep_new(const char *folder, const char *emitter, const char *instance,
                          notice_fn *notice)
{
    struct upkeep *upkeep = g_new0(struct upkeep, 1);

    *upkeep = (struct upkeep){
        .folder = g_strdup(folder),
        .emitter = g_strdup(emitter),
        .instance = g_strdup(instance),
        .notice = notice,
        .cache = retention_cache_new(),
        .ours = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
    return upkeep;
}

void upkeep_free(struct upkeep *upkeep)
{
    if (!upkeep)
        return;
    retention_cache_free(upkeep->cache);
    g_hash_table_unref(upkeep->ours);
    g_free(upkeep->folder);
    g_free(upkeep->emitter);
    g_free(upkeep->instance);
    g_free(upkeep);
}

/* ---- what there is ---- */

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool is_ours(struct upkeep *upkeep, int folder_fd, const char *name)
{
    gpointer known;

    if (!g_hash_table_lookup_extended(upkeep->ours, name, NULL, &known)) {
        known =
            GINT_TO_POINTER(retention_is_ours(folder_fd, name, upkeep->emitter, upkeep->instance));
        g_hash_table_insert(upkeep->ours, g_strdup(name), known);
    }
    return GPOINTER_TO_INT(known);
}

static void add_file(struct upkeep *upkeep, int folder_fd, const char *name, const char *open_name,
                     GArray *files)
{
    g_autofree char *pin = g_strconcat(name, ".pin", NULL);
    struct retention_order order;
    struct stat st;

    if (!retention_is_name(name, &order) ||
        fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode) ||
        !is_ours(upkeep, folder_fd, name))
        return;
    struct upkeep_file file = {
        .bytes = (uint64_t)st.st_size,
        .written_us = (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000,
        .pinned = faccessat(folder_fd, pin, F_OK, AT_SYMLINK_NOFOLLOW) == 0,
        .open = strcmp(name, open_name) == 0,
    };
    g_strlcpy(file.name, name, sizeof(file.name));
    g_array_append_val(files, file);
}

static gint by_start(gconstpointer a, gconstpointer b)
{
    struct retention_order one = {0}, two = {0};

    retention_is_name(((const struct upkeep_file *)a)->name, &one);
    retention_is_name(((const struct upkeep_file *)b)->name, &two);
    return retention_compare(&one, &two);
}

static void list_files(struct upkeep *upkeep, const char *open_path, struct upkeep_report *report)
{
    GArray *files = g_array_new(FALSE, FALSE, sizeof(struct upkeep_file));
    DIR *dir = opendir(upkeep->folder);

    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        add_file(upkeep, dirfd(dir), entry->d_name, name_of(open_path), files);
    if (dir)
        closedir(dir);
    g_array_sort(files, by_start);
    /* Names of files that are gone by now. */
    if (g_hash_table_size(upkeep->ours) > 2 * files->len + 1000)
        g_hash_table_remove_all(upkeep->ours);
    report->count = files->len;
    report->files = (struct upkeep_file *)(void *)g_array_free(files, FALSE);
}

/* ---- what is kept ---- */

static uint64_t disk_free(const char *folder)
{
    struct statvfs fs;

    return statvfs(folder, &fs) == 0 ? (uint64_t)fs.f_bavail * fs.f_frsize : UINT64_MAX;
}

static void keep_rules(struct upkeep *upkeep, const struct upkeep_rules *rules,
                       const char *open_path)
{
    struct retention_rules all = {
        .keep_size = rules->keep_size,
        .keep_age_us = rules->keep_age_us,
        .disk_floor = rules->disk_floor,
        .emitter = upkeep->emitter,
        .instance = upkeep->instance,
        .cache = upkeep->cache,
    };
    struct retention_report done;
    struct evj_error err = {0};
    int status = retention_run(&all, upkeep->folder, open_path, &done, &err);

    if (status < 0 && !upkeep->told_unread)
        notice_put(upkeep->notice, NOTICE_WARNING, "no old journal can be deleted: %s", err.text);
    upkeep->told_unread = status < 0;
    if (status < 0)
        return;
    if (done.deleted > 0)
        notice_put(upkeep->notice, NOTICE_INFO, "deleted %u old journals, %" PRIu64 " bytes",
                   done.deleted, done.deleted_bytes);
    if (done.failure[0] != '\0')
        notice_put(upkeep->notice, NOTICE_WARNING, "%s", done.failure);
}

void upkeep_run(struct upkeep *upkeep, const struct upkeep_rules *rules, const char *open_path,
                struct upkeep_report *ret_report)
{
    if (rules->keep_size > 0 || rules->keep_age_us > 0 || rules->disk_floor > 0)
        keep_rules(upkeep, rules, open_path);
    list_files(upkeep, open_path, ret_report);
    ret_report->disk_free = disk_free(upkeep->folder);
}

int upkeep_check_floor(const struct upkeep *upkeep, const struct upkeep_rules *rules,
                       struct evj_error *err)
{
    uint64_t left = rules->disk_floor > 0 ? disk_free(upkeep->folder) : UINT64_MAX;

    if (left >= rules->disk_floor)
        return EVJ_OK;
    return evj_fail(err, EVJ_ERR_IO, 0,
                    "only %" PRIu64 " MiB are free in %.200s, and disk_floor keeps %" PRIu64
                    " MiB free",
                    left >> 20, upkeep->folder, rules->disk_floor >> 20);
}

/* ---- pins ---- */

int upkeep_pin(struct upkeep *upkeep, const char *name, bool pinned, struct evj_error *err)
{
    g_autofree char *path = g_strdup_printf("%s/%s.pin", upkeep->folder, name);

    if (pinned) {
        int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0640);
        if (fd < 0)
            return evj_fail_errno(err, 0, "cannot pin %s", name);
        close(fd);
    } else if (unlink(path) < 0 && errno != ENOENT) {
        return evj_fail_errno(err, 0, "cannot unpin %s", name);
    }
    return EVJ_OK;
}
