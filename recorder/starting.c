/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/starting.h"

#include "evj/event_type.h"
#include "evj/header.h"
#include "recorder/leftovers.h"
#include "recorder/thread.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include <glib.h>

/* As a disk that fails later is tried (writing.c). */
#define RETRY_US INT64_C(5000000)

/* By evj_event_type_index(), and one behind them for what is no type. */
#define TYPES 10u

/* What came while there was no recording. The events thread counts, whoever offers it puts it in. */
struct missed {
    atomic_uint_fast64_t events[TYPES];
    atomic_int_fast64_t first_us, last_us; /* 0: nothing came */
    uint64_t put[TYPES];                   /* events that are in the recording's gap */
    bool any_put;
};

struct starting {
    struct config config;
    char *emitter;
    notice_fn *notice;
    struct missed missed;

    _Atomic(struct recording *) begun; /* NULL: not yet */
    struct recording *taken;           /* the same, once the events thread has seen it */

    struct thread thread; /* that tries */
    pthread_mutex_t lock; /* of these */
    pthread_cond_t changed;
    bool tried, late; /* late: Janus did not wait for the first try */
    bool ending;
    int status; /* of the last try */
    struct evj_error error;
};

/* ---- what is missed ---- */

static uint32_t type_of_place(unsigned place)
{
    return place < TYPES - 1 ? UINT32_C(1) << place : 0;
}

/* In the events thread. */
static void miss(struct missed *missed, json_t *event)
{
    int index = evj_event_type_index((uint32_t)json_integer_value(json_object_get(event, "type")));
    int64_t now_us = evj_clock_mono_us();

    if (atomic_load_explicit(&missed->first_us, memory_order_relaxed) == 0)
        atomic_store_explicit(&missed->first_us, now_us, memory_order_relaxed);
    atomic_store_explicit(&missed->last_us, now_us, memory_order_relaxed);
    atomic_fetch_add_explicit(&missed->events[index < 0 ? (int)TYPES - 1 : index], 1,
                              memory_order_release);
}

static uint64_t count_missed(const struct missed *missed)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < TYPES; i++)
        sum += atomic_load_explicit(&missed->events[i], memory_order_relaxed);
    return sum;
}

/* What the recording does not know of yet. For the thread that may offer events to it. */
static void put_missed(struct missed *missed, struct recording *recording)
{
    for (unsigned i = 0; i < TYPES; i++) {
        uint64_t count = atomic_load_explicit(&missed->events[i], memory_order_acquire);
        for (; missed->put[i] < count; missed->put[i]++) {
            recording_miss(recording, missed->any_put ? missed->last_us : missed->first_us,
                           type_of_place(i));
            missed->any_put = true;
        }
    }
}

/* ---- trying ---- */

static int64_t retry_us(const struct starting *starting)
{
    int64_t flush_us = starting->config.tuning.flush_interval_us;

    return flush_us < RETRY_US ? flush_us : RETRY_US;
}

/* Once of what fails at first, and once of what begins. */
static void tell(const struct starting *starting, bool first, int status,
                 const struct evj_error *err)
{
    const struct config *config = &starting->config;

    if (status == EVJ_OK && first)
        notice_put(starting->notice, NOTICE_INFO, "recording events (%s) to %s", config->events,
                   recording_first_path(starting->begun));
    else if (status == EVJ_OK)
        notice_put(starting->notice, NOTICE_WARNING,
                   "recording events (%s) to %s now; %" PRIu64 " were lost until it could begin",
                   config->events, recording_first_path(starting->begun),
                   count_missed(&starting->missed));
    else if (first && status == EVJ_ERR_IO)
        notice_put(starting->notice, NOTICE_ERROR,
                   "nothing is recorded to %s: %s; trying again every %g s", config->folder,
                   err->text, (double)retry_us(starting) / 1e6);
    else if (first)
        notice_put(starting->notice, NOTICE_ERROR, "nothing is recorded to %s: %s", config->folder,
                   err->text);
}

/* Most of what was missed is put in here: in the events thread it would take its time. */
static int try_once(struct starting *starting)
{
    struct evj_error err = {0};
    struct recording *recording;
    int status =
        recording_start(&starting->config, starting->emitter, starting->notice, &recording, &err);

    if (status == EVJ_OK) {
        put_missed(&starting->missed, recording);
        atomic_store_explicit(&starting->begun, recording, memory_order_release);
    }
    /* All in one: or else who waits for it might say meanwhile that it waits no more. */
    pthread_mutex_lock(&starting->lock);
    tell(starting, !starting->tried && !starting->late, status, &err);
    starting->tried = true;
    starting->status = status;
    starting->error = err;
    pthread_cond_signal(&starting->changed);
    pthread_mutex_unlock(&starting->lock);
    return status;
}

/* With the lock. False at that time. */
static bool wait_until(struct starting *starting, int64_t due_us)
{
    const struct timespec due = {due_us / 1000000, due_us % 1000000 * 1000};

    return pthread_cond_timedwait(&starting->changed, &starting->lock, &due) == 0;
}

/* Until it is time to try again. False: it is not wanted any more. */
static bool wait_for_time(struct starting *starting)
{
    int64_t due_us = evj_clock_mono_us() + retry_us(starting);

    pthread_mutex_lock(&starting->lock);
    while (!starting->ending && wait_until(starting, due_us))
        ;
    bool ending = starting->ending;
    pthread_mutex_unlock(&starting->lock);
    return !ending;
}

/* What a crash left is completed first, and once more when the disk works: it may have been too full
 * for that, too. */
static void run(void *argument)
{
    struct starting *starting = argument;
    const struct config *config = &starting->config;
    int status;

    leftovers_complete(config->spool_folder, config->folder, starting->notice);
    status = try_once(starting);
    if (status != EVJ_ERR_IO)
        return;
    while (status < 0 && wait_for_time(starting))
        status = try_once(starting);
    if (status == EVJ_OK)
        leftovers_complete(config->spool_folder, config->folder, starting->notice);
}

/* ---- life ---- */

static struct starting *starting_new(const struct config *config, const char *emitter,
                                     notice_fn *notice)
{
    struct starting *starting = g_new0(struct starting, 1);
    pthread_condattr_t attributes;

    starting->config = *config;
    starting->emitter = g_strdup(emitter);
    starting->notice = notice;
    pthread_mutex_init(&starting->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&starting->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    return starting;
}

static void starting_free(struct starting *starting)
{
    pthread_cond_destroy(&starting->changed);
    pthread_mutex_destroy(&starting->lock);
    g_free(starting->emitter);
    g_free(starting);
}

/* Returns its status; EVJ_OK if the disk has not answered yet: that is told. */
static int await_first_try(struct starting *starting, int64_t patience_us)
{
    int64_t due_us = evj_clock_mono_us() + patience_us;

    pthread_mutex_lock(&starting->lock);
    while (!starting->tried && wait_until(starting, due_us))
        ;
    starting->late = !starting->tried;
    int status = starting->tried ? starting->status : EVJ_OK;
    if (starting->late)
        snprintf(starting->error.text, sizeof(starting->error.text), "the disk does not answer");
    pthread_mutex_unlock(&starting->lock);
    if (starting->late)
        notice_put(starting->notice, NOTICE_ERROR,
                   "nothing is recorded to %s: the disk has not answered for %g s; Janus goes on, "
                   "and the recording begins when it does",
                   starting->config.folder, (double)patience_us / 1e6);
    return status;
}

int starting_begin(const struct config *config, const char *emitter, int64_t patience_us,
                   notice_fn *notice, struct starting **ret_starting, struct evj_error *err)
{
    struct starting *starting = starting_new(config, emitter, notice);
    int error = thread_start(&starting->thread, "evj start", run, starting);

    if (error != 0) {
        starting_free(starting);
        errno = error;
        return evj_fail_errno(err, 0, "cannot start a thread");
    }
    int status = await_first_try(starting, patience_us);
    if (status == EVJ_OK || status == EVJ_ERR_IO) {
        *ret_starting = starting;
        return EVJ_OK;
    }
    thread_join(&starting->thread);
    *err = starting->error;
    starting_free(starting);
    return status;
}

/* Take over from the thread that tries: what came since it last looked is put in here. */
static struct recording *take(struct starting *starting)
{
    struct recording *recording = atomic_load_explicit(&starting->begun, memory_order_acquire);

    if (recording && !starting->taken)
        put_missed(&starting->missed, recording);
    starting->taken = recording;
    return recording;
}

void starting_offer(struct starting *starting, json_t *event)
{
    struct recording *recording = starting->taken ? starting->taken : take(starting);

    if (recording)
        recording_offer(recording, event);
    else
        miss(&starting->missed, event);
}

struct recording *starting_recording(struct starting *starting, char *why, size_t size)
{
    struct recording *recording = atomic_load_explicit(&starting->begun, memory_order_acquire);

    if (recording)
        return recording;
    pthread_mutex_lock(&starting->lock);
    g_strlcpy(why, starting->error.text, size);
    pthread_mutex_unlock(&starting->lock);
    return NULL;
}

static void stop_trying(struct starting *starting)
{
    pthread_mutex_lock(&starting->lock);
    starting->ending = true;
    pthread_cond_signal(&starting->changed);
    pthread_mutex_unlock(&starting->lock);
}

bool starting_await_end(struct starting *starting, int64_t patience_us)
{
    stop_trying(starting);
    if (thread_wait(&starting->thread, patience_us))
        return true;
    notice_put(starting->notice, NOTICE_ERROR,
               "nothing was recorded to %s, and %" PRIu64
               " events are lost: the disk has not answered for %g s, and Janus ends without it",
               starting->config.folder, count_missed(&starting->missed), (double)patience_us / 1e6);
    return false;
}

struct recording *starting_end(struct starting *starting)
{
    stop_trying(starting);
    thread_join(&starting->thread);
    struct recording *recording = take(starting);
    if (!recording)
        notice_put(starting->notice, NOTICE_ERROR,
                   "nothing was recorded to %s, and %" PRIu64 " events are lost: %s",
                   starting->config.folder, count_missed(&starting->missed), starting->error.text);
    starting_free(starting);
    return recording;
}
