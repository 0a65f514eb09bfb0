/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_CALL_WATCH_H
#define REPLAY_CALL_WATCH_H

/*
 * How long a supervised process has been in one call of a handler: of those that come one after the
 * other on its first thread (init, incoming_event, destroy), or of the requests beside them. Counts the
 * ticks in which the supervisor ran, not the time: after Ctrl-Z and fg, both have stood still.
 */

#include "replay/host/host.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Where it is. A plain value. */
struct call {
    enum host_phase phase; /* HOST_PHASE_IDLE: in none */
    uint64_t number;       /* the record's, or the request's */
    pid_t thread;
    char handler[HOST_PACKAGE_SIZE];
};

/* Both may be read while the other process writes, or after a crash has spoilt it: what is out of range
 * is put into it. `first` is the process's first thread. */
void call_read(struct call *call, const struct host_progress *progress, pid_t first);
void call_read_request(struct call *call, const struct host_progress *progress);

/* Zeroed, it has seen nothing. */
struct call_watch {
    struct call call; /* the latest */
    int64_t ticks;    /* for so long it has been the same */
};

/* See where it is now. False when it is in no call, or in another than before. */
bool call_watch_tick(struct call_watch *watch, const struct call *call);

#endif
