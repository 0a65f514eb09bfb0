/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/series_internal.h"

#include "evj/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- one file ---- */

void series_close(struct open_file *file)
{
    evj_writer_free(file->writer);
    if (file->fd >= 0)
        close(file->fd);
    file->writer = NULL;
    file->fd = -1;
}

/* What is alive, so that the file stands alone. */
static int put_state(const struct series *series, struct evj_writer *writer, struct evj_error *err)
{
    int status = series->drain.state ? evj_state_put(series->drain.state, writer, err) : EVJ_OK;

    return status == EVJ_OK ? evj_writer_flush(writer, err) : status;
}

static int make_file(const struct series *series, struct open_file *file, struct evj_error *err)
{
    int status =
        journal_file_begin(series->folder, &file->header, &series->options, &file->writer, err);

    if (status == EVJ_OK)
        status = put_state(series, file->writer, err);
    if (status < 0)
        series_close(file);
    return status;
}

int series_publish(const struct series *series, struct open_file *file, struct evj_error *err)
{
    int status = journal_file_publish(file->writer, series->folder, &file->header, file->path, err);

    if (status < 0) {
        series_close(file);
        return status;
    }
    file->fd = journal_file_watch(file->path);
    file->first_size = evj_writer_totals(file->writer)->file_bytes;
    return EVJ_OK;
}

int series_make(const struct series *series, struct open_file *ret_file, struct evj_error *err)
{
    const struct evj_header *last = &series->header;
    struct open_file file = {.fd = -1};
    struct evj_header *header = &file.header;
    int status = evj_header_init(header, err);

    if (status < 0)
        return status;
    /* Two files are open for a moment. */
    evj_writer_rest(series->file.writer);
    memcpy(header->id, last->id, sizeof(header->id));
    memcpy(header->emitter, last->emitter, sizeof(header->emitter));
    memcpy(header->instance, last->instance, sizeof(header->instance));
    memcpy(header->events, last->events, sizeof(header->events));
    memcpy(header->spool, last->spool, sizeof(header->spool));
    snprintf(header->previous, sizeof(header->previous), "%.255s",
             evj_path_name(series->file.path));
    status = make_file(series, &file, err);
    if (status == EVJ_OK)
        *ret_file = file;
    return status;
}

void series_move_on(struct series *series)
{
    const struct evj_writer_totals *totals = evj_writer_totals(series->file.writer);

    evj_spool_set_journal(series->spool, series->next.path);
    series->closed.files++;
    series->closed.text_bytes += totals->text_bytes;
    series->closed.file_bytes += totals->file_bytes;
    series_close(&series->file);
    series->file = series->next;
    series->next = (struct open_file){.fd = -1};
    series->drain.writer = series->file.writer;
    series->drain.taken = 0;
    series->refusals = 0;
    series->why_left = NULL;
}

/* ---- life ---- */

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
    series->patience = SERIES_PATIENCE;
    series->file.header = *task->header;
    int status = make_file(series, &series->file, err);
    if (status == EVJ_OK)
        status = series_publish(series, &series->file, err);
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
    series_close(&series->file);
    series_close(&series->next);
    free(series);
}

void series_abandon(struct series *series)
{
    if (series)
        unlink(series->file.path);
    series_free(series);
}

/* ---- writing ---- */

typedef int drain_fn(struct drain *drain, struct evj_error *err);

static int try_to_write(struct series *series, drain_fn *drain, struct evj_error *err)
{
    int status = series_leave_gone(series, err);

    if (status == EVJ_OK && series_is_turning(series))
        status = series_turn(series, err);
    return status == EVJ_OK ? drain(&series->drain, err) : status;
}

static int write_with(struct series *series, drain_fn *drain, struct evj_error *err)
{
    struct evj_error why = {0};
    int status = try_to_write(series, drain, &why);

    if (status < 0 && series_leave_refusing(series, &why))
        status = drain(&series->drain, &why);
    if (status < 0 && err)
        *err = why;
    return status;
}

int series_take(struct series *series, struct evj_error *err)
{
    return write_with(series, drain_take, err);
}

int series_write_all(struct series *series, struct evj_error *err)
{
    return write_with(series, drain_all, err);
}

int series_prepare(struct series *series, struct evj_error *err)
{
    struct open_file file;
    int status = series_make(series, &file, err);

    if (status == EVJ_OK)
        status = series_publish(series, &file, err);
    if (status == EVJ_OK)
        series->next = file;
    return status;
}

int series_turn(struct series *series, struct evj_error *err)
{
    int status = evj_writer_finish(series->file.writer, "rotate", err);

    if (status == EVJ_OK)
        series_move_on(series);
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

const char *series_why_left(const struct series *series)
{
    return series->why_left;
}

int64_t series_begun_us(const struct series *series)
{
    return series->file.header.started_mono_us;
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
