/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Logs from several threads at once, on request. */

#include "tests/replay/host/handlers/handler.h"

#include <pthread.h>

enum { THREADS = 4, LINES = 200 };

static void *talk(void *name)
{
    for (int i = 0; i < LINES; i++)
        LOG("[WARN] ", "%s %d\n", (const char *)name, i);
    return NULL;
}

static json_t *handle_request(json_t *request)
{
    static char names[THREADS][2] = {"a", "b", "c", "d"};
    pthread_t threads[THREADS];

    (void)request;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, talk, names[i]);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return NULL;
}

HANDLER("janus.eventhandler.chatty", .handle_request = handle_request)
