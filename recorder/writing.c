/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/writing.h"

#include "evj/header.h"

#include <errno.h>
#include <glib.h>
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

/* A failing disk is tried again after this time, or the flush interval if that is shorter. */
#define RETRY_US INT64_C(5000000)

/* The folder is looked after this often, and whenever something has changed in it. */
#define UPKEEP_US INT64_C(30000000)

/* Orders that may wait for the disk. */
#define ORDERS 16u

struct order {
    enum writing_order kind;
    char name[256];
};

struct writing {
    struct writing_task task;
    int wake_fd;
    pthread_t thread;
    atomic_bool finishing;

    /* The thread's own, until it has ended. */
    int64_t next_flush_us,
        next_turn_us; /* when to flush; not to try to go on in a next file before */
    bool failing;     /* the disk refuses what is recorded */
    bool staying;     /* … or a next file */
    bool asked_to_turn;
    int64_t next_upkeep_us;
    int finish_status;
    struct evj_error finish_error;

    pthread_mutex_t lock; /* only held to copy these */
    struct writing_report report;
    struct upkeep_file *files;
    size_t file_count;
    struct writing_tuning tuning; /* to be used from the next time on */
    struct order orders[ORDERS];
    size_t order_count;
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
    writing->failing = failing;
}

static void tell_of_next(struct writing *writing, int status, const struct evj_error *err)
{
    const char *path = series_path(writing->task.series);

    if (status < 0 && !writing->staying)
        notice_put(writing->task.notice, NOTICE_ERROR,
                   "no next file can be begun, so all goes into %s: %s; trying again every %g s",
                   path, err->text, (double)RETRY_US / 1e6);
    if (status == EVJ_OK && writing->staying)
        notice_put(writing->task.notice, NOTICE_WARNING, "a next file could be begun: %s", path);
    writing->staying = status < 0;
}

/* With the lock. */
static void note_error(struct writing_report *report, const struct evj_error *err)
{
    snprintf(report->error, sizeof(report->error), "%s", err->text);
    report->error_us = evj_clock_wall_us();
}

static void update_report(struct writing *writing, int status, const struct evj_error *err)
{
    struct series *series = writing->task.series;
    struct writing_report *report = &writing->report;

    pthread_mutex_lock(&writing->lock);
    report->totals = series_totals(series);
    snprintf(report->path, sizeof(report->path), "%s", series_path(series));
    report->failing = status < 0;
    if (status < 0)
        note_error(report, err);
    pthread_mutex_unlock(&writing->lock);
}

/* ---- the folder ---- */

static void look_after(struct writing *writing)
{
    const struct writing_task *task = &writing->task;
    struct writing_report *report = &writing->report;
    struct upkeep_report found;

    upkeep_run(task->upkeep, &task->tuning.keep, series_path(task->series), &found);
    pthread_mutex_lock(&writing->lock);
    struct upkeep_file *before = writing->files;
    writing->files = found.files;
    writing->file_count = found.count;
    report->disk_free = found.disk_free;
    report->journals = found.count;
    report->journals_bytes = 0;
    for (size_t i = 0; i < found.count; i++)
        report->journals_bytes += found.files[i].bytes;
    g_strlcpy(report->oldest, found.count > 0 ? found.files[0].name : "", sizeof(report->oldest));
    pthread_mutex_unlock(&writing->lock);
    g_free(before);
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
    const char *open_name = strrchr(series_path(writing->task.series), '/') + 1;
    const char *name = order->name[0] != '\0' ? order->name : open_name;
    struct evj_error err = {0};

    if (order->kind == WRITING_TURN)
        writing->asked_to_turn = true;
    else
        writing->next_upkeep_us = 0;
    if (order->kind != WRITING_PIN && order->kind != WRITING_UNPIN)
        return;
    if (upkeep_pin(writing->task.upkeep, name, order->kind == WRITING_PIN, &err) == EVJ_OK)
        return;
    notice_put(writing->task.notice, NOTICE_WARNING, "%s", err.text);
    pthread_mutex_lock(&writing->lock);
    note_error(&writing->report, &err);
    pthread_mutex_unlock(&writing->lock);
}

/* Settings, too. */
static void follow_orders(struct writing *writing)
{
    struct order orders[ORDERS];

    pthread_mutex_lock(&writing->lock);
    size_t count = writing->order_count;
    memcpy(orders, writing->orders, count * sizeof(orders[0]));
    writing->order_count = 0;
    struct writing_tuning tuning = writing->tuning;
    pthread_mutex_unlock(&writing->lock);

    int64_t sooner_us = evj_clock_mono_us() + tuning.flush_interval_us;
    if (writing->next_flush_us > sooner_us)
        writing->next_flush_us = sooner_us;
    writing->task.tuning = tuning;
    series_set_level(writing->task.series, tuning.level);
    series_set_events(writing->task.series, tuning.events);
    for (size_t i = 0; i < count; i++)
        follow_order(writing, &orders[i]);
}

/* ---- the next file ---- */

/* When the open file will be old enough; INT64_MAX: never. */
static int64_t turn_due_us(const struct writing *writing)
{
    int64_t interval_us = writing->task.tuning.rotate_interval_us;

    if (interval_us == 0)
        return INT64_MAX;
    int64_t due_us = series_begun_us(writing->task.series) + interval_us;
    return due_us > writing->next_turn_us ? due_us : writing->next_turn_us;
}

/* A file without events stays: a server that is idle for a month does not leave thirty of them. Its
 * size is how much it has grown: what a next file begins with may be large already. */
static bool is_full(const struct writing *writing, int64_t now_us)
{
    const struct series *series = writing->task.series;
    uint64_t size = writing->task.tuning.rotate_size;

    if (now_us < writing->next_turn_us)
        return false;
    if (writing->asked_to_turn)
        return true;
    if (!series_has_events(series))
        return false;
    return (size > 0 && series_growth(series) >= size) || now_us >= turn_due_us(writing);
}

/* Everything was written just now. < 0: the disk fails. */
static int turn(struct writing *writing, struct evj_error *err)
{
    struct series *series = writing->task.series;
    struct evj_error why = {0};
    int status = series_prepare(series, &why);

    if (status < 0) {
        tell_of_next(writing, status, &why);
        writing->next_turn_us = evj_clock_mono_us() + RETRY_US;
        return EVJ_OK;
    }
    writing->asked_to_turn = false;
    writing->next_upkeep_us = 0;
    status = series_turn(series, err);
    if (status < 0)
        return status;
    tell_of_next(writing, status, NULL);
    notice_put(writing->task.notice, NOTICE_INFO, "going on in %s", series_path(series));
    return EVJ_OK;
}

/* ---- the thread ---- */

/* Once the open file is found deleted or moved, there is another. */
static int write_pending(struct writing *writing, bool due, struct evj_error *err)
{
    struct series *series = writing->task.series;
    bool turning = series_is_turning(series);
    char before[JOURNAL_FILE_PATH_MAX];

    snprintf(before, sizeof(before), "%s", series_path(series));
    int status = due ? series_write_all(series, err) : series_take(series, err);
    if (!turning && strcmp(before, series_path(series)) != 0)
        notice_put(writing->task.notice, NOTICE_WARNING, "%s is not there any more: going on in %s",
                   before, series_path(series));
    return status;
}

static int write_and_turn(struct writing *writing, bool due, struct evj_error *err)
{
    int status = have_room(writing, err);

    if (status == EVJ_OK)
        status = write_pending(writing, due, err);
    if (status < 0 || !is_full(writing, evj_clock_mono_us()))
        return status;
    status = series_write_all(writing->task.series, err);
    return status == EVJ_OK ? turn(writing, err) : status;
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
    update_report(writing, status, &err);
    tell(writing, status, &err);
}

/* Until somebody wakes us or something is due. Waking too early does no harm. */
static void wait_for_work(struct writing *writing)
{
    int64_t due_us = writing->next_flush_us, turn_us = turn_due_us(writing);
    struct pollfd wake = {.fd = writing->wake_fd, .events = POLLIN};
    uint64_t wakes;

    if (turn_us < due_us && !writing->failing && series_has_events(writing->task.series))
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

static void *run(void *arg)
{
    struct writing *writing = arg;

    while (!atomic_load_explicit(&writing->finishing, memory_order_acquire)) {
        follow_orders(writing);
        work(writing);
        wait_for_work(writing);
    }
    follow_orders(writing);
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
    g_free(writing->files);
    free(writing);
}

int writing_start(const struct writing_task *task, struct writing **ret_writing,
                  struct evj_error *err)
{
    struct writing *writing = calloc(1, sizeof(*writing));

    if (!writing)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for the writing thread");
    writing->task = *task;
    writing->tuning = task->tuning;
    writing->report.disk_free = UINT64_MAX;
    writing->next_flush_us = evj_clock_mono_us() + task->tuning.flush_interval_us;
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

struct upkeep_file *writing_list(struct writing *writing, size_t *ret_count)
{
    pthread_mutex_lock(&writing->lock);
    struct upkeep_file *files =
        g_memdup2(writing->files, writing->file_count * sizeof(*writing->files));
    *ret_count = writing->file_count;
    pthread_mutex_unlock(&writing->lock);
    return files;
}

void writing_tune(struct writing *writing, const struct writing_tuning *tuning)
{
    pthread_mutex_lock(&writing->lock);
    writing->tuning = *tuning;
    pthread_mutex_unlock(&writing->lock);
    writing_order(writing, WRITING_LOOK, "");
}

/* With the lock. What waits already need not wait twice. */
static bool add_order(struct writing *writing, const struct order *order)
{
    for (size_t i = 0; i < writing->order_count; i++) {
        const struct order *other = &writing->orders[i];
        if (other->kind == order->kind && strcmp(other->name, order->name) == 0)
            return true;
    }
    if (writing->order_count == ORDERS)
        return false;
    writing->orders[writing->order_count++] = *order;
    return true;
}

bool writing_order(struct writing *writing, enum writing_order kind, const char *name)
{
    struct order order = {.kind = kind};

    g_strlcpy(order.name, name, sizeof(order.name));
    pthread_mutex_lock(&writing->lock);
    bool added = add_order(writing, &order);
    pthread_mutex_unlock(&writing->lock);
    writing_wake(writing);
    return added;
}
