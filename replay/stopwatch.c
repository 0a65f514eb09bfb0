/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/stopwatch.h"

int64_t stopwatch_at(const struct stopwatch *watch, int64_t clock_ns)
{
    return (watch->stopped ? watch->since_ns : clock_ns) - watch->paused_ns;
}

int64_t stopwatch_to_clock(const struct stopwatch *watch, int64_t own_ns)
{
    int64_t clock_ns;

    return __builtin_add_overflow(own_ns, watch->paused_ns, &clock_ns) ? INT64_MAX : clock_ns;
}

void stopwatch_stop(struct stopwatch *watch, int64_t clock_ns)
{
    if (watch->stopped)
        return;
    watch->stopped = true;
    watch->since_ns = clock_ns;
}

void stopwatch_stand(struct stopwatch *watch, int64_t stood_ns)
{
    if (!watch->stopped)
        watch->paused_ns += stood_ns;
}

void stopwatch_go_on(struct stopwatch *watch, int64_t clock_ns)
{
    if (!watch->stopped)
        return;
    watch->stopped = false;
    watch->paused_ns += clock_ns - watch->since_ns;
}
