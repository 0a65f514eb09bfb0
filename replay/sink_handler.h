/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_SINK_HANDLER_H
#define REPLAY_SINK_HANDLER_H

/*
 * A sink that gives each event to Janus event handlers, in the handler host. The handlers' code
 * runs in this process: call it in a child (replay/supervise.h) to outlive what they do.
 */

#include "evj/error.h"
#include "replay/clock.h"
#include "replay/host/host.h"
#include "replay/report.h"
#include "replay/requester.h"
#include "replay/requests.h"
#include "replay/sink.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct sink_handler_options {
    const char *const *paths; /* of the handlers' shared objects */
    size_t path_count;
    const char *config_dir;
    bool plain_memory; /* leave jansson's memory to malloc(), for a tool that looks for leaks */
    struct replay_clock *clock;
    const atomic_int *stop;       /* enum replay_stop: no wait goes on at REPLAY_HURRY */
    int64_t warm_up_us;           /* how long the handlers are left alone after init */
    int64_t settle_us, linger_us; /* of struct handler_ending */
    struct host_shared *shared;   /* of host_new(); may be NULL */
    struct replay_report *report; /* keeps the log lines at warning and above */
    host_log_function *log;       /* is shown every line, from any thread; may be NULL */
    /* Is told, while the drain waits, how many events are still held; may be NULL. */
    void (*draining)(uint64_t held, void *context);
    /* Is told of every answer to a request, from a thread of its own; may be NULL. */
    answer_function *answered;
    void *log_context; /* of all three */
    /* What the handlers will be asked; may be NULL. */
    const struct requests *requests;
    bool waits; /* the next event waits for the answer: where no time line says who comes first */
};

/*
 * Load the handlers and call their init(). What the options point to must outlive the sink. Fails
 * as host_new() and host_load(), and with EVJ_ERR_INVALID when a request is for none of them.
 */
int sink_handler_new(const struct sink_handler_options *options, struct sink **ret_sink,
                     struct evj_error *err);

/* Ask the handlers, on another thread: `request` is one of options->requests. From the thread that
 * delivers. */
void sink_handler_ask(struct sink *sink, const struct request *request);

#endif
