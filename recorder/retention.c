/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/retention.h"

#include "evj/header.h"
#include "evj/path.h"
#include "recorder/retention_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <glib.h>

/* ---- what is known of a file ---- */

struct known {
    ino_t inode;
    bool ours;
    struct retention_begin begin; /* if it is */
    bool closed;                  /* if so, for good */
    unsigned run;
};

struct retention_cache {
    GHashTable *files; /* name → struct known, both owned */
    unsigned run;
};

struct retention_cache *retention_cache_new(void)
{
    struct retention_cache *cache = g_new0(struct retention_cache, 1);

    cache->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return cache;
}

void retention_cache_free(struct retention_cache *cache)
{
    if (!cache)
        return;
    g_hash_table_unref(cache->files);
    g_free(cache);
}

static gboolean is_of_an_earlier_run(gpointer name, gpointer value, gpointer context)
{
    const struct known *known = value;
    const struct retention_cache *cache = context;

    (void)name;
    return known->run != cache->run;
}

/* ---- one run ---- */

struct file {
    struct retention_file seen; /* as it is reported */
    struct retention_name name;
    int64_t boot_us;  /* when its host was started, on the wall clock */
    uint64_t on_disk; /* bytes */
    bool gone;
    struct known *known;
};

struct run {
    const struct retention_rules *rules;
    struct retention_cache *cache;
    const char *open_name; /* or NULL */
    int folder_fd;
    GArray *files; /* struct file, oldest first; all ours */
    uint64_t size; /* of what keep_size limits */
    int64_t now_us;
    struct retention_report report;
};

static bool is_ours(const struct run *run, const char *name, struct retention_begin *ret_begin)
{
    return retention_is_ours(run->folder_fd, name, run->rules->emitter, run->rules->instance,
                             ret_begin);
}

/* Whose a file is never changes: to list it, it is only read once. */
static struct known *know(const struct run *run, const char *name, const struct stat *st)
{
    struct known *known = g_hash_table_lookup(run->cache->files, name);

    if (!known || known->inode != st->st_ino) {
        known = g_new0(struct known, 1);
        known->inode = st->st_ino;
        known->ours = is_ours(run, name, &known->begin);
        g_hash_table_replace(run->cache->files, g_strdup(name), known);
    }
    known->run = run->cache->run;
    return known;
}

/* In doubt it is: nothing that somebody wants to keep may go. */
static bool is_pinned(const struct run *run, const char *name)
{
    g_autofree char *pin = g_strconcat(name, ".pin", NULL);
    struct stat st;

    return fstatat(run->folder_fd, pin, &st, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

static void look_at(struct run *run, const char *name)
{
    struct retention_name parts;
    struct stat st;

    if (!retention_is_name(name, &parts) ||
        fstatat(run->folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
        return;
    struct known *known = know(run, name, &st);
    if (!known->ours)
        return;
    struct file file = {
        .seen = {.bytes = (uint64_t)st.st_size,
                 .written_us = (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000,
                 .pinned = is_pinned(run, name),
                 .open = run->open_name && strcmp(run->open_name, name) == 0},
        .name = parts,
        .on_disk = (uint64_t)st.st_blocks * 512,
        .known = known,
    };
    g_strlcpy(file.seen.name, name, sizeof(file.seen.name));
    if (!file.seen.pinned)
        run->size += file.seen.bytes;
    g_array_append_val(run->files, file);
}

/* ---- the order ---- */

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Names follow the wall clock, and that may be set back. Within one boot of the host the monotonic clock
 * tells the order; boots come one after the other. */
static gint by_age(gconstpointer one, gconstpointer other)
{
    const struct file *a = one, *b = other;
    int order = compare_numbers(a->boot_us, b->boot_us);

    if (order == 0)
        order = compare_numbers(a->known->begin.mono_us, b->known->begin.mono_us);
    return order != 0 ? order : retention_compare(&a->name, &b->name);
}

/* By any of its files: the latest, since a host whose clock is wrong when it starts is behind, as a rule. */
static void find_boots(struct run *run)
{
    g_autoptr(GHashTable) boots = g_hash_table_new(g_str_hash, g_str_equal); /* id → struct file */

    for (guint i = 0; i < run->files->len; i++) {
        struct file *file = &g_array_index(run->files, struct file, i);
        const struct retention_begin *begin = &file->known->begin;
        const struct file *latest = g_hash_table_lookup(boots, begin->boot_id);
        file->boot_us = begin->wall_us - begin->mono_us;
        if (!latest || latest->boot_us < file->boot_us)
            g_hash_table_replace(boots, (gpointer)begin->boot_id, file);
    }
    for (guint i = 0; i < run->files->len; i++) {
        struct file *file = &g_array_index(run->files, struct file, i);
        const struct file *latest = g_hash_table_lookup(boots, file->known->begin.boot_id);
        file->boot_us = latest->boot_us;
    }
}

static int list_files(struct run *run, const char *folder, struct evj_error *err)
{
    DIR *dir = opendir(folder);

    if (!dir)
        return evj_fail_errno(err, 0, "cannot read the folder %s", folder);
    run->folder_fd = fcntl(dirfd(dir), F_DUPFD_CLOEXEC, 0);
    if (run->folder_fd < 0) {
        closedir(dir);
        return evj_fail_errno(err, 0, "cannot read the folder %s", folder);
    }
    run->cache->run++;
    for (const struct dirent *entry; (entry = readdir(dir));)
        look_at(run, entry->d_name);
    closedir(dir);
    g_hash_table_foreach_remove(run->cache->files, is_of_an_earlier_run, run->cache);
    find_boots(run);
    g_array_sort(run->files, by_age);
    return EVJ_OK;
}

/* No limit where the system does not tell. */
static uint64_t disk_free(int folder_fd)
{
    struct statvfs fs;

    return fstatvfs(folder_fd, &fs) == 0 ? (uint64_t)fs.f_bavail * fs.f_frsize : UINT64_MAX;
}

/* ---- the rules ---- */

static bool is_below_floor(const struct run *run)
{
    return run->report.disk_free < run->rules->disk_floor;
}

static bool should_go(const struct run *run, const struct file *file)
{
    const struct retention_rules *rules = run->rules;

    return (rules->keep_size > 0 && run->size > rules->keep_size) ||
           (rules->keep_age_us > 0 && run->now_us - file->seen.written_us > rules->keep_age_us) ||
           is_below_floor(run);
}

static bool may_go(const struct run *run, const struct file *file)
{
    if (file->seen.open || file->seen.pinned)
        return false;
    if (!file->known->closed)
        file->known->closed = retention_is_closed(run->folder_fd, file->seen.name);
    /* Looked at once more, because it cannot be undone: names and inodes are used again. */
    return file->known->closed && is_ours(run, file->seen.name, NULL);
}

static void note_failure(struct retention_report *report, const char *name)
{
    if (report->failed++ == 0)
        snprintf(report->failure, sizeof(report->failure), "cannot delete %s: %s", name,
                 g_strerror(errno));
}

/* The file system may take its time to give the space back, and would then seem full still: so what
 * was deleted is counted as free at once. */
static void delete_file(struct run *run, struct file *file)
{
    struct retention_report *report = &run->report;

    if (unlinkat(run->folder_fd, file->seen.name, 0) < 0 && errno != ENOENT) {
        note_failure(report, file->seen.name);
        return;
    }
    g_hash_table_remove(run->cache->files, file->seen.name);
    file->known = NULL;
    file->gone = true;
    run->size -= file->seen.bytes;
    report->deleted++;
    report->deleted_bytes += file->seen.bytes;
    if (report->disk_free <= UINT64_MAX - file->on_disk)
        report->disk_free += file->on_disk;
}

static void apply_rules(struct run *run)
{
    for (guint i = 0; i < run->files->len; i++) {
        struct file *file = &g_array_index(run->files, struct file, i);
        if (should_go(run, file) && may_go(run, file))
            delete_file(run, file);
    }
}

static void report_kept(struct run *run)
{
    struct retention_report *report = &run->report;

    report->files = g_new(struct retention_file, run->files->len);
    for (guint i = 0; i < run->files->len; i++) {
        const struct file *file = &g_array_index(run->files, struct file, i);
        if (!file->gone)
            report->files[report->count++] = file->seen;
    }
}

static int run_with_cache(struct run *run, const char *folder, struct evj_error *err)
{
    int status = list_files(run, folder, err);

    if (status < 0)
        return status;
    run->report.disk_free = disk_free(run->folder_fd);
    apply_rules(run);
    report_kept(run);
    close(run->folder_fd);
    return EVJ_OK;
}

int retention_run(const struct retention_rules *rules, const char *folder, const char *open_file,
                  struct retention_report *ret, struct evj_error *err)
{
    struct retention_cache *own = rules->cache ? NULL : retention_cache_new();
    struct run run = {.rules = rules,
                      .cache = own ? own : rules->cache,
                      .open_name = open_file ? evj_path_name(open_file) : NULL,
                      .files = g_array_new(FALSE, FALSE, sizeof(struct file)),
                      .now_us = evj_clock_wall_us()};

    int status = run_with_cache(&run, folder, err);
    if (status == EVJ_OK)
        *ret = run.report;
    g_array_unref(run.files);
    retention_cache_free(own);
    return status;
}
