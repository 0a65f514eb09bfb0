/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/call_watch.h"

#include "replay/crash.h"

#include <string.h>

void call_read(struct call *call, const struct host_progress *progress, pid_t first)
{
    int phase = progress->phase;

    call->phase = phase >= 0 && phase <= HOST_PHASE_DONE ? (enum host_phase)phase : HOST_PHASE_IDLE;
    call->number = progress->seq;
    call->thread = first;
    crash_copy_text(call->handler, progress->handler, sizeof(call->handler));
}

void call_read_request(struct call *call, const struct host_progress *progress)
{
    call->number = progress->request.number;
    call->phase = call->number != 0 ? HOST_PHASE_REQUEST : HOST_PHASE_IDLE;
    call->thread = progress->request.thread;
    crash_copy_text(call->handler, progress->request.handler, sizeof(call->handler));
}

static bool is_in_handler(enum host_phase phase)
{
    return phase == HOST_PHASE_LOAD || phase == HOST_PHASE_INIT || phase == HOST_PHASE_EVENT ||
           phase == HOST_PHASE_REQUEST || phase == HOST_PHASE_DESTROY;
}

static bool is_same(const struct call *a, const struct call *b)
{
    return a->phase == b->phase && a->number == b->number && strcmp(a->handler, b->handler) == 0;
}

bool call_watch_tick(struct call_watch *watch, const struct call *call)
{
    if (is_in_handler(call->phase) && is_same(call, &watch->call)) {
        watch->ticks++;
        return true;
    }
    watch->call = *call;
    watch->ticks = 0;
    return false;
}
