/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/sink_handler.h"

#include "evj/cleanup.h"
#include "replay/event_tree.h"
#include "replay/handler_ending.h"
#include "replay/handler_report.h"
#include "replay/json_chunks.h"
#include "replay/json_memory.h"
#include "replay/replay.h"

#include <inttypes.h>
#include <stdlib.h>

/* Janus's LOG_WARN; 0 is a line without a level. */
#define LEVEL_WARNING 3

#define NS_PER_US 1000
/* How soon a warm-up sees that the replay is to stop. */
#define SLICE_NS INT64_C(100000000)

struct handler_sink {
    struct sink sink;
    struct sink_handler_options options;
    struct host *host;
    json_t *event; /* prepared, not dispatched yet */
    struct handler_ending ending;
    int64_t json_before, json_alive; /* jansson's allocations: before it all, and left at the end */
    bool stopped;                    /* destroy() has been called */
    struct requester *requester;     /* NULL: nobody will be asked */
    uint64_t last_seq;               /* delivered; UINT64_MAX: none */
};

static void take_log_line(const struct host_log_line *line, void *context)
{
    const struct handler_sink *hs = context;

    if (line->level > 0 && line->level <= LEVEL_WARNING)
        replay_report_add_log(hs->options.report, line->level, line->seq, line->text);
    if (hs->options.log != NULL)
        hs->options.log(line, hs->options.log_context);
}

static int handler_prepare(struct sink *sink, const struct evj_record *record,
                           struct evj_error *err)
{
    struct handler_sink *hs = (struct handler_sink *)sink;
    json_error_t json_error;

    json_decref(hs->event);
    json_chunks_begin();
    hs->event = event_tree_parse(record->body.text, record->body.len, &json_error);
    json_chunks_end();
    if (hs->event != NULL)
        return 0;
    return evj_fail(err, EVJ_ERR_INVALID, 0,
                    "the event of record %" PRIu64 " is no JSON that jansson reads: %s; "
                    "leave it out with --to @%" PRIu64 " or --from @%" PRIu64,
                    record->seq, json_error.text, record->seq - (record->seq > 0), record->seq + 1);
}

static int handler_deliver(struct sink *sink, const struct evj_record *record,
                           struct evj_error *err)
{
    struct handler_sink *hs = (struct handler_sink *)sink;
    const uint64_t before = host_delivered(hs->host);
    int status = host_dispatch(hs->host, record->seq, EVJ_TAKE(hs->event), err);

    hs->last_seq = record->seq;
    sink->declined = status == 0 && host_delivered(hs->host) == before;
    return status;
}

static void set_phase(struct handler_sink *hs, enum host_phase phase)
{
    if (hs->options.shared != NULL)
        hs->options.shared->progress.phase = (int)phase;
}

/* It broke Janus's rules for events, or wants none of those that there were. */
static bool is_faulty(const struct handler_probe *probe)
{
    return probe->over_released > 0 || (probe->delivered == 0 && probe->masked > 0);
}

static int handler_finish(struct sink *sink, int64_t drain_us, struct evj_error *err)
{
    struct handler_sink *hs = (struct handler_sink *)sink;

    (void)err;
    requester_finish(hs->requester); /* Janus ends its Admin API before its handlers, too */
    set_phase(hs, HOST_PHASE_DRAIN);
    handler_ending_drain(&hs->ending, hs->host, drain_us);
    sink->undelivered = hs->ending.held;
    host_stop(hs->host);
    hs->stopped = true;
    handler_ending_linger(&hs->ending, hs->host);
    json_decref(EVJ_TAKE(hs->event)); /* of a replay that was stopped */
    hs->json_alive = json_memory_alive() - hs->json_before;
    sink->faulty = atomic_load(&hs->options.report->log.errors) > 0;
    for (size_t i = 0; i < hs->options.path_count; i++)
        sink->faulty |= is_faulty(host_probe(hs->host, i));
    return 0;
}

static json_t *report_handler(const struct handler_sink *hs, size_t index)
{
    const char *how = hs->stopped ? "destroyed" : "running";

    return handler_report_json(host_handler_package(hs->host, index), host_probe(hs->host, index),
                               json_pack("{s:s}", "how", how));
}

static void report_ending(const struct handler_ending *ending, json_t *report)
{
    json_object_set_new(report, "drain_us", json_integer(ending->drained_ns / NS_PER_US));
    json_object_set_new(report, "sending", json_boolean(ending->sending));
    json_object_set_new(report, "linger_us", json_integer(ending->lingered_ns / NS_PER_US));
    json_object_set_new(report, "threads_left", json_integer((json_int_t)ending->threads_left));
}

static void handler_report(const struct sink *sink, json_t *report)
{
    const struct handler_sink *hs = (const struct handler_sink *)sink;
    json_t *handlers = json_array();
    size_t count = host_handlers(hs->host);

    for (size_t i = 0; i < count; i++)
        json_array_append_new(handlers, report_handler(hs, i));
    /* The host does not know which of several handlers has logged a line. */
    replay_report_put_log(hs->options.report, count == 1 ? json_array_get(handlers, 0) : report);
    json_object_set_new(report, "handlers", handlers);
    if (hs->requester != NULL)
        json_object_set_new(report, "requests", requester_json(hs->requester));
    report_ending(&hs->ending, report);
    json_object_set_new(report, "json_alive", json_integer(hs->json_alive));
}

static void handler_free(struct sink *sink)
{
    struct handler_sink *hs = (struct handler_sink *)sink;

    json_decref(hs->event);
    requester_free(hs->requester);
    host_free(hs->host);
    free(hs);
}

static const struct sink_ops handler_ops = {
    .name = "handler",
    .prepare = handler_prepare,
    .deliver = handler_deliver,
    .finish = handler_finish,
    .report = handler_report,
    .free = handler_free,
};

static int load_all(struct handler_sink *hs, struct evj_error *err)
{
    const struct sink_handler_options *options = &hs->options;
    int status = host_new(options->config_dir, options->shared, take_log_line, hs, &hs->host, err);

    for (size_t i = 0; status == 0 && i < options->path_count; i++)
        status = host_load(hs->host, options->paths[i], err);
    return status;
}

/* ---- requests ---- */

static bool is_for_somebody(const struct handler_sink *hs, const struct request *request)
{
    for (size_t i = 0; i < host_handlers(hs->host); i++)
        if (request_is_for(request, host_handler_package(hs->host, i)))
            return true;
    return false;
}

static int prepare_requests(struct handler_sink *hs, struct evj_error *err)
{
    const struct requests *requests = hs->options.requests;

    if (requests == NULL || requests->count == 0)
        return 0;
    for (size_t i = 0; i < requests->count; i++)
        if (!is_for_somebody(hs, &requests->list[i]))
            return evj_fail(err, EVJ_ERR_INVALID, 0,
                            "a request is for %s, but no handler of that name is loaded",
                            requests->list[i].handler);
    return requester_new(hs->host, hs->options.answered, hs->options.log_context, &hs->requester,
                         err);
}

void sink_handler_ask(struct sink *sink, const struct request *request)
{
    struct handler_sink *hs = (struct handler_sink *)sink;

    requester_ask(hs->requester, request, hs->last_seq);
    if (hs->options.waits)
        requester_wait(hs->requester);
}

/* ---- the beginning ---- */

/* Some handlers connect in the background, and lose what they are given before. */
static void warm_up(const struct sink_handler_options *options)
{
    struct replay_clock *clock = options->clock;
    const int64_t end_ns = clock->now(clock) + options->warm_up_us * NS_PER_US;

    for (int64_t now_ns; (now_ns = clock->now(clock)) < end_ns;) {
        if (options->stop != NULL && *options->stop != REPLAY_GO_ON)
            break;
        clock->sleep_until(clock, end_ns - now_ns > SLICE_NS ? now_ns + SLICE_NS : end_ns);
    }
}

int sink_handler_new(const struct sink_handler_options *options, struct sink **ret_sink,
                     struct evj_error *err)
{
    struct handler_sink *hs = calloc(1, sizeof(*hs));
    int status;

    if (hs == NULL)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "out of memory");
    hs->sink.ops = &handler_ops;
    hs->options = *options;
    hs->ending = (struct handler_ending){
        .clock = options->clock,
        .stop = options->stop,
        .settle_us = options->settle_us,
        .linger_us = options->linger_us,
        .draining = options->draining,
        .context = options->log_context,
    };
    json_memory_count();
    if (!options->plain_memory)
        json_chunks_install();
    hs->json_before = json_memory_alive();
    hs->last_seq = UINT64_MAX;
    status = load_all(hs, err);
    if (status == 0)
        status = prepare_requests(hs, err);
    if (status < 0)
        handler_free(&hs->sink);
    if (status < 0)
        return status;
    warm_up(options);
    *ret_sink = &hs->sink;
    return 0;
}
