/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_DIFF_RESULT_H
#define TOOLS_ANALYSIS_DIFF_RESULT_H

/*
 * What a comparison found, for whoever shows it. Plain values, owned by the result, to be read
 * only. Two sessions that were matched are a diff_session; below it lie the handles that were
 * matched, below those their PeerConnections (epochs), and in each of the three its lanes.
 *
 * Times of moments are microseconds since the first event of the session of that side; seqs are
 * those of the side's journal. Side by side stand what A says and what B says; `a` and `b` of
 * different meaning never mix.
 */

#include "tools/analysis/attributes.h"
#include "tools/analysis/baseline.h"
#include "tools/analysis/diff_class.h"
#include "tools/analysis/lanes.h"
#include "tools/analysis/milestone.h"
#include "tools/analysis/model.h"

#include <glib.h>
#include <stdbool.h>

enum diff_verdict {
    DIFF_IDENTICAL, /* nothing differs */
    DIFF_SAME,      /* nothing differs that weighs enough to fail */
    DIFF_DIFFERENT,
};

/* "identical", "same", "different". Static text, as of all the functions here. */
const char *diff_verdict_name(enum diff_verdict verdict);

/* What becomes of steps that took longer than they may. */
enum diff_timing {
    DIFF_TIMING_NOTE, /* they are told as of class timing */
    DIFF_TIMING_OFF,  /* nobody looks */
    DIFF_TIMING_FAIL, /* they are told, and weigh whatever diff_options.fail_on says */
};

/* "note", "off", "fail"; and back: false for any other text. */
const char *diff_timing_name(enum diff_timing timing);
bool diff_timing_from_name(const char *name, enum diff_timing *ret_timing);

enum diff_which { DIFF_A, DIFF_B, DIFF_BOTH };

/* "A", "B", "both". */
const char *diff_which_name(enum diff_which which);

/* ---- differences: the findings ---- */

/* What one side did, or NULL and not seen where it did nothing. */
struct diff_side {
    char *key;
    char *detail; /* what else a step says that the other side lacks, "bitrate=0"; or NULL */
    char *news;   /* of that, what an earlier step of the same name did not say; or NULL */
    struct moment moment;
    enum diff_class alone; /* DIFF_INSTEAD: what it weighs by itself */
    bool has_place;        /* of a step that is missing: where it would have been … */
    uint64_t place_seq;    /* … behind this event of its lane */
};

enum diff_how {
    DIFF_CHANGED, /* both did it, and `changes` says what they disagree in */
    DIFF_ONLY_A,
    DIFF_ONLY_B,
    DIFF_INSTEAD, /* A did the one in the place where B did the other */
};

/* "changed", "only-a", "only-b", "instead". */
const char *diff_how_name(enum diff_how how);

struct difference {
    enum diff_class class;
    enum diff_how how;
    enum lane_kind lane;
    char *lane_name;
    int session, handle, epoch; /* indices into the result; -1 for none */
    struct diff_side a, b;
    GPtrArray *changes; /* struct change; empty unless DIFF_CHANGED */
    char *remark;       /* what to think of it, or NULL */
};

/* ---- lanes: both timelines, aligned ---- */

enum diff_op_kind { DIFF_OP_EQUAL, DIFF_OP_CHANGED, DIFF_OP_ONLY_A, DIFF_OP_ONLY_B };

/* "=", "~", "-", "+", as in a diff: what A has is "-", what B has is "+". */
const char *diff_op_sign(enum diff_op_kind kind);

/* One row of two aligned lanes: a step that both took, or one of them. */
struct diff_op {
    enum diff_op_kind kind;
    char *key;
    struct moment a, b;                  /* not seen: that side did not */
    unsigned a_count, b_count;           /* how often in a row */
    const struct difference *difference; /* what it amounts to, and what changed; NULL: nothing.
                                            Steps that stand in one another's place share one. */
};

struct diff_lane {
    enum lane_kind kind;
    char *name;
    GArray *ops; /* struct diff_op, in order; without the equal ones unless those were asked for */
    unsigned equal, changed, only_a, only_b; /* how many there were */
    bool capped;                             /* too long: its rest was aligned by place only */
};

/* ---- milestones and the time between them ---- */

enum diff_flag {
    DIFF_FLAG_NONE,
    DIFF_FLAG_ONLY_A,
    DIFF_FLAG_ONLY_B,
    DIFF_FLAG_SLOWER, /* B took much longer for this step than A, or than is usual */
    DIFF_FLAG_FASTER,
};

/* "", "only-a", "only-b", "slower", "faster". */
const char *diff_flag_name(enum diff_flag flag);

/* delta = b - a, where both are seen. */
struct diff_milestone {
    struct moment a, b;
    enum diff_flag flag;
    bool has_interval;    /* the time since the milestone before that both sides reached: */
    enum milestone since; /* … which is this one */
    int64_t a_us, b_us;
    struct usual usual; /* what known good calls took; its calls are 0 without a baseline */
};

/* What must come before what, whichever threads report it. */
enum diff_order { DIFF_ORDER_UNKNOWN, DIFF_ORDER_KEPT, DIFF_ORDER_BROKEN };

enum diff_edge {
    DIFF_EDGE_OFFER_ANSWER,
    DIFF_EDGE_PAIR_DTLS,
    DIFF_EDGE_DTLS_UP,
    DIFF_EDGE_UP_HANGUP,
    DIFF_EDGES,
};

/* "offer before answer" … */
const char *diff_edge_name(enum diff_edge edge);

/* ---- SDPs ---- */

enum diff_sdp_state {
    DIFF_SDP_EQUAL,
    DIFF_SDP_REORDERED, /* says the same in another order */
    DIFF_SDP_CHANGED,
    DIFF_SDP_ONLY_A,
    DIFF_SDP_ONLY_B,
};

/* "equal", "reordered", "changed", "only-a", "only-b". */
const char *diff_sdp_state_name(enum diff_sdp_state state);

/* One media section, or what stands before the first. */
struct diff_sdp_section {
    char *name;            /* "mid:0"; "#1" without mid; "" for the head */
    char *a_kind, *b_kind; /* "audio"; NULL for the head, and where a side has no such section */
    enum diff_sdp_state state;
    GPtrArray *changes;   /* struct change */
    GPtrArray *reordered; /* char *: what has another order: "codecs", "lines", "sections" */
};

/* An offer or an answer that both sides made. */
struct diff_sdp {
    char *key; /* as in the lane: "remote offer" */
    struct moment a, b;
    bool a_restarts_ice, b_restarts_ice; /* ufrag is another than before */
    enum diff_sdp_state state;           /* the worst of its sections */
    GPtrArray *sections;                 /* struct diff_sdp_section, the head first */
};

/* ---- candidates ---- */

struct diff_candidates {
    char *kind; /* "remote host udp IPv4" */
    unsigned a, b;
};

/* ---- statistics ---- */

enum diff_phase {
    DIFF_PHASE_SETUP,  /* the first seconds */
    DIFF_PHASE_STEADY, /* between */
    DIFF_PHASE_END,    /* the last ten seconds, as far as they are not setup */
    DIFF_PHASES,
};

/* "setup", "steady", "end". */
const char *diff_phase_name(enum diff_phase phase);

enum diff_figure {
    DIFF_RECEIVED_KBPS,
    DIFF_SENT_KBPS,
    DIFF_LOSS_IN_PERCENT,
    DIFF_LOSS_OUT_PERCENT,
    DIFF_NACKS_IN_PERCENT,
    DIFF_NACKS_OUT_PERCENT,
    DIFF_RTT_MEDIAN_MS,
    DIFF_RTT_P95_MS,
    DIFF_JITTER_IN_MEDIAN_MS,
    DIFF_JITTER_IN_P95_MS,
    DIFF_JITTER_OUT_MEDIAN_MS,
    DIFF_JITTER_OUT_P95_MS,
    DIFF_FIGURES,
};

/* "received-kbps" … */
const char *diff_figure_name(enum diff_figure figure);

/* What one side's statistics say of a phase. */
struct diff_figures {
    bool seen;
    int64_t from_us, until_us;   /* since the start of the session */
    uint64_t samples;            /* statistics events */
    double values[DIFF_FIGURES]; /* NAN: not told */
};

struct diff_medium {
    char *mid; /* "" before Janus 1.0, on either side */
    char *media;
    char *a_codec, *b_codec; /* or NULL */
    bool in_a, in_b;
    unsigned a_resets, b_resets; /* how often a counter started again */
    uint64_t a_slow_links, b_slow_links;
    struct {
        struct diff_figures a, b;
        bool flagged[DIFF_FIGURES]; /* further apart than they may be */
    } phases[DIFF_PHASES];
};

/* ---- who ---- */

/* Who was compared. 0 and NULL where the journal does not tell. */
struct diff_who {
    uint64_t id;
    char *opaque_id, *plugin;
    char *display;                 /* of a handle: who publishes, or is subscribed to */
    char *role;                    /* of a handle: who made the first offer, "remote" or "local" */
    int64_t started_us, lasted_us; /* wall clock; first to last event */
    uint64_t first_seq, last_seq, events; /* seqs of a session only */
    enum reach reach;
    enum session_end ended; /* of a session */
    char *hangup_reason;    /* of a handle: of its last PeerConnection */
};

/* Somebody without a counterpart. */
struct diff_lone {
    enum diff_which side; /* DIFF_A or DIFF_B */
    struct diff_who who;
};

struct diff_epoch {
    unsigned number;             /* 1 …: its place in this list */
    unsigned a_number, b_number; /* which of its handle's; 0: that side has none */
    struct diff_milestone milestones[MILESTONES];
    struct {
        enum diff_order a, b;
    } edges[DIFF_EDGES];
    GPtrArray *lanes;      /* struct diff_lane */
    GPtrArray *sdps;       /* struct diff_sdp */
    GPtrArray *candidates; /* struct diff_candidates, by kind */
    GPtrArray *media;      /* struct diff_medium */
};

struct diff_handle {
    struct diff_who a, b;
    double score;     /* how alike they are for the matching: 1 in everything, 0 in nothing */
    bool mapped;      /* because somebody said so */
    GPtrArray *lanes; /* struct diff_lane: of the handle itself and its plugin */
    GPtrArray
        *epochs; /* struct diff_epoch; at least one, for the milestones of the handle itself */
    bool evaluated[DIFF_CLASSES]; /* could anything of this class be seen on both sides? */
};

/* Events that one side's journal lacks, within a session. */
struct diff_gap {
    enum diff_which side;
    int64_t from_us, until_us;
    uint64_t events;
};

struct diff_session {
    struct diff_who a, b;
    double score;
    bool mapped;
    unsigned counts[DIFF_CLASSES];
    const struct difference *first;   /* where the two part, as in the result; NULL when nowhere */
    GPtrArray *context_a, *context_b; /* struct diff_context around it, by time */
    bool evaluated[DIFF_CLASSES];     /* the same as of a handle, of the session itself */
    bool has_details;                 /* false: what follows was not kept */
    GPtrArray *lanes;                 /* struct diff_lane: of the session and its connection */
    GPtrArray *handles;               /* struct diff_handle */
    GPtrArray *lone_handles;          /* struct diff_lone */
    GPtrArray *gaps;                  /* struct diff_gap */
};

/* ---- the whole ---- */

/* A step near the first divergence. */
struct diff_context {
    struct moment moment;
    char *lane_name, *key;
    char *news; /* of a step like the one where the two part: as in struct diff_side; or NULL */
    bool here;  /* this is where the two part */
};

enum diff_limit_kind {
    DIFF_LIMIT_STARTS_LATE, /* the journal begins in the middle of a session */
    DIFF_LIMIT_ENDS_EARLY,
    DIFF_LIMIT_GAP,      /* events were lost */
    DIFF_LIMIT_SELECTED, /* not all events were selected */
    DIFF_LIMIT_CAPPED,   /* too much of something to be looked at in full */
    DIFF_LIMIT_MIDS,     /* a side tells no mids, and there are several media of a kind */
};

/* "starts-late", "ends-early", "gap", "selected", "capped", "mids". */
const char *diff_limit_kind_name(enum diff_limit_kind kind);

/* What this comparison could not see. */
struct diff_limit {
    enum diff_limit_kind kind;
    enum diff_which side;
    int session; /* index into the result; -1: of the whole */
    char *text;  /* a sentence */
};

/* A rule, and how many differences it made be ignored. */
struct diff_ignored {
    char *path; /* its pattern */
    enum rule_class class;
    unsigned count;
};

struct diff_result {
    enum diff_verdict verdict;
    enum diff_class fail_on;          /* what differs in this class or a heavier one weighs */
    enum diff_timing timing;          /* with DIFF_TIMING_FAIL slow steps weigh as well */
    GPtrArray *differences;           /* struct difference, heaviest first, then by time */
    const struct difference *first;   /* first divergence, one of them; NULL when there is none */
    GPtrArray *context_a, *context_b; /* struct diff_context, by time; empty without divergence */
    GPtrArray *sessions;              /* struct diff_session: the pairs that were compared */
    GPtrArray *lone_sessions;         /* struct diff_lone */
    GPtrArray *limits;                /* struct diff_limit */
    unsigned counts[DIFF_CLASSES];
    unsigned ignored;         /* fields that differ, but that a rule ignores */
    GPtrArray *ignored_rules; /* struct diff_ignored: the same by rule, the most first */
};

void diff_free(struct diff_result *result);

/* Does this one make two calls different? */
bool diff_weighs(const struct diff_result *result, const struct difference *difference);

/* The earliest moment of a difference on either side, from the start of the session. */
int64_t difference_time(const struct difference *difference);

#endif
