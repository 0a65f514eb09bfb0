/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/pacing.h"
#include "tests/replay/played.h"

#include <stdlib.h>

/* A replay_observer. */
static void give_due_orders(const struct replay_report *report, void *context)
{
    struct played *played = context;

    (void)report;
    while (played->ordered < played->order_count &&
           played->fake.now_ns - START_NS >= played->orders[played->ordered].at_ns) {
        assert_true(replay_control_post(&played->control, played->orders[played->ordered].order));
        played->ordered++;
    }
}

static void wake_up(struct fake_clock *fake, void *context)
{
    struct played *played = context;
    int64_t after_ns = fake->now_ns - START_NS;

    if (played->stop_at_ns > 0 && after_ns >= played->stop_at_ns)
        played->sink.stop = REPLAY_STOP;
    if (played->stand_at_ns == 0 || after_ns < played->stand_at_ns)
        return;
    fake->now_ns += played->stood_ns;
    played->continued = 1;
    played->stand_at_ns = 0;
}

void played_init_clock(struct played *played)
{
    fake_clock_init(&played->fake, START_NS);
    played->fake.slept = wake_up;
    played->fake.context = played;
}

void played_give_orders(struct played *played, const struct played_order *orders, size_t count)
{
    played->orders = orders;
    played->order_count = count;
    played->ordered = 0;
}

int played_set_up(void **state)
{
    struct played *played = calloc(1, sizeof(*played));

    assert_non_null(played);
    played->report = calloc(1, sizeof(*played->report));
    played_init_clock(played);
    played->options = (struct replay_options){
        .clock = &played->fake.clock,
        .speed_ppm = PACING_SPEED_ONE,
        .drain_us = 30 * S_US,
        .stop = &played->sink.stop,
        .control = &played->control,
        .continued = &played->continued,
        .observer = give_due_orders,
        .observer_context = played,
    };
    *state = played;
    return 0;
}

int played_tear_down(void **state)
{
    struct played *played = *state;

    free(played->report);
    free(played);
    return 0;
}

void played_init_ends(struct played *played, const struct memory_record *records, size_t count)
{
    memory_source_init(&played->source, &played->fake, records, count);
    memory_sink_init(&played->sink, &played->fake, records);
}

void played_run(struct played *played)
{
    played->status = replay_run(&played->source.source, &played->sink.sink, &played->options,
                                played->report, &played->err);
}

void played_play(struct played *played, const struct memory_record *records, size_t count)
{
    played_init_ends(played, records, count);
    played_run(played);
}

void played_assert_delivered_at(const struct played *played, const int64_t *times_ns, size_t count)
{
    assert_int_equal(played->sink.count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(played->sink.times_ns[i] - START_NS, times_ns[i]);
}

void played_assert_seqs(const struct played *played, const uint64_t *seqs, size_t count)
{
    assert_int_equal(played->sink.count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(played->sink.seqs[i], seqs[i]);
}
