/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Janus's core as its event handlers see it: events, requests, destroy (host.h). */

#include "evj/cleanup.h"
#include "replay/host/host_internal.h"
#include "replay/host/log.h"

#include <inttypes.h>
#include <time.h>

static uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void loaded_free(gpointer data)
{
    struct loaded *loaded = data;

    g_free(loaded->package);
    g_free(loaded);
}

int host_new(const char *config_dir, struct host_shared *shared, host_log_function *log,
             void *log_context, struct host **ret_host, struct evj_error *err)
{
    int rc = host_log_open(log, log_context, err);

    if (rc < 0)
        return rc;
    struct host *host = g_new0(struct host, 1);

    host->config_dir = g_strdup(config_dir);
    host->loaded = g_ptr_array_new_with_free_func(loaded_free);
    host->traffic = traffic_new();
    host->own = shared ? NULL : g_new0(struct host_shared, 1);
    host->shared = shared ? shared : host->own;
    progress_init(&host->progress, &host->shared->progress);
    rc = watch_new(&host->watch, err);
    if (rc < 0) {
        host_free(host);
        return rc;
    }
    host->threads = threads_new(); /* with the watch's, and a sanitizer's, which comes with it */
    progress_set(&host->progress, HOST_PHASE_IDLE, "");
    *ret_host = host;
    return 0;
}

size_t host_handlers(const struct host *host)
{
    return host->loaded->len;
}

const char *host_handler_package(const struct host *host, size_t index)
{
    const struct loaded *loaded = host_nth(host, index);

    return loaded ? loaded->package : NULL;
}

/* ---- events ---- */

/* Put it where it belongs among the slowest; of equal ones the first stays. */
static void note_slow(struct handler_probe *probe, struct host_call call)
{
    size_t n = MIN(probe->delivered, HOST_SLOWEST);
    size_t i = MIN(n, HOST_SLOWEST - 1);

    if (n == HOST_SLOWEST && call.ns <= probe->slowest[i].ns)
        return;
    for (; i > 0 && probe->slowest[i - 1].ns < call.ns; i--)
        probe->slowest[i] = probe->slowest[i - 1];
    probe->slowest[i] = call;
}

static void note_callback(struct handler_probe *probe, struct host_call call)
{
    evj_histogram_add(&probe->callback_ns, call.ns);
    note_slow(probe, call);
    probe->delivered++;
}

/* Takes over `event`. */
static void deliver(struct host *host, struct loaded *loaded, uint64_t seq, json_t *event)
{
    watch_guard(event);
    progress_event(&host->progress, seq, loaded->package);
    uint64_t began = now_ns();

    loaded->handler->incoming_event(event);
    uint64_t ended = now_ns();

    progress_set(&host->progress, HOST_PHASE_IDLE, NULL);
    note_callback(loaded->probe, (struct host_call){.ns = ended - began, .seq = seq});
    watch_add(host->watch, loaded->probe, event, began);
}

/* Handlers change their mask when they are told to ("tweak"), on other threads. */
static bool wants(const struct loaded *loaded, janus_flags type)
{
    return (__atomic_load_n(&loaded->handler->events_mask, __ATOMIC_RELAXED) & type) != 0;
}

int host_dispatch(struct host *host, uint64_t seq, json_t *event, struct evj_error *err)
{
    json_auto_t *owned = event;

    if (!json_is_object(event))
        return evj_fail(err, EVJ_ERR_INVALID, 0, "record %" PRIu64 " has no event object", seq);
    janus_flags type = (janus_flags)json_integer_value(json_object_get(event, "type"));
    /* Counted by who is loaded, not by who wants this event, as in the core. */
    bool shared = host->loaded->len > 1;

    host_log_set_seq(seq);
    for (size_t i = 0; i < host->loaded->len; i++) {
        struct loaded *loaded = host_nth(host, i);

        if (!wants(loaded, type)) {
            loaded->probe->masked++;
            continue;
        }
        json_t *given = shared ? json_deep_copy(event) : EVJ_TAKE(owned);

        if (!given)
            return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory to copy record %" PRIu64, seq);
        deliver(host, loaded, seq, given);
    }
    return 0;
}

uint64_t host_delivered(const struct host *host)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < host->loaded->len; i++)
        sum += host_nth(host, i)->probe->delivered;
    return sum;
}

uint64_t host_held(struct host *host)
{
    return watch_held(host->watch);
}

const struct handler_probe *host_probe(const struct host *host, size_t index)
{
    struct loaded *loaded = host_nth(host, index);

    if (!loaded)
        return NULL;
    watch_copy_probe(host->watch, loaded->probe, &loaded->shown);
    return &loaded->shown;
}

/* ---- requests ---- */

json_t *host_request(struct host *host, size_t index, json_t *request)
{
    const struct loaded *loaded = host_nth(host, index);

    if (!loaded || !loaded->handler->handle_request)
        return NULL;
    bool shown = progress_begin_request(&host->progress, loaded->package);
    json_t *answer = loaded->handler->handle_request(request);

    progress_end_request(&host->progress, shown);
    return answer ? answer : json_object();
}

/* ---- the end ---- */

bool host_moves(struct host *host)
{
    return traffic_moves(host->traffic);
}

/* In the order of loading. The core's is that of a hash table of their packages: any. */
void host_stop(struct host *host)
{
    if (host->stopped)
        return;
    host->stopped = true;
    watch_held(host->watch);
    for (size_t i = 0; i < host->loaded->len; i++) {
        const struct loaded *loaded = host_nth(host, i);

        loaded->probe->unfinished = host_probe(host, i)->held;
        progress_set(&host->progress, HOST_PHASE_DESTROY, loaded->package);
        loaded->handler->destroy();
    }
    watch_stop(host->watch);
    progress_set(&host->progress, HOST_PHASE_DONE, NULL);
}

size_t host_threads_left(const struct host *host)
{
    return threads_others(host->threads);
}

void host_free(struct host *host)
{
    if (!host)
        return;
    if (host->watch)
        host_stop(host);
    watch_free(host->watch);
    traffic_free(host->traffic);
    threads_free(host->threads);
    progress_done(&host->progress);
    g_ptr_array_free(host->loaded, TRUE);
    g_free(host->config_dir);
    g_free(host->own);
    host_log_close();
    g_free(host);
}
