/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_REPLAY_H
#define REPLAY_REPLAY_H

/*
 * The replay engine: takes records from a source and gives the events to a sink, each when it is
 * due. It runs in the thread that calls it, keeps one record at a time, and prints nothing.
 */

#include "evj/error.h"
#include "replay/clock.h"
#include "replay/control.h"
#include "replay/report.h"
#include "replay/sink.h"
#include "replay/source.h"

#include <stdatomic.h>
#include <stdint.h>

/* What *options->stop says. Set it from a signal handler or from another process. */
enum replay_stop {
    REPLAY_GO_ON = 0,
    REPLAY_STOP = 1,  /* deliver no more, but wait for what is under way */
    REPLAY_HURRY = 2, /* nor wait for that */
};

/* Called now and then from the engine's thread, also while it waits: for a status line. */
typedef void replay_observer(const struct replay_report *report, void *context);

/* No wall-clock time to start at, and no last round. */
#define REPLAY_START_NOW INT64_C(0)
#define REPLAY_FOREVER UINT64_MAX

/* Zero is a fine value for every member but `clock`. */
struct replay_options {
    struct replay_clock *clock;
    uint64_t speed_ppm;    /* PACING_SPEED_MAX (0) … */
    int64_t idle_limit_us; /* longest silent stretch of recorded time; 0: keep all */
    uint64_t rounds;       /* how often to replay it all: 0 and 1 are once, or REPLAY_FOREVER */
    int64_t start_wall_us; /* the first event is due then (since 1970), or REPLAY_START_NOW */
    struct replay_control *control; /* who may ask for a pause, say; may be NULL */
    atomic_int *continued;     /* a SIGCONT handler sets it, the engine resets it; may be NULL */
    int64_t drain_us;          /* how long the sink may take to finish; 0: do not wait */
    const atomic_int *stop;    /* an enum replay_stop; may be NULL */
    replay_observer *observer; /* may be NULL */
    void *observer_context;
};

/*
 * Replay until the source has no more, in the last round, or *options->stop says so; then let the sink finish.
 * `report` must be zeroed, and is kept up to date for whoever looks on from outside.
 * What is live where it begins (`state` records) is delivered at once, before the first event; so is
 * that of each round, and of each place that is asked for.
 *   0        stopped on request (report->interrupted).
 *   EVJ_END  everything has been replayed.
 *   < 0      the source or the sink failed; *err says what. Events before it were delivered.
 */
int replay_run(struct source *source, struct sink *sink, const struct replay_options *options,
               struct replay_report *report, struct evj_error *err);

#endif
