/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/journal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One file. Its reader exists from when its time comes until it is used up. */
struct journal_file {
    char *path;
    struct evj_header header;
    struct evj_reader *reader;
    const struct evj_record *head; /* its next record, borrowed from the reader; NULL: ask for it */
    int64_t wall_us; /* of the head, never going back within a recording; its start before that */
    struct journal_file *predecessor; /* the file before it in its recording, if it is here too */
    bool begun, done;
    enum evj_ending ending;
    struct evj_reader_totals totals;
    char spool_note[320];
};

struct evj_journal {
    struct journal_file *files; /* in the order of their start */
    size_t count, room;
    size_t finished; /* files[0 … finished) are done */
    evj_block_wanted *wants;
    void *wants_context;
    struct evj_record record; /* what was given out last */
    struct journal_file *given;
    struct evj_error truncation; /* the first; its status is 0 while there is none */
};

/* Say in which file: "PATH: what". */
static int in_file(int status, const char *path, struct evj_error *err)
{
    if (err) {
        struct evj_error inner = *err;
        snprintf(err->text, sizeof(err->text), "%.140s%s: %.170s", strlen(path) > 140 ? "…" : "",
                 strlen(path) > 140 ? path + strlen(path) - 137 : path, inner.text);
    }
    return status;
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

/* Read the first line now; only standard input, which cannot be opened twice, stays open. */
static int read_header(struct journal_file *file, struct evj_error *err)
{
    EVJ_AUTO(reader) *reader = NULL;
    int status = evj_reader_open(file->path, &reader, err);

    if (status < 0)
        return in_file(status, file->path, err);
    file->header = *evj_reader_header(reader);
    if (strcmp(file->path, "-") == 0)
        file->reader = EVJ_TAKE(reader);
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

int evj_journal_open(const char *const *paths, size_t path_count, struct evj_journal **ret_journal,
                     struct evj_error *err)
{
    EVJ_AUTO(journal) *journal = calloc(1, sizeof(*journal));
    int status = EVJ_OK;

    if (!journal)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a journal");
    for (size_t i = 0; i < path_count && status == EVJ_OK; i++)
        status = add_named(journal, paths[i], err);
    for (size_t i = 0; i < journal->count && status == EVJ_OK; i++)
        status = read_header(&journal->files[i], err);
    if (status < 0)
        return status;
    qsort(journal->files, journal->count, sizeof(*journal->files), by_start);
    find_predecessors(journal);
    *ret_journal = EVJ_TAKE(journal);
    return EVJ_OK;
}

void evj_journal_free(struct evj_journal *journal)
{
    if (!journal)
        return;
    for (size_t i = 0; i < journal->count; i++) {
        evj_reader_free(journal->files[i].reader);
        free(journal->files[i].path);
    }
    free(journal->files);
    free(journal);
}

/* ---- reading ---- */

static void close_file(struct journal_file *file)
{
    file->ending = evj_reader_ending(file->reader);
    file->totals = *evj_reader_totals(file->reader);
    snprintf(file->spool_note, sizeof(file->spool_note), "%s", evj_reader_spool_note(file->reader));
    evj_reader_free(file->reader);
    file->reader = NULL;
    file->done = true;
}

/* Have file->head, or close the file. */
static int advance(struct evj_journal *journal, struct journal_file *file, struct evj_error *err)
{
    struct evj_error why;
    int status;

    do {
        status = evj_reader_next(file->reader, &file->head, &why);
    } while (status == EVJ_OK && file->head->kind == EVJ_RECORD_STATE && file->predecessor);

    if (status == EVJ_OK) {
        if (file->head->has_seq && file->head->wall_us > file->wall_us)
            file->wall_us = file->head->wall_us;
        return EVJ_OK;
    }
    file->head = NULL;
    close_file(file);
    if (status == EVJ_END)
        return EVJ_OK;
    in_file(status, file->path, &why);
    if (status == EVJ_TRUNCATED) {
        if (journal->truncation.status == 0)
            journal->truncation = why;
        return EVJ_OK;
    }
    if (err)
        *err = why;
    return status;
}

static int begin_file(struct evj_journal *journal, struct journal_file *file, struct evj_error *err)
{
    file->begun = true;
    if (!file->reader) {
        int status = evj_reader_open(file->path, &file->reader, err);
        if (status < 0) {
            file->done = true;
            return in_file(status, file->path, err);
        }
    }
    if (file->predecessor && file->predecessor->wall_us > file->wall_us)
        file->wall_us = file->predecessor->wall_us;
    evj_reader_set_filter(file->reader, journal->wants, journal->wants_context);
    return advance(journal, file, err);
}

/* A recording's files come one after the other, even when the wall clock was set back meanwhile. */
static bool is_due(const struct journal_file *file)
{
    return !file->done && (file->begun || !file->predecessor || file->predecessor->done);
}

/* The file whose head, or start, is earliest; ties go to the file that started first. */
static struct journal_file *earliest(struct evj_journal *journal)
{
    struct journal_file *best = NULL;

    while (journal->finished < journal->count && journal->files[journal->finished].done)
        journal->finished++;
    for (size_t i = journal->finished; i < journal->count; i++) {
        struct journal_file *file = &journal->files[i];
        if (best && file->header.started_wall_us > best->wall_us)
            break;
        if (is_due(file) && (!best || file->wall_us < best->wall_us))
            best = file;
    }
    return best;
}

int evj_journal_next(struct evj_journal *journal, const struct evj_record **ret_record,
                     struct evj_error *err)
{
    struct journal_file *next = NULL;
    int status = EVJ_OK;

    if (journal->given && !journal->given->done)
        status = advance(journal, journal->given, err);
    journal->given = NULL;
    while (status == EVJ_OK && (next = earliest(journal)) && !next->begun)
        status = begin_file(journal, next, err);
    if (status < 0)
        return status;
    if (!next) {
        if (journal->truncation.status != 0 && err)
            *err = journal->truncation;
        return journal->truncation.status != 0 ? EVJ_TRUNCATED : EVJ_END;
    }
    journal->given = next;
    journal->record = *next->head;
    journal->record.source = (unsigned)(next - journal->files);
    journal->record.wall_us = next->head->has_seq ? next->head->wall_us : next->wall_us;
    *ret_record = &journal->record;
    return EVJ_OK;
}

/* ---- queries ---- */

void evj_journal_set_filter(struct evj_journal *journal, evj_block_wanted *wants, void *context)
{
    journal->wants = wants;
    journal->wants_context = context;
}

size_t evj_journal_files(const struct evj_journal *journal)
{
    return journal->count;
}

const struct evj_header *evj_journal_header(const struct evj_journal *journal, size_t file)
{
    return &journal->files[file].header;
}

const char *evj_journal_path(const struct evj_journal *journal, size_t file)
{
    return journal->files[file].path;
}

enum evj_ending evj_journal_ending(const struct evj_journal *journal, size_t file)
{
    return journal->files[file].ending;
}

const struct evj_reader_totals *evj_journal_totals(const struct evj_journal *journal, size_t file)
{
    return &journal->files[file].totals;
}

const char *evj_journal_spool_note(const struct evj_journal *journal, size_t file)
{
    return journal->files[file].spool_note;
}
