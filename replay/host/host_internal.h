/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_HOST_HOST_INTERNAL_H
#define REPLAY_HOST_HOST_INTERNAL_H

/* The host, shared by its parts: host_load.c loads handlers, host.c treats them as the core does. */

#include "replay/host/abi.h"
#include "replay/host/host.h"
#include "replay/host/progress.h"
#include "replay/host/threads.h"
#include "replay/host/traffic.h"
#include "replay/host/watch.h"

#include <glib.h>
#include <stdbool.h>

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

/* NULL when there are not so many. */
static inline struct loaded *host_nth(const struct host *host, size_t index)
{
    return index < host->loaded->len ? host->loaded->pdata[index] : NULL;
}

#endif
