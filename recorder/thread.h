/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_THREAD_H
#define RECORDER_THREAD_H

/*
 * A thread of ours in Janus's process: it gets none of its signals. Those are for its main thread; and
 * SIGXFSZ would end the server, where a blocked one lets write() fail with EFBIG.
 */

#include <pthread.h>

/* `name`: 15 bytes at most. Returns 0 or an errno. */
int thread_start(pthread_t *ret_thread, const char *name, void *(*run)(void *), void *argument);

#endif
