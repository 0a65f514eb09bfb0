/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics: what flowed, how much of it, and how well. Never event by event. */
#include "tools/analysis/diff_internal.h"

#include <math.h>

/* With less than this between its first and last statistics a medium has not shown much yet. */
#define ENOUGH_US (2 * G_USEC_PER_SEC)

static double seconds_of(const struct medium *medium)
{
    return (double)(medium->last.time_us - medium->first.time_us) / G_USEC_PER_SEC;
}

static double per_cent(uint64_t part, uint64_t rest)
{
    return part + rest > 0 ? 100.0 * (double)part / (double)(part + rest) : 0;
}

static double loss_in(const struct medium *medium)
{
    return per_cent(medium->lost.total, medium->packets_received.total);
}

static double loss_out(const struct medium *medium)
{
    const uint64_t sent = medium->packets_sent.total;
    const uint64_t lost = MIN(medium->lost_by_remote.total, sent);

    return per_cent(lost, sent - lost);
}

static double kbps(uint64_t bytes, const struct medium *medium)
{
    const double seconds = seconds_of(medium);

    return seconds > 0 ? (double)bytes * 8 / 1000 / seconds : 0;
}

static double rate_in(const struct medium *medium)
{
    return kbps(medium->bytes_received.total, medium);
}

static double rate_out(const struct medium *medium)
{
    return kbps(medium->bytes_sent.total, medium);
}

static double rtt(const struct medium *medium)
{
    return medium->rtt_samples > 0 ? (double)medium->rtt_sum_ms / (double)medium->rtt_samples : 0;
}

static double slow_links(const struct medium *medium)
{
    return (double)(medium->slow_uplinks + medium->slow_downlinks);
}

/* A figure is different when it is off by more than both of these. */
static const struct figure {
    const char *path;
    double (*of)(const struct medium *medium);
    double least;  /* absolute */
    double factor; /* the greater against the smaller */
} figures[] = {
    {"loss-in-percent", loss_in, 2, 1.5},
    {"loss-out-percent", loss_out, 2, 1.5},
    {"received-kbps", rate_in, 20, 2},
    {"sent-kbps", rate_out, 20, 2},
    {"rtt-ms", rtt, 100, 2},
    {"slow-links", slow_links, 3, 2},
};

static bool figures_differ(const struct figure *figure, double a, double b)
{
    return fabs(a - b) > figure->least && MAX(a, b) > MIN(a, b) * figure->factor;
}

static void compare_figures(const struct medium *a, const struct medium *b, GPtrArray *changes)
{
    for (size_t i = 0; i < G_N_ELEMENTS(figures); i++) {
        const double left = figures[i].of(a), right = figures[i].of(b);
        g_autofree char *a_text = g_strdup_printf("%.1f", left);
        g_autofree char *b_text = g_strdup_printf("%.1f", right);

        if (figures_differ(&figures[i], left, right))
            changes_add(changes, figures[i].path, a_text, b_text, DIFF_QUALITY);
    }
}

/* Did media flow at all? "Not yet" is no answer. */
static void compare_flow(const char *path, uint64_t a, uint64_t b, enum diff_class weight,
                         GPtrArray *changes)
{
    if ((a > 0) != (b > 0))
        changes_add(changes, path, a > 0 ? "yes" : "no", b > 0 ? "yes" : "no", weight);
}

static bool showed_enough(const struct medium *medium)
{
    return medium->last.time_us - medium->first.time_us >= ENOUGH_US;
}

static void compare_medium(const struct medium *a, const struct medium *b, GPtrArray *changes)
{
    const enum diff_class weight = !showed_enough(a) || !showed_enough(b) ? DIFF_NOTE
                                   : g_str_equal(a->media, "data")        ? DIFF_STRUCTURE
                                                                          : DIFF_OUTCOME;

    if (a->codec != NULL && b->codec != NULL && !g_str_equal(a->codec, b->codec))
        changes_add(changes, "codec", a->codec, b->codec, DIFF_NEGOTIATION);
    compare_flow("media-in", a->packets_received.total, b->packets_received.total, weight, changes);
    compare_flow("media-out", a->packets_sent.total, b->packets_sent.total, weight, changes);
    if (showed_enough(a) && showed_enough(b))
        compare_figures(a, b, changes);
}

static char *name_of(const struct medium *medium)
{
    return g_strdup_printf("stats %s%s%s", medium->mid, medium->mid[0] != '\0' ? " " : "",
                           medium->media);
}

static void set_side(struct diff_side *side, const struct model_session *session,
                     const struct medium *medium)
{
    diff_side_set(side, session, "statistics", medium->first.seq, medium->first.time_us);
}

static void compare_both(struct comparing *at, const struct medium *a, const struct medium *b)
{
    g_autoptr(GPtrArray) changes = changes_new();
    g_autofree char *name = name_of(a);

    compare_medium(a, b, changes);
    if (showed_enough(a) && showed_enough(b))
        diff_evaluated(at, DIFF_QUALITY);
    if (changes->len == 0)
        return;
    struct difference *difference =
        diff_add_changed(at, LANE_STATS, name, g_steal_pointer(&changes));

    set_side(&difference->a, at->a, a);
    set_side(&difference->b, at->b, b);
}

static void tell_missing(struct comparing *at, const struct medium *medium, bool in_a)
{
    g_autofree char *name = name_of(medium);

    if (medium->samples == 0)
        return;
    const struct model_session *here = in_a ? at->a : at->b;
    const struct model_session *there = in_a ? at->b : at->a;
    const bool unseen = diff_ends_before(at, there, medium->first.time_us - here->first_us);
    struct difference *difference = diff_add(
        at, showed_enough(medium) && !unseen ? DIFF_STRUCTURE : DIFF_NOTE, LANE_STATS, name);

    difference->how = in_a ? DIFF_ONLY_A : DIFF_ONLY_B;
    if (unseen)
        difference->remark = g_strdup(DIFF_ENDS_BEFORE);
    set_side(in_a ? &difference->a : &difference->b, here, medium);
}

static const struct medium *find(const GPtrArray *media, const struct medium *like)
{
    for (guint i = 0; i < media->len; i++) {
        const struct medium *medium = g_ptr_array_index(media, i);

        if (g_str_equal(medium->mid, like->mid) && g_str_equal(medium->media, like->media))
            return medium;
    }
    return NULL;
}

/* NULL where a side has no such medium. */
static void list_medium(GPtrArray *list, const struct medium *a, const struct medium *b)
{
    struct diff_medium *medium = diff_medium_new();

    medium->mid = g_strdup(a != NULL ? a->mid : b->mid);
    medium->media = g_strdup(a != NULL ? a->media : b->media);
    if (a != NULL) {
        medium->in_a = true;
        medium->a_codec = g_strdup(a->codec);
        medium->a_slow_links = a->slow_uplinks + a->slow_downlinks;
    }
    if (b != NULL) {
        medium->in_b = true;
        medium->b_codec = g_strdup(b->codec);
        medium->b_slow_links = b->slow_uplinks + b->slow_downlinks;
    }
    g_ptr_array_add(list, medium);
}

static void list_media(GPtrArray *list, const GPtrArray *a, const GPtrArray *b)
{
    for (guint i = 0; i < a->len; i++) {
        const struct medium *medium = g_ptr_array_index(a, i);

        list_medium(list, medium, find(b, medium));
    }
    for (guint i = 0; i < b->len; i++) {
        const struct medium *medium = g_ptr_array_index(b, i);

        if (find(a, medium) == NULL)
            list_medium(list, NULL, medium);
    }
}

void diff_media(struct comparing *at, const struct model_epoch *a, const struct model_epoch *b)
{
    list_media(at->epoch_pair->media, a->media, b->media);
    /* Without webrtcup nothing can flow, and that it is missing has been told. */
    if (!a->moments[MILESTONE_WEBRTCUP].seen || !b->moments[MILESTONE_WEBRTCUP].seen)
        return;
    for (guint i = 0; i < a->media->len; i++) {
        const struct medium *medium = g_ptr_array_index(a->media, i);
        const struct medium *other = find(b->media, medium);

        if (other != NULL)
            compare_both(at, medium, other);
        else
            tell_missing(at, medium, true);
    }
    for (guint i = 0; i < b->media->len; i++) {
        const struct medium *medium = g_ptr_array_index(b->media, i);

        if (find(a->media, medium) == NULL)
            tell_missing(at, medium, false);
    }
}
