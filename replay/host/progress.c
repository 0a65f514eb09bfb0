/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the host is (progress.h). */

#include "replay/host/progress.h"

#include <glib.h>
#include <string.h>
#include <unistd.h>

void progress_init(struct progress *progress, struct host_progress *shared)
{
    pthread_mutex_init(&progress->lock, NULL);
    progress->shared = shared;
}

void progress_done(struct progress *progress)
{
    pthread_mutex_destroy(&progress->lock);
}

/* With the lock held. The name is written only when it changes: not with every event. */
static void show(struct host_progress *shared, enum host_phase phase, const char *handler)
{
    if (handler && strncmp(shared->handler, handler, sizeof(shared->handler) - 1) != 0)
        g_strlcpy(shared->handler, handler, sizeof(shared->handler));
    shared->phase = phase;
}

void progress_set(struct progress *progress, enum host_phase phase, const char *handler)
{
    if (!progress->shared)
        return;
    pthread_mutex_lock(&progress->lock);
    show(progress->shared, phase, handler);
    pthread_mutex_unlock(&progress->lock);
}

void progress_event(struct progress *progress, uint64_t seq, const char *handler)
{
    if (!progress->shared)
        return;
    pthread_mutex_lock(&progress->lock);
    progress->shared->seq = seq;
    show(progress->shared, HOST_PHASE_EVENT, handler);
    pthread_mutex_unlock(&progress->lock);
}

bool progress_begin_request(struct progress *progress, const char *handler)
{
    if (!progress->shared)
        return false;
    pthread_mutex_lock(&progress->lock);
    bool shown = progress->shared->request.number == 0;

    if (shown) {
        g_strlcpy(progress->shared->request.handler, handler, HOST_PACKAGE_SIZE);
        progress->shared->request.thread = gettid();
        progress->shared->request.number = ++progress->shared->request.made;
    }
    pthread_mutex_unlock(&progress->lock);
    return shown;
}

void progress_end_request(struct progress *progress, bool shown)
{
    if (!shown)
        return;
    pthread_mutex_lock(&progress->lock);
    progress->shared->request.number = 0;
    pthread_mutex_unlock(&progress->lock);
}
