/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both timelines, lane by lane. */
#include "tools/diff_json_internal.h"

#include "tools/json_members.h"

static json_t *make_op(const struct diff_json *json, const struct diff_op *op)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o}", "op", diff_op_sign(op->kind),
                     "key", diff_json_text(op->key), "a_seq", diff_json_seq(&op->a), "a_us",
                     diff_json_us(&op->a), "b_seq", diff_json_seq(&op->b), "b_us",
                     diff_json_us(&op->b), "a_count", (json_int_t)op->a_count, "b_count",
                     (json_int_t)op->b_count, "difference", diff_json_index(json, op->difference));
}

static void set_ops(const struct diff_json *json, json_t *lane, const GArray *ops)
{
    json_t *list = json_array();

    for (guint i = 0; i < MIN(ops->len, DIFF_JSON_LIST_MAX); i++)
        json_array_append_new(list, make_op(json, &g_array_index(ops, struct diff_op, i)));
    json_object_set_new(lane, "ops", list);
    if (ops->len > DIFF_JSON_LIST_MAX)
        json_members_set(lane, "ops_more", ops->len - DIFF_JSON_LIST_MAX);
}

json_t *diff_json_lane(const struct diff_json *json, const void *item)
{
    const struct diff_lane *lane = item;
    json_t *object =
        json_pack("{s:s, s:o, s:I, s:I, s:I, s:I, s:b}", "kind", lane_kind_name(lane->kind), "name",
                  diff_json_text(lane->name), "equal", (json_int_t)lane->equal, "changed",
                  (json_int_t)lane->changed, "only_a", (json_int_t)lane->only_a, "only_b",
                  (json_int_t)lane->only_b, "capped", (int)lane->capped);

    set_ops(json, object, lane->ops);
    return object;
}
