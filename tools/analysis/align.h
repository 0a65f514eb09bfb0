/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_ALIGN_H
#define TOOLS_ANALYSIS_ALIGN_H

/*
 * Which step of one sequence is which of another. Steps of equal key are matched, at no cost when
 * they say the same, at some when they do not; a step without a counterpart costs 1; steps of
 * different keys are never matched. The cheapest alignment is found exactly (Needleman-Wunsch) for
 * up to ALIGN_STEPS_MAX steps against as many, once what both begin and end with is off. Longer ones are
 * cut at the steps whose key comes once on each side; what is too long still is matched by its keys
 * only, with as few steps missing as can be (Myers), or by place if hardly any are in common. The
 * result of (a, b) mirrors that of (b, a).
 */

#include <glib.h>
#include <stdbool.h>

#define ALIGN_STEPS_MAX 2000u

/* A step of each side; -1 where it has no counterpart. */
struct aligned {
    int a, b;
};

/*
 * Align two GPtrArrays of struct step. Returns a GArray of struct aligned, in order. *ret_capped is
 * set (and never cleared) when a part was too long to be aligned exactly.
 */
GArray *align_steps(const GPtrArray *a, const GPtrArray *b, bool *ret_capped);

#endif
