/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lineevh: a Janus event handler that writes each event as one line of JSON. Small, and complete:
 * docs/guides/testing-a-handler.md tells how it is tested, and why it is as it is.
 *
 * Threads: Janus calls init() and destroy() in its main thread, incoming_event() in its one events
 * thread between the two, and handle_request() in any thread meanwhile. The writing is done in a
 * thread of our own, so that Janus never waits for a disk or a pipe.
 */
#include <janus/config.h>
#include <janus/debug.h>
#include <janus/events/eventhandler.h>

#include <errno.h>
#include <signal.h>

#define PACKAGE "janus.eventhandler.lineevh"

/* Events that may wait to be written. Beyond that new ones are counted and left out: a handler that
 * keeps all of them takes Janus's memory when its backend stands still. */
#define QUEUE_MAX 100000

/* What Janus looks for in the library. */
janus_eventhandler *create(void);

/* Janus exports it, but installs no header that declares it. */
void janus_events_edit_events_mask(const char *list, janus_flags *target);

static struct {
    FILE *file;
    GThread *thread;
    GAsyncQueue *queue;         /* json_t, each with a reference of ours; the last is `no_more` */
    gint written, failed, lost; /* events; changed and read as g_atomic_int */
} line;

/* What ends the thread: no event has this address. */
static json_t *const no_more = (json_t *)&line;

static janus_eventhandler lineevh;

/* ---- configuration ---- */

/* The value of a key in the category general, or NULL. */
static const char *setting(janus_config *config, const char *key)
{
    janus_config_category *general =
        janus_config_get(config, NULL, janus_config_type_category, "general");
    janus_config_item *item = janus_config_get(config, general, janus_config_type_item, key);

    return item != NULL ? item->value : NULL;
}

static int open_file(const char *path)
{
    if (path == NULL) {
        JANUS_LOG(LOG_ERR, "[%s] no \"file\" in its configuration: where to write to?\n", PACKAGE);
        return -1;
    }
    line.file = fopen(path, "a");
    if (line.file != NULL)
        return 0;
    JANUS_LOG(LOG_ERR, "[%s] cannot open %s: %s\n", PACKAGE, path, g_strerror(errno));
    return -1;
}

static int configure(janus_config *config)
{
    const char *enabled = setting(config, "enabled");

    if (enabled == NULL || !janus_is_true(enabled)) {
        JANUS_LOG(LOG_WARN, "[%s] disabled in its configuration\n", PACKAGE);
        return -1;
    }
    /* The core asks for the mask before each event: what it does not have never gets here. */
    janus_events_edit_events_mask(setting(config, "events"), &lineevh.events_mask);
    return open_file(setting(config, "file"));
}

static int read_configuration(const char *folder)
{
    g_autofree char *path = g_strdup_printf("%s/%s.jcfg", folder, PACKAGE);
    janus_config *config = janus_config_parse(path);
    int result;

    if (config == NULL) {
        JANUS_LOG(LOG_ERR, "[%s] cannot read %s\n", PACKAGE, path);
        return -1;
    }
    result = configure(config);
    janus_config_destroy(config);
    return result;
}

/* ---- our thread ---- */

static void write_event(json_t *event)
{
    char *text = json_dumps(event, JSON_COMPACT | JSON_PRESERVE_ORDER);
    /* What waits behind it is written first: one flush for all of it. */
    gboolean last = g_async_queue_length(line.queue) <= 0;

    if (text != NULL && fprintf(line.file, "%s\n", text) > 0 && (!last || fflush(line.file) == 0))
        g_atomic_int_inc(&line.written);
    else
        g_atomic_int_inc(&line.failed);
    free(text);
}

/* A pipe that nobody reads any more is an error to us, and not the end of Janus. */
static void block_sigpipe(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

static gpointer write_events(gpointer unused)
{
    json_t *event;

    (void)unused;
    block_sigpipe();
    while ((event = g_async_queue_pop(line.queue)) != no_more) {
        write_event(event);
        json_decref(event);
    }
    if (fclose(line.file) != 0)
        g_atomic_int_inc(&line.failed);
    return NULL;
}

/* ---- what Janus calls ---- */

static int init(const char *config_path)
{
    if (read_configuration(config_path) < 0)
        return -1;
    line.queue = g_async_queue_new();
    line.thread = g_thread_new("lineevh", write_events, NULL);
    JANUS_LOG(LOG_INFO, "[%s] ready\n", PACKAGE);
    return 0;
}

/* The event is Janus's, and perhaps other handlers': it may be read, and kept by a reference, but
 * not changed. */
static void incoming_event(json_t *event)
{
    if (line.queue == NULL) /* Janus gives events also to a handler whose init() has failed. */
        return;
    if (g_async_queue_length(line.queue) >= QUEUE_MAX)
        g_atomic_int_inc(&line.lost);
    else
        g_async_queue_push(line.queue, json_incref(event));
}

/* Everything that was taken is written before this returns. */
static void destroy(void)
{
    if (line.queue == NULL)
        return;
    g_async_queue_push(line.queue, no_more);
    g_thread_join(line.thread);
    g_async_queue_unref(line.queue);
    line.queue = NULL;
    if (line.failed > 0 || line.lost > 0)
        JANUS_LOG(LOG_ERR, "[%s] %d events could not be written, %d were too many\n", PACKAGE,
                  line.failed, line.lost);
}

/* ---- requests, over the Admin API ---- */

static json_t *fail(int code, const char *text)
{
    return json_pack("{s:i, s:s}", "error_code", code, "error", text);
}

static json_t *tell_status(json_t *request)
{
    (void)request;
    return json_pack("{s:i, s:i, s:i, s:i}", "result", 200, "written",
                     g_atomic_int_get(&line.written), "failed", g_atomic_int_get(&line.failed),
                     "lost", g_atomic_int_get(&line.lost));
}

static json_t *tweak(json_t *request)
{
    const char *events = json_string_value(json_object_get(request, "events"));

    if (events == NULL)
        return fail(412, "\"events\" is missing: which types of events?");
    janus_events_edit_events_mask(events, &lineevh.events_mask);
    return json_pack("{s:i}", "result", 200);
}

static const struct {
    const char *name;
    json_t *(*answer)(json_t *request);
} requests[] = {{"status", tell_status}, {"tweak", tweak}};

static json_t *handle_request(json_t *request)
{
    const char *name = json_string_value(json_object_get(request, "request"));

    for (size_t i = 0; i < G_N_ELEMENTS(requests); i++)
        if (g_strcmp0(requests[i].name, name) == 0)
            return requests[i].answer(request);
    return fail(411, "unknown request: status and tweak are known");
}

/* ---- what Janus asks before ---- */

static int get_api_compatibility(void)
{
    return JANUS_EVENTHANDLER_API_VERSION;
}

static int get_version(void)
{
    return 1;
}

static const char *get_version_string(void)
{
    return "0.0.1";
}

static const char *get_description(void)
{
    return "Writes each event as one line of JSON.";
}

static const char *get_name(void)
{
    return "lineevh";
}

static const char *get_author(void)
{
    return "The authors of evj";
}

static const char *get_package(void)
{
    return PACKAGE;
}

static janus_eventhandler lineevh = {
    .init = init,
    .destroy = destroy,
    .get_api_compatibility = get_api_compatibility,
    .get_version = get_version,
    .get_version_string = get_version_string,
    .get_description = get_description,
    .get_name = get_name,
    .get_author = get_author,
    .get_package = get_package,
    .incoming_event = incoming_event,
    .handle_request = handle_request,
    .events_mask = JANUS_EVENT_TYPE_NONE,
};

janus_eventhandler *create(void)
{
    return &lineevh;
}
