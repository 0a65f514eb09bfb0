/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_IN_CHILD_H
#define TESTS_BENCH_IN_CHILD_H

/* One run in a process of its own, so that none has what another one has freed, loaded or warmed up. */

#include <stddef.h>
#include <sys/resource.h>

/* Zeroed memory that a child shares, for what it measured; never freed. */
void *in_child_memory(size_t size);

/* 0; or -1 if `run` did not return 0, or died. `ret_usage`: of that process; may be NULL. Call while
 * the process has one thread. */
int in_child(int (*run)(void *context), void *context, struct rusage *ret_usage);

#endif
