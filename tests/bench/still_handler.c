/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event handler that does nothing with its events: it keeps each and lets go of it. With
 * -DIN_A_THREAD of its own, as all of Janus's handlers do; else at once.
 */
#include "replay/host/abi.h"

#include <glib.h>
#include <jansson.h>

#ifdef IN_A_THREAD
#define PACKAGE "janus.eventhandler.queueing"

static GAsyncQueue *queue;
static GThread *thread;
static json_t exit_event;

static gpointer let_go_on(gpointer data)
{
    json_t *event;

    (void)data;
    while ((event = g_async_queue_pop(queue)) != &exit_event)
        json_decref(event);
    return NULL;
}

static int still_init(const char *config_path)
{
    (void)config_path;
    queue = g_async_queue_new();
    thread = g_thread_new("let go", let_go_on, NULL);
    return 0;
}

static void still_destroy(void)
{
    g_async_queue_push(queue, &exit_event);
    g_thread_join(thread);
    g_async_queue_unref(queue);
}

static void still_incoming_event(json_t *event)
{
    g_async_queue_push(queue, json_incref(event));
}
#else
#define PACKAGE "janus.eventhandler.still"

static int still_init(const char *config_path)
{
    (void)config_path;
    return 0;
}

static void still_destroy(void)
{
}

static void still_incoming_event(json_t *event)
{
    json_decref(json_incref(event));
}
#endif

static int still_get_api_compatibility(void)
{
    return HOST_ABI_HANDLER_API;
}

static int still_get_version(void)
{
    return 1;
}

static const char *still_get_text(void)
{
    return "does nothing";
}

static const char *still_get_package(void)
{
    return PACKAGE;
}

static struct janus_eventhandler handler = {
    .init = still_init,
    .destroy = still_destroy,
    .get_api_compatibility = still_get_api_compatibility,
    .get_version = still_get_version,
    .get_version_string = still_get_text,
    .get_description = still_get_text,
    .get_name = still_get_text,
    .get_author = still_get_text,
    .get_package = still_get_package,
    .incoming_event = still_incoming_event,
    .events_mask = (janus_flags)-1,
};

struct janus_eventhandler *create(void) __attribute__((visibility("default")));

struct janus_eventhandler *create(void)
{
    return &handler;
}
