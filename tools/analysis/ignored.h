/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_IGNORED_H
#define TOOLS_ANALYSIS_IGNORED_H

/* Fields that differ and are not told, because a rule says that it means nothing: counted by rule.
 */

#include "tools/analysis/rules.h"

#include <glib.h>

struct ignored {
    unsigned total;
    GHashTable *by_rule; /* const struct rule * → GUINT_TO_POINTER() of its number */
};

struct ignored *ignored_new(void);
void ignored_free(struct ignored *ignored);

/* One more. With ignored NULL nobody counts. */
void ignored_add(struct ignored *ignored, const struct rule *rule);

#endif
