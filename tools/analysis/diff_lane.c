/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two lanes, step by step. */
#include "tools/analysis/align.h"
#include "tools/analysis/diff_internal.h"

#include <string.h>

/*
 * When a call that was up ends, its parts are taken down by several threads, and what comes first
 * hides the rest: no hangup is told once the handle is detached, and an answer may or may not still
 * arrive. Calls that end alike differ in this at random. How long before the end that may be:
 */
static const struct parting {
    enum lane_kind lane;
    const char *reason; /* of a hangup */
    int64_t within_us;
} partings[] = {
    {LANE_PC, "DTLS alert", 5 * G_USEC_PER_SEC}, {LANE_PC, "Close PC", 5 * G_USEC_PER_SEC},
    {LANE_PC, "Janus API", 5 * G_USEC_PER_SEC},  {LANE_PC, "Detach", 5 * G_USEC_PER_SEC},
    {LANE_SIGNALLING, NULL, G_USEC_PER_SEC},     {LANE_PLUGIN, NULL, G_USEC_PER_SEC},
    {LANE_MEDIA, NULL, G_USEC_PER_SEC},
};

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

bool diff_ends_before(const struct comparing *at, const struct model_session *session,
                      int64_t offset_us)
{
    return at->scope != MODEL_FILTERED && session->how_ended == SESSION_OPEN &&
           session->first_us + offset_us > session->last_us;
}

static bool is_before_the_start(const struct model_session *session, const struct step *other)
{
    return !session->created.seen && !session->server_started &&
           (g_str_equal(other->key, "created") || g_str_equal(other->key, "attached"));
}

static int64_t end_of(const struct model_handle *handle)
{
    const struct moment *session = &handle->session->ended;

    if (!handle->detached.seen || (session->seen && session->time_us < handle->detached.time_us))
        return session->seen ? session->time_us : INT64_MAX;
    return handle->detached.time_us;
}

static bool was_up_before(const struct model_handle *handle, int64_t time_us)
{
    for (guint i = 0; i < handle->epochs->len; i++) {
        const struct model_epoch *epoch = g_ptr_array_index(handle->epochs, i);
        const struct moment *up = &epoch->moments[MILESTONE_WEBRTCUP];

        if (up->seen && up->time_us < time_us)
            return true;
    }
    return false;
}

/* Does a step of `here` belong to its end, while the call was up on both sides? */
static bool is_parting(const struct model_handle *here, const struct model_handle *there,
                       const struct step *step, enum lane_kind kind)
{
    const char *reason = attributes_get(step->attributes, "webrtc.reason");

    if (here == NULL || !was_up_before(here, step->time_us) || !was_up_before(there, INT64_MAX))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(partings); i++) {
        if (partings[i].lane == kind && g_strcmp0(partings[i].reason, reason) == 0)
            return end_of(here) - step->time_us <= partings[i].within_us;
    }
    return false;
}

/* What it means that only `session` has this step; *ret_remark says why it means less than it
 * could. */
static enum diff_class class_of_missing(const struct lane_pair *pair, const struct step *step,
                                        bool in_a, const char **ret_remark)
{
    const struct model_session *here = in_a ? pair->at->a : pair->at->b;
    const struct model_session *there = in_a ? pair->at->b : pair->at->a;
    const struct model_handle *handle = in_a ? pair->at->a_handle : pair->at->b_handle;
    const struct model_handle *other = in_a ? pair->at->b_handle : pair->at->a_handle;

    *ret_remark = NULL;
    if (diff_ends_before(pair->at, there, step->time_us - here->first_us))
        *ret_remark = DIFF_ENDS_BEFORE;
    else if (is_before_the_start(there, step))
        *ret_remark = "the other journal starts later";
    else if (is_parting(handle, other, step, pair->kind))
        *ret_remark = "at the end of the call: whether it is told is a matter of who is faster";
    return *ret_remark != NULL ? DIFF_NOTE : lane_missing_class(pair->kind, step->key);
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

/* A step that only one side has; or one of each that stand in the same place. */
static void add_missing(const struct lane_pair *pair, int a, int b, int next_a, int next_b)
{
    const struct step *left = a >= 0 ? g_ptr_array_index(pair->a, a) : NULL;
    const struct step *right = b >= 0 ? g_ptr_array_index(pair->b, b) : NULL;
    const char *remark_a = NULL, *remark_b = NULL;
    const enum diff_class class_a =
        left != NULL ? class_of_missing(pair, left, true, &remark_a) : DIFF_NOTE;
    const enum diff_class class_b =
        right != NULL ? class_of_missing(pair, right, false, &remark_b) : DIFF_NOTE;
    struct difference *difference =
        diff_add(pair->at, MIN(class_a, class_b), pair->kind, pair->name);

    difference->how = right == NULL ? DIFF_ONLY_A : left == NULL ? DIFF_ONLY_B : DIFF_INSTEAD;
    if (left != NULL)
        set_missing_side(&difference->a, pair->at->a, pair->a, (guint)a, pair->b);
    else
        set_place(&difference->a, pair->a, next_a);
    if (right != NULL)
        set_missing_side(&difference->b, pair->at->b, pair->b, (guint)b, pair->a);
    else
        set_place(&difference->b, pair->b, next_b);
    if (difference->class == DIFF_NOTE)
        difference->remark = g_strdup(remark_a != NULL ? remark_a : remark_b);
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
                    i < only_b->len ? g_array_index(only_b, int, i) : -1, next_a, next_b);
        next_a += i < only_a->len;
        next_b += i < only_b->len;
    }
    return end;
}

static void compare_steps(const struct lane_pair *pair)
{
    g_autoptr(GArray) aligned = align_steps(pair->a, pair->b, &pair->aligned->capped);
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
