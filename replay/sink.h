/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_SINK_H
#define REPLAY_SINK_H

/*
 * Where a replay's events go. A sink is a table of functions over a state of its own; each kind is
 * one file (sink_handler.c, sink_http.c, sink_stdout.c, sink_null.c) that exports one sink_*_new().
 * The replay engine calls a sink from one thread.
 */

#include "evj/error.h"
#include "evj/record.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct sink;

struct sink_ops {
    const char *name;
    /*
     * Make ready what deliver() needs, before the event's time has come; deliver() for the same
     * record follows. May be NULL. < 0 ends the replay.
     */
    int (*prepare)(struct sink *sink, const struct evj_record *record, struct evj_error *err);
    /* Deliver one event now. `record` is borrowed for the call. < 0 ends the replay. */
    int (*deliver)(struct sink *sink, const struct evj_record *record, struct evj_error *err);
    /* After the last event: wait up to `drain_us` for what is under way (0: do not wait), then
     * close. */
    int (*finish)(struct sink *sink, int64_t drain_us, struct evj_error *err);
    /* Add what this sink has to say to the report object. May be NULL. */
    void (*report)(const struct sink *sink, json_t *report);
    void (*free)(struct sink *sink);
};

/* First member of every sink's state. */
struct sink {
    const struct sink_ops *ops;
    uint64_t undelivered; /* events that it failed to deliver, or that were still held at its end */
    bool declined; /* the last event: no handler's mask asks for it, so that none was given it */
    bool faulty;   /* events were delivered, but not taken as they should be: report() says how */
};

/* NULL is fine. */
static inline void sink_free(struct sink *sink)
{
    if (sink != NULL)
        sink->ops->free(sink);
}

#endif
