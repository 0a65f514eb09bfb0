/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"
#include "tools/diff_rows.h"

#include <string.h>

static const char *const samples[] = {"echo1", "echo2", "mute", "dtlsfail", "room1"};

static const struct diff_row *row_at(const GArray *rows, guint index)
{
    return &g_array_index(rows, struct diff_row, index);
}

/* The first row of this lane and key on the side of A, or B. */
static const struct diff_row *find_row(const GArray *rows, const char *lane, const char *key)
{
    for (guint i = 0; i < rows->len; i++) {
        const struct diff_row *row = row_at(rows, i);

        if (g_str_equal(row->lane->name, lane) &&
            g_str_equal(row->a != NULL ? row->a->key : row->b->key, key))
            return row;
    }
    fail_msg("no row \"%s %s\"", lane, key);
    return NULL;
}

static void for_each_part(void (*look)(const struct diff_session *session, guint part))
{
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        for (size_t k = 0; k < G_N_ELEMENTS(samples); k++) {
            struct diff_result *result = compare_timelines(samples[i], samples[k]);

            for (guint n = 0; n < result->sessions->len; n++) {
                const struct diff_session *session = g_ptr_array_index(result->sessions, n);

                for (guint part = 0; part < diff_parts(session); part++)
                    look(session, part);
            }
            diff_free(result);
        }
    }
}

static void look_at_lane_order(const struct diff_session *session, guint part)
{
    g_autoptr(GArray) rows = diff_part_rows(session, part);
    g_autoptr(GHashTable) last = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < rows->len; i++) {
        const struct diff_row *row = row_at(rows, i);
        const struct diff_op *op = row->a != NULL ? row->a : row->b;
        const struct diff_op *before = g_hash_table_lookup(last, row->lane);

        assert_true(before == NULL || before < op);
        g_hash_table_insert(last, (void *)row->lane, (void *)(row->b != NULL ? row->b : op));
    }
}

static void rows_keep_the_order_of_their_lane(void **state)
{
    (void)state;
    for_each_part(look_at_lane_order);
}

static guint ops_of(const GPtrArray *lanes)
{
    guint count = 0;

    for (guint i = 0; i < lanes->len; i++)
        count += ((struct diff_lane *)g_ptr_array_index(lanes, i))->ops->len;
    return count;
}

static guint ops_of_session(const struct diff_session *session)
{
    guint count = ops_of(session->lanes);

    for (guint i = 0; i < session->handles->len; i++) {
        const struct diff_handle *handle = g_ptr_array_index(session->handles, i);

        count += ops_of(handle->lanes);
        for (guint k = 0; k < handle->epochs->len; k++)
            count += ops_of(((struct diff_epoch *)g_ptr_array_index(handle->epochs, k))->lanes);
    }
    return count;
}

static void look_for_lost_steps(const struct diff_session *session, guint part)
{
    guint count = 0;

    if (part > 0)
        return;
    for (guint i = 0; i < diff_parts(session); i++) {
        g_autoptr(GArray) rows = diff_part_rows(session, i);

        for (guint k = 0; k < rows->len; k++) {
            const struct diff_row *row = row_at(rows, k);

            count += (row->a != NULL) + (row->b != NULL && row->b != row->a);
        }
    }
    assert_int_equal(count, ops_of_session(session));
}

static void every_step_stands_in_one_row(void **state)
{
    (void)state;
    for_each_part(look_for_lost_steps);
}

static void what_stands_in_the_place_of_another_shares_its_row(void **state)
{
    struct diff_result *result = compare_timelines("echo2", "dtlsfail");
    g_autoptr(GArray) rows = diff_part_rows(g_ptr_array_index(result->sessions, 0), 0);
    const struct diff_row *row = find_row(rows, "dtls", "connected");

    (void)state;
    assert_string_equal(row->b->key, "failed");
    assert_int_equal(diff_row_sign(row), '|');
    assert_non_null(diff_row_difference(row));
    assert_int_equal(diff_row_sign(find_row(rows, "dtls", "trying")), ' ');
    assert_int_equal(diff_row_sign(find_row(rows, "media 0 audio", "receiving")), '<');
    diff_free(result);
}

/* From the n-th event on, all come so much later. */
static void delay(GPtrArray *events, guint from, int64_t by_us)
{
    for (guint i = from; i < events->len; i++) {
        json_t *event = g_ptr_array_index(events, i);
        const json_int_t time_us = json_integer_value(json_object_get(event, "timestamp"));

        json_object_set_new(event, "timestamp", json_integer(time_us + by_us));
    }
}

/* Muted 3.3 s after the start by B's clock, while A is a minute behind in all it does. */
static void what_only_b_did_stands_behind_what_both_had_done_by_then(void **state)
{
    g_autoptr(GPtrArray) good = event_list_load("echo2");
    g_autoptr(GPtrArray) mute = event_list_load("mute");
    bool muted = false;

    (void)state;
    delay(good, find_event(good, "event.name", "attached", 0), INT64_C(60000000));
    struct diff_result *result = compare_timelines_of(good, mute);
    g_autoptr(GArray) rows = diff_part_rows(g_ptr_array_index(result->sessions, 0), 0);

    for (guint i = 0; i < rows->len; i++) {
        const struct diff_row *row = row_at(rows, i);

        muted |= row->a == NULL && g_str_equal(row->lane->name, "plugin");
        if (row->b == NULL)
            continue;
        assert_true(muted || row->b->b.time_us < 3310000);
        assert_true(!muted || row->b->b.time_us > 3300000);
    }
    assert_true(muted);
    diff_free(result);
}

static void add_op(struct diff_lane *lane, enum diff_op_kind kind, int64_t a_us, int64_t b_us)
{
    const struct diff_op op = {
        .kind = kind, .key = (char *)"step", .a.time_us = a_us, .b.time_us = b_us, .a_count = 1};

    g_array_append_val(lane->ops, op);
}

/* Of two lanes each side is ahead in another one: then a step of B cannot be behind all that both had done,
 * and before what follows in its lane, unless that waits for it. */
static void a_lane_keeps_its_order_where_the_two_went_ahead_in_different_ones(void **state)
{
    struct diff_lane early = {.name = (char *)"early",
                              .ops = g_array_new(FALSE, FALSE, sizeof(struct diff_op))};
    struct diff_lane late = {.name = (char *)"late",
                             .ops = g_array_new(FALSE, FALSE, sizeof(struct diff_op))};
    struct diff_session session = {.lanes = g_ptr_array_new(), .handles = g_ptr_array_new()};

    (void)state;
    add_op(&early, DIFF_OP_ONLY_B, 0, 6);
    add_op(&early, DIFF_OP_EQUAL, 5, 7);
    add_op(&late, DIFF_OP_EQUAL, 9, 5);
    g_ptr_array_add(session.lanes, &early);
    g_ptr_array_add(session.lanes, &late);
    look_at_lane_order(&session, 0);
    g_array_unref(early.ops);
    g_array_unref(late.ops);
    g_ptr_array_unref(session.lanes);
    g_ptr_array_unref(session.handles);
}

static void a_session_with_several_handles_has_a_part_for_each(void **state)
{
    struct diff_result *one = compare_timelines("echo1", "echo2");
    struct diff_result *room = compare_timelines("room1", "room1");
    const struct diff_session *session = g_ptr_array_index(room->sessions, 0);

    (void)state;
    assert_int_equal(diff_parts(g_ptr_array_index(one->sessions, 0)), 1);
    assert_int_equal(diff_part_handle(g_ptr_array_index(one->sessions, 0), 0), -1);
    assert_in_range(session->handles->len, 2, 9);
    assert_int_equal(diff_parts(session), session->handles->len + 1);
    assert_int_equal(diff_part_handle(session, 0), -1);
    assert_int_equal(diff_part_handle(session, 1), 0);
    diff_free(one);
    diff_free(room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_keep_the_order_of_their_lane),
        cmocka_unit_test(every_step_stands_in_one_row),
        cmocka_unit_test(what_stands_in_the_place_of_another_shares_its_row),
        cmocka_unit_test(what_only_b_did_stands_behind_what_both_had_done_by_then),
        cmocka_unit_test(a_lane_keeps_its_order_where_the_two_went_ahead_in_different_ones),
        cmocka_unit_test(a_session_with_several_handles_has_a_part_for_each),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
