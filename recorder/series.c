/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/series.h"

#include "recorder/drain.h"
#include "recorder/journal_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One file. No writer: there is none. */
struct open_file {
    struct evj_writer *writer;
    char path[JOURNAL_FILE_PATH_MAX];
    int fd;              /* to see whether the path still leads to it */
    uint64_t first_size; /* without events */
    int64_t begun_us;
};

struct series {
    struct evj_spool *spool;
    char folder[512];
    struct evj_header header; /* what all files' first lines have of it */
    struct evj_writer_options options;
    struct drain drain;
    struct open_file file, next;
    struct series_totals closed;
};

/* ---- one file ---- */

static void close_file(struct open_file *file)
{
    evj_writer_free(file->writer);
    if (file->fd >= 0)
        close(file->fd);
    file->writer = NULL;
    file->fd = -1;
}

/* What is alive, so that the file stands alone. */
static int put_state(struct series *series, struct evj_writer *writer, struct evj_error *err)
{
    int status = series->drain.state ? state_put(series->drain.state, writer, err) : EVJ_OK;

    return status == EVJ_OK ? evj_writer_flush(writer, err) : status;
}

static int begin_file(struct series *series, const struct evj_header *header,
                      struct open_file *ret_file, struct evj_error *err)
{
    struct open_file file = {.fd = -1, .begun_us = header->started_mono_us};
    int status = journal_file_begin(series->folder, header, &series->options, &file.writer, err);

    if (status == EVJ_OK)
        status = put_state(series, file.writer, err);
    if (status == EVJ_OK)
        status = journal_file_publish(file.writer, series->folder, header, file.path, err);
    if (status < 0) {
        evj_writer_free(file.writer);
        return status;
    }
    file.fd = journal_file_watch(file.path);
    file.first_size = evj_writer_totals(file.writer)->file_bytes;
    *ret_file = file;
    return EVJ_OK;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int begin_next(struct series *series, struct evj_error *err)
{
    const struct evj_header *last = &series->header;
    struct evj_header header;
    int status = evj_header_init(&header, err);

    if (status < 0)
        return status;
    memcpy(header.id, last->id, sizeof(header.id));
    memcpy(header.emitter, last->emitter, sizeof(header.emitter));
    memcpy(header.instance, last->instance, sizeof(header.instance));
    memcpy(header.events, last->events, sizeof(header.events));
    memcpy(header.spool, last->spool, sizeof(header.spool));
    snprintf(header.previous, sizeof(header.previous), "%.255s", name_of(series->file.path));
    return begin_file(series, &header, &series->next, err);
}

/* The next file becomes the open one. What the writer of the old one held and has not written is in
 * the spool still. */
static void move_on(struct series *series)
{
    const struct evj_writer_totals *totals = evj_writer_totals(series->file.writer);

    evj_spool_set_journal(series->spool, series->next.path);
    series->closed.files++;
    series->closed.text_bytes += totals->text_bytes;
    series->closed.file_bytes += totals->file_bytes;
    close_file(&series->file);
    series->file = series->next;
    series->next = (struct open_file){.fd = -1};
    series->drain.writer = series->file.writer;
    series->drain.taken = 0;
}

/* ---- life ---- */

/* Until there is a file: after a crash it is looked for there, by the recording's id. */
static void note_folder(struct series *series)
{
    char path[sizeof(series->folder) + 1];

    snprintf(path, sizeof(path), "%s/", series->folder);
    evj_spool_set_journal(series->spool, path);
}

int series_begin(const struct series_task *task, struct series **ret_series, struct evj_error *err)
{
    struct series *series = calloc(1, sizeof(*series));
    size_t block_text = drain_block_text(evj_spool_capacity(task->spool));

    if (!series)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a recording's files");
    snprintf(series->folder, sizeof(series->folder), "%s", task->folder);
    series->spool = task->spool;
    series->header = *task->header;
    series->options = (struct evj_writer_options){
        .level = task->level, .block_text = block_text, .sync_block = task->sync_block};
    series->file.fd = series->next.fd = -1;
    note_folder(series);
    int status = begin_file(series, task->header, &series->file, err);
    if (status < 0) {
        free(series);
        return status;
    }
    series->drain = (struct drain){
        .spool = series->spool,
        .writer = series->file.writer,
        .block_text = block_text,
        .state = task->state,
    };
    evj_spool_set_journal(series->spool, series->file.path);
    *ret_series = series;
    return EVJ_OK;
}

void series_free(struct series *series)
{
    if (!series)
        return;
    close_file(&series->file);
    close_file(&series->next);
    free(series);
}

void series_abandon(struct series *series)
{
    if (series)
        unlink(series->file.path);
    series_free(series);
}

/* ---- writing ---- */

/* A file that was only moved gets all that waits, and its end, where it is now. */
static int leave_moved(struct series *series, struct evj_error *err)
{
    int status = drain_all(&series->drain, err);

    if (status == EVJ_OK)
        status = series_prepare(series, err);
    return status == EVJ_OK ? series_turn(series, err) : status;
}

/* What is still in the spool must not go into a file that nobody can open any more. */
static int leave_deleted(struct series *series, struct evj_error *err)
{
    int status = begin_next(series, err);

    if (status == EVJ_OK)
        move_on(series);
    return status;
}

static int have_file(struct series *series, struct evj_error *err)
{
    if (series->next.writer)
        return series_turn(series, err);
    switch (journal_file_look(series->file.fd, series->file.path)) {
    case JOURNAL_FILE_MOVED:
        return leave_moved(series, err);
    case JOURNAL_FILE_DELETED:
        return leave_deleted(series, err);
    default:
        return EVJ_OK;
    }
}

int series_take(struct series *series, struct evj_error *err)
{
    int status = have_file(series, err);

    return status == EVJ_OK ? drain_take(&series->drain, err) : status;
}

int series_write_all(struct series *series, struct evj_error *err)
{
    int status = have_file(series, err);

    return status == EVJ_OK ? drain_all(&series->drain, err) : status;
}

int series_prepare(struct series *series, struct evj_error *err)
{
    return begin_next(series, err);
}

int series_turn(struct series *series, struct evj_error *err)
{
    int status = evj_writer_finish(series->file.writer, "rotate", err);

    if (status == EVJ_OK)
        move_on(series);
    return status;
}

bool series_is_turning(const struct series *series)
{
    return series->next.writer != NULL;
}

int series_finish(struct series *series, struct evj_error *err)
{
    return evj_writer_finish(series->file.writer, "shutdown", err);
}

/* ---- settings and queries ---- */

void series_set_level(struct series *series, int level)
{
    series->options.level = level;
}

void series_set_events(struct series *series, const char *events)
{
    snprintf(series->header.events, sizeof(series->header.events), "%s", events);
}

const char *series_path(const struct series *series)
{
    return series->file.path;
}

int64_t series_begun_us(const struct series *series)
{
    return series->file.begun_us;
}

uint64_t series_growth(const struct series *series)
{
    return evj_writer_totals(series->file.writer)->file_bytes - series->file.first_size;
}

bool series_has_events(const struct series *series)
{
    const struct evj_writer_totals *totals = evj_writer_totals(series->file.writer);

    return totals->events + totals->dropped > 0;
}

struct series_totals series_totals(const struct series *series)
{
    const struct evj_writer_totals *totals = evj_writer_totals(series->file.writer);

    return (struct series_totals){
        .files = series->closed.files + 1,
        .text_bytes = series->closed.text_bytes + totals->text_bytes,
        .file_bytes = series->closed.file_bytes + totals->file_bytes,
    };
}
