/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_SUPERVISE_H
#define REPLAY_SUPERVISE_H

/*
 * Runs a replay in a forked child, so that a handler that crashes, exits or hangs takes only the
 * child with it, and the parent can tell where it was. Call it before the process has any thread.
 */

#include "evj/error.h"
#include "replay/control.h"
#include "replay/crash.h"
#include "replay/host/host.h"
#include "replay/report.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In memory that parent and child share. */
struct supervised {
    struct host_shared host;
    struct replay_report report;
    struct crash crash;
    atomic_int stop;     /* an enum replay_stop: each SIGINT or SIGTERM takes it one further */
    atomic_int returned; /* the child's function came to its end */
    struct replay_control control; /* what is asked of the child */
    /* Called in the parent, with the function's context, when there is a child; may be NULL. */
    void (*started)(struct supervised *shared, void *context);
    /* Called in the parent, with the function's context, ten times a second while a handler has been
     * handling one event for longer than that; may be NULL. */
    void (*stuck)(struct supervised *shared, void *context);
};

enum supervise_how {
    SUPERVISE_RETURNED,  /* the function returned `status` */
    SUPERVISE_EXITED,    /* somebody called exit(`status`) inside it */
    SUPERVISE_SIGNALLED, /* died of `signal` */
    SUPERVISE_HUNG,   /* stayed inside one call of a handler beyond the time-out, and was killed */
    SUPERVISE_KILLED, /* the third SIGINT or SIGTERM asked for it */
};

struct supervise_ending {
    enum supervise_how how;
    int status, signal;
    int64_t timeout_us;
    /* Where it was, unless it returned. */
    enum host_phase phase;
    uint64_t seq; /* the record in or after which; UINT64_MAX before the first */
    char handler[HOST_PACKAGE_SIZE];
    struct crash crash; /* where in its code, if it has told; also of one that hung */
    bool elsewhere;     /* that was in a thread of the handler's own */
};

/* Zeroed shared memory; the phase is HOST_PHASE_IDLE. Lives as long as the process, and its
 * children. */
int supervised_new(struct supervised **ret_shared, struct evj_error *err);

/* Returns the child's exit status. Whatever it prints it prints itself. */
typedef int supervised_function(struct supervised *shared, void *context);

/*
 * Run it in a child and wait. SIGINT and SIGTERM are kept from the child: they count up
 * shared->stop, and the third kills it. `timeout_us`: how long one call of a handler may take; 0:
 * for ever. The child dies with its parent. Returns 0 and *ret_ending, or EVJ_ERR_IO when there can
 * be no child.
 */
int supervise_run(supervised_function *run, void *context, struct supervised *shared,
                  int64_t timeout_us, struct supervise_ending *ret_ending, struct evj_error *err);

/* One sentence without a final stop: "janus.eventhandler.x died of SIGSEGV (…) in incoming_event of
 * record 7". */
void supervise_describe(const struct supervise_ending *ending, char *text, size_t size);

/* {"how":"signal","signal":"SIGSEGV","phase":"incoming_event","seq":7,"text":"…","thread":"…",
 * "backtrace":["…"…]}. New reference. */
json_t *supervise_ending_json(const struct supervise_ending *ending);

/* What the handlers had done until then: an array with an object of handler_report.h for each; `ended` is
 * how the one of `ending` came to its end. New reference. */
json_t *supervise_handlers_json(const struct supervised *shared,
                                const struct supervise_ending *ending);

#endif
