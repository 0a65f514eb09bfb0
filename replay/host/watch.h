/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_HOST_WATCH_H
#define REPLAY_HOST_WATCH_H

/*
 * Tells when a handler lets go of an event, without its help: the host keeps references of its own,
 * and once no others are left the handler has released it. Memory is used only for what is held.
 *
 * A thread looks again and again while anything is held, ever more seldom the longer that takes, so
 * that a time is known to within a sixteenth of itself (200 µs at best) even when nothing else
 * happens. watch_guard() and watch_add() are for the dispatching thread, the rest for any.
 */

#include "replay/host/host.h"

struct watch;

int watch_new(struct watch **ret_watch, struct evj_error *err);

/* Keep `event` from being freed, however often the handler releases it. Before the callback. */
void watch_guard(json_t *event);

/*
 * After the callback: take over the guarded event, and write into probe->held, ->release_us and
 * ->over_released what becomes of it. `dispatched_ns` is when the callback began (CLOCK_MONOTONIC).
 */
void watch_add(struct watch *watch, struct handler_probe *probe, json_t *event,
               uint64_t dispatched_ns);

/* Look at everything; how many are still held. */
uint64_t watch_held(struct watch *watch);

/* Copy a probe while the watch leaves it alone. */
void watch_copy_probe(struct watch *watch, const struct handler_probe *probe,
                      struct handler_probe *ret);

/* Stop looking, count what is still held into probe->leaked, and give up our references. */
void watch_stop(struct watch *watch);

/* Stops first. NULL is fine. */
void watch_free(struct watch *watch);

#endif
