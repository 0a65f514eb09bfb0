/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_HANDLER_ENDING_H
#define REPLAY_HANDLER_ENDING_H

/*
 * The waits around a handler's destroy(). Before it: until the handler has let go of every event, and
 * then until its sockets have been silent for a while, as many let go before they send. After it: until
 * its threads have ended, as some only begin their end in destroy().
 */

#include "replay/clock.h"
#include "replay/host/host.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct handler_ending {
    struct replay_clock *clock;
    const atomic_int *stop; /* enum replay_stop: no wait at REPLAY_HURRY; may be NULL */
    int64_t settle_us;      /* how long the sockets have to be silent; 0: not looked at */
    int64_t linger_us;      /* how long the threads may go on */
    /* Is told, while the drain waits, how many events are still held; may be NULL. */
    void (*draining)(uint64_t held, void *context);
    void *context;
    /* What came of it. */
    uint64_t held;       /* events held when the drain ended */
    bool sending;        /* it has ended before the sockets were silent for long enough */
    int64_t drained_ns;  /* how long it took */
    int64_t lingered_ns; /* as long did its threads go on after destroy */
    size_t threads_left; /* that many were still running then */
};

/* Wait for up to `drain_us`; 0: not at all. */
void handler_ending_drain(struct handler_ending *ending, struct host *host, int64_t drain_us);

/* After host_stop(). */
void handler_ending_linger(struct handler_ending *ending, const struct host *host);

#endif
