/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_CLOCK_H
#define REPLAY_CLOCK_H

/*
 * Time, as the replay engine sees it: a table of two functions, so that tests need not sleep. All
 * times are nanoseconds on one clock that never goes backwards. One clock serves one thread.
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
};

void fake_clock_init(struct fake_clock *fake, int64_t now_ns);

#endif
