/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/handler_ending.h"

#include "replay/replay.h"

#define NS_PER_US 1000
/* Between two looks: short at first, as most handlers are done at once. */
#define POLL_FIRST_NS INT64_C(200000)
#define POLL_LAST_NS INT64_C(50000000)

static int64_t now_ns(const struct handler_ending *ending)
{
    return ending->clock->now(ending->clock);
}

static bool hurries(const struct handler_ending *ending)
{
    return ending->stop != NULL && *ending->stop >= REPLAY_HURRY;
}

/* One pause, longer than the one before. */
static void rest(const struct handler_ending *ending, int64_t *poll_ns)
{
    ending->clock->sleep_until(ending->clock, now_ns(ending) + *poll_ns);
    *poll_ns = *poll_ns * 2 < POLL_LAST_NS ? *poll_ns * 2 : POLL_LAST_NS;
}

/* *silent_ns: since when nothing has moved. */
static bool is_sending(const struct handler_ending *ending, struct host *host, int64_t *silent_ns)
{
    int64_t now = now_ns(ending);

    if (host_moves(host))
        *silent_ns = now;
    return now - *silent_ns < ending->settle_us * NS_PER_US;
}

/* Look once more: is there anything to wait for? */
static bool is_busy(struct handler_ending *ending, struct host *host, bool settles,
                    int64_t *silent_ns)
{
    ending->held = host_held(host);
    ending->sending = settles && ending->held == 0 && is_sending(ending, host, silent_ns);
    return ending->held > 0 || ending->sending;
}

void handler_ending_drain(struct handler_ending *ending, struct host *host, int64_t drain_us)
{
    const int64_t start_ns = now_ns(ending), deadline_ns = start_ns + drain_us * NS_PER_US;
    const bool settles = drain_us > 0 && ending->settle_us > 0;
    int64_t silent_ns = start_ns - ending->settle_us * NS_PER_US; /* without a socket: long ago */
    int64_t poll_ns = POLL_FIRST_NS;

    while (is_busy(ending, host, settles, &silent_ns) && now_ns(ending) < deadline_ns &&
           !hurries(ending)) {
        if (ending->draining != NULL)
            ending->draining(ending->held, ending->context);
        rest(ending, &poll_ns);
    }
    ending->drained_ns = now_ns(ending) - start_ns;
}

void handler_ending_linger(struct handler_ending *ending, const struct host *host)
{
    const int64_t start_ns = now_ns(ending);
    int64_t poll_ns = POLL_FIRST_NS;

    while ((ending->threads_left = host_threads_left(host)) > 0 && !hurries(ending) &&
           now_ns(ending) - start_ns < ending->linger_us * NS_PER_US)
        rest(ending, &poll_ns);
    ending->lingered_ns = now_ns(ending) - start_ns;
}
