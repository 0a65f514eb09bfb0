/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/pacing.h"
#include "replay/sink_handler.h"
#include "replay/sink_http.h"
#include "replay/sink_null.h"
#include "replay/sink_stdout.h"
#include "tools/replaying.h"

#include <stdio.h>

int replaying_make_sink(struct replaying *r, struct sink **ret_sink, struct evj_error *err)
{
    const struct sink_handler_options handler = {
        .paths = (const char *const *)r->given.handlers,
        .path_count = r->given.handlers == NULL ? 0 : g_strv_length(r->given.handlers),
        .config_dir = r->given.config_dir,
        .plain_memory = r->given.no_supervise,
        .clock = r->engine.clock,
        .stop = r->engine.stop,
        .warm_up_us = (int64_t)(r->given.warm_up_s * 1e6),
        .settle_us = (int64_t)(r->given.settle_s * 1e6),
        .linger_us = (int64_t)(r->given.linger_s * 1e6),
        .shared = &r->shared->host,
        .report = &r->shared->report,
        .log = replay_status_log,
        .draining = replay_status_draining,
        .answered = replay_requests_answered,
        .log_context = &r->status,
        .requests = &r->given.requests.requests,
        .waits = r->engine.speed_ppm == PACING_SPEED_MAX,
    };
    const struct sink_http_options http = {
        .url = r->given.url,
        .clock = r->engine.clock,
        .stop = r->engine.stop,
    };

    if (r->given.handlers != NULL)
        return sink_handler_new(&handler, ret_sink, err);
    if (r->given.url != NULL)
        return sink_http_new(&http, ret_sink, err);
    *ret_sink = r->given.to_null ? sink_null_new()
                                 : sink_stdout_new(stdout, r->engine.speed_ppm != PACING_SPEED_MAX);
    return *ret_sink != NULL ? 0 : evj_fail(err, EVJ_ERR_MEMORY, 0, "out of memory");
}
