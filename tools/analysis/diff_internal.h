/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_DIFF_INTERNAL_H
#define TOOLS_ANALYSIS_DIFF_INTERNAL_H

/*
 * What the files that compare share: diff.c (all sessions), diff_session.c (two of them),
 * diff_handle.c (handles and their PeerConnections), diff_lane.c (steps), diff_missing.c, diff_changes.c (their
 * fields), diff_sdp.c, diff_candidates.c, diff_media.c, diff_mids.c (what a medium goes by), diff_figures.c, diff_order.c (what comes before what), diff_timing.c (intervals), diff_verdict.c
 * (ranking and first divergence), diff_context.c (what happened around that), diff_detail.c (what a
 * step says), diff_partial.c (journals that start or end in mid-call), diff_shared.c (where in one call the other is), diff_limits.c (what could not be seen), diff_who.c, diff_result.c (the result as an
 * object), diff_names.c (its words).
 */

#include "tools/analysis/diff.h"
#include "tools/analysis/diff_shared.h"
#include "tools/analysis/match.h"

/* A comparison under way, and where it is. */
struct comparing {
    struct diff_result *result;
    const struct diff_options *options;
    struct rules *rules;
    struct ids *ids;
    struct ignored *ignored;
    struct roster *a_roster, *b_roster;
    const struct brief *a_brief, *b_brief;
    const struct model_session *a, *b;
    const struct model_handle *a_handle, *b_handle; /* NULL: of no handle */
    struct diff_session *pair;
    GPtrArray *built;                /* struct built_lanes: all of the pair */
    struct diff_handle *handle_pair; /* NULL: of no handle */
    struct diff_epoch *epoch_pair;
    bool is_partial;   /* of one of the two, the journal saw only a part; then … */
    GArray *shared[2]; /* … struct shared_moment: of A (DIFF_A), of B */
    int64_t
        started_us[2]; /* … and where in it the other's journal starts; INT64_MAX: nobody knows */
    /* From when until when the other journal could see what this one tells, on this one's wall clock, by the
     * calls that it saw a part of; INT64_MAX and INT64_MIN without such. */
    int64_t seen_from_us[2], seen_until_us[2];
    int session, handle, epoch;
    /* Pairs whose details were kept, see diff_options.details_max. */
    struct {
        guint parted, differing, alike;
    } kept;
    enum model_scope scope; /* the narrower of the two */
};

/* diff_result.c */
struct diff_result *diff_result_new(void);
struct diff_session *diff_session_new(void);
/* Keep only who it is, where the two part, and the counts. */
void diff_session_drop_details(struct diff_session *session);
struct diff_handle *diff_handle_new(void);
struct diff_epoch *diff_epoch_new(void);
struct diff_sdp *diff_sdp_new(void);
struct diff_sdp_section *diff_sdp_section_new(void);
struct diff_medium *diff_medium_new(void);
struct diff_lane *diff_lane_new(enum lane_kind kind, const char *name);

/* A new difference at the current place, owned by the result; neither side has done anything yet.
 */
struct difference *diff_add(struct comparing *at, enum diff_class class, enum lane_kind lane,
                            const char *lane_name);
/* The same for what both sides did: takes `changes`, which are not empty, and their weight. */
struct difference *diff_add_changed(struct comparing *at, enum lane_kind lane,
                                    const char *lane_name, GPtrArray *changes);
/* Fill in what a side did, `time_us` on the wall clock. */
void diff_side_set(struct diff_side *side, const struct model_session *session, const char *key,
                   uint64_t seq, int64_t time_us);
/* A moment since the start of its session. */
struct moment diff_moment(const struct model_session *session, const struct moment *moment);
/* Something of this class could be seen on both sides: of the handle, or else of the session. */
void diff_evaluated(struct comparing *at, enum diff_class class);

/* diff_who.c */
void diff_who_session(struct diff_who *who, const struct model_session *session);
void diff_who_handle(struct diff_who *who, const struct model_handle *handle);
void diff_who_clear(struct diff_who *who);

/* diff_limits.c: of the pair of sessions that is compared, and of the whole. */
void diff_limits_of_pair(struct comparing *at);
void diff_limits_of_all(struct comparing *at);
/* How many events a side's journal lost between two moments, within its session. */
uint64_t diff_lost_between(const struct comparing *at, enum diff_which side, int64_t from_us,
                           int64_t until_us);
void diff_limit_lane(struct comparing *at, const char *lane_name);
void diff_limit_media(struct comparing *at, enum diff_which side);
void diff_limit_mids(struct comparing *at, enum diff_which side, const char *kind);

/* diff_session.c: compare two sessions, or tell of one that has no counterpart. */
void diff_sessions(struct comparing *at, const struct model_session *a,
                   const struct model_session *b, const struct match *match);
void diff_missing_session(struct comparing *at, const struct model_session *session, bool in_a);

/* diff_handle.c: compare two handles, or tell of one that has no counterpart. */
void diff_handles(struct comparing *at, const struct model_handle *a, const struct model_handle *b,
                  const struct match *match);
void diff_missing_handle(struct comparing *at, const struct model_handle *handle, bool in_a);

/* diff_lane.c: two lists of lanes; how they align is added to `aligned` (struct diff_lane). */
void diff_lanes(struct comparing *at, const GPtrArray *a, const GPtrArray *b, GPtrArray *aligned);

/* diff_missing.c */
/* A step that only one side took. */
struct lone_step {
    enum lane_kind kind;
    const GPtrArray *steps; /* of its lane */
    guint index;            /* the step's among them */
    bool is_last;           /* behind it, the two lanes have nothing in common */
};

/* What it means; *ret_reason is set when that is less than it could be. */
enum diff_class diff_class_of_missing(const struct comparing *at, const struct lone_step *lone,
                                      bool in_a, const char **ret_reason);

/* diff_partial.c */
/* Was the session under way when its journal began, or when it ended? Never known when only some kinds
 * of events were selected. */
bool diff_starts_late(const struct comparing *at, const struct model_session *session);
bool diff_ends_early(const struct comparing *at, const struct model_session *session);
/* For each pair of sessions: first, for each step that both took, and last, when make notes of differences,
 * from this index on, that one side's journal could not see. */
void diff_partial_begin(struct comparing *at);
void diff_partial_share(struct comparing *at, enum lane_kind lane, const struct step *a,
                        const struct step *b);
void diff_partial_settle(struct comparing *at, guint from);
/* Why the other journal could not see a session that has no counterpart there; NULL: it could. After all pairs. */
const char *diff_partial_lone(const struct comparing *at, const struct model_session *session,
                              bool in_a);

/* diff_changes.c */
/* Make less, or nothing, of changes that others explain. */
void diff_settle_changes(GPtrArray *changes);
/* Is this the path of a list of what an SDP has, in order? */
bool diff_is_order(const char *path);

/* diff_sdp.c: two steps of the signalling lane, with the changes found in them. */
void diff_sdp_pair(struct comparing *at, const struct step *a, const struct step *b,
                   const GPtrArray *changes);

/* diff_candidates.c */
void diff_candidates(struct comparing *at, const struct model_epoch *a,
                     const struct model_epoch *b);

/* diff_figures.c */
/* Put down both sides' figures of each phase; what is too far apart goes to `changes`, if those are
 * wanted. */
void diff_put_figures(const struct comparing *at, struct diff_medium *medium,
                      const struct medium *a, const struct medium *b, GPtrArray *changes);

/* diff_media.c: statistics, and whether media flowed at all; `by_kind` as of diff_mids(). */
void diff_media(struct comparing *at, const struct model_epoch *a, const struct model_epoch *b,
                unsigned by_kind);

/* diff_order.c: what must come before what, in either side's lanes. */
void diff_orders(struct comparing *at, const GPtrArray *a_lanes, const GPtrArray *b_lanes);

/* diff_timing.c */
void diff_timing(struct comparing *at);

/* diff_verdict.c */
/* The first divergence among the differences from this index on, or NULL. */
const struct difference *diff_first(const struct diff_result *result, guint from);
/* Once all was compared. */
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

/* The lanes of one place, which are needed again once it is known where the two part. */
struct built_lanes {
    int handle, epoch;
    GPtrArray *a, *b; /* NULL where there is nothing on a side */
};

void built_lanes_free(gpointer built);
/* Those of the current place. Takes the lanes; the result is owned by `at`. */
const struct built_lanes *diff_keep_lanes(struct comparing *at, GPtrArray *a, GPtrArray *b);

/* What each side of the pair did around its first divergence. */
void diff_put_contexts(struct comparing *at);

/* diff_mids.c: of which kinds (a bit for each) one side tells no mid, and both have one medium only. These go by their
 * kind on both sides: so are their lanes named from here on. Where there are several, that they cannot be told apart is put
 * among the limits. */
unsigned diff_mids(struct comparing *at, const struct model_epoch *a, const struct model_epoch *b,
                   const struct built_lanes *lanes);
/* Is a medium ("audio", "video-sim1") of one of these kinds? */
bool diff_goes_by_kind(unsigned by_kind, const char *media);

#endif
