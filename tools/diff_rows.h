/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DIFF_ROWS_H
#define TOOLS_DIFF_ROWS_H

/*
 * Two timelines that were aligned lane by lane, laid out as one list of rows, for who shows them side
 * by side. Nothing is compared here: what stands in one row was matched, or stood in the other's place.
 */

#include "tools/analysis/diff_result.h"

#include <glib.h>
#include <stdint.h>

struct diff_row {
    const struct diff_lane *lane;
    const struct diff_op *a, *b; /* what either did, the same one if they were matched; or NULL */
    int64_t order_us, then_us;   /* by which rows are sorted */
};

/* What a timeline shows of a session: a session with one handle is one part, another one a part for the
 * session itself and one for each of its handles. */
guint diff_parts(const struct diff_session *session);

/* The handle that this part is of; -1 for the session itself, or all there is. */
int diff_part_handle(const struct diff_session *session, guint part);

/*
 * The rows of a part, struct diff_row. Rows of one lane are in its order. A's steps are in the order
 * of A's time; what only B did stands behind the last step that both had done by then.
 */
GArray *diff_part_rows(const struct diff_session *session, guint part);

/* ' ' both did it, '|' otherwise or something else, '<' only A did, '>' only B. */
char diff_row_sign(const struct diff_row *row);

/* What the row amounts to; NULL: nothing. */
const struct difference *diff_row_difference(const struct diff_row *row);

#endif
