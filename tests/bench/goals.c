/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/goals.h"

#include <stdbool.h>

static const char *const signs[] = {
    [GOAL_AT_LEAST] = "≥", [GOAL_AT_MOST] = "≤", [GOAL_BELOW] = "<"};

static bool is_met(double measured, enum goal_kind kind, double goal)
{
    switch (kind) {
    case GOAL_AT_LEAST:
        return measured >= goal;
    case GOAL_AT_MOST:
        return measured <= goal;
    default:
        return measured < goal;
    }
}

void goals_begin(struct table *table)
{
    static const char *const heads[] = {"goals", "measured", "goal", "", NULL};

    table_init(table, "What was asked for", heads);
}

void goals_add(struct table *table, const char *name, double measured, enum goal_kind kind,
               double goal, const char *unit)
{
    table_add(table, "%s", name);
    if (measured == 0) {
        table_add(table, "-");
        table_add(table, "%s %g%s", signs[kind], goal, unit);
        table_add(table, "not measured");
        return;
    }
    table_add(table, "%.2f%s", measured, unit);
    table_add(table, "%s %g%s", signs[kind], goal, unit);
    table_add(table, is_met(measured, kind, goal) ? "met" : "not met");
}
