/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one would write first: an event handler that queues each event in a GAsyncQueue, as all of
 * Janus's own do, and a thread that takes json_dumps() and gzwrite() to it. To measure against.
 *
 * janus.eventhandler.naiveevh.jcfg: general: { file = "/where/to/events.gz" }
 */
#include "replay/host/abi.h"

#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define PACKAGE "janus.eventhandler.naiveevh"

static GAsyncQueue *queue;
static GThread *writer;
static gzFile file;
static json_t exit_event;

static void write_event(const json_t *event)
{
    char *text = json_dumps(event, JSON_COMPACT);

    gzwrite(file, text, (unsigned)strlen(text));
    gzwrite(file, "\n", 1);
    free(text);
}

static gpointer write_on(gpointer data)
{
    json_t *event;

    (void)data;
    while ((event = g_async_queue_pop(queue)) != &exit_event) {
        write_event(event);
        json_decref(event);
    }
    return NULL;
}

static int naive_init(const char *config_path)
{
    g_autofree char *path = g_strdup_printf("%s/" PACKAGE ".jcfg", config_path);
    struct janus_config *config = janus_config_parse(path);
    struct janus_config_container *general =
        janus_config_get(config, NULL, janus_config_type_category, "general");
    struct janus_config_container *item =
        janus_config_get(config, general, janus_config_type_item, "file");

    file = item ? gzopen(item->value, "wb6") : NULL;
    janus_config_destroy(config);
    if (!file)
        return -1;
    queue = g_async_queue_new();
    writer = g_thread_new("naive writer", write_on, NULL);
    return 0;
}

static void naive_destroy(void)
{
    g_async_queue_push(queue, &exit_event);
    g_thread_join(writer);
    gzclose(file);
    g_async_queue_unref(queue);
}

static void naive_incoming_event(json_t *event)
{
    g_async_queue_push(queue, json_incref(event));
}

static int naive_get_api_compatibility(void)
{
    return 3;
}

static int naive_get_version(void)
{
    return 1;
}

static const char *naive_get_text(void)
{
    return "naive recorder";
}

static const char *naive_get_package(void)
{
    return PACKAGE;
}

static struct janus_eventhandler handler = {
    .init = naive_init,
    .destroy = naive_destroy,
    .get_api_compatibility = naive_get_api_compatibility,
    .get_version = naive_get_version,
    .get_version_string = naive_get_text,
    .get_description = naive_get_text,
    .get_name = naive_get_text,
    .get_author = naive_get_text,
    .get_package = naive_get_package,
    .incoming_event = naive_incoming_event,
    .events_mask = (janus_flags)-1,
};

struct janus_eventhandler *create(void) __attribute__((visibility("default")));

struct janus_eventhandler *create(void)
{
    return &handler;
}
