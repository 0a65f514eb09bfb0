/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_MATCH_COST_H
#define TOOLS_ANALYSIS_MATCH_COST_H

/* How unlike two sessions, or two handles, are: the price of matching them. */

#include "tools/analysis/brief.h"

/* Of two that have nothing in common but their plugin. */
#define MATCH_COST_MAX 1000

/* 0 … MATCH_COST_MAX; -1: never. Symmetric. */
int match_cost_handles(const struct brief_handle *a, const struct brief_handle *b);
int match_cost_sessions(const struct brief *a, const struct brief *b);

/* What a session is like, for looking up its like: equal for sessions that cost nothing at that
 * level. The first level is the strictest. */
enum { MATCH_LEVELS = 4 };
uint64_t match_likeness_of_session(const struct brief *session, unsigned level);
uint64_t match_likeness_of_handle(const struct brief_handle *handle, unsigned level);

#endif
