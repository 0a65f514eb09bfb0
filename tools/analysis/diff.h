/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_DIFF_H
#define TOOLS_ANALYSIS_DIFF_H

/*
 * Two sessions, or all sessions of two journals, compared. The result owns all it says: the models
 * may go before it. Whatever is shown of a comparison, in whatever form, is rendered from this
 * result.
 */

#include "tools/analysis/diff_result.h"
#include "tools/analysis/model.h"

#include <stdbool.h>

struct diff_options {
    struct rules *rules;     /* needed */
    enum diff_class fail_on; /* the lightest class that makes two calls different */
    bool keep_equal;         /* keep operations that are equal too, for who draws both timelines */
};

/* Those of a plain "evj diff A B". */
struct diff_options diff_options_default(struct rules *rules);

/*
 * Compare two sessions, or (with NULL for both) all sessions of two models: matched first by plugin
 * and milestones, then by order. The models must keep facts. To be freed with diff_free().
 */
struct diff_result *diff_compare(const struct model *a, const struct model_session *a_session,
                                 const struct model *b, const struct model_session *b_session,
                                 const struct diff_options *options);

/* The same with default options. */
struct diff_result *diff_models(const struct model *a, const struct model_session *a_session,
                                const struct model *b, const struct model_session *b_session,
                                struct rules *rules);

#endif
