/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long each step of the setup took. Intervals, not moments: one slow step is blamed once. What
 * a person decides (when to hang up) has no interval here.
 */
#include "tools/analysis/diff_internal.h"

/* Equal calls through a server on a busy machine were seen to differ by up to 140 ms in a step. */
#define LEAST_US (200 * 1000)
#define LEAST_PER_CENT 50

static const struct interval {
    enum milestone from, to;
    enum lane_kind lane;
} intervals[] = {
    {MILESTONE_OFFER, MILESTONE_ANSWER, LANE_SIGNALLING},
    {MILESTONE_ICE_CONNECTING, MILESTONE_ICE_CONNECTED, LANE_ICE},
    {MILESTONE_ICE_CONNECTED, MILESTONE_DTLS_CONNECTED, LANE_DTLS},
    {MILESTONE_DTLS_CONNECTED, MILESTONE_WEBRTCUP, LANE_PC},
    {MILESTONE_WEBRTCUP, MILESTONE_FIRST_MEDIA, LANE_MEDIA},
};

/* Relative to the shorter, so that it does not matter which side is called A. */
static bool took_much_longer(int64_t a_us, int64_t b_us)
{
    const int64_t apart = ABS(a_us - b_us);
    const int64_t shorter = MAX(MIN(a_us, b_us), 0);

    return apart > MAX(LEAST_US, shorter * LEAST_PER_CENT / 100);
}

static void compare_interval(struct comparing *at, const struct diff_epoch *epoch,
                             const struct interval *interval)
{
    const struct diff_milestone *from = &epoch->milestones[interval->from];
    const struct diff_milestone *to = &epoch->milestones[interval->to];

    if (!from->a.seen || !from->b.seen || !to->a.seen || !to->b.seen || to->a.coarse ||
        to->b.coarse)
        return;
    const int64_t a_us = to->a.time_us - from->a.time_us;
    const int64_t b_us = to->b.time_us - from->b.time_us;

    if (!took_much_longer(a_us, b_us))
        return;
    struct difference *difference =
        diff_add(at, DIFF_TIMING, interval->lane, lane_kind_name(interval->lane));
    g_autofree char *path =
        g_strdup_printf("%s to %s", milestone_name(interval->from), milestone_name(interval->to));
    g_autofree char *a_text = g_strdup_printf("%.3f s", (double)a_us / G_USEC_PER_SEC);
    g_autofree char *b_text = g_strdup_printf("%.3f s", (double)b_us / G_USEC_PER_SEC);

    difference->a.key = g_strdup(milestone_name(interval->to));
    difference->a.moment = to->a;
    difference->b.key = g_strdup(milestone_name(interval->to));
    difference->b.moment = to->b;
    changes_add(difference->changes, path, a_text, b_text, DIFF_TIMING);
}

void diff_timing(struct comparing *at, const struct diff_epoch *epoch)
{
    for (size_t i = 0; i < G_N_ELEMENTS(intervals); i++)
        compare_interval(at, epoch, &intervals[i]);
}
