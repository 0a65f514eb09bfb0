/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_RULES_INTERNAL_H
#define TOOLS_ANALYSIS_RULES_INTERNAL_H

/* What rules.c (the table) and rules_parse.c (a user's own rows) share. */

#include "tools/analysis/rules.h"

/* Add a row; it is freed with the rules, and so are its path and ids. */
void rules_take(struct rules *rules, struct rule *rule);

#endif
