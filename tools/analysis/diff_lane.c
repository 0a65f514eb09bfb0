/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two lanes, step by step. */
#include "tools/analysis/align.h"
#include "tools/analysis/diff_internal.h"

#include <string.h>

/* Two lanes of the same name, and where how they align is put down. */
struct lane_pair {
    struct comparing *at;
    enum lane_kind kind;
    const char *name;
    const GPtrArray *a, *b;
    struct diff_lane *aligned;
};

static void set_side(struct diff_side *side, const struct model_session *session,
                     const struct step *step)
{
    diff_side_set(side, session, step->key, step->seq, step->time_us);
}

/* Where a missing step would have been: behind the step before `index` of its lane. */
static void set_place(struct diff_side *side, const GPtrArray *steps, int index)
{
    if (index <= 0 || steps->len == 0)
        return;
    side->has_place = true;
    side->place_seq = ((struct step *)g_ptr_array_index(steps, index - 1))->seq;
}

static struct moment moment_of(const struct step *step, const struct model_session *session)
{
    return (struct moment){
        .seen = true, .seq = step->seq, .time_us = step->time_us - session->first_us};
}

/* Put a row down. `a` or `b` is NULL where that side did nothing. */
static void put_op(const struct lane_pair *pair, enum diff_op_kind kind, const struct step *a,
                   const struct step *b, const struct difference *difference)
{
    const struct step *any = a != NULL ? a : b;
    struct diff_op op = {.kind = kind, .key = g_strdup(any->key), .difference = difference};

    if (a != NULL) {
        op.a = moment_of(a, pair->at->a);
        op.a_count = a->count;
    }
    if (b != NULL) {
        op.b = moment_of(b, pair->at->b);
        op.b_count = b->count;
    }
    g_array_append_val(pair->aligned->ops, op);
}

static void put_equal(const struct lane_pair *pair, const struct step *a, const struct step *b)
{
    pair->aligned->equal++;
    if (pair->at->options->keep_equal)
        put_op(pair, DIFF_OP_EQUAL, a, b, NULL);
}

static void add_matched(const struct lane_pair *pair, const struct step *a, const struct step *b)
{
    g_autoptr(GPtrArray) changes = changes_new();

    diff_partial_share(pair->at, pair->kind, a, b);
    attributes_compare(a->attributes, b->attributes, pair->at->ids, changes, pair->at->ignored);
    diff_settle_changes(changes);
    if (pair->kind == LANE_SIGNALLING)
        diff_sdp_pair(pair->at, a, b, changes);
    if (changes->len == 0) {
        put_equal(pair, a, b);
        return;
    }
    struct difference *difference =
        diff_add_changed(pair->at, pair->kind, pair->name, g_steal_pointer(&changes));

    set_side(&difference->a, pair->at->a, a);
    set_side(&difference->b, pair->at->b, b);
    pair->aligned->changed++;
    put_op(pair, DIFF_OP_CHANGED, a, b, difference);
}

static void set_missing_side(struct diff_side *side, const struct model_session *session,
                             const GPtrArray *steps, guint index, const GPtrArray *others)
{
    const struct step *step = g_ptr_array_index(steps, index);

    set_side(side, session, step);
    side->detail = diff_detail(step);
    side->news = diff_news(steps, index, others);
}

static void put_missing(const struct lane_pair *pair, const struct step *a, const struct step *b,
                        const struct difference *difference)
{
    if (a != NULL) {
        pair->aligned->only_a++;
        put_op(pair, DIFF_OP_ONLY_A, a, NULL, difference);
    }
    if (b != NULL) {
        pair->aligned->only_b++;
        put_op(pair, DIFF_OP_ONLY_B, NULL, b, difference);
    }
}

/* Was something lost where a side lacks a step: between the steps before and behind that place? */
static uint64_t lost_about_here(const struct lane_pair *pair, bool in_a, int next)
{
    const struct model_session *session = in_a ? pair->at->a : pair->at->b;
    const GPtrArray *steps = in_a ? pair->a : pair->b;
    const struct step *before = next > 0 ? g_ptr_array_index(steps, next - 1) : NULL;
    const struct step *behind = next < (int)steps->len ? g_ptr_array_index(steps, next) : NULL;

    return diff_lost_between(pair->at, in_a ? DIFF_A : DIFF_B,
                             before != NULL ? before->time_us : session->first_us,
                             behind != NULL ? behind->time_us : session->last_us);
}

/* Why it means less than it seems; NULL: it does not. */
static char *remark_on(const struct lane_pair *pair, const struct difference *difference,
                       const char *reason, int next_a, int next_b)
{
    if (difference->class == DIFF_NOTE && reason != NULL)
        return g_strdup(reason);
    for (int in_a = 0; in_a < 2; in_a++) {
        const struct diff_side *lacking = in_a ? &difference->a : &difference->b;
        const uint64_t lost =
            lacking->key == NULL ? lost_about_here(pair, in_a, in_a ? next_a : next_b) : 0;

        if (lost > 0)
            return g_strdup_printf("%" G_GUINT64_FORMAT " events of %s were lost about here", lost,
                                   in_a ? "A" : "B");
    }
    return NULL;
}

static enum diff_class class_of_missing(const struct lane_pair *pair, bool in_a, int index,
                                        bool is_last, const char **ret_reason)
{
    const struct lone_step lone = {.kind = pair->kind,
                                   .steps = in_a ? pair->a : pair->b,
                                   .index = (guint)index,
                                   .is_last = is_last};

    return diff_class_of_missing(pair->at, &lone, in_a, ret_reason);
}

/* A step that only one side has; or one of each that stand in the same place. */
static void add_missing(const struct lane_pair *pair, int a, int b, int next_a, int next_b,
                        bool is_last)
{
    const struct step *left = a >= 0 ? g_ptr_array_index(pair->a, a) : NULL;
    const struct step *right = b >= 0 ? g_ptr_array_index(pair->b, b) : NULL;
    const char *reason = NULL;
    const enum diff_class a_class =
        left != NULL ? class_of_missing(pair, true, a, is_last, &reason) : DIFF_NOTE;
    const enum diff_class b_class =
        right != NULL ? class_of_missing(pair, false, b, is_last, &reason) : DIFF_NOTE;
    struct difference *difference =
        diff_add(pair->at, MIN(a_class, b_class), pair->kind, pair->name);

    difference->a.alone = a_class;
    difference->b.alone = b_class;
    difference->how = right == NULL ? DIFF_ONLY_A : left == NULL ? DIFF_ONLY_B : DIFF_INSTEAD;
    if (left != NULL)
        set_missing_side(&difference->a, pair->at->a, pair->a, (guint)a, pair->b);
    else
        set_place(&difference->a, pair->a, next_a);
    if (right != NULL)
        set_missing_side(&difference->b, pair->at->b, pair->b, (guint)b, pair->a);
    else
        set_place(&difference->b, pair->b, next_b);
    difference->remark = remark_on(pair, difference, reason, next_a, next_b);
    put_missing(pair, left, right, difference);
}

/* A run of steps without counterparts: the first of a side stands against the first of the other.
 */
static guint add_run(const struct lane_pair *pair, const GArray *aligned, guint from, int next_a,
                     int next_b)
{
    g_autoptr(GArray) only_a = g_array_new(FALSE, FALSE, sizeof(int));
    g_autoptr(GArray) only_b = g_array_new(FALSE, FALSE, sizeof(int));
    guint end = from;

    for (; end < aligned->len; end++) {
        const struct aligned *one = &g_array_index(aligned, struct aligned, end);

        if (one->a >= 0 && one->b >= 0)
            break;
        if (one->a >= 0)
            g_array_append_val(only_a, one->a);
        else
            g_array_append_val(only_b, one->b);
    }
    for (guint i = 0; i < MAX(only_a->len, only_b->len); i++) {
        add_missing(pair, i < only_a->len ? g_array_index(only_a, int, i) : -1,
                    i < only_b->len ? g_array_index(only_b, int, i) : -1, next_a, next_b,
                    end == aligned->len);
        next_a += i < only_a->len;
        next_b += i < only_b->len;
    }
    return end;
}

static GPtrArray *reversed(const GPtrArray *steps)
{
    GPtrArray *turned = g_ptr_array_sized_new(steps->len);

    for (guint i = steps->len; i-- > 0;)
        g_ptr_array_add(turned, g_ptr_array_index(steps, i));
    return turned;
}

static int place_from_start(int place_from_end, guint count)
{
    return place_from_end < 0 ? -1 : (int)count - 1 - place_from_end;
}

/* From the end: what is there once could be the first of several, or the last. */
static GArray *align_backwards(const struct lane_pair *pair)
{
    g_autoptr(GPtrArray) a = reversed(pair->a), b = reversed(pair->b);
    g_autoptr(GArray) backwards = align_steps(a, b, &pair->aligned->capped);
    GArray *aligned = g_array_sized_new(FALSE, FALSE, sizeof(struct aligned), backwards->len);

    for (guint i = backwards->len; i-- > 0;) {
        const struct aligned *one = &g_array_index(backwards, struct aligned, i);
        const struct aligned turned = {place_from_start(one->a, a->len),
                                       place_from_start(one->b, b->len)};

        g_array_append_val(aligned, turned);
    }
    return aligned;
}

static bool saw_only_the_end(const struct comparing *at, const struct model_session *session)
{
    return diff_starts_late(at, session) && session->how_ended != SESSION_OPEN;
}

static GArray *align_lanes(const struct lane_pair *pair)
{
    if (saw_only_the_end(pair->at, pair->at->a) || saw_only_the_end(pair->at, pair->at->b))
        return align_backwards(pair);
    return align_steps(pair->a, pair->b, &pair->aligned->capped);
}

static void compare_steps(const struct lane_pair *pair)
{
    g_autoptr(GArray) aligned = align_lanes(pair);
    int next_a = 0, next_b = 0;

    for (guint i = 0; i < aligned->len;) {
        const struct aligned *one = &g_array_index(aligned, struct aligned, i);

        if (one->a >= 0 && one->b >= 0) {
            add_matched(pair, g_ptr_array_index(pair->a, one->a),
                        g_ptr_array_index(pair->b, one->b));
            next_a = one->a + 1;
            next_b = one->b + 1;
            i++;
        } else {
            i = add_run(pair, aligned, i, next_a, next_b);
        }
    }
}

static void compare_lane(struct comparing *at, const struct lane *a, const struct lane *b,
                         GPtrArray *aligned)
{
    const struct lane *any = a != NULL ? a : b;
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    const struct lane_pair pair = {
        .at = at,
        .kind = any->kind,
        .name = any->name,
        .a = a != NULL ? a->steps : none,
        .b = b != NULL ? b->steps : none,
        .aligned = diff_lane_new(any->kind, any->name),
    };

    g_ptr_array_add(aligned, pair.aligned);
    compare_steps(&pair);
    if (pair.aligned->capped)
        diff_limit_lane(at, pair.name);
}

static int order_lanes(const struct lane *a, const struct lane *b)
{
    if (a == NULL || b == NULL)
        return a == NULL ? 1 : -1;
    return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->name, b->name);
}

void diff_lanes(struct comparing *at, const GPtrArray *a, const GPtrArray *b, GPtrArray *aligned)
{
    guint i = 0, k = 0;

    /* Both lists are in the same order. */
    while (i < a->len || k < b->len) {
        const struct lane *left = i < a->len ? g_ptr_array_index(a, i) : NULL;
        const struct lane *right = k < b->len ? g_ptr_array_index(b, k) : NULL;
        const int order = order_lanes(left, right);

        compare_lane(at, order <= 0 ? left : NULL, order >= 0 ? right : NULL, aligned);
        i += order <= 0;
        k += order >= 0;
    }
}
