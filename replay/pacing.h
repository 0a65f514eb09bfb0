/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_PACING_H
#define REPLAY_PACING_H

/*
 * When each event is due:
 *
 *     due = anchor + (time − first time − silence left out) / speed
 *
 * in whole numbers from one anchor, never by adding up intervals, so that no error accumulates over
 * any length. A plain value that one thread uses; it asks no clock.
 */

#include "evj/error.h"

#include <stdbool.h>
#include <stdint.h>

/* Speeds are in millionths: 1000000 is the recorded pace. 0: as fast as the sink takes them. */
#define PACING_SPEED_MAX UINT64_C(0)
#define PACING_SPEED_ONE UINT64_C(1000000)
#define PACING_SPEED_LEAST UINT64_C(10000)          /* 0.01 */
#define PACING_SPEED_GREATEST UINT64_C(10000000000) /* 10000 */

/* No idle limit: silent stretches are kept. */
#define PACING_IDLE_KEPT INT64_C(0)

/* Due before anything else: what pacing_due() says at PACING_SPEED_MAX. */
#define PACING_DUE_NOW INT64_MIN

struct pacing {
    uint64_t speed_ppm;
    int64_t idle_limit_us; /* of recorded time: applied before the speed */
    bool anchored;
    int64_t anchor_ns;   /* the clock's time at which … */
    int64_t anchor_us;   /* … this recorded time is due */
    int64_t position_us; /* the latest recorded time so far */
    uint64_t skipped_us; /* silence left out since the anchor */
};

/* "0.01" … "10000", or "max". EVJ_ERR_INVALID with a sentence for the user. */
int pacing_parse_speed(const char *text, uint64_t *ret_speed_ppm, struct evj_error *err);

void pacing_init(struct pacing *pacing, uint64_t speed_ppm, int64_t idle_limit_us);

/*
 * From now on recorded time `time_us` is due at `now_ns`. Before the first event, and after
 * whatever breaks the line: a pause, a seek, a new round of a loop.
 */
void pacing_anchor(struct pacing *pacing, int64_t now_ns, int64_t time_us);

/* Another speed from `now_ns` on, without a jump: what was due by now stays due by now. */
void pacing_set_speed(struct pacing *pacing, uint64_t speed_ppm, int64_t now_ns);

/* The next greater and the next lesser of 0.01, 0.02, 0.05, 0.1 … 10000, max; at either end, the same. */
uint64_t pacing_faster(uint64_t speed_ppm);
uint64_t pacing_slower(uint64_t speed_ppm);

/*
 * The clock's time at which an event recorded at `time_us` is due. Call it for every event in
 * order, once: it sees the silent stretches between them. An event that is recorded earlier than
 * one before it is due with that one. Saturates at INT64_MAX instead of overflowing.
 */
int64_t pacing_due(struct pacing *pacing, int64_t time_us);

/* What pacing_due() said, once more: it is another time after pacing_set_speed() or a new anchor. */
int64_t pacing_when(const struct pacing *pacing);

/* The recorded time that is due at `now_ns`; the other way round. Saturates. */
int64_t pacing_position(const struct pacing *pacing, int64_t now_ns);

#endif
