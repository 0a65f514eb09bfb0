/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of a medium, phase by phase. */
#include "tools/analysis/diff_internal.h"

#include <math.h>

/* Less than this says nothing about rates yet. */
#define ENOUGH_US (2 * G_USEC_PER_SEC)

static double seconds_of(const struct medium_sum *sum)
{
    return (double)(sum->until_us - sum->from_us) / G_USEC_PER_SEC;
}

static double kbps(const struct medium_sum *sum, unsigned counter)
{
    const double seconds = seconds_of(sum);

    return seconds > 0 && sum->told[counter] ? (double)sum->counts[counter] * 8 / 1000 / seconds
                                             : NAN;
}

/* Of nothing, nothing is lost. */
static double per_cent(const struct medium_sum *sum, unsigned counter, uint64_t part,
                       uint64_t whole)
{
    if (!sum->told[counter])
        return NAN;
    return whole > 0 ? 100.0 * (double)part / (double)whole : 0;
}

static double received_kbps(const struct medium_sum *sum)
{
    return kbps(sum, MEDIUM_BYTES_RECEIVED);
}

static double sent_kbps(const struct medium_sum *sum)
{
    return kbps(sum, MEDIUM_BYTES_SENT);
}

static double loss_in(const struct medium_sum *sum)
{
    const uint64_t lost = sum->counts[MEDIUM_LOST];

    return per_cent(sum, MEDIUM_LOST, lost, lost + sum->counts[MEDIUM_PACKETS_RECEIVED]);
}

static double loss_out(const struct medium_sum *sum)
{
    const uint64_t sent = sum->counts[MEDIUM_PACKETS_SENT];
    const uint64_t lost = sum->counts[MEDIUM_LOST_BY_REMOTE];

    return per_cent(sum, MEDIUM_LOST_BY_REMOTE, MIN(lost, sent), sent);
}

static double nacks_in(const struct medium_sum *sum)
{
    return per_cent(sum, MEDIUM_NACKS_RECEIVED, sum->counts[MEDIUM_NACKS_RECEIVED],
                    sum->counts[MEDIUM_PACKETS_SENT]);
}

static double nacks_out(const struct medium_sum *sum)
{
    return per_cent(sum, MEDIUM_NACKS_SENT, sum->counts[MEDIUM_NACKS_SENT],
                    sum->counts[MEDIUM_PACKETS_RECEIVED]);
}

#define QUANTILE(name, level, share)                        \
    static double name(const struct medium_sum *sum)        \
    {                                                       \
        return spread_quantile(&sum->levels[level], share); \
    }

QUANTILE(rtt_median, MEDIUM_RTT, 0.5)
QUANTILE(rtt_p95, MEDIUM_RTT, 0.95)
QUANTILE(jitter_in_median, MEDIUM_JITTER_IN, 0.5)
QUANTILE(jitter_in_p95, MEDIUM_JITTER_IN, 0.95)
QUANTILE(jitter_out_median, MEDIUM_JITTER_OUT, 0.5)
QUANTILE(jitter_out_p95, MEDIUM_JITTER_OUT, 0.95)

/*
 * A figure is different when it is off by more than both of these, and both sides have had their time:
 * an encoder finds its rate in the first seconds, and a round trip or two on a busy machine may take
 * anything. (Of 630 pairs of equal calls that lasted four seconds, 60 were told apart before.) A percentile
 * of few values is any value: medians are judged.
 */
static const struct figure {
    double (*of)(const struct medium_sum *sum);
    double least;  /* absolute; 0: not judged */
    double factor; /* the greater against the smaller */
    uint64_t samples,
        setup_samples; /* of fewer statistics, or of fewer in setup, it is not judged */
} figures[DIFF_FIGURES] = {
    [DIFF_RECEIVED_KBPS] = {received_kbps, 20, 2, 1, 5},
    [DIFF_SENT_KBPS] = {sent_kbps, 20, 2, 1, 5},
    [DIFF_LOSS_IN_PERCENT] = {loss_in, 2, 1.5, 1, 1},
    [DIFF_LOSS_OUT_PERCENT] = {loss_out, 2, 1.5, 1, 1},
    [DIFF_NACKS_IN_PERCENT] = {nacks_in, 10, 2, 1, 1},
    [DIFF_NACKS_OUT_PERCENT] = {nacks_out, 10, 2, 1, 1},
    [DIFF_RTT_MEDIAN_MS] = {rtt_median, 100, 2, 5, 5},
    [DIFF_RTT_P95_MS] = {rtt_p95, 0, 0, 5, 5},
    [DIFF_JITTER_IN_MEDIAN_MS] = {jitter_in_median, 30, 2, 5, 5},
    [DIFF_JITTER_IN_P95_MS] = {jitter_in_p95, 0, 0, 5, 5},
    [DIFF_JITTER_OUT_MEDIAN_MS] = {jitter_out_median, 30, 2, 5, 5},
    [DIFF_JITTER_OUT_P95_MS] = {jitter_out_p95, 0, 0, 5, 5},
};

static const enum medium_phase phases[DIFF_PHASES] = {
    [DIFF_PHASE_SETUP] = MEDIUM_SETUP,
    [DIFF_PHASE_STEADY] = MEDIUM_STEADY,
    [DIFF_PHASE_END] = MEDIUM_END,
};

static void fill(struct diff_figures *side, const struct model_session *session,
                 const struct medium *medium, enum medium_phase phase)
{
    struct medium_sum sum;

    medium_sum_up(medium, phase, &sum);
    side->seen = sum.samples > 0;
    if (side->seen) {
        side->from_us = sum.from_us - session->first_us;
        side->until_us = sum.until_us - session->first_us;
        side->samples = sum.samples;
        for (unsigned i = 0; i < DIFF_FIGURES; i++)
            side->values[i] = figures[i].of(&sum);
    }
    medium_sum_done(&sum);
}

static bool says_enough(const struct diff_figures *side)
{
    return side->seen && side->until_us - side->from_us >= ENOUGH_US;
}

/* What is not told is no number, and never apart. */
static bool is_apart(const struct figure *figure, double a, double b)
{
    return figure->least > 0 && fabs(a - b) > figure->least &&
           MAX(a, b) > MIN(a, b) * figure->factor;
}

/* "steady.received-kbps": "612.3" | "80.0" */
static void tell(GPtrArray *changes, enum diff_phase phase, enum diff_figure figure, double a,
                 double b)
{
    g_autofree char *path =
        g_strconcat(diff_phase_name(phase), ".", diff_figure_name(figure), NULL);
    g_autofree char *a_text = g_strdup_printf("%.1f", a);
    g_autofree char *b_text = g_strdup_printf("%.1f", b);

    changes_add(changes, path, a_text, b_text, DIFF_QUALITY);
}

static void judge(struct diff_medium *medium, enum diff_phase phase, GPtrArray *changes)
{
    const struct diff_figures *a = &medium->phases[phase].a, *b = &medium->phases[phase].b;

    if (!says_enough(a) || !says_enough(b))
        return;
    for (unsigned i = 0; i < DIFF_FIGURES; i++) {
        const struct figure *figure = &figures[i];
        const uint64_t needed = phase == DIFF_PHASE_SETUP ? figure->setup_samples : figure->samples;

        if (MIN(a->samples, b->samples) < needed || !is_apart(figure, a->values[i], b->values[i]))
            continue;
        medium->phases[phase].flagged[i] = true;
        tell(changes, phase, (enum diff_figure)i, a->values[i], b->values[i]);
    }
}

void diff_put_figures(const struct comparing *at, struct diff_medium *medium,
                      const struct medium *a, const struct medium *b, GPtrArray *changes)
{
    for (unsigned i = 0; i < DIFF_PHASES; i++) {
        if (a != NULL)
            fill(&medium->phases[i].a, at->a, a, phases[i]);
        if (b != NULL)
            fill(&medium->phases[i].b, at->b, b, phases[i]);
        if (changes != NULL)
            judge(medium, (enum diff_phase)i, changes);
    }
}
