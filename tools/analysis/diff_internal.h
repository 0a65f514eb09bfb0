/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_DIFF_INTERNAL_H
#define TOOLS_ANALYSIS_DIFF_INTERNAL_H

/* What the files that compare share: diff.c (who with whom), diff_lane.c (steps), diff_media.c
 * (figures), diff_timing.c (intervals), diff_verdict.c (ranking and first divergence). */

#include "tools/analysis/diff.h"

/* A comparison under way, and where it is. */
struct comparing {
    struct diff_result *result;
    struct rules *rules;
    struct ids *ids;
    const struct model_session *a, *b;
    const struct model_handle *a_handle, *b_handle; /* NULL: of no handle */
    int session, handle, epoch;
    bool capped;
};

/* A new difference at the current place, owned by the result; neither side has done anything yet.
 */
struct difference *diff_add(struct comparing *at, enum diff_class class, enum lane_kind lane,
                            const char *lane_name);
/* Fill in what a side did, `time_us` on the wall clock. */
void diff_side_set(struct diff_side *side, const struct model_session *session, const char *key,
                   uint64_t seq, int64_t time_us);

/* diff_lane.c: two lists of lanes. */
void diff_lanes(struct comparing *at, const GPtrArray *a, const GPtrArray *b);

/* diff_media.c: statistics, and whether media flowed at all. */
void diff_media(struct comparing *at, const struct model_epoch *a, const struct model_epoch *b);

/* diff_timing.c */
void diff_timing(struct comparing *at, const struct diff_epoch *epoch);

/* diff_verdict.c */
void diff_context_free(gpointer context);
void diff_rank(struct diff_result *result);
/* Add the steps of these lists of lanes that lie around what `side` did, or did not. */
void diff_put_context(GPtrArray *context, GPtrArray *const *lanes, guint lane_lists,
                      const struct diff_side *side, const struct model_session *session);

#endif
