/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_HOST_PROGRESS_H
#define REPLAY_HOST_PROGRESS_H

/* Writes struct host_progress, which a supervisor in another process reads when we have crashed. */

#include "replay/host/host.h"

#include <pthread.h>

struct progress {
    pthread_mutex_t lock;
    struct host_progress *shared; /* may be NULL */
};

void progress_init(struct progress *progress, struct host_progress *shared);
void progress_done(struct progress *progress);

/* `handler` NULL: leave it as it is. */
void progress_set(struct progress *progress, enum host_phase phase, const char *handler);

void progress_event(struct progress *progress, uint64_t seq, const char *handler);

/* A request runs beside events, on another thread. Of several at a time the first is shown: begin
 * returns whether this one is, and end takes that back. */
bool progress_begin_request(struct progress *progress, const char *handler);
void progress_end_request(struct progress *progress, bool shown);

#endif
