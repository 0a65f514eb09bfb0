/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_GOALS_H
#define TESTS_BENCH_GOALS_H

/* What was measured beside what it ought to be, and whether it is. One thread. */

#include "tests/bench/table.h"

enum goal_kind { GOAL_AT_LEAST, GOAL_AT_MOST, GOAL_BELOW };

void goals_begin(struct table *table);

/* `name` is copied; `unit` stands behind both numbers. What could not be measured is 0. */
void goals_add(struct table *table, const char *name, double measured, enum goal_kind kind,
               double goal, const char *unit);

#endif
