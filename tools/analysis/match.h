/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_MATCH_H
#define TOOLS_ANALYSIS_MATCH_H

/*
 * Who of one side is who of the other. What each pair differs in has a price (match_cost.c), and the
 * cheapest way to match as many as can be is taken, exactly: for up to MATCH_EXACT_MAX members of a
 * side. Of more, those that are alike in all are matched first, by order, then those that are alike
 * in less, until few enough are left. Members of different plugins are never matched.
 */

#include "tools/analysis/brief.h"
#include "tools/analysis/id_map.h"

#include <glib.h>
#include <stdbool.h>

#define MATCH_EXACT_MAX 200u

/* Indices into the two lists; -1: without a counterpart. */
struct match {
    int a, b;
    double score; /* how alike they are: 1 in everything that is looked at, 0 in nothing */
    bool mapped;  /* because somebody said so */
};

/* Both: GArray of struct match, every member of both lists once, in the order of list a, then the
 * rest of b. `map` may be NULL. */

/* GPtrArrays of struct brief. One of each are matched whatever they are. */
GArray *match_sessions(const GPtrArray *a, const GPtrArray *b, const struct id_map *map);

/* The handles of two sessions. */
GArray *match_handles(const struct brief *a, const struct brief *b, const struct id_map *map);

#endif
