/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/upkeep.h"

#include "recorder/retention.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <glib.h>

struct upkeep {
    char *folder, *emitter;
    struct instance *instance;
    notice_fn *notice;
    struct retention_cache *cache;
    bool failing; /* what should go cannot be deleted */
};

struct upkeep *upkeep_new(const char *folder, const char *emitter, struct instance *instance,
                          notice_fn *notice)
{
    struct upkeep *upkeep = g_new0(struct upkeep, 1);

    *upkeep = (struct upkeep){
        .folder = g_strdup(folder),
        .emitter = g_strdup(emitter),
        .instance = instance,
        .notice = notice,
        .cache = retention_cache_new(),
    };
    return upkeep;
}

void upkeep_free(struct upkeep *upkeep)
{
    if (!upkeep)
        return;
    retention_cache_free(upkeep->cache);
    g_free(upkeep->folder);
    g_free(upkeep->emitter);
    g_free(upkeep);
}

/* ---- what is kept ---- */

static uint64_t disk_free(const char *folder)
{
    struct statvfs fs;

    return statvfs(folder, &fs) == 0 ? (uint64_t)fs.f_bavail * fs.f_frsize : UINT64_MAX;
}

/* Once, until it is otherwise. */
static void tell_failure(struct upkeep *upkeep, const char *why)
{
    bool failing = why[0] != '\0';

    if (failing && !upkeep->failing)
        notice_put(upkeep->notice, NOTICE_WARNING, "no old journal can be deleted: %s", why);
    upkeep->failing = failing;
}

/* Only as long as the name is ours alone is no other recorder's journal taken for one of ours. */
static int hold_name(struct upkeep *upkeep, struct evj_error *err)
{
    bool has_name = upkeep->instance->name[0] != '\0'; /* that it has none was told when it began */

    return has_name ? instance_hold(upkeep->instance, upkeep->folder, err) : EVJ_OK;
}

void upkeep_run(struct upkeep *upkeep, const struct upkeep_rules *rules, const char *open_path,
                struct upkeep_report *ret_report)
{
    bool limited = rules->keep_size > 0 || rules->keep_age_us > 0 || rules->disk_floor > 0;
    struct retention_report done = {.disk_free = UINT64_MAX};
    struct evj_error err = {0};
    bool held = hold_name(upkeep, &err) == EVJ_OK;
    struct retention_rules all = {
        .keep_size = held ? rules->keep_size : 0,
        .keep_age_us = held ? rules->keep_age_us : 0,
        .disk_floor = held ? rules->disk_floor : 0,
        .emitter = upkeep->emitter,
        .instance = upkeep->instance->name,
        .cache = upkeep->cache,
    };
    int status = retention_run(&all, upkeep->folder, open_path, &done, held ? &err : NULL);

    tell_failure(upkeep, limited && (!held || status < 0) ? err.text : done.failure);
    if (done.deleted > 0)
        notice_put(upkeep->notice, NOTICE_INFO, "deleted %u old journals, %" PRIu64 " bytes",
                   done.deleted, done.deleted_bytes);
    *ret_report = (struct upkeep_report){
        .files = done.files, .count = done.count, .disk_free = done.disk_free};
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
