/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_BASELINE_H
#define TOOLS_ANALYSIS_BASELINE_H

/*
 * How long each step of the setup takes in calls that are known to be good. Calls are told apart by
 * plugin, by who makes the offer, and by whether it is a handle's first PeerConnection.
 */

#include "tools/analysis/milestone.h"
#include "tools/analysis/model.h"

#include <stdint.h>

/* Fewer calls than this tell nothing. */
#define BASELINE_CALLS_MIN 5u

struct baseline;

struct baseline *baseline_new(void);
void baseline_free(struct baseline *baseline);

/* Take in the PeerConnections of a session. */
void baseline_add(struct baseline *baseline, const struct model_session *session);

/* How many PeerConnections it knows. */
unsigned baseline_calls(const struct baseline *baseline);

/* Of an interval: how many calls had it, their median, and the median of how far each is from that. */
struct usual {
    unsigned calls;
    int64_t median_us, deviation_us;
};

/* Between two milestones of the n-th PeerConnection (from 1) of a handle like this. */
struct usual baseline_usual(struct baseline *baseline, const struct model_handle *handle,
                            unsigned number, enum milestone since, enum milestone until);

#endif
