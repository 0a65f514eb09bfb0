/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/replay.h"

#include "replay/replay_internal.h"

/* ---- stretches ---- */

/* Recorded time that was played, in this stretch and in those before. */
static int64_t played_us(const struct run *run)
{
    int64_t sum;

    if (!run->pacing.anchored)
        return run->stretches_us;
    if (__builtin_add_overflow(run->stretches_us,
                               replay_span_us(run->stretch_us, run->pacing.position_us), &sum))
        return INT64_MAX;
    return sum;
}

static bool has_begun(const struct run *run)
{
    return run->report->stage == REPLAY_STAGE_DELIVERING;
}

static void begin(struct run *run, int64_t first_us, int64_t now)
{
    run->first_us = first_us;
    run->first_begun_ns = now;
    run->report->first_us = first_us;
    run->report->stage = REPLAY_STAGE_DELIVERING;
}

/* Its first event is due now: finding and reading it is not part of the replay. When there was a time
 * to start at, it was due then, however long what is live has taken since. */
static void begin_stretch(struct run *run, const struct source_item *item)
{
    bool is_late = !has_begun(run) && run->options->start_wall_us != REPLAY_START_NOW;
    int64_t now = is_late ? run->start_ns : replay_now(run);

    if (!has_begun(run))
        begin(run, item->time_us, now);
    run->stretch_us = run->target_us == SOURCE_BEGINNING ? item->time_us : run->target_us;
    pacing_anchor(&run->pacing, now, run->stretch_us);
    run->last = (struct steps){.begun_ns = now, .free_ns = now, .read_ns = now, .due_ns = now};
}

/* Go on at another recorded time. EVJ_ERR_INVALID: that cannot be, and nothing has changed. */
static int seek(struct run *run, int64_t time_us, struct evj_error *err)
{
    const struct source_ops *ops = run->source->ops;
    int status = ops->seek == NULL ? EVJ_ERR_INVALID : ops->seek(run->source, time_us, err);

    if (status < 0)
        return status;
    run->stretches_us = played_us(run);
    run->target_us = time_us;
    run->pacing.anchored = false;
    return status;
}

/* ---- one record ---- */

static int prepare(const struct run *run, const struct source_item *item, struct evj_error *err)
{
    const struct sink_ops *ops = run->sink->ops;

    return ops->prepare == NULL ? 0 : ops->prepare(run->sink, item->record, err);
}

/* The first record is ready, and what comes before it was read. False: stopped meanwhile. */
static bool await_start(struct run *run)
{
    if (!run->started)
        run->started = replay_wait_for_start(run);
    return run->started;
}

/* What is live, for who has not seen how it came to be. It is late already, and waits for nothing. */
static int replay_state(struct run *run, const struct source_item *item, struct evj_error *err)
{
    int status = prepare(run, item, err);

    if (status < 0 || !await_start(run))
        return status;
    status = run->sink->ops->deliver(run->sink, item->record, err);
    run->report->states++;
    run->last.free_ns = replay_now(run);
    return status;
}

/* Whatever the sink made of it: that is in its own report. */
static void handed_over(struct run *run, const struct source_item *item)
{
    struct replay_report *report = run->report;

    run->round_events++;
    report->events++;
    report->last_seq = item->record->seq;
    report->elapsed_ns = run->last.free_ns - run->first_begun_ns;
    report->recorded_us = played_us(run);
}

static int deliver(struct run *run, const struct source_item *item, struct steps *steps,
                   struct evj_error *err)
{
    int status;

    steps->due_ns = pacing_when(&run->pacing);
    steps->begun_ns = replay_then(run);
    replay_account(run, steps);
    status = run->sink->ops->deliver(run->sink, item->record, err);
    steps->free_ns = replay_now(run);
    run->last = *steps;
    handed_over(run, item);
    return status;
}

/* A seek that was asked for while the event was waited for: then it is not delivered. */
static int wait_or_seek(struct run *run, enum waited *ret_waited, struct evj_error *err)
{
    int status = 0;

    while ((*ret_waited = replay_wait(run)) == WAITED_SEEK) {
        run->seek_asked = false;
        status = seek(run, run->seek_us, err);
        if (status != EVJ_ERR_INVALID)
            break;
        status = 0;
    }
    return status;
}

static int replay_event(struct run *run, const struct source_item *item, struct evj_error *err)
{
    struct steps steps;
    enum waited waited;
    int status = prepare(run, item, err);

    if (status < 0 || !await_start(run))
        return status;
    if (!run->pacing.anchored)
        begin_stretch(run, item);
    run->report->out_of_order += item->time_us < run->pacing.position_us;
    steps.read_ns = replay_now(run);
    pacing_due(&run->pacing, item->time_us);
    status = wait_or_seek(run, &waited, err);
    return waited == WAITED_DUE ? deliver(run, item, &steps, err) : status;
}

/* It comes in its time, but is no event: nobody counts it, and it cannot make one late. */
static int replay_act(struct run *run, const struct source_item *item, struct evj_error *err)
{
    enum waited waited;
    int status;

    if (!await_start(run))
        return 0;
    if (!run->pacing.anchored)
        begin_stretch(run, item);
    pacing_due(&run->pacing, item->time_us);
    status = wait_or_seek(run, &waited, err);
    if (waited == WAITED_DUE)
        item->act(item->context);
    return status;
}

static int replay_item(struct run *run, const struct source_item *item, struct evj_error *err)
{
    if (item->act != NULL)
        return replay_act(run, item, err);
    switch (item->record->kind) {
    case EVJ_RECORD_EVENT:
        return replay_event(run, item, err);
    case EVJ_RECORD_STATE:
        return replay_state(run, item, err);
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

/* ---- all of them ---- */

/* 0: stopped. */
static int replay_round(struct run *run, struct evj_error *err)
{
    struct source_item item;
    int status = 0;

    run->round_events = 0;
    while (status == 0 && replay_stop_of(run) == REPLAY_GO_ON) {
        status = run->source->ops->next(run->source, &item, err);
        if (status == 0)
            status = replay_item(run, &item, err);
    }
    return status;
}

/* A round without events would be followed by as many as there is time for. */
static bool wants_round(const struct run *run)
{
    uint64_t rounds = run->options->rounds;

    return run->round_events > 0 && (rounds == REPLAY_FOREVER || run->report->rounds < rounds);
}

static int replay_all(struct run *run, struct evj_error *err)
{
    int status = replay_round(run, err);

    while (status > 0) {
        run->report->rounds += run->round_events > 0;
        if (!wants_round(run))
            break;
        status = seek(run, SOURCE_BEGINNING, err);
        if (status == 0)
            status = replay_round(run, err);
    }
    run->report->interrupted = status == 0;
    run->report->states_skipped = run->source->states_skipped;
    run->report->states_left_out = run->source->states_left_out;
    run->report->next_due_ns = 0;
    run->report->paused = false;
    return status;
}

/* The sink is closed whatever happened before; what happened first is what the caller hears of. */
static int finish(struct run *run, int status, struct evj_error *err)
{
    int64_t drain_us = replay_stop_of(run) == REPLAY_HURRY ? 0 : run->options->drain_us;
    int finished;

    run->report->stage = REPLAY_STAGE_FINISHING;
    finished = run->sink->ops->finish(run->sink, drain_us, status < 0 ? NULL : err);
    run->report->stage = REPLAY_STAGE_DONE;
    return finished < 0 && status >= 0 ? finished : status;
}

int replay_run(struct source *source, struct sink *sink, const struct replay_options *options,
               struct replay_report *report, struct evj_error *err)
{
    struct run run = {
        .source = source,
        .sink = sink,
        .options = options,
        .report = report,
        .target_us = SOURCE_BEGINNING,
    };

    report->speed_ppm = options->speed_ppm;
    pacing_init(&run.pacing, options->speed_ppm, options->idle_limit_us);
    return finish(&run, replay_all(&run, err), err);
}
