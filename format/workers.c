/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/workers_internal.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* Beyond this the reading thread cannot keep up with them. */
#define THREADS_MAX 7u

TAILQ_HEAD(job_queue, evj_job);

struct evj_workers {
    pthread_mutex_t lock; /* of all that follows, and of the jobs' states */
    pthread_cond_t queued, done;
    struct job_queue queue;
    bool stopping;
    pthread_t threads[THREADS_MAX];
    unsigned wanted, started;
};

static unsigned spare_processors(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (processors < 2)
        return 0;
    return processors - 1 < (long)THREADS_MAX ? (unsigned)processors - 1 : THREADS_MAX;
}

struct evj_workers *evj_workers_new(void)
{
    struct evj_workers *workers = calloc(1, sizeof(*workers));

    if (!workers)
        return NULL;
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->queued, NULL);
    pthread_cond_init(&workers->done, NULL);
    TAILQ_INIT(&workers->queue);
    workers->wanted = spare_processors();
    return workers;
}

static void take(struct evj_workers *workers, struct evj_job *job)
{
    TAILQ_REMOVE(&workers->queue, job, link);
    job->state = EVJ_JOB_RUNNING;
}

/* Called, and returns, with the lock held. */
static void run(struct evj_workers *workers, struct evj_job *job)
{
    pthread_mutex_unlock(&workers->lock);
    job->run(job);
    pthread_mutex_lock(&workers->lock);
    job->state = EVJ_JOB_DONE;
    pthread_cond_broadcast(&workers->done);
}

static void *work(void *data)
{
    struct evj_workers *workers = data;

    /* By this the threads of evj can be told from those of an event handler in the same process. */
    pthread_setname_np(pthread_self(), "evj decode");
    pthread_mutex_lock(&workers->lock);
    while (!workers->stopping) {
        struct evj_job *job = TAILQ_FIRST(&workers->queue);
        if (!job) {
            pthread_cond_wait(&workers->queued, &workers->lock);
            continue;
        }
        take(workers, job);
        run(workers, job);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

/*
 * A thread that cannot be had is no failure: whoever waits does the job. Signals are for the threads
 * that the program knows of.
 */
static void start_threads(struct evj_workers *workers)
{
    sigset_t all, before;

    if (workers->started == workers->wanted)
        return;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (workers->started < workers->wanted &&
           pthread_create(&workers->threads[workers->started], NULL, work, workers) == 0)
        workers->started++;
    workers->wanted = workers->started;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void evj_workers_free(struct evj_workers *workers)
{
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->stopping = true;
    pthread_cond_broadcast(&workers->queued);
    pthread_mutex_unlock(&workers->lock);
    for (unsigned i = 0; i < workers->started; i++)
        pthread_join(workers->threads[i], NULL);
    pthread_cond_destroy(&workers->queued);
    pthread_cond_destroy(&workers->done);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}

void evj_workers_submit(struct evj_workers *workers, struct evj_job *job)
{
    if (!workers) {
        job->state = EVJ_JOB_QUEUED;
        return;
    }
    pthread_mutex_lock(&workers->lock);
    start_threads(workers);
    job->state = EVJ_JOB_QUEUED;
    TAILQ_INSERT_TAIL(&workers->queue, job, link);
    pthread_cond_signal(&workers->queued);
    pthread_mutex_unlock(&workers->lock);
}

void evj_workers_wait(struct evj_workers *workers, struct evj_job *job)
{
    if (!workers) {
        if (job->state == EVJ_JOB_QUEUED)
            job->run(job);
        job->state = EVJ_JOB_DONE;
        return;
    }
    pthread_mutex_lock(&workers->lock);
    while (job->state != EVJ_JOB_DONE) {
        struct evj_job *mine = job->state == EVJ_JOB_QUEUED ? job : TAILQ_FIRST(&workers->queue);
        if (!mine) {
            pthread_cond_wait(&workers->done, &workers->lock);
            continue;
        }
        take(workers, mine);
        run(workers, mine);
    }
    pthread_mutex_unlock(&workers->lock);
}

void evj_workers_cancel(struct evj_workers *workers, struct evj_job *job)
{
    if (!workers) {
        job->state = EVJ_JOB_IDLE;
        return;
    }
    pthread_mutex_lock(&workers->lock);
    if (job->state == EVJ_JOB_QUEUED)
        TAILQ_REMOVE(&workers->queue, job, link);
    while (job->state == EVJ_JOB_RUNNING)
        pthread_cond_wait(&workers->done, &workers->lock);
    job->state = EVJ_JOB_IDLE;
    pthread_mutex_unlock(&workers->lock);
}
