/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_DIFF_SHARED_H
#define TOOLS_ANALYSIS_DIFF_SHARED_H

/*
 * The clocks of two calls have nothing in common, so the moments of what both did tell where in the one call
 * the other would have been. Lists of them are GArrays of struct shared_moment. Times are microseconds
 * since the start of the call.
 */

#include "tools/analysis/lanes.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Lanes have no order: what is this close to the first that both did may have come on its other side. */
#define NEAR_START_US (250 * 1000)

/* When a call took a step that both took, and when the other did. */
struct shared_moment {
    int64_t here_us, there_us;
    enum lane_kind lane;
    const char *key; /* of the step, which owns it */
    int handle;      /* as in struct difference */
};

/* By time here, as the others want them. */
void shared_sort(GArray *shared);

/* How many of them come at this time or before. */
guint shared_count_until(const GArray *shared, int64_t time_us);

/* When the other call would have done it: as long after what both did last as here. */
int64_t shared_expected_there(const GArray *shared, int64_t time_us);

/* Where in this call the other's journal starts; INT64_MAX: they have nothing in common. */
int64_t shared_start_of_other(const GArray *shared);

/* Did both take such a step of this handle at this time or before? `key`: a pattern as in
 * g_pattern_match_simple(). */
bool shared_has(const GArray *shared, int handle, enum lane_kind lane, const char *key,
                int64_t time_us);

#endif
