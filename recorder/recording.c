/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/recording.h"

#include "evj/header.h"
#include "evj/histogram.h"
#include "evj/limits.h"
#include "evj/record.h"
#include "evj/state.h"
#include "recorder/instance.h"
#include "recorder/journal_file.h"
#include "recorder/redact.h"
#include "recorder/series.h"
#include "recorder/upkeep.h"

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct recording {
    notice_fn *notice;
    char first_path[JOURNAL_FILE_PATH_MAX];
    struct evj_spool *spool;
    struct series *series;
    struct writing *writing;
    struct evj_state *state;
    struct upkeep *upkeep;
    struct instance instance;
    struct redact redact;
    char emitter[sizeof(((struct evj_header *)0)->emitter)];

    atomic_bool paused;
    atomic_uint_fast64_t lost[EVJ_LOSS_REASONS];
    struct evj_histogram callback_ns;

    pthread_mutex_t lock; /* never held for longer than a copy takes */
    struct config config; /* in force */
};

/* What is alive takes at most this much memory. */
#define STATE_LIMIT (2u * 1024 * 1024)

/* ---- start ---- */

static void recording_free(struct recording *recording)
{
    series_free(recording->series);
    evj_spool_free(recording->spool);
    upkeep_free(recording->upkeep);
    evj_state_free(recording->state);
    instance_release(&recording->instance);
    pthread_mutex_destroy(&recording->lock);
    free(recording);
}

/* Undo a start that failed: a journal and a spool with nothing in them are of no use to anyone. */
static void abandon(struct recording *recording)
{
    series_abandon(EVJ_TAKE(recording->series));
    if (recording->spool)
        unlink(evj_spool_path(recording->spool));
    recording_free(recording);
}

static int begin_state(struct recording *recording, struct evj_error *err)
{
    if (recording->config.state == EVJ_STATE_NONE)
        return EVJ_OK;
    recording->state = evj_state_new(recording->config.state, STATE_LIMIT);
    return recording->state ? EVJ_OK : evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for the state");
}

static int begin_files(struct recording *recording, struct evj_header *header,
                       struct evj_error *err)
{
    const struct config *config = &recording->config;
    struct series_task task = {
        .spool = recording->spool,
        .folder = config->folder,
        .header = header,
        .level = config->compression,
        .sync_block = config->sync_block,
        .state = recording->state,
    };

    snprintf(header->events, sizeof(header->events), "%s", config->events);
    snprintf(header->spool, sizeof(header->spool), "%s", evj_spool_path(recording->spool));
    snprintf(header->instance, sizeof(header->instance), "%s", recording->instance.name);
    int status = series_begin(&task, &recording->series, err);
    if (status == EVJ_OK)
        snprintf(recording->first_path, sizeof(recording->first_path), "%s",
                 series_path(recording->series));
    return status;
}

/* Without a name of our own no file is known as ours, and so none is ever deleted. If there is no file
 * either, that is not what matters. */
static int claim_and_begin(struct recording *recording, struct evj_header *header,
                           struct evj_error *err)
{
    const struct config *config = &recording->config;
    struct evj_error why = {0};
    int claimed = instance_claim(config->folder, config->found_in, recording->emitter,
                                 &recording->instance, &why);
    int status = begin_files(recording, header, err);

    if (status == EVJ_OK && claimed < 0)
        notice_put(recording->notice, NOTICE_WARNING,
                   "%s; so no journal is deleted, whatever keep_size, keep_age and disk_floor say",
                   why.text);
    return status;
}

static struct writing_tuning tuning_of(const struct config *config)
{
    struct writing_tuning tuning = config->tuning;

    tuning.level = config->compression;
    snprintf(tuning.events, sizeof(tuning.events), "%s", config->events);
    return tuning;
}

/* Before there is a file: after a crash, the journal is looked for in this folder, by its id. */
static int create_spool(struct recording *recording, const char *id, struct evj_error *err)
{
    const struct config *config = &recording->config;
    char folder[sizeof(config->folder) + 1];

    snprintf(folder, sizeof(folder), "%s/", config->folder);
    return evj_spool_create(config->spool_folder, id, folder, config->buffer, &recording->spool,
                            err);
}

static int begin(struct recording *recording, struct evj_error *err)
{
    const struct config *config = &recording->config;
    struct evj_header header;
    int status = evj_header_init(&header, err);

    if (status < 0)
        return status;
    snprintf(header.emitter, sizeof(header.emitter), "%s", recording->emitter);
    status = create_spool(recording, header.id, err);
    if (status == EVJ_OK)
        status = journal_file_make_folder(config->folder, err);
    if (status == EVJ_OK)
        status = begin_state(recording, err);
    if (status == EVJ_OK)
        status = claim_and_begin(recording, &header, err);
    if (status < 0)
        return status;

    recording->upkeep =
        upkeep_new(config->folder, recording->emitter, &recording->instance, recording->notice);
    struct writing_task task = {
        .spool = recording->spool,
        .series = recording->series,
        .upkeep = recording->upkeep,
        .tuning = tuning_of(config),
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
    recording->config = *config;
    recording->instance.lock_fd = -1;
    snprintf(recording->emitter, sizeof(recording->emitter), "%s", emitter);
    pthread_mutex_init(&recording->lock, NULL);
    int status = redact_init(&recording->redact, config->redact);
    if (status < 0)
        evj_fail(err, status, 0, "the system has no random numbers to redact with");
    else
        status = begin(recording, err);
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
static void tell_unprintable(struct recording *recording, int status, uint32_t type)
{
    if (atomic_load_explicit(&recording->lost[EVJ_LOSS_UNPRINTABLE], memory_order_relaxed) == 1)
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

static void lose(struct recording *recording, int64_t mono_us, uint32_t type,
                 enum evj_loss_reason reason, size_t len)
{
    evj_spool_drop(recording->spool, mono_us, type, len, reason);
    atomic_fetch_add_explicit(&recording->lost[reason], 1, memory_order_relaxed);
}

static void drop(struct recording *recording, int64_t mono_us, json_t *event,
                 enum evj_loss_reason reason, size_t len)
{
    lose(recording, mono_us, (uint32_t)json_integer_value(json_object_get(event, "type")), reason,
         len);
}

/* Counted like any other loss: also the bytes that it would have had. */
static void pass_by(struct recording *recording, int64_t mono_us, json_t *event)
{
    size_t len = 0;

    if (redact_event(&recording->redact, event, NULL, 0, &len) < 0)
        len = 0;
    drop(recording, mono_us, event, EVJ_LOSS_PAUSED, len);
}

static void take(struct recording *recording, int64_t mono_us, json_t *event)
{
    size_t room = 0, len = 0;
    char *text = evj_spool_begin(recording->spool, mono_us, &room);

    if (room > EVENT_MAX)
        room = EVENT_MAX;
    /* Printed even where there is no room at all: a gap tells its bytes exactly. */
    int status = redact_event(&recording->redact, event, text, text ? room : 0, &len);
    if (status < 0 || !text || len > room)
        drop(recording, mono_us, event, loss_reason(status, len), len);
    else if (evj_spool_commit(recording->spool, len))
        writing_wake(recording->writing);
    if (status < 0)
        tell_unprintable(recording, status,
                         (uint32_t)json_integer_value(json_object_get(event, "type")));
}

void recording_offer(struct recording *recording, json_t *event)
{
    int64_t begun_ns = clock_ns(), mono_us = begun_ns / 1000;

    if (atomic_load_explicit(&recording->paused, memory_order_relaxed))
        pass_by(recording, mono_us, event);
    else
        take(recording, mono_us, event);
    evj_histogram_add(&recording->callback_ns, (uint64_t)(clock_ns() - begun_ns));
}

/* There was no buffer for it yet. */
void recording_miss(struct recording *recording, int64_t mono_us, uint32_t type)
{
    lose(recording, mono_us, type, EVJ_LOSS_BUFFER_FULL, 0);
}

/* ---- status and stop ---- */

void recording_status(struct recording *recording, struct recording_status *ret_status)
{
    const struct evj_histogram *callback_ns = &recording->callback_ns;

    evj_spool_stats(recording->spool, &ret_status->spool);
    writing_report(recording->writing, &ret_status->writing);
    ret_status->paused = atomic_load_explicit(&recording->paused, memory_order_relaxed);
    for (size_t i = 0; i < EVJ_LOSS_REASONS; i++)
        ret_status->lost[i] = atomic_load_explicit(&recording->lost[i], memory_order_relaxed);
    ret_status->callback_ns.count = evj_histogram_count(callback_ns);
    ret_status->callback_ns.p50 = evj_histogram_quantile(callback_ns, 0.5);
    ret_status->callback_ns.p99 = evj_histogram_quantile(callback_ns, 0.99);
    ret_status->callback_ns.max = evj_histogram_quantile(callback_ns, 1);
}

/* ---- what an administrator may ask for ---- */

bool recording_pause(struct recording *recording, bool paused)
{
    return atomic_exchange(&recording->paused, paused) != paused;
}

int recording_mark(struct recording *recording, const char *text)
{
    static const char format[] = "{\"text\":%.*s,\"source\":\"admin\"}";
    char body[EVJ_SPOOL_MARK_MAX + 1], quoted[EVJ_SPOOL_MARK_MAX];
    size_t quoted_len = evj_json_string_encode(text, strlen(text), quoted, sizeof(quoted));

    if (quoted_len > sizeof(quoted))
        return EVJ_ERR_LIMIT;
    int len = snprintf(body, sizeof(body), format, (int)quoted_len, quoted);
    if (len < 0 || (size_t)len >= sizeof(body))
        return EVJ_ERR_LIMIT;
    pthread_mutex_lock(&recording->lock);
    bool marked = evj_spool_mark(recording->spool, evj_clock_mono_us(), body, (size_t)len);
    pthread_mutex_unlock(&recording->lock);
    return marked ? EVJ_OK : EVJ_END;
}

void recording_config(struct recording *recording, struct config *ret_config)
{
    pthread_mutex_lock(&recording->lock);
    *ret_config = recording->config;
    pthread_mutex_unlock(&recording->lock);
}

void recording_change(struct recording *recording, const struct config *config)
{
    struct writing_tuning tuning = tuning_of(config);

    pthread_mutex_lock(&recording->lock);
    recording->config = *config;
    pthread_mutex_unlock(&recording->lock);
    writing_tune(recording->writing, &tuning);
}

bool recording_order(struct recording *recording, enum writing_order order, const char *name)
{
    return writing_order(recording->writing, order, name);
}

struct retention_file *recording_list(struct recording *recording, size_t *ret_count)
{
    return writing_list(recording->writing, ret_count);
}

void recording_list_done(struct retention_file *files)
{
    g_free(files);
}

/* ---- the end ---- */

const char *recording_first_path(const struct recording *recording)
{
    return recording->first_path;
}

const char *recording_spool_path(const struct recording *recording)
{
    return evj_spool_path(recording->spool);
}

bool recording_await_end(struct recording *recording, int64_t patience_us)
{
    return writing_await_end(recording->writing, patience_us);
}

int recording_stop(struct recording *recording, char path[JOURNAL_FILE_PATH_MAX],
                   struct evj_error *err)
{
    int status = writing_finish(recording->writing, err);

    if (path)
        snprintf(path, JOURNAL_FILE_PATH_MAX, "%s", series_path(recording->series));
    if (status == EVJ_OK)
        evj_spool_remove(EVJ_TAKE(recording->spool));
    recording_free(recording);
    return status;
}
