/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_TOOLS_ANALYSIS_RECORDINGS_H
#define TESTS_TOOLS_ANALYSIS_RECORDINGS_H

/* The calls of tests/data/recordings and tests/data/plugins, and where calls of two kinds part (the file "divergences" of the former). */

#include "tools/analysis/diff.h"

#include <glib.h>
#include <stdbool.h>

struct recording {
    char *kind; /* "echo-http" */
    char *name; /* "echo-http/03" */
    char *path;
    struct model *model;
};

/* GPtrArray of struct recording, by name, with their models. Fails the test if one is not readable. */
GPtrArray *recordings_load(void);

/* The same without models, for who reads the journals otherwise. */
GPtrArray *recordings_list(void);
/* Those of tests/data/plugins, without models. */
GPtrArray *recordings_list_plugins(void);

/* One row: calls of a kind in `a` and of a kind in `b` part where the one does `a_step` and the other
 * `b_step`. */
struct divergence {
    GStrv a, b;            /* kinds */
    char *class, *lane;    /* "same" instead of a class: nothing weighs */
    char *a_step, *b_step; /* keys; "*" for any, NULL where that side does nothing */
    char *says;            /* what must be in the step, or in what changed; NULL: anything */
};

/* GPtrArray of struct divergence. */
GPtrArray *divergences_load(void);

/* Does this row speak of these kinds? *ret_swapped: of `a` as its second. */
bool divergence_is_of(const struct divergence *row, const char *a, const char *b,
                      bool *ret_swapped);

/* Is the result as this row says? */
bool divergence_holds(const struct divergence *row, const struct diff_result *result, bool swapped);

#endif
