/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/spool.h"
#include "format/journal_internal.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

void evj_journal_set_follow(struct evj_journal *journal)
{
    journal->follows = true;
}

/* ---- what the recorder went on with ---- */

/* Its recorder went on in a file that is not here yet. */
static bool awaits_successor(const struct journal_file *file)
{
    return file->done && file->rotated && !file->joined;
}

static bool is_known(const struct evj_journal *journal, const char *path)
{
    for (size_t i = 0; i < journal->count; i++)
        if (strcmp(journal->files[i]->path, path) == 0)
            return true;
    return false;
}

/* Is it the one? Then it stays. A file that is just being made is looked at again the next time. */
static int try_path(struct evj_journal *journal, const char *path, struct journal_file *before,
                    struct evj_error *err)
{
    int status = evj_journal_add_path(journal, path, err);

    if (status < 0)
        return status;
    struct journal_file *file = journal->files[journal->count - 1];
    if (evj_journal_read_header(file, NULL) != EVJ_OK || !evj_journal_join(before, file)) {
        evj_journal_keep_files(journal, journal->count - 1);
        return EVJ_END;
    }
    file->before = before;
    file->index = (unsigned)journal->count - 1;
    file->recording = before->recording;
    file->wall_us = file->header.started_wall_us;
    return EVJ_OK;
}

/* 0: it was found in the same folder; EVJ_END: not yet; EVJ_ERR_MEMORY. */
static int find_successor(struct evj_journal *journal, struct journal_file *before,
                          struct evj_error *err)
{
    const char *slash = strrchr(before->path, '/');
    int folder_len = slash ? (int)(slash - before->path) : 1;
    const char *folder = slash ? before->path : ".";
    char path[4096 + 256];
    struct dirent *entry;
    int status = EVJ_END;

    snprintf(path, sizeof(path), "%.*s/", folder_len, folder);
    DIR *dir = opendir(path);
    while (dir && status == EVJ_END && (entry = readdir(dir))) {
        if (!evj_journal_is_journal_name(entry->d_name))
            continue;
        snprintf(path, sizeof(path), "%.*s%s", slash ? folder_len + 1 : 0, folder, entry->d_name);
        if (!is_known(journal, path))
            status = try_path(journal, path, before, err);
    }
    if (dir)
        closedir(dir);
    return status;
}

/* ---- going on ---- */

bool evj_journal_may_grow(const struct evj_journal *journal)
{
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_file *file = journal->files[i];
        uint64_t head;
        bool live = false;

        if (file->waits)
            return true;
        if (awaits_successor(file) && evj_spool_look(file->header.spool, &head, &live) == EVJ_OK &&
            live)
            return true;
    }
    return false;
}

/* 0: there is more of it; EVJ_END: not yet; < 0. */
static int continue_file(struct evj_journal *journal, struct journal_file *file,
                         struct evj_error *err)
{
    if (awaits_successor(file))
        return find_successor(journal, file, err);
    if (!file->waits)
        return EVJ_END;
    file->waits = !evj_reader_continue(file->reader);
    return file->waits ? EVJ_END : EVJ_OK;
}

int evj_journal_continue(struct evj_journal *journal, struct evj_error *err)
{
    int result = EVJ_END;

    /* Files that are found here come behind these: the next call is theirs. */
    for (size_t i = 0, count = journal->count; i < count; i++) {
        int status = continue_file(journal, journal->files[i], err);
        if (status < 0)
            return status;
        if (status == EVJ_OK)
            result = EVJ_OK;
    }
    return result;
}
