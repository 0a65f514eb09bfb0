/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/clock.h"

#include <stdbool.h>
#include <sys/prctl.h>
#include <time.h>

#define NS_PER_S 1000000000

static int64_t read_clock(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

static int64_t real_now(struct replay_clock *clock)
{
    (void)clock;
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t real_wall(struct replay_clock *clock)
{
    (void)clock;
    return read_clock(CLOCK_REALTIME);
}

/* Tell the CPU that it is waiting: on SMT the sibling gets the time. */
static void pause_cpu(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/*
 * Without it the kernel may put each wake-up off by 50 µs, more than the spin makes good. Done with
 * the first sleep, as threads inherit it: those that a handler's init() starts keep the usual
 * slack.
 */
static void sharpen_timer(void)
{
    static _Thread_local bool done;

    if (!done)
        prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    done = true;
}

static void real_sleep_until(struct replay_clock *clock, int64_t deadline_ns)
{
    const int64_t wake_ns = deadline_ns - CLOCK_SPIN_NS;
    const struct timespec wake = {.tv_sec = wake_ns / NS_PER_S, .tv_nsec = wake_ns % NS_PER_S};

    sharpen_timer();
    if (real_now(clock) < wake_ns &&
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, NULL) != 0)
        return;
    while (real_now(clock) < deadline_ns)
        pause_cpu();
}

struct replay_clock *replay_clock_real(void)
{
    static struct replay_clock real = {
        .now = real_now, .sleep_until = real_sleep_until, .wall = real_wall};

    return &real;
}

static int64_t fake_now(struct replay_clock *clock)
{
    return ((struct fake_clock *)clock)->now_ns;
}

static void fake_sleep_until(struct replay_clock *clock, int64_t deadline_ns)
{
    struct fake_clock *fake = (struct fake_clock *)clock;

    fake->sleeps++;
    if (fake->now_ns < deadline_ns)
        fake->now_ns = deadline_ns + fake->oversleep_ns;
    if (fake->slept != NULL)
        fake->slept(fake, fake->context);
}

static int64_t fake_wall(struct replay_clock *clock)
{
    const struct fake_clock *fake = (const struct fake_clock *)clock;

    return fake->now_ns + fake->wall_ns + (fake->now_ns >= fake->step_at_ns ? fake->step_ns : 0);
}

void fake_clock_init(struct fake_clock *fake, int64_t now_ns)
{
    *fake = (struct fake_clock){
        .clock = {.now = fake_now, .sleep_until = fake_sleep_until, .wall = fake_wall},
        .now_ns = now_ns,
    };
}
