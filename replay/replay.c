/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/replay.h"

#include "replay/pacing.h"

/* How long the engine sleeps at most before it looks at the stop flag and calls the observer. */
#define SLICE_NS INT64_C(100000000)

/* When the steps on the way to one delivery were done. */
struct steps {
    int64_t begun_ns; /* the delivery itself began */
    int64_t free_ns;  /* it returned */
    int64_t read_ns;  /* the event was read and ready */
    int64_t due_ns;
};

struct run {
    struct source *source;
    struct sink *sink;
    const struct replay_options *options;
    struct replay_report *report;
    struct pacing pacing;
    struct steps last;
    int64_t first_begun_ns, first_us;
    int64_t observed_ns;
};

static int64_t now_ns(const struct run *run)
{
    return run->options->clock->now(run->options->clock);
}

static int stop_of(const struct run *run)
{
    return run->options->stop != NULL ? *run->options->stop : REPLAY_GO_ON;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t span_us(int64_t from_us, int64_t to_us)
{
    int64_t span;

    return __builtin_sub_overflow(to_us, from_us, &span) ? INT64_MAX : span;
}

static void observe(struct run *run, int64_t now)
{
    if (run->options->observer == NULL || now - run->observed_ns < SLICE_NS)
        return;
    run->observed_ns = now;
    run->options->observer(run->report, run->options->observer_context);
}

/* False when the replay was stopped before. */
static bool wait_until(struct run *run, int64_t due_ns)
{
    struct replay_clock *clock = run->options->clock;

    while (stop_of(run) == REPLAY_GO_ON) {
        int64_t now = clock->now(clock);

        run->report->next_due_ns = due_ns > now ? due_ns - now : 0;
        run->report->position_us = span_us(run->first_us, pacing_position(&run->pacing, now));
        observe(run, now);
        if (now >= due_ns)
            return true;
        clock->sleep_until(clock, due_ns - now > SLICE_NS ? now + SLICE_NS : due_ns);
    }
    return false;
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
static void account(struct run *run, const struct steps *steps)
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

/* The first event is due at once: reading it is not part of the replay. */
static void anchor(struct run *run, const struct source_item *item, int64_t now)
{
    pacing_anchor(&run->pacing, now, item->time_us);
    run->last = (struct steps){.begun_ns = now, .free_ns = now, .read_ns = now, .due_ns = now};
    run->first_begun_ns = now;
    run->first_us = item->time_us;
    run->report->stage = REPLAY_STAGE_DELIVERING;
}

/* Whatever the sink made of it: that is in its own report. */
static void handed_over(struct run *run, const struct source_item *item)
{
    struct replay_report *report = run->report;

    report->events++;
    report->last_seq = item->record->seq;
    report->elapsed_ns = run->last.free_ns - run->first_begun_ns;
    report->recorded_us = span_us(run->first_us, run->pacing.position_us);
}

static int replay_event(struct run *run, const struct source_item *item, struct evj_error *err)
{
    const struct sink_ops *ops = run->sink->ops;
    struct steps steps;
    int status = ops->prepare == NULL ? 0 : ops->prepare(run->sink, item->record, err);

    if (status < 0)
        return status;
    steps.read_ns = now_ns(run);
    if (!run->pacing.anchored)
        anchor(run, item, steps.read_ns);
    steps.due_ns = pacing_due(&run->pacing, item->time_us);
    if (!wait_until(run, steps.due_ns))
        return 0;
    steps.begun_ns = now_ns(run);
    account(run, &steps);
    status = ops->deliver(run->sink, item->record, err);
    steps.free_ns = now_ns(run);
    run->last = steps;
    handed_over(run, item);
    return status;
}

static int replay_item(struct run *run, const struct source_item *item, struct evj_error *err)
{
    switch (item->record->kind) {
    case EVJ_RECORD_EVENT:
        return replay_event(run, item, err);
    case EVJ_RECORD_GAP:
        run->report->gaps++;
        run->report->gap_events += item->record->gap.events;
        break;
    case EVJ_RECORD_MARK:
        run->report->marks++;
        break;
    default:
        break;
    }
    return 0;
}

static int replay_all(struct run *run, struct evj_error *err)
{
    struct source_item item;
    int status = 0;

    while (status == 0 && stop_of(run) == REPLAY_GO_ON) {
        status = run->source->ops->next(run->source, &item, err);
        if (status == 0)
            status = replay_item(run, &item, err);
    }
    run->report->interrupted = status == 0;
    run->report->states_skipped = run->source->states_skipped;
    run->report->next_due_ns = 0;
    return status;
}

/* The sink is closed whatever happened before; what happened first is what the caller hears of. */
static int finish(struct run *run, int status, struct evj_error *err)
{
    int64_t drain_us = stop_of(run) == REPLAY_HURRY ? 0 : run->options->drain_us;
    int finished;

    run->report->stage = REPLAY_STAGE_FINISHING;
    finished = run->sink->ops->finish(run->sink, drain_us, status < 0 ? NULL : err);
    run->report->stage = REPLAY_STAGE_DONE;
    return finished < 0 && status >= 0 ? finished : status;
}

int replay_run(struct source *source, struct sink *sink, const struct replay_options *options,
               struct replay_report *report, struct evj_error *err)
{
    struct run run = {.source = source, .sink = sink, .options = options, .report = report};

    report->speed_ppm = options->speed_ppm;
    pacing_init(&run.pacing, options->speed_ppm, options->idle_limit_us);
    return finish(&run, replay_all(&run, err), err);
}
