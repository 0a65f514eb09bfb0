/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/path.h"
#include "format/journal_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int evj_journal_in_file(int status, const char *path, struct evj_error *err)
{
    path = evj_path_shown(path);
    if (err) {
        struct evj_error inner = *err;
        snprintf(err->text, sizeof(err->text), "%.140s%s: %.170s", strlen(path) > 140 ? "…" : "",
                 strlen(path) > 140 ? path + strlen(path) - 137 : path, inner.text);
    }
    return status;
}

int evj_journal_note_fault(struct evj_journal *journal, const struct evj_journal_fault *fault,
                           struct evj_error *err)
{
    if (fault->err.status < 0 && journal->failure.status == EVJ_OK)
        journal->failure = fault->err;
    if (journal->fault_count == EVJ_FAULTS_MAX) {
        journal->more_faults++;
        return EVJ_OK;
    }
    if (journal->fault_count == journal->fault_room) {
        size_t room = journal->fault_room ? 2 * journal->fault_room : 4;
        struct evj_journal_fault *faults = realloc(journal->faults, room * sizeof(*faults));
        if (!faults)
            return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for %zu faults", room);
        journal->faults = faults;
        journal->fault_room = room;
    }
    journal->faults[journal->fault_count++] = *fault;
    return EVJ_OK;
}

int evj_journal_leave_out(struct evj_journal *journal, const struct evj_error *why,
                          struct evj_error *err)
{
    return evj_journal_note_fault(journal, &(struct evj_journal_fault){.err = *why}, err);
}

/* ---- which files ---- */

int evj_journal_add_path(struct evj_journal *journal, const char *path, struct evj_error *err)
{
    if (journal->count == journal->room) {
        size_t room = journal->room ? 2 * journal->room : 8;
        struct journal_file **files = realloc(journal->files, room * sizeof(*files));
        if (!files)
            return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for %zu files", room);
        journal->files = files;
        journal->room = room;
    }
    struct journal_file *file = calloc(1, sizeof(*file));
    if (file)
        file->path = strdup(path);
    if (!file || !file->path) {
        free(file);
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a path");
    }
    journal->files[journal->count++] = file;
    return EVJ_OK;
}

bool evj_journal_is_journal_name(const char *name)
{
    static const char suffix[] = ".evj.gz";
    size_t len = strlen(name);

    return len >= sizeof(suffix) && strcmp(name + len - (sizeof(suffix) - 1), suffix) == 0;
}

static int add_folder(struct evj_journal *journal, const char *folder, struct evj_error *err)
{
    DIR *dir = opendir(folder);
    size_t before = journal->count;
    struct dirent *entry;
    char path[4096];
    int status = EVJ_OK;

    if (!dir)
        return evj_fail_errno(err, 0, "%s", folder);
    while (status == EVJ_OK && (entry = readdir(dir))) {
        if (!evj_journal_is_journal_name(entry->d_name))
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        status = evj_journal_add_path(journal, path, err);
        if (status == EVJ_OK)
            journal->files[journal->count - 1]->from_folder = true;
    }
    closedir(dir);
    if (status == EVJ_OK && journal->count == before)
        return evj_fail(err, EVJ_ERR_INVALID, 0, "%s: no journal (*.evj.gz) in this folder",
                        folder);
    return status;
}

static int add_named(struct evj_journal *journal, const char *path, struct evj_error *err)
{
    struct stat st;

    if (!evj_path_is_stream(path) && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return add_folder(journal, path, err);
    return evj_journal_add_path(journal, path, err);
}

/* ---- opening ---- */

void evj_journal_measure(struct journal_file *file)
{
    struct stat st;

    if (evj_path_is_stream(file->path) || stat(file->path, &st) != 0)
        file->size = file->totals.file_bytes;
    else
        file->size = (uint64_t)st.st_size;
}

/* Read the first line now; only a pipe, which cannot be opened twice, stays open. One that lies in a
 * folder is not opened at all: nobody may ever write to it. */
int evj_journal_read_header(struct journal_file *file, struct evj_error *err)
{
    EVJ_AUTO(reader) *reader = NULL;
    bool is_stream = evj_path_is_stream(file->path);
    int status = is_stream && file->from_folder
                     ? evj_fail(err, EVJ_ERR_FOREIGN, 0, "not a journal: it is no file")
                     : evj_reader_open(file->path, &reader, err);

    if (status < 0)
        return evj_journal_in_file(status, file->path, err);
    file->header = *evj_reader_header(reader);
    evj_journal_measure(file);
    if (is_stream)
        file->reader = EVJ_TAKE(reader);
    return EVJ_OK;
}

void evj_journal_swap_files(struct evj_journal *journal, size_t a, size_t b)
{
    struct journal_file *old = journal->files[a];

    journal->files[a] = journal->files[b];
    journal->files[b] = old;
}

void evj_journal_keep_files(struct evj_journal *journal, size_t count)
{
    while (journal->count > count) {
        struct journal_file *file = journal->files[--journal->count];
        evj_reader_free(file->reader);
        free(file->path);
        free(file);
    }
}

/* What only lies in a folder, and cannot be read, is no reason to withhold the others. */
static int read_headers(struct evj_journal *journal, struct evj_error *err)
{
    size_t kept = 0;
    int status = EVJ_OK;

    for (size_t i = 0; i < journal->count; i++) {
        struct journal_file *file = journal->files[i];
        struct evj_error why = {0};

        status = evj_journal_read_header(file, &why);
        if (status == EVJ_OK) {
            evj_journal_swap_files(journal, kept++, i);
            continue;
        }
        if (err)
            *err = why;
        if (!file->from_folder || status == EVJ_ERR_MEMORY)
            return status;
        int noted = evj_journal_leave_out(journal, &why, err);
        if (noted < 0)
            return noted;
    }
    evj_journal_keep_files(journal, kept);
    return kept > 0 ? EVJ_OK : status;
}

int evj_journal_find_files(struct evj_journal *journal, const char *const *paths, size_t path_count,
                           struct evj_error *err)
{
    int status = EVJ_OK;

    for (size_t i = 0; i < path_count && status == EVJ_OK; i++)
        status = add_named(journal, paths[i], err);
    if (status < 0)
        return status;
    status = read_headers(journal, err);
    return status < 0 ? status : evj_journal_order_files(journal, err);
}
