/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_HOST_HOST_H
#define REPLAY_HOST_HOST_H

/*
 * The handler host: loads unmodified Janus event handlers and treats them as Janus's core does
 * (src/janus.c, src/events.c). One dispatching thread; what the host learns about a handler without
 * its help (time in its callback, when it let go of each event) is in struct handler_probe.
 *
 * All calls come from one thread, but for host_request(), which may come from any.
 */

#include "evj/error.h"
#include "evj/histogram.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct host;

/* One line that a handler logged (JANUS_LOG → janus_vprintf). */
struct host_log_line {
    int level;    /* Janus's LOG_FATAL 1, LOG_ERR 2, LOG_WARN 3, LOG_INFO 4 …; 0: a plain line */
    uint64_t seq; /* the record that was being or had last been dispatched; UINT64_MAX before the
                     first */
    const char *text; /* UTF-8, without newline, terminal colours and the level's prefix */
};
/* Called from any thread, by one at a time. It must not call back into the host. */
typedef void host_log_function(const struct host_log_line *line, void *context);

/* Handlers that a host takes: Janus's packages have six. */
#define HOST_HANDLERS_MAX 16u
#define HOST_PACKAGE_SIZE 128u

/* The slowest calls that are remembered one by one. */
#define HOST_SLOWEST 5u

/* Where the host is, for whoever must report a crash. */
enum host_phase {
    HOST_PHASE_LOAD,
    HOST_PHASE_INIT,
    HOST_PHASE_EVENT, /* inside incoming_event of record `seq` */
    HOST_PHASE_IDLE,
    HOST_PHASE_REQUEST, /* never `phase`: it is beside it (`request`) */
    HOST_PHASE_DRAIN,
    HOST_PHASE_DESTROY,
    HOST_PHASE_DONE,
};
struct host_progress {
    volatile int phase;
    volatile uint64_t seq;
    char handler[HOST_PACKAGE_SIZE]; /* package of the handler that is concerned */
    /* Beside all that, on another thread: */
    struct {
        volatile uint64_t number; /* of the request that is being made, from 1; 0: none */
        uint64_t made;            /* so far */
        volatile pid_t thread;
        char handler[HOST_PACKAGE_SIZE];
    } request;
};

/* One call of incoming_event. */
struct host_call {
    uint64_t ns, seq;
};

/* A plain value that fits into shared memory. */
struct handler_probe {
    struct evj_histogram callback_ns;       /* time inside incoming_event */
    struct host_call slowest[HOST_SLOWEST]; /* the slowest first; as many as `delivered` has */
    struct evj_histogram release_us; /* from dispatch until the handler had let go of the event */
    uint64_t delivered;              /* events given to it */
    uint64_t masked;                 /* events that its mask kept from it */
    uint64_t held;                   /* events it has not let go of yet */
    uint64_t unfinished;             /* events it had not let go of when destroy() was called */
    uint64_t leaked;                 /* events still held after destroy */
    uint64_t over_released; /* events it released more often than it took them: Janus would crash */
};

/* What outlives a crash, if it lies in memory that is shared with a supervisor. Zeroed, it is of a
 * host that has nothing. */
struct host_shared {
    struct host_progress progress;
    unsigned handlers; /* that have been loaded */
    struct {
        char package[HOST_PACKAGE_SIZE];
        struct handler_probe probe;
    } handler[HOST_HANDLERS_MAX];
};

/*
 * `config_dir` goes to each init(); `shared` must be zeroed, and outlive the host; it may be NULL, as
 * may `log`. A process has one
 * host at a time, as handlers log without saying to whom; EVJ_ERR_INVALID for a second one.
 */
int host_new(const char *config_dir, struct host_shared *shared, host_log_function *log,
             void *log_context, struct host **ret_host, struct evj_error *err);

/*
 * dlopen a handler, check its API, call its init(). `path` is a file's, relative or not; a bare
 * name such as "sampleevh" or "libjanus_sampleevh.so" is looked for where Janus's packages put
 * handlers. EVJ_ERR_INVALID with a sentence that names the file and the cause when it cannot be
 * loaded: no such file, no `create` in it, a symbol that the host lacks (by name), an API below 3
 * (with its number), an init() that failed (with its result); or one too many. Unlike Janus, which goes on with a
 * handler whose init() failed, the host refuses it.
 */
int host_load(struct host *host, const char *path, struct evj_error *err);

size_t host_handlers(const struct host *host);
const char *host_handler_package(const struct host *host, size_t index);

/*
 * Give one event to every handler whose mask has its type: the same object when there is one
 * handler, a deep copy each when there are several. Takes over the reference to `event`, on failure
 * as well; it must be the only one, or the watch cannot tell who holds it. `seq` is the record's.
 * EVJ_ERR_INVALID when it is no object, EVJ_ERR_MEMORY when it cannot be copied.
 */
int host_dispatch(struct host *host, uint64_t seq, json_t *event, struct evj_error *err);

/* Events that were given to handlers so far: each, to each. */
uint64_t host_delivered(const struct host *host);

/* Ask a handler, as the Admin API does. New reference; an empty object when it has no answer, NULL
 * when it takes no requests at all. `request` is borrowed. */
json_t *host_request(struct host *host, size_t index, json_t *request);

/* How many events some handler has not let go of yet (each copy counts). Looks at every one of
 * them. */
uint64_t host_held(struct host *host);

/* Whether anything has moved on the handlers' sockets since the last call, or is on its way: many let
 * go of an event before they send it. False when they have no socket. */
bool host_moves(struct host *host);

/* Call destroy() of every handler, and count what leaked. The libraries stay loaded, as in Janus:
 * a handler's threads may outlive its destroy(). */
void host_stop(struct host *host);

/* After that: how many threads the handlers have left running. */
size_t host_threads_left(const struct host *host);

/* What is known by now; the struct is renewed by the next call for this handler. */
const struct handler_probe *host_probe(const struct host *host, size_t index);

/* Stops first, if need be. NULL is fine. */
void host_free(struct host *host);

#endif
