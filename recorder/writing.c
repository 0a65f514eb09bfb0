/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/writing.h"

#include "evj/header.h"
#include "recorder/thread.h"
#include "recorder/writing_exchange.h"
#include "recorder/writing_turn.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/* A failing disk is tried again after this time, or the flush interval if that is shorter. */
#define RETRY_US INT64_C(5000000)

/* The folder is looked after this often, and whenever something has changed in it. */
#define UPKEEP_US INT64_C(30000000)

struct writing {
    struct writing_task task;
    int wake_fd;
    struct thread thread;
    atomic_bool finishing;

    /* The thread's own, until it has ended. */
    int64_t next_flush_us, next_upkeep_us;
    struct turning turning;
    bool failing; /* the disk refuses what is recorded */
    int finish_status;
    struct evj_error finish_error;

    struct exchange exchange; /* with the other threads */
};

static int64_t retry_us(const struct writing *writing)
{
    int64_t flush_us = writing->task.tuning.flush_interval_us;

    return flush_us < RETRY_US ? flush_us : RETRY_US;
}

/* ---- telling ---- */

/* Once when the disk begins to fail, and once when it is well again. */
static void tell(struct writing *writing, int status, const struct evj_error *err)
{
    const struct writing_task *task = &writing->task;
    const char *path = series_path(task->series);
    bool failing = status < 0;

    if (failing && !writing->failing)
        notice_put(task->notice, NOTICE_ERROR,
                   "%s: %s; trying again every %g s, meanwhile events wait in %s", path, err->text,
                   (double)retry_us(writing) / 1e6, evj_spool_path(task->spool));
    if (!failing && writing->failing)
        notice_put(task->notice, NOTICE_WARNING, "%s: can be written again", path);
    if (failing != writing->failing)
        writing->next_upkeep_us = 0; /* who asks wants to know how full it is now */
    writing->failing = failing;
}

/* ---- the folder ---- */

static void look_after(struct writing *writing)
{
    const struct writing_task *task = &writing->task;
    struct upkeep_report found;

    upkeep_run(task->upkeep, &task->tuning.keep, series_path(task->series), &found);
    exchange_tell_files(&writing->exchange, &found);
    writing->next_upkeep_us = evj_clock_mono_us() + UPKEEP_US;
}

/* Is there room for more? Old journals go first, if they may. */
static int have_room(struct writing *writing, struct evj_error *err)
{
    const struct writing_task *task = &writing->task;

    if (upkeep_check_floor(task->upkeep, &task->tuning.keep, NULL) == EVJ_OK)
        return EVJ_OK;
    look_after(writing);
    return upkeep_check_floor(task->upkeep, &task->tuning.keep, err);
}

/* ---- orders ---- */

static void follow_order(struct writing *writing, const struct order *order)
{
    struct evj_error err = {0};

    if (order->kind == WRITING_TURN)
        writing->turning.asked = true;
    else
        writing->next_upkeep_us = 0;
    if (order->kind != WRITING_PIN && order->kind != WRITING_UNPIN)
        return;
    if (upkeep_pin(writing->task.upkeep, order->name, order->kind == WRITING_PIN, &err) == EVJ_OK)
        return;
    notice_put(writing->task.notice, NOTICE_WARNING, "%s", err.text);
    exchange_tell_error(&writing->exchange, &err);
}

/* Settings, too. */
static void follow_orders(struct writing *writing)
{
    struct order orders[ORDERS_MAX];
    struct writing_tuning tuning;
    size_t count = exchange_take(&writing->exchange, &tuning, orders);

    int64_t sooner_us = evj_clock_mono_us() + tuning.flush_interval_us;
    if (writing->next_flush_us > sooner_us)
        writing->next_flush_us = sooner_us;
    writing->task.tuning = tuning;
    series_set_level(writing->task.series, tuning.level);
    series_set_events(writing->task.series, tuning.events);
    for (size_t i = 0; i < count; i++)
        follow_order(writing, &orders[i]);
}

/* ---- the thread ---- */

/* Once the open file is found deleted or moved, or is of no use any more, there is another. */
static int write_pending(struct writing *writing, bool due, struct evj_error *err)
{
    struct series *series = writing->task.series;
    char before[JOURNAL_FILE_PATH_MAX];

    snprintf(before, sizeof(before), "%s", series_path(series));
    int status = due ? series_write_all(series, err) : series_take(series, err);
    if (!series_why_left(series) || strcmp(before, series_path(series)) == 0)
        return status;
    notice_put(writing->task.notice, NOTICE_WARNING, "%s %s: going on in %s", before,
               series_why_left(series), series_path(series));
    writing->next_upkeep_us = 0;
    if (status == EVJ_OK)
        writing->failing = false; /* that says it already */
    return status;
}

static int write_and_turn(struct writing *writing, bool due, struct evj_error *err)
{
    const struct writing_task *task = &writing->task;
    struct turning *turning = &writing->turning;
    int status = have_room(writing, err);

    if (status == EVJ_OK)
        status = write_pending(writing, due, err);
    if (status < 0 || !turning_is_due(turning, task->series, &task->tuning, evj_clock_mono_us()))
        return status;
    status = series_write_all(task->series, err);
    if (status < 0)
        return status;
    writing->next_upkeep_us = 0;
    return turning_go_on(turning, task->series, retry_us(writing), task->notice, err);
}

/* A failing disk is tried at intervals, and not whenever there is another block. */
static void work(struct writing *writing)
{
    int64_t now_us = evj_clock_mono_us();
    bool due = now_us >= writing->next_flush_us;
    struct evj_error err = {0};

    if (now_us >= writing->next_upkeep_us)
        look_after(writing);
    if (writing->failing && !due)
        return;
    int status = write_and_turn(writing, due, &err);
    if (due || status < 0)
        writing->next_flush_us =
            evj_clock_mono_us() +
            (status < 0 ? retry_us(writing) : writing->task.tuning.flush_interval_us);
    /* Who asks because of what the log says must find it in the answer. */
    exchange_tell_progress(&writing->exchange, writing->task.series, status, &err);
    tell(writing, status, &err);
}

/* Until somebody wakes us or something is due. Waking too early does no harm. */
static void wait_for_work(struct writing *writing)
{
    const struct writing_task *task = &writing->task;
    int64_t turn_us = turning_due_us(&writing->turning, task->series, &task->tuning);
    int64_t due_us = writing->next_flush_us;
    struct pollfd wake = {.fd = writing->wake_fd, .events = POLLIN};
    uint64_t wakes;

    if (turn_us < due_us && !writing->failing && series_has_events(task->series))
        due_us = turn_us;
    if (writing->next_upkeep_us < due_us)
        due_us = writing->next_upkeep_us;
    int64_t left_us = due_us - evj_clock_mono_us();
    if (left_us <= 0)
        return;
    struct timespec left = {left_us / 1000000, left_us % 1000000 * 1000};
    if (ppoll(&wake, 1, &left, NULL) > 0 && read(writing->wake_fd, &wakes, sizeof(wakes)) < 0)
        return;
}

/* When all else is written there is room for the gap; without it, readers find the loss in the
 * spool. */
static int write_rest(struct writing *writing, struct evj_error *err)
{
    struct series *series = writing->task.series;
    int status = series_write_all(series, err);

    if (status == EVJ_OK && evj_spool_close_gap(writing->task.spool))
        status = series_write_all(series, err);
    return status == EVJ_OK ? series_finish(series, err) : status;
}

static void run(void *argument)
{
    struct writing *writing = argument;

    while (!atomic_load_explicit(&writing->finishing, memory_order_acquire)) {
        follow_orders(writing);
        work(writing);
        wait_for_work(writing);
    }
    follow_orders(writing);
    writing->finish_status = write_rest(writing, &writing->finish_error);
}

static void writing_free(struct writing *writing)
{
    if (writing->wake_fd >= 0)
        close(writing->wake_fd);
    exchange_done(&writing->exchange);
    free(writing);
}

int writing_start(const struct writing_task *task, struct writing **ret_writing,
                  struct evj_error *err)
{
    struct writing *writing = calloc(1, sizeof(*writing));

    if (!writing)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for the writing thread");
    writing->task = *task;
    writing->next_flush_us = evj_clock_mono_us() + task->tuning.flush_interval_us;
    exchange_init(&writing->exchange, &task->tuning);
    exchange_tell_progress(&writing->exchange, task->series, EVJ_OK, NULL);
    writing->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    int error =
        writing->wake_fd < 0 ? errno : thread_start(&writing->thread, "evj writer", run, writing);
    if (error != 0) {
        writing_free(writing);
        errno = error;
        return evj_fail_errno(err, 0, "cannot start the writing thread");
    }
    *ret_writing = writing;
    return EVJ_OK;
}

void writing_wake(struct writing *writing)
{
    const uint64_t one = 1;

    /* It can only fail when the counter is full, and then the thread is being woken already. */
    if (write(writing->wake_fd, &one, sizeof(one)) < 0)
        return;
}

static void begin_to_finish(struct writing *writing)
{
    atomic_store_explicit(&writing->finishing, true, memory_order_release);
    writing_wake(writing);
}

static uint64_t waiting_bytes(const struct writing *writing)
{
    struct evj_spool_stats stats;

    evj_spool_stats(writing->task.spool, &stats);
    return stats.used;
}

bool writing_await_end(struct writing *writing, int64_t patience_us)
{
    uint64_t left = waiting_bytes(writing), before;
    bool ended;

    begin_to_finish(writing);
    do {
        before = left;
        ended = thread_wait(&writing->thread, patience_us);
        left = waiting_bytes(writing);
    } while (!ended && left < before);
    return ended;
}

int writing_finish(struct writing *writing, struct evj_error *err)
{
    begin_to_finish(writing);
    thread_join(&writing->thread);

    int status = writing->finish_status;
    if (status < 0 && err)
        *err = writing->finish_error;
    writing_free(writing);
    return status;
}

/* ---- for any thread ---- */

void writing_report(struct writing *writing, struct writing_report *ret_report)
{
    exchange_report(&writing->exchange, ret_report);
}

struct retention_file *writing_list(struct writing *writing, size_t *ret_count)
{
    return exchange_list(&writing->exchange, ret_count);
}

void writing_tune(struct writing *writing, const struct writing_tuning *tuning)
{
    exchange_tune(&writing->exchange, tuning);
    writing_order(writing, WRITING_LOOK, "");
}

bool writing_order(struct writing *writing, enum writing_order kind, const char *name)
{
    bool added = exchange_order(&writing->exchange, kind, name);

    writing_wake(writing);
    return added;
}
