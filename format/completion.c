/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/completion.h"

#include "evj/cleanup.h"
#include "evj/reader.h"
#include "evj/spool.h"
#include "evj/writer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Take the lock that a recorder holds while it lives. *ret_fd holds it until it is closed. A spool of
 * another user is refused: the path of the journal in it is a place that we are going to write to.
 */
static int take_over(const char *path, int *ret_fd, struct evj_error *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT ? EVJ_END : evj_fail_errno(err, 0, "%s", path);
    bool ours = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid();
    if (ours && flock(fd, LOCK_EX | LOCK_NB) == 0) {
        *ret_fd = fd;
        return EVJ_OK;
    }
    int status = ours ? EVJ_END : evj_fail(err, EVJ_ERR_FOREIGN, 0, "%s is another user's", path);
    close(fd);
    return status;
}

/* Which journal, as the spool has it, and whether anything was ever recorded into it. */
static int find_journal(const char *spool_path, char journal[512], char id[37], bool *ret_is_used,
                        struct evj_error *err)
{
    struct evj_spool_snapshot spool;
    int status = evj_spool_snapshot(spool_path, NULL, &spool, err);

    if (status != EVJ_OK)
        return status;
    memcpy(journal, spool.journal, sizeof(spool.journal));
    memcpy(id, spool.id, sizeof(spool.id));
    *ret_is_used = spool.head > 0 || spool.len > 0;
    evj_spool_snapshot_done(&spool);
    return EVJ_OK;
}

/* ---- a recorder that died on its way to the next file ---- */

static bool is_next(const char *path, const char *id, const char *previous)
{
    EVJ_AUTO(reader) *reader = NULL;

    if (evj_reader_open(path, &reader, NULL) < 0)
        return false;
    const struct evj_header *header = evj_reader_header(reader);
    return strcmp(header->id, id) == 0 && strcmp(header->previous, previous) == 0;
}

/*
 * It begins the next file before it ends the old one and notes the next one's path in the spool. Such
 * a file is in the same folder. True if there is one: then no line that the spool still has is in the
 * old file. Before the first one there is only the folder, and its name ends with a slash.
 */
static bool find_next(const char *journal, const char *id, char next[512])
{
    static const char suffix[] = ".evj.gz";
    const char *slash = strrchr(journal, '/');
    char folder[512];
    struct dirent *entry;
    bool found = false;

    if (!slash)
        return false;
    snprintf(folder, sizeof(folder), "%.*s/", (int)(slash - journal), journal);
    DIR *dir = opendir(folder);
    while (dir && !found && (entry = readdir(dir))) {
        size_t len = strlen(entry->d_name);
        if (len < sizeof(suffix) || strcmp(entry->d_name + len - sizeof(suffix) + 1, suffix) != 0)
            continue;
        int path_len = snprintf(next, 512, "%s%s", folder, entry->d_name);
        found = path_len < 512 && is_next(next, id, slash + 1);
    }
    if (dir)
        closedir(dir);
    return found;
}

/* ---- one file ---- */

/* One reading: first what the file has is counted, then what comes from the spool is added to it. */
struct completing {
    const char *path;
    struct evj_reader *reader;
    struct evj_writer *writer; /* NULL while the records come from the file */
    bool without_spool;        /* the next file gets what is in the spool */
    bool rotated;              /* its end says that there is a next file */
    struct evj_writer_totals sofar;
};

static int begin_writing(struct completing *c, struct evj_error *err)
{
    const struct evj_reader_totals *read = evj_reader_totals(c->reader);

    c->sofar.file_bytes = read->file_bytes;
    c->sofar.text_bytes = read->text_bytes;
    return evj_writer_resume(c->path, evj_reader_header(c->reader), &c->sofar, &c->writer, err);
}

static int take_record(struct completing *c, const struct evj_record *record, struct evj_error *err)
{
    int status = EVJ_OK;

    if (evj_reader_totals(c->reader)->spool_records == 0) {
        if (record->kind != EVJ_RECORD_END)
            evj_writer_count(&c->sofar, record);
        else
            c->rotated = evj_json_string_is(evj_json_member(record->body, "reason"), "rotate");
        return EVJ_OK;
    }
    if (c->without_spool)
        return EVJ_OK;
    if (!c->writer)
        status = begin_writing(c, err);
    return status == EVJ_OK ? evj_writer_add(c->writer, record, err) : status;
}

static int copy_rest(struct completing *c, struct evj_error *err)
{
    const struct evj_record *record;
    int status;

    while ((status = evj_reader_next(c->reader, &record, err)) == EVJ_OK) {
        status = take_record(c, record, err);
        if (status < 0)
            return status;
    }
    if (status == EVJ_DAMAGED) {
        struct evj_error why = err ? *err : (struct evj_error){0};
        return evj_fail(
            err, EVJ_ERR_CORRUPT, why.offset,
            "the file is damaged, so it stays as it is: evj repair salvages it (%.200s)", why.text);
    }
    if (status < 0)
        return status;
    if (evj_reader_ending(c->reader) == EVJ_ENDING_CLOSED && c->rotated && !c->without_spool)
        return evj_fail(err, EVJ_ERR_FOREIGN, 0, "its recorder went on in a file that is not here");
    if (evj_reader_ending(c->reader) == EVJ_ENDING_CLOSED)
        return EVJ_OK; /* it was closed, only its spool was not deleted */
    /* We hold the lock, so the reader takes the recorder for alive. */
    if (evj_reader_ending(c->reader) != EVJ_ENDING_LIVE)
        return evj_fail(err, EVJ_ERR_FOREIGN, 0, "the file names another spool");
    status = c->writer ? EVJ_OK : begin_writing(c, err);
    return status == EVJ_OK ? evj_writer_finish(c->writer, "crash", err) : status;
}

/*
 * An evj_block_wanted that wants none, and counts what each holds by its header: blocks with anything
 * but events are read anyway. Janus waits for this when it starts, and a journal may be long.
 */
static bool count_block(const struct evj_header *header, const struct evj_block_info *info,
                        void *context)
{
    struct evj_writer_totals *sofar = context;

    (void)header;
    sofar->records += info->records;
    sofar->events += info->records;
    sofar->next_seq = info->first_seq + info->records;
    if (info->last_mono_us > sofar->last_mono_us)
        sofar->last_mono_us = info->last_mono_us;
    return false;
}

static int complete_file(const char *path, bool without_spool, uint64_t *ret_events,
                         struct evj_error *err)
{
    struct completing c = {.path = path, .without_spool = without_spool};
    int status = evj_reader_open(path, &c.reader, err);

    if (status == EVJ_OK) {
        evj_reader_set_filter(c.reader, count_block, &c.sofar);
        status = copy_rest(&c, err);
    }
    if (status == EVJ_OK)
        *ret_events = c.writer ? evj_writer_totals(c.writer)->events - c.sofar.events : 0;
    evj_writer_free(c.writer);
    evj_reader_free(c.reader);
    return status;
}

static bool is_folder(const char *path)
{
    size_t len = strlen(path);

    return len > 0 && path[len - 1] == '/';
}

static int remove_spool(const char *path, struct evj_error *err)
{
    return unlink(path) == 0 ? EVJ_OK : evj_fail_errno(err, 0, "cannot delete %s", path);
}

/* With the lock. */
static int complete(const char *spool_path, struct evj_completion *completion,
                    struct evj_error *err)
{
    char *journal = completion->journal, id[37], next[512];
    bool is_used;
    int status = find_journal(spool_path, journal, id, &is_used, err);

    if (status != EVJ_OK)
        return status;
    if (find_next(journal, id, next)) {
        /* If the old one cannot be ended, that is no reason to keep the rest out of the next. */
        complete_file(journal, true, &completion->events, NULL);
        memcpy(journal, next, sizeof(next));
    } else if (!is_used && is_folder(journal)) {
        status = remove_spool(spool_path, err);
        return status == EVJ_OK ? EVJ_END : status;
    }
    status = complete_file(journal, false, &completion->events, err);
    return status == EVJ_OK ? remove_spool(spool_path, err) : status;
}

int evj_complete(const char *spool_path, struct evj_completion *ret_completion,
                 struct evj_error *err)
{
    struct evj_completion completion = {.events = 0};
    int fd = -1;
    int status = take_over(spool_path, &fd, err);

    if (status != EVJ_OK)
        return status;
    status = complete(spool_path, &completion, err);
    close(fd);
    if (status == EVJ_OK)
        *ret_completion = completion;
    return status;
}
