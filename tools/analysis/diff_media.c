/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics: what flowed, how much of it, and how well. Never event by event. */
#include "tools/analysis/diff_internal.h"

/* With less than this between its first and last statistics a medium has not shown much yet. */
#define ENOUGH_US (2 * G_USEC_PER_SEC)

static bool showed_enough(const struct medium *medium)
{
    return medium->last.time_us - medium->first.time_us >= ENOUGH_US;
}

/* Did media flow at all? "Not yet" is no answer. */
static void compare_flow(const char *path, uint64_t a, uint64_t b, enum diff_class weight,
                         GPtrArray *changes)
{
    if ((a > 0) != (b > 0))
        changes_add(changes, path, a > 0 ? "yes" : "no", b > 0 ? "yes" : "no", weight);
}

/* A few more or less, as long as there are some, mean nothing. */
#define SLOW_LINKS_APART 3u

static uint64_t slow_links(const struct medium *medium)
{
    return medium->slow_uplinks + medium->slow_downlinks;
}

static void compare_counts(const char *path, uint64_t a, uint64_t b, enum diff_class weight,
                           GPtrArray *changes)
{
    g_autofree char *a_text = g_strdup_printf("%" G_GUINT64_FORMAT, a);
    g_autofree char *b_text = g_strdup_printf("%" G_GUINT64_FORMAT, b);

    changes_add(changes, path, a_text, b_text, weight);
}

static void compare_medium(const struct medium *a, const struct medium *b, GPtrArray *changes)
{
    const enum diff_class weight = !showed_enough(a) || !showed_enough(b) ? DIFF_NOTE
                                   : g_str_equal(a->media, "data")        ? DIFF_STRUCTURE
                                                                          : DIFF_OUTCOME;
    const uint64_t a_slow = slow_links(a), b_slow = slow_links(b);

    if (a->codec != NULL && b->codec != NULL && !g_str_equal(a->codec, b->codec))
        changes_add(changes, "codec", a->codec, b->codec, DIFF_NEGOTIATION);
    compare_flow("media-in", a->totals[MEDIUM_PACKETS_RECEIVED], b->totals[MEDIUM_PACKETS_RECEIVED],
                 weight, changes);
    compare_flow("media-out", a->totals[MEDIUM_PACKETS_SENT], b->totals[MEDIUM_PACKETS_SENT],
                 weight, changes);
    if (MAX(a_slow, b_slow) - MIN(a_slow, b_slow) > SLOW_LINKS_APART &&
        MAX(a_slow, b_slow) > 2 * MIN(a_slow, b_slow))
        compare_counts("slow-links", a_slow, b_slow, DIFF_QUALITY, changes);
    if (a->resets != b->resets)
        compare_counts("counter-resets", a->resets, b->resets, DIFF_NOTE, changes);
}

/* A field that no table of ours names: its value, or that it is there at all. */
static void compare_unknown(struct comparing *at, const char *key, const struct medium_unknown *a,
                            const struct medium_unknown *b, GPtrArray *changes)
{
    g_autofree char *path = g_strconcat("media.", key, NULL);
    const struct rule *rule = rules_find(at->rules, path);
    const char *left = a != NULL ? a->value : NULL, *right = b != NULL ? b->value : NULL;

    if (g_strcmp0(left, right) == 0)
        return;
    if (rule->class == RULE_VOLATILE || rule->class == RULE_CORRELATED)
        ignored_add(at->ignored, rule);
    else
        changes_add(changes, path, left, right, rule->weight);
}

static void compare_all_unknown(struct comparing *at, const struct medium *a,
                                const struct medium *b, GPtrArray *changes)
{
    for (guint i = 0; a->unknown != NULL && i < a->unknown->len; i++) {
        const struct medium_unknown *one = g_ptr_array_index(a->unknown, i);

        compare_unknown(at, one->key, one, medium_find_unknown(b, one->key), changes);
    }
    for (guint i = 0; b->unknown != NULL && i < b->unknown->len; i++) {
        const struct medium_unknown *one = g_ptr_array_index(b->unknown, i);

        if (medium_find_unknown(a, one->key) == NULL)
            compare_unknown(at, one->key, NULL, one, changes);
    }
}

/* "stats 0 audio" */
static char *name_of(const struct diff_medium *listed)
{
    return g_strdup_printf("stats %s%s%s", listed->mid, listed->mid[0] != '\0' ? " " : "",
                           listed->media);
}

static void set_side(struct diff_side *side, const struct model_session *session,
                     const struct medium *medium)
{
    diff_side_set(side, session, "statistics", medium->first.seq, medium->first.time_us);
}

static void compare_both(struct comparing *at, struct diff_medium *listed, const struct medium *a,
                         const struct medium *b)
{
    g_autoptr(GPtrArray) changes = changes_new();
    g_autofree char *name = name_of(listed);

    compare_medium(a, b, changes);
    compare_all_unknown(at, a, b, changes);
    diff_put_figures(at, listed, a, b, changes);
    if (showed_enough(a) && showed_enough(b))
        diff_evaluated(at, DIFF_QUALITY);
    if (changes->len == 0)
        return;
    struct difference *difference =
        diff_add_changed(at, LANE_STATS, name, g_steal_pointer(&changes));

    set_side(&difference->a, at->a, a);
    set_side(&difference->b, at->b, b);
}

static void tell_missing(struct comparing *at, const struct diff_medium *listed,
                         const struct medium *medium, bool in_a)
{
    g_autofree char *name = name_of(listed);

    if (medium->samples == 0)
        return;
    struct difference *difference =
        diff_add(at, showed_enough(medium) ? DIFF_STRUCTURE : DIFF_NOTE, LANE_STATS, name);

    difference->how = in_a ? DIFF_ONLY_A : DIFF_ONLY_B;
    set_side(in_a ? &difference->a : &difference->b, in_a ? at->a : at->b, medium);
}

/* ---- the list ---- */

/* NULL where a side has no such medium. */
static struct diff_medium *list(struct comparing *at, const struct medium *a,
                                const struct medium *b, unsigned by_kind)
{
    struct diff_medium *medium = diff_medium_new();
    const struct medium *any = a != NULL ? a : b;

    medium->mid = g_strdup(diff_goes_by_kind(by_kind, any->media) ? "" : any->mid);
    medium->media = g_strdup(any->media);
    medium->in_a = a != NULL;
    medium->in_b = b != NULL;
    if (a != NULL) {
        medium->a_codec = g_strdup(a->codec);
        medium->a_resets = a->resets;
        medium->a_slow_links = slow_links(a);
    }
    if (b != NULL) {
        medium->b_codec = g_strdup(b->codec);
        medium->b_resets = b->resets;
        medium->b_slow_links = slow_links(b);
    }
    g_ptr_array_add(at->epoch_pair->media, medium);
    return medium;
}

/* Without webrtcup nothing can flow, and that it is missing has been told. */
static bool both_were_up(const struct model_epoch *a, const struct model_epoch *b)
{
    return a->moments[MILESTONE_WEBRTCUP].seen && b->moments[MILESTONE_WEBRTCUP].seen;
}

static void compare(struct comparing *at, struct diff_medium *listed, const struct medium *a,
                    const struct medium *b, bool is_judged)
{
    if (is_judged && a != NULL && b != NULL) {
        compare_both(at, listed, a, b);
        return;
    }
    diff_put_figures(at, listed, a, b, NULL);
    if (is_judged)
        tell_missing(at, listed, a != NULL ? a : b, a != NULL);
}

static const struct medium *counterpart(const struct media *media, const struct medium *medium,
                                        unsigned by_kind)
{
    return diff_goes_by_kind(by_kind, medium->media)
               ? media_find_kind(media, medium->media)
               : media_find(media, medium->mid, medium->media);
}

void diff_media(struct comparing *at, const struct model_epoch *a, const struct model_epoch *b,
                unsigned by_kind)
{
    const bool is_judged = both_were_up(a, b);

    for (guint i = 0; i < a->media->list->len; i++) {
        const struct medium *medium = g_ptr_array_index(a->media->list, i);
        const struct medium *other = counterpart(b->media, medium, by_kind);

        compare(at, list(at, medium, other, by_kind), medium, other, is_judged);
    }
    for (guint i = 0; i < b->media->list->len; i++) {
        const struct medium *medium = g_ptr_array_index(b->media->list, i);

        if (counterpart(a->media, medium, by_kind) == NULL)
            compare(at, list(at, NULL, medium, by_kind), NULL, medium, is_judged);
    }
    if (a->media->is_full)
        diff_limit_media(at, DIFF_A);
    if (b->media->is_full)
        diff_limit_media(at, DIFF_B);
}
