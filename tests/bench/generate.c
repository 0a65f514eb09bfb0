/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/generate.h"

#include "tests/bench/generate_script.h"

#include <glib.h>
#include <string.h>

#define US_PER_S INT64_C(1000000)
/* 2026-11-22 08:00:00 UTC. */
#define DEFAULT_START_US INT64_C(1795334400000000)
#define DEFAULT_TALK_US (600 * US_PER_S)
#define DEFAULT_RAMP_US (10 * US_PER_S)

/*
 * GLib fires all timers of whole seconds in a process at the same moment of the second. So do the
 * statistics of all handles of a Janus: they come in one burst.
 */
#define TICK_PHASE_US 180000
#define TICK_SPREAD_US 6000

struct generator {
    struct generator_options options;
    struct random random;
    struct call *calls;
    struct handle **heap; /* by next_us, earliest first */
    size_t heap_size;
};

/* ---- the handles by time ---- */

static void heap_push(struct generator *generator, struct handle *handle)
{
    struct handle **heap = generator->heap;
    size_t at = generator->heap_size++;

    for (; at > 0 && heap[(at - 1) / 2]->next_us > handle->next_us; at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = handle;
}

/* Put the first where it belongs, after its time has changed. */
static void heap_sink_first(struct generator *generator)
{
    struct handle **heap = generator->heap, *handle = heap[0];
    size_t at = 0, size = generator->heap_size;

    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < size && heap[child + 1]->next_us < heap[child]->next_us)
            child++;
        if (child >= size || heap[child]->next_us >= handle->next_us)
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = handle;
}

static void heap_remove_first(struct generator *generator)
{
    generator->heap[0] = generator->heap[--generator->heap_size];
    heap_sink_first(generator);
}

/* ---- calls ---- */

static void add_handles(struct generator *generator, struct call *call)
{
    for (size_t i = 0; i < call->handle_count; i++)
        heap_push(generator, &call->handles[i]);
}

static int64_t next_tick_us(struct generator *generator, int64_t now_us)
{
    int64_t tick_us = now_us - now_us % US_PER_S + TICK_PHASE_US;

    if (tick_us + TICK_SPREAD_US <= now_us)
        tick_us += US_PER_S;
    tick_us += random_between(&generator->random, 0, TICK_SPREAD_US);
    return MAX(tick_us, now_us);
}

/* The call is anywhere between its beginning and its end. */
static void begin_in_the_middle(struct generator *generator, struct call *call)
{
    int64_t start_us = generator->options.start_us, talk_us = generator->options.talk_us;
    int64_t age_us;

    call_begin(call, &generator->random, start_us, talk_us);
    age_us = random_between(&generator->random, 0, call->handles[0].end_us - start_us);
    for (size_t i = 0; i < call->handle_count; i++) {
        struct handle *handle = &call->handles[i];
        handle_grow_old(handle, age_us);
        handle->end_us -= age_us;
        handle->step = script_statistics_step(handle->role);
        handle->next_us = handle->tick_us = next_tick_us(generator, start_us);
    }
}

static void begin_calls(struct generator *generator)
{
    const struct generator_options *options = &generator->options;

    for (unsigned i = 0; i < options->sessions; i++) {
        struct call *call = &generator->calls[i];
        if (options->steady)
            begin_in_the_middle(generator, call);
        else
            call_begin(call, &generator->random,
                       options->start_us + options->ramp_us / options->sessions * i,
                       options->talk_us);
        add_handles(generator, call);
    }
}

/* ---- events ---- */

/* More statistics? Then *ret_us is when. */
static bool next_statistics(struct generator *generator, struct handle *handle, int64_t *ret_us)
{
    if (++handle->medium < handle->media_count) {
        *ret_us = handle->next_us + random_between(&generator->random, 8, 40);
        return true;
    }
    handle->medium = 0;
    *ret_us = handle->tick_us = next_tick_us(generator, handle->tick_us + US_PER_S / 2);
    return handle->tick_us < handle->end_us;
}

static void begin_step(struct generator *generator, struct handle *handle, const struct step *step)
{
    handle->next_us += random_between(&generator->random, step->least_us, step->most_us);
    if (step->make == event_statistics)
        handle->next_us = handle->tick_us = next_tick_us(generator, handle->next_us);
}

/* The first handle of the heap has had its last event; with its call's last one, another begins. */
static void leave(struct generator *generator, struct handle *handle)
{
    struct call *call = handle->call;
    int64_t pause_us = random_between(&generator->random, 1, 8) * US_PER_S;

    heap_remove_first(generator);
    if (--call->handles_left > 0)
        return;
    call_begin(call, &generator->random, handle->next_us + pause_us, generator->options.talk_us);
    add_handles(generator, call);
}

/* After an event of the first handle of the heap: when is its next one? */
static void advance(struct generator *generator, struct handle *handle)
{
    const struct step *script = script_of(handle->role);
    int64_t next_us;

    if (script[handle->step].make == event_statistics &&
        next_statistics(generator, handle, &next_us)) {
        handle->next_us = next_us;
        heap_sink_first(generator);
        return;
    }
    if (script[handle->step].make == event_statistics && handle->next_us < handle->end_us)
        handle->next_us = handle->end_us;
    const struct step *next = &script[++handle->step];
    if (next->make) {
        begin_step(generator, handle, next);
        heap_sink_first(generator);
        return;
    }
    leave(generator, handle);
}

json_t *generator_next(struct generator *generator)
{
    struct handle *handle = generator->heap[0];
    const struct step *step = &script_of(handle->role)[handle->step];
    json_t *event = step->make(handle, handle->next_us, step->arg);

    advance(generator, handle);
    return event;
}

struct generator *generator_new(const struct generator_options *options)
{
    struct generator *generator = g_new0(struct generator, 1);
    struct generator_options *own = &generator->options;

    *own = *options;
    own->sessions = MAX(own->sessions, 1);
    own->start_us = own->start_us ? own->start_us : DEFAULT_START_US;
    own->talk_us = own->talk_us ? own->talk_us : DEFAULT_TALK_US;
    own->ramp_us = own->ramp_us ? own->ramp_us : DEFAULT_RAMP_US;
    generator->random.state = own->seed;
    generator->calls = g_new0(struct call, own->sessions);
    generator->heap = g_new0(struct handle *, (size_t)own->sessions * CALL_HANDLES_MAX);
    begin_calls(generator);
    return generator;
}

void generator_free(struct generator *generator)
{
    if (!generator)
        return;
    g_free(generator->calls);
    g_free(generator->heap);
    g_free(generator);
}
