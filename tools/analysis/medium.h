/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_MEDIUM_H
#define TOOLS_ANALYSIS_MEDIUM_H

/*
 * One medium of a PeerConnection (a mid and a kind, or only a kind before Janus 1.0), summed up
 * from its statistics and slow-link events, which are never compared one by one.
 */

#include "evj/json.h"
#include "tools/analysis/milestone.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A cumulative counter that may start again from 0: `total` is the sum over its restarts. */
struct counter {
    uint64_t total, last;
};

struct medium {
    char *mid;                 /* "" before Janus 1.0 */
    char *media;               /* "audio", "video", "video-sim1", "data" */
    char *codec;               /* or NULL */
    struct moment first, last; /* of its statistics */
    uint64_t samples;
    struct counter packets_received, packets_sent, bytes_received, bytes_sent;
    struct counter lost, lost_by_remote, nacks_received, nacks_sent;
    uint64_t rtt_sum_ms, rtt_samples;
    uint64_t slow_uplinks, slow_downlinks;
};

/* Find or add the medium. */
struct medium *medium_of(GPtrArray *media, struct evj_slice mid, struct evj_slice kind);
void medium_free(gpointer medium);

/* Add one statistics object. Numbers that are missing stay as they were. False: it is none. */
bool medium_add_stats(GPtrArray *media, struct evj_slice stats, uint64_t seq, int64_t time_us);

/* The body of a statistics event: one object, or an array of them (combined statistics). False when
 * there are no statistics in it. */
bool medium_add_event(GPtrArray *media, struct evj_slice body, uint64_t seq, int64_t time_us);

/* Has anything come in, or gone out, by now? */
bool medium_any_flow(const GPtrArray *media);

#endif
