/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_THREAD_H
#define RECORDER_THREAD_H

/*
 * A thread of ours in Janus's process: it gets none of its signals. Those are for its main thread; and
 * SIGXFSZ would end the server, where a blocked one lets write() fail with EFBIG.
 *
 * It may be in a call that a disk never answers. So one can wait for its end without being kept as well.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef void thread_run(void *argument);

struct thread {
    pthread_t id;
    thread_run *run;
    void *argument;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    bool ended;
};

/* `name`: 15 bytes at most. *thread must stay where it is until it is joined. Returns 0 or an errno. */
int thread_start(struct thread *thread, const char *name, thread_run *run, void *argument);

/* Wait for its end, but not longer than this. Returns whether it has ended: then thread_join() does not
 * wait. */
bool thread_wait(struct thread *thread, int64_t most_us);

void thread_join(struct thread *thread);

#endif
