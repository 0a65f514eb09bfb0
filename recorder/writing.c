/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/writing.h"

#include "evj/header.h"
#include "recorder/drain.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct writing {
    struct writing_task task;
    int wake_fd;
    pthread_t thread;
    atomic_bool finishing;

    /* The thread's own, until it has ended. */
    struct drain drain;
    int64_t next_flush_us;
    bool failing;
    int finish_status;
    struct evj_error finish_error;

    pthread_mutex_t lock; /* only held to copy the report */
    struct writing_report report;
};

/* Once when the disk begins to fail, and once when it is well again. */
static void tell(struct writing *writing, int status, const struct evj_error *err)
{
    const struct writing_task *task = &writing->task;
    bool failing = status < 0;

    if (failing && !writing->failing)
        notice_put(task->notice, NOTICE_ERROR,
                   "%s: %s; trying again every %g s, meanwhile events wait in %s", task->path,
                   err->text, (double)task->flush_interval_us / 1e6, evj_spool_path(task->spool));
    if (!failing && writing->failing)
        notice_put(task->notice, NOTICE_WARNING, "%s: can be written again", task->path);
    writing->failing = failing;
}

static void update_report(struct writing *writing, int status, const struct evj_error *err)
{
    const struct evj_writer_totals *totals = evj_writer_totals(writing->task.writer);

    pthread_mutex_lock(&writing->lock);
    writing->report.text_bytes = totals->text_bytes;
    writing->report.file_bytes = totals->file_bytes;
    writing->report.failing = status < 0;
    if (status < 0)
        snprintf(writing->report.error, sizeof(writing->report.error), "%s", err->text);
    pthread_mutex_unlock(&writing->lock);
}

/* A failing disk is tried once an interval, and not whenever there is another block. */
static void work(struct writing *writing)
{
    bool due = evj_clock_mono_us() >= writing->next_flush_us;
    struct evj_error err = {0};

    if (writing->failing && !due)
        return;
    int status = due ? drain_all(&writing->drain, &err) : drain_take(&writing->drain, &err);
    if (due)
        writing->next_flush_us = evj_clock_mono_us() + writing->task.flush_interval_us;
    tell(writing, status, &err);
    update_report(writing, status, &err);
}

/* Until somebody wakes us or the interval is over. Waking too early does no harm. */
static void wait_for_work(struct writing *writing)
{
    int64_t left_us = writing->next_flush_us - evj_clock_mono_us();
    struct pollfd wake = {.fd = writing->wake_fd, .events = POLLIN};
    uint64_t wakes;

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
    int status = drain_all(&writing->drain, err);

    if (status == EVJ_OK && evj_spool_close_gap(writing->task.spool))
        status = drain_all(&writing->drain, err);
    return status == EVJ_OK ? evj_writer_finish(writing->task.writer, "shutdown", err) : status;
}

static void *run(void *arg)
{
    struct writing *writing = arg;

    while (!atomic_load_explicit(&writing->finishing, memory_order_acquire)) {
        wait_for_work(writing);
        work(writing);
    }
    writing->finish_status = write_rest(writing, &writing->finish_error);
    return NULL;
}

/*
 * All signals are blocked in the thread: Janus's are for its main thread, and SIGXFSZ would end the
 * server, where a blocked one lets write() fail with EFBIG.
 */
static int start_thread(struct writing *writing)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&writing->thread, NULL, run, writing);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error == 0)
        pthread_setname_np(writing->thread, "evj writer");
    return error;
}

static void writing_free(struct writing *writing)
{
    if (writing->wake_fd >= 0)
        close(writing->wake_fd);
    pthread_mutex_destroy(&writing->lock);
    free(writing);
}

int writing_start(const struct writing_task *task, struct writing **ret_writing,
                  struct evj_error *err)
{
    struct writing *writing = calloc(1, sizeof(*writing));

    if (!writing)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for the writing thread");
    writing->task = *task;
    writing->drain = (struct drain){task->spool, task->writer, task->block_text, 0};
    writing->next_flush_us = evj_clock_mono_us() + task->flush_interval_us;
    pthread_mutex_init(&writing->lock, NULL);
    update_report(writing, EVJ_OK, NULL);
    writing->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    int error = writing->wake_fd < 0 ? errno : start_thread(writing);
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

int writing_finish(struct writing *writing, struct evj_error *err)
{
    atomic_store_explicit(&writing->finishing, true, memory_order_release);
    writing_wake(writing);
    pthread_join(writing->thread, NULL);

    int status = writing->finish_status;
    if (status < 0 && err)
        *err = writing->finish_error;
    writing_free(writing);
    return status;
}

void writing_report(struct writing *writing, struct writing_report *ret_report)
{
    pthread_mutex_lock(&writing->lock);
    *ret_report = writing->report;
    pthread_mutex_unlock(&writing->lock);
}
