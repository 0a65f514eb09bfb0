/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_WORKERS_INTERNAL_H
#define FORMAT_WORKERS_INTERNAL_H

/*
 * Threads that do jobs in the order in which they were submitted. Whoever waits for a job that no
 * thread has taken yet does it himself: so no threads at all are fine too. Any thread may submit and
 * wait; each job is waited for by one.
 */

#include "evj/cleanup.h"

#include <sys/queue.h>

struct evj_workers;

enum evj_job_state { EVJ_JOB_IDLE, EVJ_JOB_QUEUED, EVJ_JOB_RUNNING, EVJ_JOB_DONE };

/* The first member of what is to be done. */
struct evj_job {
    void (*run)(struct evj_job *job);
    enum evj_job_state state; /* the workers' */
    TAILQ_ENTRY(evj_job) link;
};

/* As many threads as there are processors but for the caller's; they start with the first job. NULL
 * when there is no memory. */
struct evj_workers *evj_workers_new(void);

/* All jobs must have been waited for. */
void evj_workers_free(struct evj_workers *workers);
EVJ_DEFINE_AUTO(workers);

/* `workers` may be NULL: then the job is done when it is waited for. */
void evj_workers_submit(struct evj_workers *workers, struct evj_job *job);
void evj_workers_wait(struct evj_workers *workers, struct evj_job *job);

/* The job is not needed: take it back, or wait until it is done. */
void evj_workers_cancel(struct evj_workers *workers, struct evj_job *job);

#endif
