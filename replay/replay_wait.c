/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/replay_internal.h"

#define NS_PER_US 1000

/* How long the engine sleeps at most before it looks at the stop flag and the orders, and calls the
 * observer. */
#define SLICE_NS INT64_C(100000000)

/* A start that has passed by so much is not made up for: a clock that was set ahead by an hour would
 * have an hour's events come at once. */
#define START_PASSED_NS INT64_C(1000000000)

static bool was_stopped(const struct run *run)
{
    atomic_int *continued = run->options->continued;

    return continued != NULL && *continued != 0 && atomic_exchange(continued, 0) != 0;
}

/* Since the last look the process may have been stopped: that is a pause, and no time to make up for. */
static int64_t look_at_clock(struct run *run)
{
    const int64_t before_ns = run->clock_ns;

    run->clock_ns = run->options->clock->now(run->options->clock);
    if (was_stopped(run))
        stopwatch_stand(&run->watch, run->clock_ns - before_ns);
    return run->clock_ns;
}

static void sleep_until(const struct run *run, int64_t clock_ns)
{
    run->options->clock->sleep_until(run->options->clock, clock_ns);
}

int64_t replay_now(struct run *run)
{
    look_at_clock(run);
    return replay_then(run);
}

int64_t replay_then(const struct run *run)
{
    return stopwatch_at(&run->watch, run->clock_ns);
}

int replay_stop_of(const struct run *run)
{
    return run->options->stop != NULL ? *run->options->stop : REPLAY_GO_ON;
}

int64_t replay_span_us(int64_t from_us, int64_t to_us)
{
    int64_t span;

    return __builtin_sub_overflow(to_us, from_us, &span) ? INT64_MAX : span;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void observe(struct run *run)
{
    if (run->options->observer == NULL || run->clock_ns - run->observed_ns < SLICE_NS)
        return;
    run->observed_ns = run->clock_ns;
    run->options->observer(run->report, run->options->observer_context);
}

/* ---- orders ---- */

static void set_speed(struct run *run, uint64_t speed_ppm, int64_t now)
{
    pacing_set_speed(&run->pacing, speed_ppm, now);
    run->report->speed_ppm = speed_ppm;
}

/* From where it is, or from where it was sent before. Not before the first event. */
static void ask_seek(struct run *run, int64_t by_us, int64_t now)
{
    int64_t from_us = run->seek_asked ? run->seek_us : pacing_position(&run->pacing, now);
    int64_t to_us;

    if (__builtin_add_overflow(from_us, by_us, &to_us))
        to_us = by_us < 0 ? INT64_MIN : INT64_MAX;
    run->seek_us = to_us > run->first_us ? to_us : run->first_us;
    run->seek_asked = true;
}

static void obey(struct run *run, const struct replay_order *order)
{
    const int64_t clock_ns = run->clock_ns, now = replay_then(run);

    switch (order->command) {
    case REPLAY_PAUSE:
        if (run->watch.stopped)
            stopwatch_go_on(&run->watch, clock_ns);
        else
            stopwatch_stop(&run->watch, clock_ns);
        break;
    case REPLAY_STEP:
        stopwatch_stop(&run->watch, clock_ns);
        run->steps_asked++;
        break;
    case REPLAY_FASTER:
        set_speed(run, pacing_faster(run->pacing.speed_ppm), now);
        break;
    case REPLAY_SLOWER:
        set_speed(run, pacing_slower(run->pacing.speed_ppm), now);
        break;
    case REPLAY_SEEK:
        if (run->source->ops->seek != NULL)
            ask_seek(run, order->by_us, now);
        break;
    }
    run->report->paused = run->watch.stopped;
    run->observed_ns = 0; /* who has asked wants to see it */
}

static void obey_all(struct run *run)
{
    struct replay_order order;

    while (run->options->control != NULL && replay_control_take(run->options->control, &order))
        obey(run, &order);
}

/* ---- waiting ---- */

static void show_place(struct run *run, int64_t now, int64_t due_ns)
{
    struct replay_report *report = run->report;

    report->next_due_ns = due_ns > now ? due_ns - now : 0;
    report->position_us = replay_span_us(run->first_us, pacing_position(&run->pacing, now));
}

/* A step delivers the event now, and time goes on from there. */
static bool take_step(struct run *run, int64_t now)
{
    if (run->steps_asked == 0)
        return false;
    run->steps_asked--;
    pacing_anchor(&run->pacing, now, run->pacing.position_us);
    return true;
}

static int64_t end_of_slice(const struct run *run, int64_t due_ns)
{
    int64_t end_ns = run->clock_ns + SLICE_NS;

    return run->watch.stopped ? end_ns : least(stopwatch_to_clock(&run->watch, due_ns), end_ns);
}

enum waited replay_wait(struct run *run)
{
    for (; replay_stop_of(run) == REPLAY_GO_ON; look_at_clock(run)) {
        int64_t now, due_ns;

        obey_all(run);
        if (run->seek_asked)
            return WAITED_SEEK;
        now = replay_then(run);
        due_ns = pacing_when(&run->pacing);
        show_place(run, now, due_ns);
        observe(run);
        if (take_step(run, now) || (now >= due_ns && !run->watch.stopped))
            return WAITED_DUE;
        sleep_until(run, end_of_slice(run, due_ns));
    }
    return WAITED_STOPPED;
}

/* The wall clock may be set meanwhile: so each slice reckons anew. */
bool replay_wait_for_start(struct run *run)
{
    struct replay_clock *clock = run->options->clock;

    run->start_ns = replay_now(run);
    if (run->options->start_wall_us == REPLAY_START_NOW)
        return true;
    while (replay_stop_of(run) == REPLAY_GO_ON) {
        int64_t clock_ns = look_at_clock(run);
        int64_t left_ns = run->options->start_wall_us * NS_PER_US - clock->wall(clock);

        run->start_ns = left_ns > -START_PASSED_NS ? clock_ns + left_ns : clock_ns;
        run->report->next_due_ns = left_ns > 0 ? left_ns : 0;
        observe(run);
        if (left_ns <= 0)
            return true;
        sleep_until(run, least(run->start_ns, clock_ns + SLICE_NS));
    }
    return false;
}
