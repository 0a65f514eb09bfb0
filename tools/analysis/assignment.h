/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_ASSIGNMENT_H
#define TOOLS_ANALYSIS_ASSIGNMENT_H

/* Who goes with whom, so that the sum of all costs is the least (the Hungarian method). */

#include <glib.h>
#include <stdint.h>

/* These two cannot go together. */
#define ASSIGNMENT_NEVER INT64_MAX

/* No cost may be greater. */
#define ASSIGNMENT_COST_MAX ((int64_t)1 << 40)

/*
 * `costs` has a row for each member of one side, and in it a cost for each of the other. As many go
 * together as can. ret_columns[row] is the column that the row goes with, or -1. Takes
 * O(rows × columns × the smaller of both). With the sides exchanged the result is the same.
 */
void assignment_solve(const int64_t *costs, guint rows, guint columns, int *ret_columns);

#endif
