/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long each step of the setup took: the time between two milestones that both sides reached,
 * and nothing that both reached lies between. Intervals, not moments: one slow step is blamed once.
 */
#include "tools/analysis/diff_internal.h"

/* A step that is off by more than both of these took much longer. Equal calls through a server on a busy
 * machine were seen to differ by up to 233 ms in a step. */
#define LEAST_US (300 * 1000)
#define LEAST_PER_CENT 50

/* With a baseline: outside of this many median deviations around the median. Equal calls differ by a
 * few milliseconds however steady others were. */
#define USUAL_DEVIATIONS 4
#define USUAL_LEAST_US (10 * 1000)

/* Where a slow step is told. Before the offer and after the first media a person decides how long
 * it takes: that is not judged. */
static const struct judged {
    enum milestone milestone;
    enum lane_kind lane;
} judged[] = {
    {MILESTONE_ANSWER, LANE_SIGNALLING}, {MILESTONE_ICE_CONNECTING, LANE_ICE},
    {MILESTONE_ICE_CONNECTED, LANE_ICE}, {MILESTONE_DTLS_CONNECTED, LANE_DTLS},
    {MILESTONE_WEBRTCUP, LANE_PC},       {MILESTONE_FIRST_MEDIA, LANE_MEDIA},
};

static bool both_reached(const struct diff_milestone *milestone)
{
    return milestone->a.seen && milestone->b.seen;
}

/* Janus may tell the effect a moment before its cause: what came before its turn took no time, and what
 * follows is counted from the latest of all that led to it. */
static void set_intervals(struct diff_epoch *epoch)
{
    const struct diff_milestone *before = NULL;
    int64_t a_latest = INT64_MIN, b_latest = INT64_MIN;

    for (unsigned i = 0; i < MILESTONES; i++) {
        struct diff_milestone *this = &epoch->milestones[i];

        if (this->a.seen != this->b.seen)
            this->flag = this->a.seen ? DIFF_FLAG_ONLY_A : DIFF_FLAG_ONLY_B;
        if (!both_reached(this))
            continue;
        if (before != NULL) {
            this->has_interval = true;
            this->since = (enum milestone)(before - epoch->milestones);
            this->a_us = MAX(this->a.time_us - a_latest, 0);
            this->b_us = MAX(this->b.time_us - b_latest, 0);
        }
        before = this;
        a_latest = MAX(a_latest, this->a.time_us);
        b_latest = MAX(b_latest, this->b.time_us);
    }
}

/* Relative to the shorter, so that it does not matter which side is called A. */
static bool is_far_apart(int64_t a_us, int64_t b_us)
{
    const int64_t apart = ABS(a_us - b_us);
    const int64_t shorter = MAX(MIN(a_us, b_us), 0);

    return apart > MAX(LEAST_US, shorter * LEAST_PER_CENT / 100);
}

/* -1: faster than usual, 1: slower. */
static int beside_usual(const struct usual *usual, int64_t interval_us)
{
    const int64_t band_us = MAX(USUAL_DEVIATIONS * usual->deviation_us, USUAL_LEAST_US);
    const int64_t off_us = interval_us - usual->median_us;

    return off_us > band_us ? 1 : off_us < -band_us ? -1 : 0;
}

/* What both do that is unusual in the same way is no difference between them. */
static bool is_apart(struct comparing *at, struct diff_milestone *milestone, enum milestone until)
{
    if (at->options->baseline != NULL)
        milestone->usual = baseline_usual(at->options->baseline, at->a_handle,
                                          at->epoch_pair->a_number, milestone->since, until);
    if (milestone->usual.calls < BASELINE_CALLS_MIN)
        return is_far_apart(milestone->a_us, milestone->b_us);
    return beside_usual(&milestone->usual, milestone->a_us) !=
           beside_usual(&milestone->usual, milestone->b_us);
}

static void tell(struct comparing *at, const struct diff_milestone *milestone,
                 const struct judged *where)
{
    GPtrArray *changes = changes_new();
    const char *name = milestone_name(where->milestone);
    g_autofree char *path = g_strdup_printf("%s to %s", milestone_name(milestone->since), name);
    g_autofree char *a_text = g_strdup_printf("%.3f s", (double)milestone->a_us / G_USEC_PER_SEC);
    g_autofree char *b_text = g_strdup_printf("%.3f s", (double)milestone->b_us / G_USEC_PER_SEC);

    changes_add(changes, path, a_text, b_text, DIFF_TIMING);
    struct difference *difference =
        diff_add_changed(at, where->lane, lane_kind_name(where->lane), changes);

    difference->a.key = g_strdup(name);
    difference->a.moment = milestone->a;
    difference->b.key = g_strdup(name);
    difference->b.moment = milestone->b;
}

/* What is known by statistics only came at some time since the statistics before. */
static bool is_coarse(const struct diff_milestone *milestone)
{
    return milestone->a.coarse || milestone->b.coarse;
}

static void judge(struct comparing *at, const struct judged *where)
{
    struct diff_milestone *milestone = &at->epoch_pair->milestones[where->milestone];

    if (!milestone->has_interval || milestone->since < MILESTONE_OFFER || is_coarse(milestone))
        return;
    diff_evaluated(at, DIFF_TIMING);
    if (!is_apart(at, milestone, where->milestone))
        return;
    milestone->flag = milestone->b_us > milestone->a_us ? DIFF_FLAG_SLOWER : DIFF_FLAG_FASTER;
    tell(at, milestone, where);
}

void diff_timing(struct comparing *at)
{
    set_intervals(at->epoch_pair);
    for (size_t i = 0; at->options->timing != DIFF_TIMING_OFF && i < G_N_ELEMENTS(judged); i++)
        judge(at, &judged[i]);
}
