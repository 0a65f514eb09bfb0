/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/journal_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int evj_journal_in_file(int status, const char *path, struct evj_error *err)
{
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

/* A file that is not read at all. */
static int leave_out(struct evj_journal *journal, const struct evj_error *why,
                     struct evj_error *err)
{
    return evj_journal_note_fault(journal, &(struct evj_journal_fault){.err = *why}, err);
}

/* ---- which files ---- */

static int add_path(struct evj_journal *journal, const char *path, struct evj_error *err)
{
    if (journal->count == journal->room) {
        size_t room = journal->room ? 2 * journal->room : 8;
        struct journal_file *files = realloc(journal->files, room * sizeof(*files));
        if (!files)
            return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for %zu files", room);
        journal->files = files;
        journal->room = room;
    }
    struct journal_file *file = &journal->files[journal->count];
    *file = (struct journal_file){.path = strdup(path)};
    if (!file->path)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a path");
    journal->count++;
    return EVJ_OK;
}

static bool is_journal_name(const char *name)
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
        if (!is_journal_name(entry->d_name))
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        status = add_path(journal, path, err);
        if (status == EVJ_OK)
            journal->files[journal->count - 1].from_folder = true;
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

    if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return add_folder(journal, path, err);
    return add_path(journal, path, err);
}

/* ---- opening ---- */

void evj_journal_measure(struct journal_file *file)
{
    struct stat st;

    if (strcmp(file->path, "-") == 0 || stat(file->path, &st) != 0 || !S_ISREG(st.st_mode))
        file->size = file->totals.file_bytes;
    else
        file->size = (uint64_t)st.st_size;
}

/* Read the first line now; only standard input, which cannot be opened twice, stays open. */
static int read_header(struct journal_file *file, struct evj_error *err)
{
    EVJ_AUTO(reader) *reader = NULL;
    int status = evj_reader_open(file->path, &reader, err);

    if (status < 0)
        return evj_journal_in_file(status, file->path, err);
    file->header = *evj_reader_header(reader);
    evj_journal_measure(file);
    if (strcmp(file->path, "-") == 0)
        file->reader = EVJ_TAKE(reader);
    return EVJ_OK;
}

static void swap(struct journal_file *a, struct journal_file *b)
{
    struct journal_file old = *a;

    *a = *b;
    *b = old;
}

/* Forget the files behind the first `count`. */
void evj_journal_keep_files(struct evj_journal *journal, size_t count)
{
    while (journal->count > count) {
        struct journal_file *file = &journal->files[--journal->count];
        evj_reader_free(file->reader);
        free(file->path);
    }
}

/* What only lies in a folder, and cannot be read, is no reason to withhold the others. */
static int read_headers(struct evj_journal *journal, struct evj_error *err)
{
    size_t kept = 0;
    int status = EVJ_OK;

    for (size_t i = 0; i < journal->count; i++) {
        struct journal_file *file = &journal->files[i];
        struct evj_error why = {0};

        status = read_header(file, &why);
        if (status == EVJ_OK) {
            swap(&journal->files[kept++], file);
            continue;
        }
        if (err)
            *err = why;
        if (!file->from_folder || status == EVJ_ERR_MEMORY)
            return status;
        int noted = leave_out(journal, &why, err);
        if (noted < 0)
            return noted;
    }
    evj_journal_keep_files(journal, kept);
    return kept > 0 ? EVJ_OK : status;
}

static bool is_copy(const struct journal_file *a, const struct journal_file *b)
{
    return a->header.id[0] != '\0' && strcmp(a->header.id, b->header.id) == 0 &&
           a->header.started_mono_us == b->header.started_mono_us &&
           strcmp(a->header.previous, b->header.previous) == 0 &&
           strcmp(a->header.cut, b->header.cut) == 0;
}

/* files[i], or its longer copy, goes where the shorter one of both was. 1: it did; 0: no copy; < 0.
 */
static int merge_copy(struct evj_journal *journal, size_t kept, struct journal_file *file,
                      struct evj_error *err)
{
    for (size_t j = kept; j > 0; j--) {
        struct journal_file *other = &journal->files[j - 1];
        struct evj_error why = {0};

        if (other->header.started_wall_us != file->header.started_wall_us)
            break;
        if (!is_copy(other, file))
            continue;
        if (file->size > other->size)
            swap(file, other);
        evj_fail(&why, EVJ_OK, 0, "a copy of %.130s; only that is read", other->path);
        evj_journal_in_file(EVJ_OK, file->path, &why);
        int status = leave_out(journal, &why, err);
        return status < 0 ? status : 1;
    }
    return 0;
}

/* The files are in the order of their start, so that copies are near each other. */
static int leave_out_copies(struct evj_journal *journal, struct evj_error *err)
{
    size_t kept = 0;

    for (size_t i = 0; i < journal->count; i++) {
        int merged = merge_copy(journal, kept, &journal->files[i], err);
        if (merged < 0)
            return merged;
        if (!merged)
            swap(&journal->files[kept++], &journal->files[i]);
    }
    evj_journal_keep_files(journal, kept);
    return EVJ_OK;
}

static int by_start(const void *a, const void *b)
{
    const struct journal_file *x = a, *y = b;

    if (x->header.started_wall_us != y->header.started_wall_us)
        return x->header.started_wall_us < y->header.started_wall_us ? -1 : 1;
    return strcmp(x->path, y->path);
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* The later start makes sure that no two files wait for each other. */
static bool is_predecessor(const struct journal_file *before, const struct journal_file *file)
{
    return strcmp(name_of(before->path), file->header.previous) == 0 &&
           strcmp(before->header.id, file->header.id) == 0 &&
           before->header.started_mono_us < file->header.started_mono_us;
}

static void find_predecessors(struct evj_journal *journal)
{
    for (size_t i = 0; i < journal->count; i++) {
        struct journal_file *file = &journal->files[i];
        file->wall_us = file->header.started_wall_us;
        for (size_t j = 0; j < journal->count && !file->predecessor; j++)
            if (is_predecessor(&journal->files[j], file))
                file->predecessor = &journal->files[j];
    }
}

/* Ids compare only within one recording: each gets a number, a merged file as many as it was merged
 * of. */
static void number_recordings(struct evj_journal *journal)
{
    unsigned next = 0;

    for (size_t i = 0; i < journal->count; i++) {
        struct journal_file *file = &journal->files[i];
        size_t same = 0;

        while (same < i && (file->header.id[0] == '\0' ||
                            strcmp(journal->files[same].header.id, file->header.id) != 0))
            same++;
        file->recording = same < i ? journal->files[same].recording : next;
        if (same == i)
            next += file->header.sources > 0 ? file->header.sources : 1;
    }
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
    if (status < 0)
        return status;
    qsort(journal->files, journal->count, sizeof(*journal->files), by_start);
    status = leave_out_copies(journal, err);
    if (status < 0)
        return status;
    find_predecessors(journal);
    number_recordings(journal);
    return EVJ_OK;
}
