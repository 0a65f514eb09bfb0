/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/recording.h"

#include "evj/header.h"
#include "evj/histogram.h"
#include "evj/limits.h"
#include "evj/record.h"
#include "evj/writer.h"
#include "recorder/drain.h"
#include "recorder/journal_file.h"
#include "recorder/serialise.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct recording {
    notice_fn *notice;
    char journal_path[JOURNAL_FILE_PATH_MAX];
    struct evj_spool *spool;
    struct evj_writer *writer;
    struct writing *writing;

    atomic_uint_fast64_t unprintable;
    struct evj_histogram callback_ns;
};

/* ---- start ---- */

static void recording_free(struct recording *recording)
{
    evj_writer_free(recording->writer);
    evj_spool_free(recording->spool);
    free(recording);
}

/* Undo a start that failed: a journal and a spool with nothing in them are of no use to anyone. */
static void abandon(struct recording *recording)
{
    if (recording->writer)
        unlink(recording->journal_path);
    if (recording->spool)
        unlink(evj_spool_path(recording->spool));
    recording_free(recording);
}

static int open_journal(struct recording *recording, const struct config *config,
                        struct evj_header *header, struct evj_error *err)
{
    size_t capacity = evj_spool_capacity(recording->spool);
    struct evj_writer_options options = {.level = config->compression,
                                         .block_text = drain_block_text(capacity)};

    snprintf(header->events, sizeof(header->events), "%s", config->events);
    snprintf(header->spool, sizeof(header->spool), "%s", evj_spool_path(recording->spool));
    int status = journal_file_open(config->folder, header, &options, recording->journal_path,
                                   &recording->writer, err);
    if (status == EVJ_OK)
        evj_spool_set_journal(recording->spool, recording->journal_path);
    return status;
}

static int begin(struct recording *recording, const struct config *config, const char *emitter,
                 struct evj_error *err)
{
    struct evj_header header;
    int status = evj_header_init(&header, err);

    if (status < 0)
        return status;
    snprintf(header.emitter, sizeof(header.emitter), "%s", emitter);
    status =
        evj_spool_create(config->spool_folder, header.id, config->buffer, &recording->spool, err);
    if (status == EVJ_OK)
        status = open_journal(recording, config, &header, err);
    if (status < 0)
        return status;

    struct writing_task task = {
        .spool = recording->spool,
        .writer = recording->writer,
        .path = recording->journal_path,
        .block_text = drain_block_text(evj_spool_capacity(recording->spool)),
        .flush_interval_us = config->flush_interval_us,
        .notice = recording->notice,
    };
    return writing_start(&task, &recording->writing, err);
}

int recording_start(const struct config *config, const char *emitter, notice_fn *notice,
                    struct recording **ret_recording, struct evj_error *err)
{
    struct recording *recording = calloc(1, sizeof(*recording));

    if (!recording)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a recording");
    recording->notice = notice;
    int status = begin(recording, config, emitter, err);
    if (status < 0)
        abandon(recording);
    else
        *ret_recording = recording;
    return status;
}

/* ---- events ---- */

static int64_t clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static const char *why_unprintable(int status)
{
    switch (status) {
    case EVJ_ERR_LIMIT:
        return "it nests too deep";
    case EVJ_ERR_INVALID:
        return "it is no object, or has text that is not UTF-8";
    default:
        return "memory is short";
    }
}

/* Told once: the status counts the others. */
static void count_unprintable(struct recording *recording, int status, uint32_t type)
{
    if (atomic_fetch_add_explicit(&recording->unprintable, 1, memory_order_relaxed) == 0)
        notice_put(recording->notice, NOTICE_WARNING,
                   "an event of type %u cannot be recorded: %s; it and others like it are counted "
                   "into gaps",
                   type, why_unprintable(status));
}

/* What one line may hold of an event, so that every reader accepts it. */
#define EVENT_MAX (EVJ_LINE_MAX - EVJ_PREFIX_MAX - 2)

static enum evj_loss_reason loss_reason(int status, size_t len)
{
    if (status < 0)
        return EVJ_LOSS_UNPRINTABLE;
    return len > EVENT_MAX ? EVJ_LOSS_TOO_LONG : EVJ_LOSS_BUFFER_FULL;
}

static void drop(struct recording *recording, int64_t mono_us, json_t *event, int status,
                 size_t len)
{
    uint32_t type = (uint32_t)json_integer_value(json_object_get(event, "type"));

    evj_spool_drop(recording->spool, mono_us, type, len, loss_reason(status, len));
    if (status < 0)
        count_unprintable(recording, status, type);
}

void recording_offer(struct recording *recording, json_t *event)
{
    int64_t begun_ns = clock_ns(), mono_us = begun_ns / 1000;
    size_t room = 0, len = 0;
    char *text = evj_spool_begin(recording->spool, mono_us, &room);

    if (room > EVENT_MAX)
        room = EVENT_MAX;
    /* Printed even where there is no room at all: a gap tells its bytes exactly. */
    int status = serialise_event(event, text, text ? room : 0, &len);
    if (status < 0 || !text || len > room)
        drop(recording, mono_us, event, status, len);
    else if (evj_spool_commit(recording->spool, len))
        writing_wake(recording->writing);
    evj_histogram_add(&recording->callback_ns, (uint64_t)(clock_ns() - begun_ns));
}

/* ---- status and stop ---- */

void recording_status(struct recording *recording, struct recording_status *ret_status)
{
    const struct evj_histogram *callback_ns = &recording->callback_ns;

    evj_spool_stats(recording->spool, &ret_status->spool);
    writing_report(recording->writing, &ret_status->writing);
    ret_status->unprintable = atomic_load_explicit(&recording->unprintable, memory_order_relaxed);
    ret_status->callback_ns.count = evj_histogram_count(callback_ns);
    ret_status->callback_ns.p50 = evj_histogram_quantile(callback_ns, 0.5);
    ret_status->callback_ns.p99 = evj_histogram_quantile(callback_ns, 0.99);
    ret_status->callback_ns.max = evj_histogram_quantile(callback_ns, 1);
}

const char *recording_journal_path(const struct recording *recording)
{
    return recording->journal_path;
}

const char *recording_spool_path(const struct recording *recording)
{
    return evj_spool_path(recording->spool);
}

int recording_stop(struct recording *recording, struct evj_error *err)
{
    int status = writing_finish(recording->writing, err);

    if (status == EVJ_OK)
        evj_spool_remove(EVJ_TAKE(recording->spool));
    recording_free(recording);
    return status;
}
