/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/replay_internal.h"

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The part of [from, to) that lies behind `due`. */
static int64_t late_part(int64_t due, int64_t from, int64_t to)
{
    int64_t start = later(due, from);

    return to > start ? to - start : 0;
}

/*
 * From the moment at which an event was due, each step until its delivery began made it late: the
 * delivery before it, reading it, and the engine's own waking up. What passed before the delivery
 * before it began has been counted there.
 */
void replay_account(struct run *run, const struct steps *steps)
{
    struct replay_report *report = run->report;
    const struct steps *last = &run->last;
    int64_t due = later(steps->due_ns, last->begun_ns);

    report->lag.deliver_ns += late_part(due, last->begun_ns, last->free_ns);
    report->lag.read_ns += late_part(due, last->free_ns, steps->read_ns);
    report->lag.schedule_ns += late_part(due, steps->read_ns, steps->begun_ns);
    if (steps->due_ns == PACING_DUE_NOW)
        return;
    report->drift_ns = steps->begun_ns - steps->due_ns;
    evj_histogram_add(&report->lateness_ns, (uint64_t)report->drift_ns);
}
