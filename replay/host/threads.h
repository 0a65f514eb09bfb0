/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_HOST_THREADS_H
#define REPLAY_HOST_THREADS_H

/*
 * Which threads handlers have left running: those that were not there before, and that are not evj's,
 * whose names begin with "evj ". For one thread.
 */

#include <stddef.h>

struct threads;

/* Threads that run now are not the handlers'. */
struct threads *threads_new(void);

/* How many others run by now. */
size_t threads_others(const struct threads *threads);

/* NULL is fine. */
void threads_free(struct threads *threads);

#endif
