/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Janus's core as its event handlers see it: init, events, requests, destroy (host.h). */

#include "replay/host/host.h"

#include "evj/cleanup.h"
#include "replay/host/abi.h"
#include "replay/host/loader.h"
#include "replay/host/log.h"
#include "replay/host/progress.h"
#include "replay/host/threads.h"
#include "replay/host/traffic.h"
#include "replay/host/watch.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

struct loaded {
    struct janus_eventhandler *handler; /* belongs to its library */
    char *package;
    struct handler_probe *probe; /* in the shared memory */
    struct handler_probe shown;  /* what host_probe() gave out last */
};

struct host {
    char *config_dir;
    struct host_shared *shared;
    struct host_shared *own; /* the same, if nobody has given us any */
    struct progress progress;
    struct watch *watch;
    struct traffic *traffic;
    struct threads *threads;
    GPtrArray *loaded; /* struct loaded */
    bool stopped;
};

static struct loaded *nth(const struct host *host, size_t index)
{
    return index < host->loaded->len ? host->loaded->pdata[index] : NULL;
}

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

/* ---- loading ---- */

static int check_room(const struct host *host, const char *file, struct evj_error *err)
{
    if (host->loaded->len < HOST_HANDLERS_MAX)
        return 0;
    return evj_fail(err, EVJ_ERR_INVALID, 0, "%s is one too many: a replay takes %u handlers", file,
                    HOST_HANDLERS_MAX);
}

static int check_new(const struct host *host, const char *file,
                     const struct janus_eventhandler *handler, struct evj_error *err)
{
    const char *package = handler->get_package();

    for (size_t i = 0; i < host->loaded->len; i++)
        if (strcmp(nth(host, i)->package, package) == 0)
            return evj_fail(err, EVJ_ERR_INVALID, 0,
                            "%s: a handler with its package %s is loaded already: give each once",
                            file, package);
    return 0;
}

/* What its configuration's name ends with, where all handlers look for it; NULL: there is none. */
static const char *find_configuration(const struct host *host, const char *package)
{
    static const char *const endings[] = {"jcfg", "cfg"};

    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strdup_printf("%s/%s.%s", host->config_dir, package, endings[i]);

        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return endings[i];
    }
    return NULL;
}

static int fail_init(const struct host *host, const char *file, const char *package, int result,
                     struct evj_error *err)
{
    const char *found = find_configuration(host, package);
    char complaint[256], said[264] = "and no word";

    host_log_copy_complaint(complaint, sizeof(complaint));
    if (complaint[0] != '\0')
        g_snprintf(said, sizeof(said), "(\"%s\")", complaint);
    if (!found)
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "init() of %s failed with %d %s: there is no %s.jcfg in %s", file, result,
                        said, package, host->config_dir);
    return evj_fail(err, EVJ_ERR_INVALID, 0, "init() of %s failed with %d %s: check %s/%s.%s", file,
                    result, said, host->config_dir, package, found);
}

static int init_handler(struct host *host, const char *file, struct janus_eventhandler *handler,
                        struct evj_error *err)
{
    const char *package = handler->get_package();

    host_log_forget_complaint();
    progress_set(&host->progress, HOST_PHASE_INIT, package);
    int result = handler->init(host->config_dir);

    progress_set(&host->progress, HOST_PHASE_IDLE, NULL);
    return result == 0 ? 0 : fail_init(host, file, package, result, err);
}

static int open_handler(struct host *host, const char *file,
                        struct janus_eventhandler **ret_handler, struct evj_error *err)
{
    g_autofree char *base = g_path_get_basename(file);

    /* A library may crash while it is being loaded, before its package is known. */
    progress_set(&host->progress, HOST_PHASE_LOAD, base);
    int rc = loader_open(file, ret_handler, err);

    progress_set(&host->progress, HOST_PHASE_IDLE, NULL);
    return rc < 0 ? rc : check_new(host, file, *ret_handler, err);
}

static void add_handler(struct host *host, struct janus_eventhandler *handler)
{
    const guint index = host->loaded->len;
    struct loaded *loaded = g_new0(struct loaded, 1);

    loaded->handler = handler;
    loaded->package = g_strdup(handler->get_package());
    loaded->probe = &host->shared->handler[index].probe;
    g_strlcpy(host->shared->handler[index].package, loaded->package, HOST_PACKAGE_SIZE);
    g_ptr_array_add(host->loaded, loaded);
    host->shared->handlers = host->loaded->len;
}

int host_load(struct host *host, const char *path, struct evj_error *err)
{
    g_autofree char *file = loader_resolve(path);
    struct janus_eventhandler *handler = NULL;
    int rc = check_room(host, file, err);

    if (rc == 0)
        rc = open_handler(host, file, &handler, err);
    if (rc == 0)
        rc = init_handler(host, file, handler, err);
    if (rc == 0)
        add_handler(host, handler);
    return rc;
}

size_t host_handlers(const struct host *host)
{
    return host->loaded->len;
}

const char *host_handler_package(const struct host *host, size_t index)
{
    const struct loaded *loaded = nth(host, index);

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
        struct loaded *loaded = nth(host, i);

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
        sum += nth(host, i)->probe->delivered;
    return sum;
}

uint64_t host_held(struct host *host)
{
    return watch_held(host->watch);
}

const struct handler_probe *host_probe(const struct host *host, size_t index)
{
    struct loaded *loaded = nth(host, index);

    if (!loaded)
        return NULL;
    watch_copy_probe(host->watch, loaded->probe, &loaded->shown);
    return &loaded->shown;
}

/* ---- requests ---- */

json_t *host_request(struct host *host, size_t index, json_t *request)
{
    const struct loaded *loaded = nth(host, index);

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
        const struct loaded *loaded = nth(host, i);

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
