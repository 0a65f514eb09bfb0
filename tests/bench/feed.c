/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/feed.h"

#include "tests/bench/measure.h"

#include <glib.h>
#include <sys/prctl.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)

static json_t no_more; /* what tells the events thread so */

struct events_thread {
    GAsyncQueue *queue;
    feed_callback *callback;
    struct feed_result *result;
};

static json_t *left;

void feed_leave(json_t *tree)
{
    left = tree;
}

/* Timed with and without a handler, so that the clock's own cost is in the baseline, too. */
static void dispatch(feed_callback *callback, json_t *event, struct feed_result *result)
{
    uint64_t begun_ns = clock_ns(CLOCK_MONOTONIC);

    if (callback)
        callback(event);
    evj_histogram_add(&result->callback_ns, clock_ns(CLOCK_MONOTONIC) - begun_ns);
    json_decref(g_steal_pointer(&left));
}

static void *run_events_thread(void *data)
{
    struct events_thread *thread = data;
    json_t *event;

    while ((event = g_async_queue_pop(thread->queue)) != &no_more) {
        dispatch(thread->callback, event, thread->result);
        json_decref(thread->result->last);
        thread->result->last = event;
    }
    return NULL;
}

/* Returns the CPU time that it took, which is no part of what an event costs. */
static uint64_t sleep_until(int64_t deadline_ns)
{
    struct timespec until = {deadline_ns / NS_PER_S, deadline_ns % NS_PER_S};
    uint64_t begun_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
        ;
    return clock_ns(CLOCK_THREAD_CPUTIME_ID) - begun_ns;
}

static uint64_t make_events(struct generator *generator, GAsyncQueue *queue, uint64_t count,
                            uint64_t per_second)
{
    uint64_t waiting_ns = 0;
    int64_t begun_ns = (int64_t)clock_ns(CLOCK_MONOTONIC);

    prctl(PR_SET_TIMERSLACK, 1);
    for (uint64_t i = 0; i < count; i++) {
        waiting_ns += sleep_until(begun_ns + (int64_t)(i * (uint64_t)NS_PER_S / per_second));
        g_async_queue_push(queue, generator_next(generator));
    }
    g_async_queue_push(queue, &no_more);
    return waiting_ns;
}

void feed_paced(feed_callback *callback, struct generator *generator, uint64_t count,
                uint64_t per_second, struct feed_result *ret)
{
    struct events_thread thread = {g_async_queue_new(), callback, ret};
    GThread *events = g_thread_new("events", run_events_thread, &thread);

    ret->waiting_ns += make_events(generator, thread.queue, count, per_second);
    g_thread_join(events);
    g_async_queue_unref(thread.queue);
}

void feed_flood(feed_callback *callback, uint64_t count, json_t **events, size_t size,
                struct feed_result *ret)
{
    for (uint64_t i = 0; i < count; i++)
        dispatch(callback, events[i % size], ret);
    ret->last = json_incref(events[(count - 1) % size]);
}
