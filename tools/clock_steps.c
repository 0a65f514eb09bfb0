/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/clock_steps.h"

#include <stdlib.h>

#define STEP_MIN_US (100 * 1000)

/* How long timestamps must stay behind before it is a clock set back, and not a delay. */
#define BACK_FOR_US (2 * G_USEC_PER_SEC)

/* An event whose timestamp is further than this from when it was recorded was not emitted then. */
#define OTHER_TIME_US (60 * G_USEC_PER_SEC)

/* One file's clock. An offset is timestamp − mono on the wall clock of the file's first line. */
struct source {
    bool started, is_behind;
    bool is_other;          /* events of another time */
    int64_t usual_us;       /* the offset until now */
    struct clock_step back; /* since is_behind: the step that it may be */
    int64_t back_offset_us; /* the greatest offset since then */
};

void clock_steps_init(struct clock_steps *steps)
{
    steps->found = g_array_new(FALSE, TRUE, sizeof(struct clock_step));
    steps->sources = g_array_new(FALSE, TRUE, sizeof(struct source));
}

void clock_steps_done(struct clock_steps *steps)
{
    g_array_unref(steps->found);
    g_array_unref(steps->sources);
}

static struct source *source_of(struct clock_steps *steps, unsigned index)
{
    if (index >= steps->sources->len)
        g_array_set_size(steps->sources, index + 1);
    return &g_array_index(steps->sources, struct source, index);
}

bool clock_steps_other_time(const struct clock_steps *steps, unsigned source)
{
    return source < steps->sources->len &&
           g_array_index(steps->sources, struct source, source).is_other;
}

bool clock_steps_pass_by(struct clock_steps *steps, unsigned source, int64_t least_lag_us,
                         int64_t greatest_lag_us)
{
    int64_t spread_us;

    /* All of another time, the first one too: that one decides. */
    if (least_lag_us > OTHER_TIME_US || greatest_lag_us < -OTHER_TIME_US) {
        source_of(steps, source)->is_other = true;
        return true;
    }
    if (greatest_lag_us > OTHER_TIME_US || least_lag_us < -OTHER_TIME_US)
        return false;
    /* The usual offset is always between the two, so no event is further from it. */
    return !__builtin_sub_overflow(greatest_lag_us, least_lag_us, &spread_us) &&
           spread_us <= STEP_MIN_US;
}

static void found(struct clock_steps *steps, struct source *source, struct clock_step step,
                  int64_t offset_us)
{
    step.step_us = offset_us - source->usual_us;
    g_array_append_val(steps->found, step);
    source->usual_us = offset_us;
    source->is_behind = false;
}

static void look_behind(struct clock_steps *steps, struct source *source, struct clock_step here,
                        int64_t offset_us)
{
    if (!source->is_behind) {
        source->is_behind = true;
        source->back = here;
        source->back_offset_us = offset_us;
    }
    source->back_offset_us = MAX(source->back_offset_us, offset_us);
    if (here.mono_us - source->back.mono_us >= BACK_FOR_US)
        found(steps, source, source->back, source->back_offset_us);
}

void clock_steps_add(struct clock_steps *steps, const struct evj_record *record)
{
    struct source *source = source_of(steps, record->source);
    struct clock_step here = {record->seq, record->wall_us, record->mono_us, 0, record->source};
    int64_t offset_us, moved_us;

    if (record->event.timestamp_us == 0 ||
        __builtin_sub_overflow(record->event.timestamp_us, record->wall_us, &offset_us))
        return;
    if (!source->started) {
        source->usual_us = offset_us;
        source->is_other = offset_us > OTHER_TIME_US || offset_us < -OTHER_TIME_US;
    }
    source->started = true;
    if (source->is_other)
        return;
    if (__builtin_sub_overflow(offset_us, source->usual_us, &moved_us))
        return;
    if (moved_us > STEP_MIN_US) { /* nothing but a clock makes an event come before its time */
        found(steps, source, here, offset_us);
    } else if (moved_us < -STEP_MIN_US) {
        look_behind(steps, source, here, offset_us);
    } else {
        source->is_behind = false;
        source->usual_us += moved_us / 16; /* clocks drift, and are slewed */
    }
}
