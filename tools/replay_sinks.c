/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/pacing.h"
#include "replay/sink_handler.h"
#include "replay/sink_http.h"
#include "replay/sink_null.h"
#include "replay/sink_stdout.h"
#include "tools/replaying.h"

#include <stdio.h>

static int make_handler(struct replaying *r, struct sink **ret_sink, struct evj_error *err)
{
    const struct replay_arguments *given = &r->given;
    const struct sink_handler_options options = {
        .paths = (const char *const *)given->handlers,
        .path_count = g_strv_length(given->handlers),
        .config_dir = given->config_dir,
        .plain_memory = given->no_supervise,
        .clock = r->engine.clock,
        .stop = r->engine.stop,
        .warm_up_us = (int64_t)(given->warm_up_s * 1e6),
        .settle_us = (int64_t)(given->settle_s * 1e6),
        .linger_us = (int64_t)(given->linger_s * 1e6),
        .shared = &r->shared->host,
        .report = &r->shared->report,
        .log = replay_status_log,
        .draining = replay_status_draining,
        .answered = replay_requests_answered,
        .log_context = &r->status,
        .requests = &given->requests.requests,
        .waits = r->engine.speed_ppm == PACING_SPEED_MAX,
    };

    return sink_handler_new(&options, ret_sink, err);
}

static int make_http(struct replaying *r, struct sink **ret_sink, struct evj_error *err)
{
    const struct sink_http_options options = {
        .url = r->given.url,
        .clock = r->engine.clock,
        .stop = r->engine.stop,
    };

    return sink_http_new(&options, ret_sink, err);
}

int replaying_make_sink(struct replaying *r, struct sink **ret_sink, struct evj_error *err)
{
    if (r->given.handlers != NULL)
        return make_handler(r, ret_sink, err);
    if (r->given.url != NULL)
        return make_http(r, ret_sink, err);
    *ret_sink = r->given.to_null ? sink_null_new()
                                 : sink_stdout_new(stdout, r->engine.speed_ppm != PACING_SPEED_MAX);
    return *ret_sink != NULL ? 0 : evj_fail(err, EVJ_ERR_MEMORY, 0, "out of memory");
}
