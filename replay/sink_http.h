/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_SINK_HTTP_H
#define REPLAY_SINK_HTTP_H

/*
 * A sink that posts each event to a backend, as Janus's sampleevh does without grouping: one POST
 * of one JSON object, Content-Type application/json, over one kept connection. Unlike sampleevh it
 * takes any HTTP status but 2xx for what it is, a failure.
 */

#include "evj/error.h"
#include "replay/clock.h"
#include "replay/sink.h"

#include <stdatomic.h>
#include <stdint.h>

/* How often an event is tried again, and how long the first pause is; each pause doubles. As
 * sampleevh. */
#define SINK_HTTP_RETRIES 5
#define SINK_HTTP_BACKOFF_MS 100
/* One POST may take this long. */
#define SINK_HTTP_TIMEOUT_MS 10000
/* Give up when this many events in a row found no backend, each with all its retries. */
#define SINK_HTTP_GIVE_UP 3

struct sink_http_options {
    const char *url; /* http or https; user:password@ is sent as basic authentication */
    struct replay_clock *clock;
    const atomic_int *stop; /* enum replay_stop: no more retries from REPLAY_STOP on */
};

/*
 * EVJ_ERR_INVALID for an URL that cannot be used, EVJ_ERR_MEMORY. Connects with the first event.
 * deliver() fails (EVJ_ERR_IO) only when it gives up; single failures are counted as undelivered.
 */
int sink_http_new(const struct sink_http_options *options, struct sink **ret_sink,
                  struct evj_error *err);

#endif
