/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_DIFF_INTERNAL_H
#define TOOLS_ANALYSIS_DIFF_INTERNAL_H

/* What the files that compare share: diff.c (sessions), diff_handle.c (handles and their
 * PeerConnections), diff_lane.c (steps), diff_media.c (figures), diff_timing.c (intervals),
 * diff_verdict.c (ranking and first divergence), diff_context.c (what happened around that),
 * diff_detail.c (what a step says), diff_result.c (the result as an object). */

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
    enum model_scope scope; /* the narrower of the two */
};

/* diff_result.c */
struct diff_result *diff_result_new(void);
void diff_handle_free(gpointer handle);
void diff_who_clear(struct diff_who *who);

/* A new difference at the current place, owned by the result; neither side has done anything yet.
 */
struct difference *diff_add(struct comparing *at, enum diff_class class, enum lane_kind lane,
                            const char *lane_name);
/* Fill in what a side did, `time_us` on the wall clock. */
void diff_side_set(struct diff_side *side, const struct model_session *session, const char *key,
                   uint64_t seq, int64_t time_us);

/* diff_handle.c: compare two handles, or tell of one that has no counterpart. */
void diff_handles(struct comparing *at, struct diff_session *session, const struct model_handle *a,
                  const struct model_handle *b);
void diff_missing_handle(struct comparing *at, const struct model_handle *handle, bool in_a);

/* Two ids of the same kind that stand for each other, because their owners were matched. */
void diff_tie_ids(struct comparing *at, const char *kind, uint64_t a, uint64_t b);

/* diff_lane.c: two lists of lanes. */
void diff_lanes(struct comparing *at, const GPtrArray *a, const GPtrArray *b);
/* Does the session's journal stop before this moment of the session, which was still going on? Then
 * it is no news that something is missing, which DIFF_ENDS_BEFORE remarks. Never known when only
 * some kinds of events were selected. */
bool diff_ends_before(const struct comparing *at, const struct model_session *session,
                      int64_t offset_us);
#define DIFF_ENDS_BEFORE "the other journal ends before"

/* diff_media.c: statistics, and whether media flowed at all. */
void diff_media(struct comparing *at, const struct model_epoch *a, const struct model_epoch *b);

/* diff_timing.c */
void diff_timing(struct comparing *at, const struct diff_epoch *epoch);

/* diff_verdict.c */
void diff_rank(struct diff_result *result);

/* diff_detail.c */
/* What a step says besides its name: "room=1234 display=bob". To be freed with g_free(). */
char *diff_detail(const struct step *step);
/* Of that, what an earlier step of the same name did not say, or "again". Without such a step in its
 * lane, one in the other side's lane (or NULL) counts. NULL: there is none to be taken for it. To be
 * freed with g_free(). */
char *diff_news(const GPtrArray *steps, guint index, const GPtrArray *others);

/* diff_context.c */
void diff_context_free(gpointer context);
/* Add the steps of these lists of lanes that lie around what one side did, or did not. */
void diff_put_context(GPtrArray *context, GPtrArray *const *lanes, guint lane_lists,
                      const struct difference *difference, bool in_a,
                      const struct model_session *session);

#endif
