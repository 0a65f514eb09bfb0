/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_ALIGN_H
#define TOOLS_ANALYSIS_ALIGN_H

/*
 * Needleman-Wunsch over two sequences of steps: steps of equal key are matched, at no cost when
 * they say the same, at some when they do not; a step without a counterpart costs 1; steps of
 * different keys are never matched. The result of (a, b) mirrors that of (b, a).
 */

#include <glib.h>
#include <stdbool.h>

/* The most steps of a side that are held against one another, once what both begin and end with is
 * off. */
#define ALIGN_STEPS_MAX 2000u

/* A step of each side; -1 where it has no counterpart. */
struct aligned {
    int a, b;
};

/*
 * Align two GPtrArrays of struct step. Returns a GArray of struct aligned, in order. *ret_capped is
 * set (and never cleared) when the sequences were too long: then steps past the limit are matched
 * by place and key only as far as they agree.
 */
GArray *align_steps(const GPtrArray *a, const GPtrArray *b, bool *ret_capped);

#endif
