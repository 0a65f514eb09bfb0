/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_CONTROL_H
#define REPLAY_CONTROL_H

/*
 * What somebody at the keyboard asks of a running replay: a short queue in memory that the one who
 * asks and the engine both see, in another thread or in another process. One of each; no lock.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum replay_command {
    REPLAY_PAUSE, /* or go on */
    REPLAY_STEP,  /* pause, and deliver the next event now */
    REPLAY_FASTER,
    REPLAY_SLOWER,
    REPLAY_SEEK, /* `by_us` of recorded time on, or back */
};

struct replay_order {
    enum replay_command command;
    int64_t by_us;
};

/* The engine looks at least ten times a second: nobody types faster. */
#define REPLAY_ORDERS 64u

/* Zeroed, nothing is asked. */
struct replay_control {
    atomic_uint posted, taken; /* how many so far */
    struct replay_order orders[REPLAY_ORDERS];
};

/* False, and nothing asked, when the queue is full. */
bool replay_control_post(struct replay_control *control, struct replay_order order);

/* False when nothing is asked. */
bool replay_control_take(struct replay_control *control, struct replay_order *ret_order);

#endif
