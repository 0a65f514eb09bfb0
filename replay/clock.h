/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_CLOCK_H
#define REPLAY_CLOCK_H

/*
 * Time, as the replay engine sees it: a table of functions, so that tests need not sleep. All times
 * are nanoseconds on one clock that never goes backwards, but for the wall clock's. One clock serves
 * one thread.
 */

#include <stdint.h>

struct replay_clock {
    int64_t (*now)(struct replay_clock *clock);
    /*
     * Return at `deadline_ns` or later; at once when that has passed. May return early when a
     * signal came: ask now(). Deadlines are absolute, so what one wake-up was late never adds to
     * the next.
     */
    void (*sleep_until)(struct replay_clock *clock, int64_t deadline_ns);
    /* The wall clock, which may be set at any time: since 1970. */
    int64_t (*wall)(struct replay_clock *clock);
};

/*
 * The real one: CLOCK_MONOTONIC. Its first sleep sets the thread's timer slack to the least that
 * the kernel allows, and each spins the last CLOCK_SPIN_NS before its deadline: with the slack
 * alone a sleep wakes 36 µs late at the median, with both below 1 µs.
 */
struct replay_clock *replay_clock_real(void);

#define CLOCK_SPIN_NS 60000

/* One that stands still, and jumps to each deadline that is waited for. */
struct fake_clock {
    struct replay_clock clock; /* first, so that a pointer to it is a pointer to this */
    int64_t now_ns;
    int64_t oversleep_ns; /* how late each sleep returns */
    uint64_t sleeps;
    int64_t wall_ns;    /* how far the wall clock is ahead of `now` */
    int64_t step_at_ns; /* from `now` on it is ahead by … */
    int64_t step_ns;    /* … so much more */
    void (*slept)(struct fake_clock *fake, void *context); /* after each sleep; may be NULL */
    void *context;
};

void fake_clock_init(struct fake_clock *fake, int64_t now_ns);

#endif
