/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_ALIGN_INTERNAL_H
#define TOOLS_ANALYSIS_ALIGN_INTERNAL_H

/* What align.c (what to align how), align_exact.c (Needleman-Wunsch), align_anchors.c (keys that come
 * once) and align_keys.c (Myers) share. */

#include "tools/analysis/align.h"

#include <stdint.h>

/* A sequence as numbers. */
struct align_side {
    guint len;
    guint *keys; /* equal for equal keys, on both sides */
    guint *says; /* equal for steps that say the same */
};

/* Two sequences that are being aligned. */
struct aligning {
    const GPtrArray *a_steps, *b_steps; /* struct step */
    struct align_side a, b;
    GHashTable *costs; /* of two steps that say different things: uint64_t of both says → cost */
    GArray *aligned;   /* struct aligned: what has come out so far */
    bool capped;
};

/* A part of both: from … until, without the latter. */
struct align_range {
    guint a_from, a_until, b_from, b_until;
};

static inline guint align_a_len(const struct align_range *range)
{
    return range->a_until - range->a_from;
}

static inline guint align_b_len(const struct align_range *range)
{
    return range->b_until - range->b_from;
}

/* align.c */
/* -1: that side has no counterpart. */
void align_put(struct aligning *aligning, int a, int b);
/* Costs in thousandths of a missing step. Any match is cheaper than two missing steps. */
enum { ALIGN_COST_GAP = 1000, ALIGN_COST_NEVER = G_MAXINT / 4 };
int align_cost(struct aligning *aligning, guint a, guint b);

/* Each adds the steps of the range to the result. */
void align_exactly(struct aligning *aligning, const struct align_range *range);
void align_by_keys(struct aligning *aligning, const struct align_range *range);

/* align_anchors.c: the steps that are surely the same, in order: struct aligned. To be freed. */
GArray *align_anchors(const struct aligning *aligning, const struct align_range *range);

#endif
