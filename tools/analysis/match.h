/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_MATCH_H
#define TOOLS_ANALYSIS_MATCH_H

/*
 * Who of one side is who of the other: by what they are and how far they got, the most alike first,
 * and among equals by order.
 */

#include "tools/analysis/model.h"

#include <glib.h>

/* Indices into the two lists; -1: without a counterpart. */
struct match {
    int a, b;
    double score; /* how alike they are: 1 in everything that is looked at, 0 in nothing */
};

/* GArray of struct match: every member of both lists once, in the order of list a, then the rest of
 * b. */
GArray *match_sessions(const GPtrArray *a, const GPtrArray *b);
GArray *match_handles(const GPtrArray *a, const GPtrArray *b);

#endif
