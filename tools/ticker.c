/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/ticker.h"

#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define INTERVAL_US (G_USEC_PER_SEC / 4)

void ticker_init(struct ticker *ticker, bool wanted)
{
    *ticker = (struct ticker){
        .wanted = wanted && isatty(STDERR_FILENO),
        .due_us = g_get_monotonic_time() + G_USEC_PER_SEC,
    };
}

void ticker_show(struct ticker *ticker, const char *doing, uint64_t events)
{
    int64_t now_us;

    if (!ticker->wanted)
        return;
    now_us = g_get_monotonic_time();
    if (now_us < ticker->due_us)
        return;
    ticker->due_us = now_us + INTERVAL_US;
    ticker->shown = true;
    fprintf(stderr, "\r\033[K%s %" PRIu64 " events", doing, events);
    fflush(stderr);
}

void ticker_wipe(struct ticker *ticker)
{
    if (ticker->shown)
        fputs("\r\033[K", stderr);
    ticker->shown = false;
}
