/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_FEED_H
#define TESTS_BENCH_FEED_H

/*
 * Janus's path of an event, from where it is made to the handler (src/events.c): a thread makes it
 * and pushes it into a GAsyncQueue; the one events thread pops it, calls the handler, and drops its
 * reference. Everything below is called in one thread, which has no other.
 */

#include "evj/histogram.h"
#include "tests/bench/generate.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

typedef void feed_callback(json_t *event); /* NULL: no handler */

struct feed_result {
    struct evj_histogram callback_ns;
    uint64_t waiting_ns; /* CPU time that it took to wait until events were due */
    json_t *last;        /* a reference: the handler has let go of all once it is the only one */
};

/* What a callback has made and leaves, to be freed where that is not its time. */
void feed_leave(json_t *tree);

/* `count` fresh events, `per_second` of them, each as soon as it is due. */
void feed_paced(feed_callback *callback, struct generator *generator, uint64_t count,
                uint64_t per_second, struct feed_result *ret);

/* `count` events out of `size` that were there before, as fast as the handler takes them; no queue
 * and no making of events, so that the handler alone is the limit. */
void feed_flood(feed_callback *callback, uint64_t count, json_t **events, size_t size,
                struct feed_result *ret);

#endif
