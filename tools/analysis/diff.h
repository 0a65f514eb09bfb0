/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_DIFF_H
#define TOOLS_ANALYSIS_DIFF_H

/*
 * Two sessions, or all sessions of two journals, compared. The result owns all it says: the models
 * may go before it. Whatever is shown of a comparison, in whatever form, is rendered from this
 * result.
 */

#include "tools/analysis/attributes.h"
#include "tools/analysis/diff_class.h"
#include "tools/analysis/lanes.h"
#include "tools/analysis/model.h"

#include <glib.h>
#include <stdbool.h>

enum diff_verdict {
    DIFF_IDENTICAL, /* nothing differs */
    DIFF_SAME,      /* nothing of class negotiation or worse differs */
    DIFF_DIFFERENT,
};

/* What one side did, or NULL and not seen where it did nothing. */
struct diff_side {
    char *key;
    char *detail; /* what else a step says that the other side lacks, "bitrate=0"; or NULL */
    char *news;   /* of that, what an earlier step of the same name did not say; or NULL */
    struct moment moment; /* time_us: from the start of its session */
    bool has_place;       /* of a step that is missing: where it would have been … */
    uint64_t place_seq;   /* … behind this event of its lane */
};

struct difference {
    enum diff_class class;
    enum lane_kind lane;
    char *lane_name;
    int session, handle, epoch; /* indices into the result; -1 for none */
    struct diff_side a, b;
    GPtrArray *changes; /* struct change: when both did it, what they disagree in */
    char *remark;       /* what to think of it, or NULL */
};

struct diff_milestone {
    struct moment a, b; /* time_us: from the start of its session */
};

struct diff_epoch {
    unsigned number;
    struct diff_milestone milestones[MILESTONES];
};

/* Who was compared. 0 and NULL where the journal does not tell. */
struct diff_who {
    uint64_t id;
    char *opaque_id, *plugin;
    int64_t started_us;
    enum reach reach;
};

struct diff_handle {
    struct diff_who a, b;
    GPtrArray
        *epochs; /* struct diff_epoch; at least one, for the milestones of the handle itself */
};

struct diff_session {
    struct diff_who a, b;
    GPtrArray *handles; /* struct diff_handle */
};

/* A step near the first divergence. */
struct diff_context {
    struct moment moment;
    char *lane_name, *key;
    char *news; /* of a step like the one where the two part: as in struct diff_side; or NULL */
    bool here;  /* this is where the two part */
};

struct diff_result {
    enum diff_verdict verdict;
    GPtrArray *differences;           /* struct difference, heaviest first, then by time */
    const struct difference *first;   /* first divergence, one of them; NULL when there is none */
    GPtrArray *context_a, *context_b; /* struct diff_context, by time; empty without divergence */
    GPtrArray *sessions;              /* struct diff_session: the pairs that were compared */
    GPtrArray *limits;                /* char *: what this comparison could not see */
    unsigned counts[DIFF_CLASSES];
    unsigned ignored; /* fields that differ, but that a rule ignores */
};

/*
 * Compare two sessions, or (with NULL for both) all sessions of two models: matched first by plugin
 * and milestones, then by order. The models must keep facts. To be freed with diff_free().
 */
struct diff_result *diff_models(const struct model *a, const struct model_session *a_session,
                                const struct model *b, const struct model_session *b_session,
                                struct rules *rules);
void diff_free(struct diff_result *result);

/* The earliest moment of a difference on either side, from the start of the session. */
int64_t difference_time(const struct difference *difference);

#endif
