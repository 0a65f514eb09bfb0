/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Keeps every event and releases it on a thread of its own, as the bundled handlers do, but when it
 * is told to: {"release": n} lets go of the n oldest, {"release_newest": n} of the n newest.
 */

#include "tests/replay/host/handlers/handler.h"

#include <pthread.h>

static GQueue events = G_QUEUE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_t thread;
static json_int_t oldest_wanted, newest_wanted;
static gboolean stopping;

static json_t *take_wanted(void)
{
    if (oldest_wanted > 0) {
        oldest_wanted--;
        return g_queue_pop_head(&events);
    }
    newest_wanted--;
    return g_queue_pop_tail(&events);
}

static void *release_wanted(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    while (!stopping) {
        while (!stopping && oldest_wanted + newest_wanted == 0)
            pthread_cond_wait(&changed, &lock);
        while (oldest_wanted + newest_wanted > 0) {
            json_t *event = take_wanted();

            pthread_mutex_unlock(&lock);
            json_decref(event);
            pthread_mutex_lock(&lock);
        }
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

static int init(const char *config_path)
{
    (void)config_path;
    stopping = FALSE;
    return pthread_create(&thread, NULL, release_wanted, NULL);
}

static void destroy(void)
{
    pthread_mutex_lock(&lock);
    stopping = TRUE;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
    for (json_t *event; (event = g_queue_pop_head(&events));)
        json_decref(event);
}

static void incoming_event(json_t *event)
{
    pthread_mutex_lock(&lock);
    g_queue_push_tail(&events, json_incref(event));
    pthread_mutex_unlock(&lock);
}

static json_t *handle_request(json_t *request)
{
    pthread_mutex_lock(&lock);
    oldest_wanted += json_integer_value(json_object_get(request, "release"));
    newest_wanted += json_integer_value(json_object_get(request, "release_newest"));
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    return NULL;
}

HANDLER("janus.eventhandler.holding", .init = init, .destroy = destroy,
        .incoming_event = incoming_event, .handle_request = handle_request)
