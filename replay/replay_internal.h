/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_REPLAY_INTERNAL_H
#define REPLAY_REPLAY_INTERNAL_H

/*
 * One run of the engine, shared by its parts: replay.c goes from record to record, replay_wait.c
 * waits for the time of each and does what is asked meanwhile, replay_lag.c tells what made one late.
 * All times in nanoseconds are the stopwatch's: they stand still during a pause.
 */

#include "replay/pacing.h"
#include "replay/replay.h"
#include "replay/stopwatch.h"

#include <stdbool.h>
#include <stdint.h>

/* When the steps on the way to one delivery were done. */
struct steps {
    int64_t begun_ns; /* the delivery itself began */
    int64_t free_ns;  /* it returned */
    int64_t read_ns;  /* the event was read and ready */
    int64_t due_ns;
};

struct run {
    struct source *source;
    struct sink *sink;
    const struct replay_options *options;
    struct replay_report *report;
    struct stopwatch watch;
    struct pacing pacing;
    struct steps last;
    bool started;
    int64_t start_ns;       /* when it was to start */
    int64_t first_begun_ns; /* the first delivery */
    int64_t first_us;       /* the recorded time of the first event */
    /* A stretch is played from one recorded time on: a new one begins with each seek and round. */
    int64_t stretch_us;   /* where the present one began */
    int64_t stretches_us; /* recorded time of those before */
    int64_t target_us;    /* where the next one is to begin; SOURCE_BEGINNING: at its first event */
    uint64_t round_events; /* delivered in this round */
    unsigned steps_asked;  /* events to deliver at once, during a pause */
    bool seek_asked;       /* to `seek_us` */
    int64_t seek_us;
    int64_t observed_ns; /* of the clock */
    int64_t clock_ns;    /* what the clock said last; at full speed, each look at it is felt */
};

/* Look at the clock. Returns the stopwatch's time. */
int64_t replay_now(struct run *run);
/* What that was when the clock was looked at last. */
int64_t replay_then(const struct run *run);

/* What *options->stop says. */
int replay_stop_of(const struct run *run);

/* to_us − from_us; INT64_MAX if that is too much. */
int64_t replay_span_us(int64_t from_us, int64_t to_us);

/* ---- replay_wait.c ---- */

enum waited {
    WAITED_DUE,
    WAITED_STOPPED,
    WAITED_SEEK, /* run->seek_us is asked for */
};

/* Wait until the pacing's position is due, or is asked for; it was then that it was so. Obeys orders
 * meanwhile. The clock must have been looked at just before. */
enum waited replay_wait(struct run *run);

/* Wait for the wall-clock time at which to start, if one was given: run->start_ns. False: stopped. */
bool replay_wait_for_start(struct run *run);

/* ---- replay_lag.c ---- */

/* Reckon up one delivery that has just begun. */
void replay_account(struct run *run, const struct steps *steps);

#endif
