/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_SUPPORT_FEEDING_H
#define TESTS_SUPPORT_FEEDING_H

/*
 * Standard input as a pipe that someone writes into: it cannot be sought, and gives what it has.
 */

#include <pthread.h>
#include <stddef.h>

struct feeding {
    int fd;
    const char *bytes;
    size_t size, step, times;
    pthread_t thread;
};

/* Standard input gives these bytes, `times` times over, written in pieces of `step`. They are
 * borrowed until feeding_done(), which waits until they are read or nobody reads any more. */
void feeding_begin(struct feeding *feeding, const void *bytes, size_t size, size_t step,
                   size_t times);
void feeding_done(struct feeding *feeding);

#endif
