/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_DIFF_H
#define TOOLS_ANALYSIS_DIFF_H

/*
 * Two sessions, or all sessions of two journals, compared. The result owns all it says: the models
 * may go before it. Whatever is shown of a comparison, in whatever form, is rendered from this
 * result.
 */

#include "tools/analysis/diff_result.h"
#include "tools/analysis/id_map.h"
#include "tools/analysis/model.h"
#include "tools/analysis/roster.h"

#include <stdbool.h>

struct diff_options {
    struct rules *rules;     /* needed */
    struct id_map *map;      /* who goes with whom whatever they are; or NULL */
    enum diff_class fail_on; /* the lightest class that makes two calls different */
    enum diff_timing timing;
    struct baseline *baseline; /* what is usual, instead of fixed tolerances; or NULL */
    bool keep_equal; /* keep operations that are equal too, for who draws both timelines */
    /*
     * Of how many pairs of sessions that part, of how many others that differ in something, and of
     * how many that are alike, the handles and lanes are kept; of the rest only who they are, the
     * first divergence and the counts. 0: of all.
     */
    guint details_max;
    guint context; /* steps that are kept before and after the place where two sessions part */
};

#define DIFF_CONTEXT_USUAL 3u

/* Those of a plain "evj diff A B". */
struct diff_options diff_options_default(struct rules *rules);

/*
 * Compare all sessions of two journals, matched first; if each has just one, these two. To be freed
 * with diff_free(). NULL, with *err: a temporary file failed.
 */
struct diff_result *diff_rosters(struct roster *a, struct roster *b,
                                 const struct diff_options *options, struct evj_error *err);

/* The same of models that keep their sessions, and facts; or only of one session of each, with
 * NULL for both not. Never fails. */
struct diff_result *diff_compare(const struct model *a, const struct model_session *a_session,
                                 const struct model *b, const struct model_session *b_session,
                                 const struct diff_options *options);

/* The same with default options. */
struct diff_result *diff_models(const struct model *a, const struct model_session *a_session,
                                const struct model *b, const struct model_session *b_session,
                                struct rules *rules);

#endif
