/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Held events and the thread that looks after them (watch.h). */

#include "replay/host/watch.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <time.h>

/*
 * Our references to an event beyond the one that the core would have: enough that a handler which
 * releases what it never took (Janus's header invites to that) cannot free it under our feet.
 */
#define GUARDS 64u
#define OURS (GUARDS + 1u)

/* Events looked at with the lock held once, from the oldest and from where the last look ended:
 * some 10 µs for the dispatching thread to wait at most. */
#define LOOK_OLDEST 64u
#define LOOK_ROUND 64u
/* The dispatching thread looks at as many with each event, which more than keeps up. */
#define DISPATCH_LOOK 4u

#define NS_PER_US 1000u
#define NS_PER_S 1000000000u
#define SHORTEST_REST_NS (200u * NS_PER_US)
#define LONGEST_REST_NS (50000u * NS_PER_US)

struct held {
    TAILQ_ENTRY(held) link;
    json_t *event;
    struct handler_probe *probe;
    uint64_t dispatched_ns;
};

struct watch {
    pthread_mutex_t lock; /* guards all below, and what watch_add() says of the probes */
    pthread_cond_t wake;
    pthread_t thread;
    bool running, stopping;
    TAILQ_HEAD(held_list, held) held; /* in the order of dispatch */
    struct held *round; /* where the next look of the round begins; NULL: the oldest */
    uint64_t count;
    uint64_t look_at_ns; /* when the thread will look next; UINT64_MAX: when something is added */
};

static uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* ---- one event ---- */

void watch_guard(json_t *event)
{
    __atomic_fetch_add(&event->refcount, GUARDS, __ATOMIC_RELAXED);
}

/* Acquire: what the handler did to the event before it let go is done when we free it. */
static size_t references(const json_t *event)
{
    return __atomic_load_n(&event->refcount, __ATOMIC_ACQUIRE);
}

static bool is_let_go(const json_t *event)
{
    return references(event) <= OURS;
}

/* With the lock held, on an event that the handler let go of. */
static void settle(struct handler_probe *probe, json_t *event, uint64_t dispatched_ns)
{
    uint64_t now = now_ns();

    evj_histogram_add(&probe->release_us, (now - dispatched_ns) / NS_PER_US);
    if (references(event) < OURS)
        probe->over_released++;
    __atomic_store_n(&event->refcount, 1, __ATOMIC_RELAXED);
    json_decref(event);
}

/* Give up our references to an event that the handler keeps. */
static void abandon(json_t *event)
{
    __atomic_fetch_sub(&event->refcount, GUARDS, __ATOMIC_RELEASE);
    json_decref(event);
}

/* ---- all that are held; with the lock held ---- */

static void forget(struct watch *watch, struct held *held)
{
    if (watch->round == held)
        watch->round = TAILQ_NEXT(held, link);
    TAILQ_REMOVE(&watch->held, held, link);
    watch->count--;
    free(held);
}

static bool forget_if_let_go(struct watch *watch, struct held *held)
{
    if (!is_let_go(held->event))
        return false;
    settle(held->probe, held->event, held->dispatched_ns);
    held->probe->held--;
    forget(watch, held);
    return true;
}

/* Most handlers release in the order of arrival: stop at the first that is still held. */
static unsigned look_at_oldest(struct watch *watch, unsigned most)
{
    unsigned found = 0;

    while (found < most && !TAILQ_EMPTY(&watch->held) &&
           forget_if_let_go(watch, TAILQ_FIRST(&watch->held)))
        found++;
    return found;
}

/* The others are found in rounds over all that is held, a part at a time. */
static unsigned look_round(struct watch *watch, unsigned most)
{
    unsigned found = 0;

    for (unsigned i = 0; i < most && i < watch->count; i++) {
        struct held *held = watch->round ? watch->round : TAILQ_FIRST(&watch->held);

        watch->round = TAILQ_NEXT(held, link);
        found += forget_if_let_go(watch, held);
    }
    return found;
}

/* ---- the thread ---- */

/* The age of the newest decides, as its time is the one most in need of precision. */
static uint64_t rest_ns(const struct watch *watch)
{
    uint64_t now = now_ns();
    const struct held *newest = TAILQ_LAST(&watch->held, held_list);
    uint64_t rest = newest ? (now - newest->dispatched_ns) / 16 : 0;

    return rest < SHORTEST_REST_NS  ? SHORTEST_REST_NS
           : rest > LONGEST_REST_NS ? LONGEST_REST_NS
                                    : rest;
}

static void rest(struct watch *watch)
{
    if (TAILQ_EMPTY(&watch->held)) {
        watch->look_at_ns = UINT64_MAX;
        pthread_cond_wait(&watch->wake, &watch->lock);
        return;
    }
    watch->look_at_ns = now_ns() + rest_ns(watch);
    const struct timespec until = {.tv_sec = (time_t)(watch->look_at_ns / NS_PER_S),
                                   .tv_nsec = (long)(watch->look_at_ns % NS_PER_S)};

    pthread_cond_timedwait(&watch->wake, &watch->lock, &until);
}

static void *look_after(void *arg)
{
    struct watch *watch = arg;

    pthread_setname_np(pthread_self(), "evj watch");
    pthread_mutex_lock(&watch->lock);
    while (!watch->stopping) {
        rest(watch);
        /* Much let go at once: go on, but let the dispatching thread in between. */
        while (!watch->stopping &&
               look_at_oldest(watch, LOOK_OLDEST) + look_round(watch, LOOK_ROUND) > 0) {
            pthread_mutex_unlock(&watch->lock);
            pthread_mutex_lock(&watch->lock);
        }
    }
    pthread_mutex_unlock(&watch->lock);
    return NULL;
}

static void wake_if_resting_long(struct watch *watch, uint64_t dispatched_ns)
{
    if (watch->look_at_ns > dispatched_ns + 2 * SHORTEST_REST_NS) {
        watch->look_at_ns = 0;
        pthread_cond_signal(&watch->wake);
    }
}

/* ---- for the host ---- */

int watch_new(struct watch **ret_watch, struct evj_error *err)
{
    struct watch *watch = calloc(1, sizeof(*watch));
    pthread_condattr_t attributes;

    if (!watch)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for the handler host");
    TAILQ_INIT(&watch->held);
    watch->look_at_ns = UINT64_MAX;
    pthread_mutex_init(&watch->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&watch->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    int rc = pthread_create(&watch->thread, NULL, look_after, watch);

    if (rc != 0) {
        watch_free(watch);
        errno = rc;
        return evj_fail_errno(err, 0, "cannot start the handler host's thread");
    }
    watch->running = true;
    *ret_watch = watch;
    return 0;
}

void watch_add(struct watch *watch, struct handler_probe *probe, json_t *event,
               uint64_t dispatched_ns)
{
    struct held *held = is_let_go(event) ? NULL : malloc(sizeof(*held));

    pthread_mutex_lock(&watch->lock);
    if (held) {
        *held = (struct held){.event = event, .probe = probe, .dispatched_ns = dispatched_ns};
        TAILQ_INSERT_TAIL(&watch->held, held, link);
        watch->count++;
        probe->held++;
        look_at_oldest(watch, DISPATCH_LOOK);
        look_round(watch, DISPATCH_LOOK);
        wake_if_resting_long(watch, dispatched_ns);
    } else if (is_let_go(event)) {
        settle(probe, event, dispatched_ns);
    } else {
        abandon(event); /* no memory to watch it with */
    }
    pthread_mutex_unlock(&watch->lock);
}

uint64_t watch_held(struct watch *watch)
{
    pthread_mutex_lock(&watch->lock);
    for (struct held *held = TAILQ_FIRST(&watch->held), *next; held; held = next) {
        next = TAILQ_NEXT(held, link);
        forget_if_let_go(watch, held);
    }
    uint64_t count = watch->count;

    pthread_mutex_unlock(&watch->lock);
    return count;
}

void watch_copy_probe(struct watch *watch, const struct handler_probe *probe,
                      struct handler_probe *ret)
{
    pthread_mutex_lock(&watch->lock);
    *ret = *probe;
    pthread_mutex_unlock(&watch->lock);
}

static void stop_thread(struct watch *watch)
{
    pthread_mutex_lock(&watch->lock);
    watch->stopping = true;
    pthread_cond_signal(&watch->wake);
    pthread_mutex_unlock(&watch->lock);
    if (watch->running)
        pthread_join(watch->thread, NULL);
    watch->running = false;
}

void watch_stop(struct watch *watch)
{
    stop_thread(watch);
    watch_held(watch);
    pthread_mutex_lock(&watch->lock);
    for (struct held *held; (held = TAILQ_FIRST(&watch->held));) {
        held->probe->leaked++;
        abandon(held->event);
        forget(watch, held);
    }
    pthread_mutex_unlock(&watch->lock);
}

void watch_free(struct watch *watch)
{
    if (!watch)
        return;
    watch_stop(watch);
    pthread_cond_destroy(&watch->wake);
    pthread_mutex_destroy(&watch->lock);
    free(watch);
}
