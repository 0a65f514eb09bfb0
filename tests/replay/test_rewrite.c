/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/copies.h"
#include "replay/rewrite.h"
#include "tests/replay/text_source.h"

#include <jansson.h>
#include <string.h>

#define CREATED(time, session)                                                                \
    "{\"emitter\":\"gw\",\"type\":1,\"timestamp\":" time ",\"session_id\":" session           \
    ",\"event\":{\"name\":\"created\",\"transport\":{\"transport\":\"janus.transport.http\"," \
    "\"id\":\"77\"}}}"
#define JOINED(time, session, handle, id)                                                \
    "{\"emitter\":\"gw\",\"type\":64,\"timestamp\":" time ",\"session_id\":" session     \
    ",\"handle_id\":" handle ",\"opaque_id\":\"alice\",\"event\":{\"plugin\":"           \
    "\"janus.plugin.videoroom\",\"data\":{\"event\":\"joined\",\"room\":1234,\"id\":" id \
    ",\"level\":0.10000000000000001,\"display\":\"a \\u00e9\"}}}"
#define STARTED(time)                                                    \
    "{\"emitter\":\"gw\",\"type\":256,\"subtype\":1,\"timestamp\":" time \
    ",\"event\":{\"status\":\"started\"}}"
/* The same, with a body that has no other id. */
#define LEFT(time, id)                                                              \
    "{\"emitter\":\"gw\",\"type\":64,\"timestamp\":" time ",\"event\":{\"plugin\":" \
    "\"janus.plugin.videoroom\",\"data\":{\"event\":\"leaving\",\"room\":1234,\"id\":" id "}}}"

static const struct text_record call[] = {
    {1000, STARTED("5000001000"), 0, false},
    {2000, CREATED("5000002000", "1111111111111111"), 0, false},
    {3000, JOINED("5000003000", "1111111111111111", "2222222222222222", "3333333333333333"), 0,
     false},
    {4000, NULL, 5, false},
    {5000, LEFT("5000005000", "3333333333333333"), 0, false},
};

static GPtrArray *rewritten(const struct text_record *records, size_t count,
                            const struct rewrite_options *options, struct rewrite_counts *counts)
{
    struct source *source = text_source_new(records, count, EVJ_END);
    int ending;
    GPtrArray *all = given_by(source_rewrite_new(source, options, counts), &ending);

    assert_int_equal(ending, EVJ_END);
    return all;
}

static json_t *event_at(const GPtrArray *all, guint index)
{
    json_t *event = json_loads(given_at(all, index)->event, 0, NULL);

    assert_non_null(event);
    return event;
}

/* The value at a path of keys with dots between them, in the event at `index`. New reference. */
static json_t *value_at(const GPtrArray *all, guint index, const char *path)
{
    g_auto(GStrv) keys = g_strsplit(path, ".", -1);
    json_t *event = event_at(all, index), *value = event;

    for (char **key = keys; *key != NULL; key++)
        value = json_object_get(value, *key);
    assert_non_null(value);
    json_incref(value);
    json_decref(event);
    return value;
}

static void assert_same_value(const GPtrArray *all, guint a, const char *a_path, guint b,
                              const char *b_path, bool same)
{
    json_auto_t *left = value_at(all, a, a_path);
    json_auto_t *right = value_at(all, b, b_path);

    assert_int_equal(json_equal(left, right), same);
}

static const char *const room = "event.data.room";
static const char *const id = "event.data.id";

static void nothing_to_change_changes_no_byte(void **state)
{
    const struct rewrite_options options = {.copies = 1};
    GPtrArray *all = rewritten(call, G_N_ELEMENTS(call), &options, NULL);

    (void)state;
    assert_int_equal(all->len, G_N_ELEMENTS(call));
    for (guint i = 0; i < all->len; i++) {
        assert_int_equal(given_at(all, i)->seq, i);
        assert_int_equal(given_at(all, i)->time_us, call[i].time_us);
        assert_string_equal(given_at(all, i)->event, call[i].event != NULL ? call[i].event : "");
    }
    g_ptr_array_unref(all);
}

static void times_move_to_now_and_keep_their_intervals(void **state)
{
    const struct rewrite_options options = {.copies = 1, .now_us = 7000000000};
    struct rewrite_counts counts;
    GPtrArray *all = rewritten(call, G_N_ELEMENTS(call), &options, &counts);

    (void)state;
    assert_string_equal(given_at(all, 0)->event, STARTED("7000000000"));
    assert_string_equal(given_at(all, 1)->event, CREATED("7000001000", "1111111111111111"));
    assert_string_equal(given_at(all, 4)->event, LEFT("7000004000", "3333333333333333"));
    assert_int_equal(counts.moved_us, 7000000000 - 5000001000);
    g_ptr_array_unref(all);
}

/* No number that a stranger wrote overflows, and what is no time stays what it is. */
static void odd_times_are_left_alone(void **state)
{
    static const struct text_record odd[] = {
        {1, STARTED("1"), 0, false},
        {2, STARTED("9223372036854775807"), 0, false},
        {3, STARTED("99999999999999999999"), 0, false},
        {4, STARTED("1.5"), 0, false},
        {5, STARTED("-7"), 0, false},
        {6, STARTED("\"noon\""), 0, false},
    };
    const struct rewrite_options options = {.copies = 1, .now_us = 7000000000};
    GPtrArray *all = rewritten(odd, G_N_ELEMENTS(odd), &options, NULL);

    (void)state;
    for (guint i = 1; i < all->len; i++)
        assert_string_equal(given_at(all, i)->event, odd[i].event);
    g_ptr_array_unref(all);
}

static void new_ids_refer_to_each_other_as_the_old_ones_did(void **state)
{
    const struct rewrite_options options = {.copies = 1, .renew_ids = true, .seed = 1};
    struct rewrite_counts counts;
    GPtrArray *all = rewritten(call, G_N_ELEMENTS(call), &options, &counts);

    (void)state;
    assert_same_value(all, 1, "session_id", 2, "session_id", true);
    assert_same_value(all, 2, id, 4, id, true);
    assert_same_value(all, 2, room, 4, room, true);
    assert_int_equal(counts.ids, 6);
    for (guint i = 1; i < all->len; i++) {
        assert_null(strstr(given_at(all, i)->event, "1111111111111111"));
        assert_null(strstr(given_at(all, i)->event, "2222222222222222"));
        assert_null(strstr(given_at(all, i)->event, "3333333333333333"));
        assert_null(strstr(given_at(all, i)->event, ":1234,"));
    }
    g_ptr_array_unref(all);
}

/* What is no id or time stays as it was written, though JSON would allow other texts for it. */
static void all_else_stays_byte_for_byte(void **state)
{
    const struct rewrite_options options = {.copies = 1, .renew_ids = true, .seed = 1};
    GPtrArray *all = rewritten(call, G_N_ELEMENTS(call), &options, NULL);
    const char *event = given_at(all, 2)->event;

    (void)state;
    assert_string_equal(given_at(all, 0)->event, call[0].event);
    assert_true(
        g_str_has_prefix(event, "{\"emitter\":\"gw\",\"type\":64,\"timestamp\":5000003000,"));
    assert_true(
        g_str_has_suffix(event, ",\"level\":0.10000000000000001,\"display\":\"a \\u00e9\"}}}"));
    g_ptr_array_unref(all);
}

/* The events of one copy, told by the room: indices into `all`. */
static void assert_copies_do_not_meet(const GPtrArray *all, guint first, guint count)
{
    for (guint a = first; a < first + count; a++) {
        for (guint b = first; b < a; b++) {
            assert_same_value(all, a, "session_id", b, "session_id", false);
            assert_same_value(all, a, "handle_id", b, "handle_id", false);
            assert_same_value(all, a, "opaque_id", b, "opaque_id", false);
            assert_same_value(all, a, room, b, room, false);
            assert_same_value(all, a, id, b, id, false);
        }
    }
}

static void copies_come_side_by_side_with_ids_of_their_own(void **state)
{
    const struct rewrite_options options = {.copies = 3, .seed = 1};
    struct rewrite_counts counts;
    GPtrArray *all = rewritten(call, G_N_ELEMENTS(call), &options, &counts);
    static const uint64_t seqs[] = {0, 1, 1, 1, 2, 2, 2, 3, 4, 4, 4};

    (void)state;
    assert_int_equal(all->len, G_N_ELEMENTS(seqs));
    for (guint i = 0; i < all->len; i++)
        assert_int_equal(given_at(all, i)->seq, seqs[i]);
    assert_copies_do_not_meet(all, 4, 3);
    for (guint copy = 0; copy < 3; copy++) {
        assert_same_value(all, 1 + copy, "session_id", 4 + copy, "session_id", true);
        assert_same_value(all, 4 + copy, id, 8 + copy, id, true);
    }
    assert_int_equal(counts.events, 10);
    assert_int_equal(counts.given_once, 1);
    g_ptr_array_unref(all);
}

/* The server was started once, however many calls it had. */
static void what_has_no_id_is_given_once(void **state)
{
    static const struct text_record plain[] = {
        {1, STARTED("1"), 0, false}, {2, NULL, 3, false}, {3, "{\"type\":4}", 0, false}};
    const struct rewrite_options options = {.copies = 5};
    GPtrArray *all = rewritten(plain, G_N_ELEMENTS(plain), &options, NULL);

    (void)state;
    assert_int_equal(all->len, 3);
    g_ptr_array_unref(all);
}

/* A server that has ended has no calls: its end comes when the last copy has come to it. */
static void what_ends_all_comes_with_the_last_copy(void **state)
{
    static const struct text_record whole[] = {
        {1, STARTED("1"), 0, false},
        {2, CREATED("2", "1111111111111111"), 0, false},
        {3, STARTED("3"), 0, false}, /* in the middle: with the first copy */
        {4, LEFT("4", "3333333333333333"), 0, false},
        {5, "{\"type\":256,\"timestamp\":5,\"event\":{\"status\":\"shutdown\"}}", 0, false},
    };
    static const uint64_t seqs[] = {0, 1, 2, 3, 1, 3, 1, 3, 4};
    const struct rewrite_options options = {.copies = 3, .delay_us = 1000, .seed = 1};
    struct rewrite_counts counts;
    GPtrArray *all = rewritten(whole, G_N_ELEMENTS(whole), &options, &counts);

    (void)state;
    assert_int_equal(all->len, G_N_ELEMENTS(seqs));
    for (guint i = 0; i < all->len; i++)
        assert_int_equal(given_at(all, i)->seq, seqs[i]);
    assert_int_equal(given_at(all, 8)->time_us, 2005);
    assert_non_null(strstr(given_at(all, 8)->event, "\"timestamp\":2005,"));
    assert_int_equal(counts.given_once, 3);
    g_ptr_array_unref(all);
}

static void a_delay_puts_each_copy_behind_the_one_before(void **state)
{
    const struct rewrite_options options = {.copies = 3, .delay_us = 1500, .seed = 1};
    GPtrArray *all = rewritten(call, G_N_ELEMENTS(call), &options, NULL);
    static const struct {
        uint64_t seq;
        int64_t time_us;
    } due[] = {
        {0, 1000}, {1, 2000}, {2, 3000}, {1, 3500}, {3, 4000}, {2, 4500},
        {1, 5000}, {4, 5000}, {2, 6000}, {4, 6500}, {4, 8000},
    };

    (void)state;
    assert_int_equal(all->len, G_N_ELEMENTS(due));
    for (guint i = 0; i < all->len; i++) {
        assert_int_equal(given_at(all, i)->seq, due[i].seq);
        assert_int_equal(given_at(all, i)->time_us, due[i].time_us);
    }
    /* Its events say so, too. */
    assert_non_null(strstr(given_at(all, 3)->event, "\"timestamp\":5000003500,"));
    assert_non_null(strstr(given_at(all, 10)->event, "\"timestamp\":5000008000,"));
    g_ptr_array_unref(all);
}

static void the_last_copies_come_though_the_source_ends_in_a_fault(void **state)
{
    const struct rewrite_options options = {.copies = 2, .delay_us = 100000};
    struct source *source = text_source_new(call, G_N_ELEMENTS(call), EVJ_ERR_IO);
    struct evj_error err = {0};
    struct source_item item;
    unsigned events = 0;
    int status;

    (void)state;
    source = source_rewrite_new(source, &options, NULL);
    while ((status = source->ops->next(source, &item, &err)) == 0)
        events += item.record->kind == EVJ_RECORD_EVENT;
    assert_int_equal(status, EVJ_ERR_IO);
    assert_string_equal(err.text, "the source is broken");
    assert_int_equal(events, 7);
    assert_int_equal(source->records, G_N_ELEMENTS(call));
    source_free(source);
}

/* A call that was under way when the journal began, and goes on in it. */
static const struct text_record midway[] = {
    {1000, CREATED("5000001000", "1111111111111111"), 0, true},
    {2000, JOINED("5000002000", "1111111111111111", "2222222222222222", "3333333333333333"), 0,
     true},
    {900000, JOINED("5000900000", "1111111111111111", "2222222222222222", "3333333333333333"), 0,
     false},
};

static void what_is_live_is_older_than_now(void **state)
{
    const struct rewrite_options options = {.copies = 1, .now_us = 7000000000};
    GPtrArray *all = rewritten(midway, G_N_ELEMENTS(midway), &options, NULL);

    (void)state;
    assert_int_equal(given_at(all, 0)->kind, EVJ_RECORD_STATE);
    assert_string_equal(given_at(all, 0)->event, CREATED("6999101000", "1111111111111111"));
    assert_non_null(strstr(given_at(all, 2)->event, "\"timestamp\":7000000000,"));
    g_ptr_array_unref(all);
}

static void each_copy_has_what_is_live_in_it(void **state)
{
    const struct rewrite_options options = {.copies = 2, .seed = 1};
    GPtrArray *all = rewritten(midway, G_N_ELEMENTS(midway), &options, NULL);
    static const uint64_t seqs[] = {0, 0, 1, 1, 2, 2};

    (void)state;
    assert_int_equal(all->len, G_N_ELEMENTS(seqs));
    for (guint i = 0; i < all->len; i++) {
        assert_int_equal(given_at(all, i)->seq, seqs[i]);
        assert_same_value(all, i, "session_id", i % 2, "session_id", true);
        assert_int_equal(given_at(all, i)->kind, i < 4 ? EVJ_RECORD_STATE : EVJ_RECORD_EVENT);
    }
    assert_same_value(all, 0, "session_id", 1, "session_id", false);
    g_ptr_array_unref(all);
}

/* The room is the one id that each event of the call but its first has. */
static void assert_other_ids(const struct given *a, const struct given *b)
{
    const char *key = a->seq == 1 ? "\"session_id\":" : "\"room\":";
    const char *a_id = strstr(a->event, key), *b_id = strstr(b->event, key);

    assert_non_null(a_id);
    assert_non_null(b_id);
    assert_int_not_equal(strncmp(a_id, b_id, strlen(key) + 5), 0);
}

/* Each round of a loop is another call to who gets it. */
static void a_seek_begins_with_new_ids_and_now(void **state)
{
    const struct rewrite_options options = {
        .copies = 2, .delay_us = 1000, .seed = 1, .now_us = 7000000000};
    struct source *source =
        source_rewrite_new(text_source_new(call, G_N_ELEMENTS(call), EVJ_END), &options, NULL);
    struct source_item item;
    int ending;

    (void)state;
    for (int i = 0; i < 4; i++) /* in the midst of it */
        assert_int_equal(source->ops->next(source, &item, NULL), 0);
    assert_int_equal(source->ops->seek(source, SOURCE_BEGINNING, NULL), 0);
    GPtrArray *one = given_now(source, &ending);

    assert_int_equal(source->ops->seek(source, SOURCE_BEGINNING, NULL), 0);
    GPtrArray *two = given_by(source, &ending);

    assert_int_equal(one->len, 8);
    assert_int_equal(two->len, 8);
    for (guint i = 0; i < one->len; i++) {
        assert_int_equal(given_at(one, i)->seq, given_at(two, i)->seq);
        assert_int_equal(given_at(one, i)->time_us, given_at(two, i)->time_us);
    }
    for (guint i = 1; i < one->len; i++)
        if (given_at(one, i)->kind == EVJ_RECORD_EVENT)
            assert_other_ids(given_at(one, i), given_at(two, i));
    assert_null(strstr(given_at(one, 0)->event, "\"timestamp\":7000000000,"));
    g_ptr_array_unref(one);
    g_ptr_array_unref(two);
}

static void what_a_late_copy_needs_is_kept_up_to_a_limit(void **state)
{
    g_autofree char *padding = g_strnfill(8u << 20, 'x');
    g_autofree char *event = g_strdup_printf("{\"type\":1,\"session_id\":7,\"x\":\"%s\"}", padding);
    struct text_record large[40];
    const struct rewrite_options options = {.copies = 2, .delay_us = 1000000};
    struct evj_error err = {0};
    struct source_item item;
    unsigned given = 0;
    int status;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(large); i++)
        large[i] = (struct text_record){(int64_t)i, event, 0, false};

    struct source *source =
        source_rewrite_new(text_source_new(large, G_N_ELEMENTS(large), EVJ_END), &options, NULL);

    while ((status = source->ops->next(source, &item, &err)) == 0)
        given++;
    assert_int_equal(status, EVJ_ERR_LIMIT);
    assert_int_equal(given, COPIES_KEPT_MAX / (8u << 20) - 1);
    assert_non_null(strstr(err.text, "fewer copies"));
    source_free(source);
}

/* All copies have had an event: then nothing of it is kept. */
static void what_all_copies_have_had_is_forgotten(void **state)
{
    g_autofree char *padding = g_strnfill(8u << 20, 'x');
    g_autofree char *event = g_strdup_printf("{\"type\":1,\"session_id\":7,\"x\":\"%s\"}", padding);
    struct text_record large[COPIES_KEPT_MAX / (8u << 20) + 8];
    const struct rewrite_options options = {.copies = 2, .delay_us = 2};
    struct source_item item;
    unsigned given = 0;
    int status;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(large); i++)
        large[i] = (struct text_record){(int64_t)i, event, 0, false};

    struct source *source =
        source_rewrite_new(text_source_new(large, G_N_ELEMENTS(large), EVJ_END), &options, NULL);

    while ((status = source->ops->next(source, &item, NULL)) == 0)
        given++;
    assert_int_equal(status, EVJ_END);
    assert_int_equal(given, 2 * G_N_ELEMENTS(large));
    source_free(source);
}

static void an_event_that_is_no_json_is_named(void **state)
{
    static const struct text_record broken[] = {
        {1, STARTED("1"), 0, false}, {2, "{\"type\":1,\"event\":{\"name\":[}}}", 0, false}};
    const struct rewrite_options options = {.copies = 1, .renew_ids = true};
    struct source *source = source_rewrite_new(text_source_new(broken, 2, EVJ_END), &options, NULL);
    struct evj_error err = {0};
    struct source_item item;

    (void)state;
    assert_int_equal(source->ops->next(source, &item, NULL), 0);
    assert_int_equal(source->ops->next(source, &item, &err), EVJ_ERR_INVALID);
    assert_non_null(strstr(err.text, "record 1 "));
    source_free(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_to_change_changes_no_byte),
        cmocka_unit_test(times_move_to_now_and_keep_their_intervals),
        cmocka_unit_test(odd_times_are_left_alone),
        cmocka_unit_test(new_ids_refer_to_each_other_as_the_old_ones_did),
        cmocka_unit_test(all_else_stays_byte_for_byte),
        cmocka_unit_test(copies_come_side_by_side_with_ids_of_their_own),
        cmocka_unit_test(what_has_no_id_is_given_once),
        cmocka_unit_test(what_ends_all_comes_with_the_last_copy),
        cmocka_unit_test(a_delay_puts_each_copy_behind_the_one_before),
        cmocka_unit_test(the_last_copies_come_though_the_source_ends_in_a_fault),
        cmocka_unit_test(what_is_live_is_older_than_now),
        cmocka_unit_test(each_copy_has_what_is_live_in_it),
        cmocka_unit_test(a_seek_begins_with_new_ids_and_now),
        cmocka_unit_test(what_a_late_copy_needs_is_kept_up_to_a_limit),
        cmocka_unit_test(what_all_copies_have_had_is_forgotten),
        cmocka_unit_test(an_event_that_is_no_json_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
