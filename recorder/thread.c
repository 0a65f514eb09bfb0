/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/thread.h"

#include "evj/header.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>

static void init(struct thread *thread, thread_run *run, void *argument)
{
    pthread_condattr_t attributes;

    *thread = (struct thread){.run = run, .argument = argument};
    pthread_mutex_init(&thread->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&thread->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void done(struct thread *thread)
{
    pthread_cond_destroy(&thread->changed);
    pthread_mutex_destroy(&thread->lock);
}

static void *run_and_tell(void *argument)
{
    struct thread *thread = argument;

    thread->run(thread->argument);
    pthread_mutex_lock(&thread->lock);
    thread->ended = true;
    pthread_cond_signal(&thread->changed);
    pthread_mutex_unlock(&thread->lock);
    return NULL;
}

int thread_start(struct thread *thread, const char *name, thread_run *run, void *argument)
{
    sigset_t all, before;

    init(thread, run, argument);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&thread->id, NULL, run_and_tell, thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error == 0)
        pthread_setname_np(thread->id, name);
    else
        done(thread);
    return error;
}

bool thread_wait(struct thread *thread, int64_t most_us)
{
    int64_t due_us = evj_clock_mono_us() + most_us;
    const struct timespec due = {due_us / 1000000, due_us % 1000000 * 1000};
    int error = 0;

    pthread_mutex_lock(&thread->lock);
    while (!thread->ended && error == 0)
        error = pthread_cond_timedwait(&thread->changed, &thread->lock, &due);
    bool ended = thread->ended;
    pthread_mutex_unlock(&thread->lock);
    return ended;
}

void thread_join(struct thread *thread)
{
    pthread_join(thread->id, NULL);
    done(thread);
}
