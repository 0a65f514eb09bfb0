/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/report.h"

static json_t *json_rewritten(const struct report_changes *changes)
{
    const struct rewrite_counts *counts = &changes->rewritten;
    json_t *object = json_pack("{s:I, s:I}", "copies", (json_int_t)changes->rewrite.copies, "ids",
                               (json_int_t)counts->ids);

    if (changes->rewrite.copies > 1) {
        json_object_set_new(object, "spread_us", json_integer(changes->rewrite.delay_us));
        json_object_set_new(object, "once", json_integer((json_int_t)counts->given_once));
    }
    if (changes->rewrite.now_us != 0)
        json_object_set_new(object, "moved_us", json_integer(counts->moved_us));
    return object;
}

static json_t *json_shaped(const struct report_changes *changes)
{
    json_t *object = json_object();

    for (int kind = 0; kind < SHAPE_KINDS; kind++) {
        const double value = changes->shape.values[kind];
        const bool whole = value == (double)(json_int_t)value;

        if (value > 0)
            json_object_set_new(
                object, shape_name((enum shape_kind)kind),
                json_pack("{s:o, s:I}", "value",
                          whole ? json_integer((json_int_t)value) : json_real(value), "count",
                          (json_int_t)changes->shaped.done[kind]));
    }
    return object;
}

static bool has_new_ids(const struct report_changes *changes)
{
    return changes->rewrite.renew_ids || changes->rewrite.copies > 1;
}

void replay_report_put_changes(const struct report_changes *changes, json_t *object)
{
    const bool shaped = shape_is_asked_for(&changes->shape);

    if (changes->rewrite.copies > 0)
        json_object_set_new(object, "rewritten", json_rewritten(changes));
    if (shaped)
        json_object_set_new(object, "shaped", json_shaped(changes));
    if (shaped || has_new_ids(changes))
        json_object_set_new(object, "seed", json_integer((json_int_t)changes->shape.seed));
}
