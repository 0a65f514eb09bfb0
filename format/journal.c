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
    bool from_folder;                 /* nobody named it */
    bool begun, done;
    uint64_t size, records; /* of the file; read of it */
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
    struct evj_journal_fault *faults; /* room for one of each file that was named or found */
    size_t fault_count;
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

static void note_fault(struct evj_journal *journal, const struct evj_error *err, uint64_t records)
{
    journal->faults[journal->fault_count++] = (struct evj_journal_fault){*err, records};
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

static void measure(struct journal_file *file)
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
        return in_file(status, file->path, err);
    file->header = *evj_reader_header(reader);
    measure(file);
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
static void keep_files(struct evj_journal *journal, size_t count)
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
        note_fault(journal, &why, 0);
    }
    keep_files(journal, kept);
    return kept > 0 ? EVJ_OK : status;
}

static bool is_copy(const struct journal_file *a, const struct journal_file *b)
{
    return strcmp(a->header.id, b->header.id) == 0 &&
           a->header.started_mono_us == b->header.started_mono_us &&
           strcmp(a->header.previous, b->header.previous) == 0;
}

/* files[i], or its longer copy, goes where the shorter one of both was. */
static bool merge_copy(struct evj_journal *journal, size_t kept, struct journal_file *file)
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
        in_file(EVJ_OK, file->path, &why);
        note_fault(journal, &why, 0);
        return true;
    }
    return false;
}

/* The files are in the order of their start, so that copies are near each other. */
static void leave_out_copies(struct evj_journal *journal)
{
    size_t kept = 0;

    for (size_t i = 0; i < journal->count; i++)
        if (!merge_copy(journal, kept, &journal->files[i]))
            swap(&journal->files[kept++], &journal->files[i]);
    keep_files(journal, kept);
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
    if (status < 0)
        return status;
    journal->faults = calloc(journal->count + 1, sizeof(*journal->faults));
    if (!journal->faults)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a journal");
    status = read_headers(journal, err);
    if (status < 0)
        return status;
    qsort(journal->files, journal->count, sizeof(*journal->files), by_start);
    leave_out_copies(journal);
    find_predecessors(journal);
    *ret_journal = EVJ_TAKE(journal);
    return EVJ_OK;
}

void evj_journal_free(struct evj_journal *journal)
{
    if (!journal)
        return;
    keep_files(journal, 0);
    free(journal->files);
    free(journal->faults);
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
    measure(file);
}

/* A file cannot be read on: the others can. */
static int give_up(struct evj_journal *journal, const struct journal_file *file, int status,
                   struct evj_error *why, struct evj_error *err)
{
    in_file(status, file->path, why);
    if (status == EVJ_ERR_MEMORY) {
        if (err)
            *err = *why;
        return status;
    }
    note_fault(journal, why, file->records);
    return EVJ_OK;
}

/* Have file->head, or close the file. */
static int advance(struct evj_journal *journal, struct journal_file *file, struct evj_error *err)
{
    struct evj_error why;
    int status;

    do {
        status = evj_reader_next(file->reader, &file->head, &why);
        file->records += status == EVJ_OK;
    } while (status == EVJ_OK && file->head->kind == EVJ_RECORD_STATE && file->predecessor);

    if (status == EVJ_OK) {
        if (file->head->has_seq && file->head->wall_us > file->wall_us)
            file->wall_us = file->head->wall_us;
        return EVJ_OK;
    }
    file->head = NULL;
    close_file(file);
    return status == EVJ_END ? EVJ_OK : give_up(journal, file, status, &why, err);
}

static int begin_file(struct evj_journal *journal, struct journal_file *file, struct evj_error *err)
{
    file->begun = true;
    if (!file->reader) {
        struct evj_error why = {0};
        int status = evj_reader_open(file->path, &file->reader, &why);
        if (status < 0) {
            file->done = true;
            file->ending = EVJ_ENDING_DAMAGED;
            return give_up(journal, file, status, &why, err);
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

/* All files are used up: what is to be said of the worst? */
static int end_status(const struct evj_journal *journal, struct evj_error *err)
{
    const struct evj_error *worst = NULL;

    for (size_t i = 0; i < journal->fault_count; i++) {
        const struct evj_error *why = &journal->faults[i].err;
        if (why->status != EVJ_OK && (!worst || (worst->status > 0 && why->status < 0)))
            worst = why;
    }
    if (worst && err)
        *err = *worst;
    return worst ? worst->status : EVJ_END;
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
    if (!next)
        return end_status(journal, err);
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

size_t evj_journal_faults(const struct evj_journal *journal)
{
    return journal->fault_count;
}

const struct evj_journal_fault *evj_journal_fault(const struct evj_journal *journal, size_t fault)
{
    return &journal->faults[fault];
}

uint64_t evj_journal_size(const struct evj_journal *journal, size_t file)
{
    return journal->files[file].size;
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
