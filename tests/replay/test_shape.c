/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/shape.h"
#include "tests/replay/text_source.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define MANY 1000u

/* Events with a number each, 10 ms apart; every 100th record is a gap. */
static struct text_record records[MANY];

static int make_records(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MANY; i++)
        records[i] = (struct text_record){
            .time_us = 10000 * (int64_t)i,
            .event = i % 100 == 99 ? NULL : g_strdup_printf("{\"type\":4,\"event\":{\"n\":%u}}", i),
            .gap_events = 1,
        };
    return 0;
}

static int free_records(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MANY; i++)
        g_free((char *)(uintptr_t)records[i].event);
    return 0;
}

/* What a source shaped by these options gives; they are split at blanks. */
static GPtrArray *shaped(const char *texts, uint64_t seed, struct shape_counts *counts)
{
    g_auto(GStrv) parts = g_strsplit(texts, " ", -1);
    struct shape_options options = {.seed = seed};
    GPtrArray *all;
    int ending;

    for (char **part = parts; *part != NULL; part++)
        assert_int_equal(shape_parse(&options, *part, NULL), 0);
    all = given_by(source_shape_new(text_source_new(records, MANY, EVJ_END), &options, counts),
                   &ending);
    assert_int_equal(ending, EVJ_END);
    return all;
}

static unsigned count_events(const GPtrArray *all)
{
    unsigned events = 0;

    for (guint i = 0; i < all->len; i++)
        events += given_at(all, i)->kind == EVJ_RECORD_EVENT;
    return events;
}

static void assert_equal_given(const GPtrArray *a, const GPtrArray *b, bool equal)
{
    bool same = a->len == b->len;

    for (guint i = 0; same && i < a->len; i++)
        same = given_at(a, i)->seq == given_at(b, i)->seq &&
               given_at(a, i)->time_us == given_at(b, i)->time_us &&
               strcmp(given_at(a, i)->event, given_at(b, i)->event) == 0;
    assert_int_equal(same, equal);
}

static void the_same_seed_does_the_same_and_another_does_not(void **state)
{
    static const char *const chances[] = {"drop=0.2", "duplicate", "shuffle=5", "oversize=1k"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(chances); i++) {
        GPtrArray *one = shaped(chances[i], 1, NULL), *again = shaped(chances[i], 1, NULL);
        GPtrArray *other = shaped(chances[i], 2, NULL);

        assert_equal_given(one, again, true);
        assert_equal_given(one, other, false);
        g_ptr_array_unref(one);
        g_ptr_array_unref(again);
        g_ptr_array_unref(other);
    }
}

static void some_are_dropped_but_no_gap(void **state)
{
    struct shape_counts counts;
    GPtrArray *all = shaped("drop=0.2", 1, &counts);

    (void)state;
    assert_in_range(counts.done[SHAPE_DROP], 100, 300);
    assert_int_equal(counts.given, MANY - 10 - counts.done[SHAPE_DROP]);
    assert_int_equal(count_events(all), counts.given);
    assert_int_equal(all->len, counts.given + 10);
    g_ptr_array_unref(all);
}

static void at_a_chance_of_one_all_are_dropped(void **state)
{
    GPtrArray *all = shaped("drop=1", 1, NULL);

    (void)state;
    assert_int_equal(count_events(all), 0);
    assert_int_equal(all->len, 10);
    g_ptr_array_unref(all);
}

static void some_come_twice_one_right_behind_the_other(void **state)
{
    struct shape_counts counts;
    GPtrArray *all = shaped("duplicate=0.3", 1, &counts);
    unsigned twice = 0;

    (void)state;
    for (guint i = 1; i < all->len; i++) {
        const struct given *before = given_at(all, i - 1), *given = given_at(all, i);

        assert_true(given->seq == before->seq || given->seq == before->seq + 1);
        if (given->seq == before->seq) {
            assert_string_equal(given->event, before->event);
            assert_int_equal(given->time_us, before->time_us);
            twice++;
        }
    }
    assert_int_equal(counts.done[SHAPE_DUPLICATE], twice);
    assert_in_range(twice, 200, 400);
    g_ptr_array_unref(all);
}

static void shuffled_events_stay_within_their_window_and_its_times(void **state)
{
    struct shape_counts counts;
    GPtrArray *all = shaped("shuffle=9", 1, &counts);
    unsigned moved = 0;

    (void)state;
    assert_int_equal(all->len, MANY);
    for (guint i = 0; i < all->len; i++) {
        const struct given *given = given_at(all, i);

        assert_int_equal(given->time_us, 10000 * (int64_t)i);
        /* Windows are of 9 events, and a gap begins them anew. */
        assert_int_equal(given->seq / 100, i / 100);
        assert_int_equal(given->seq % 100 / 9, i % 100 / 9);
        assert_true(given->kind == EVJ_RECORD_EVENT || given->seq == i);
        moved += given->seq != i;
    }
    assert_int_equal(counts.done[SHAPE_SHUFFLE], moved);
    assert_true(moved > MANY / 2);
    g_ptr_array_unref(all);
}

/* Of two events, each comes first in half of all cases. */
static void each_order_is_as_likely_as_any_other(void **state)
{
    struct shape_counts counts;
    GPtrArray *all = shaped("shuffle=2", 1, &counts);

    (void)state;
    assert_in_range(counts.done[SHAPE_SHUFFLE], MANY * 4 / 10, MANY * 6 / 10);
    g_ptr_array_unref(all);
}

/* No event is lost or doubled by it. */
static void shuffling_is_a_permutation(void **state)
{
    GPtrArray *all = shaped("shuffle=65536", 3, NULL);
    bool seen[MANY] = {false};

    (void)state;
    for (guint i = 0; i < all->len; i++) {
        assert_false(seen[given_at(all, i)->seq]);
        seen[given_at(all, i)->seq] = true;
    }
    assert_int_equal(all->len, MANY);
    g_ptr_array_unref(all);
}

static void every_tenth_event_is_grown_to_the_size(void **state)
{
    struct shape_counts counts;
    GPtrArray *all = shaped("oversize=2k", 1, &counts);
    unsigned event = 0, grown = 0;

    (void)state;
    for (guint i = 0; i < all->len; i++) {
        const struct given *given = given_at(all, i);

        if (given->kind != EVJ_RECORD_EVENT)
            continue;
        if (event++ % 10 != 0) {
            assert_string_equal(given->event, records[i].event);
            continue;
        }
        json_auto_t *tree = json_loads(given->event, 0, NULL);

        assert_int_equal(strlen(given->event), 2048);
        assert_memory_equal(given->event, records[i].event, strlen(records[i].event) - 1);
        assert_true(json_is_string(json_object_get(tree, "evj_padding")));
        grown++;
    }
    assert_int_equal(counts.done[SHAPE_OVERSIZE], grown);
    assert_int_equal(grown, 99);
    g_ptr_array_unref(all);
}

static void a_large_event_is_not_grown(void **state)
{
    g_autofree char *x = g_strnfill(2000, 'x');
    g_autofree char *event = g_strdup_printf("{\"type\":4,\"x\":\"%s\"}", x);
    const struct text_record large[] = {{1, event, 0, false}};
    const struct shape_options options = {.values[SHAPE_OVERSIZE] = 1024};
    struct shape_counts counts;
    int ending;
    GPtrArray *all =
        given_by(source_shape_new(text_source_new(large, 1, EVJ_END), &options, &counts), &ending);

    (void)state;
    assert_string_equal(given_at(all, 0)->event, event);
    assert_int_equal(counts.done[SHAPE_OVERSIZE], 0);
    g_ptr_array_unref(all);
}

/* On average the pace stays: the groups begin where their first events were. */
static void bursts_come_when_their_first_event_is_due(void **state)
{
    struct shape_counts counts;
    GPtrArray *all = shaped("burst=50", 1, &counts);
    unsigned event = 0;
    int64_t burst_us = 0;

    (void)state;
    for (guint i = 0; i < all->len; i++) {
        const struct given *given = given_at(all, i);

        if (given->kind != EVJ_RECORD_EVENT)
            continue;
        if (event++ % 50 == 0)
            burst_us = records[i].time_us;
        assert_int_equal(given->time_us, burst_us);
    }
    assert_int_equal(counts.done[SHAPE_BURST], (event + 49) / 50);
    g_ptr_array_unref(all);
}

static void a_trickle_is_even(void **state)
{
    struct shape_counts counts;
    GPtrArray *all = shaped("trickle=250", 1, &counts);
    int64_t due_us = 0;

    (void)state;
    for (guint i = 0; i < all->len; i++) {
        if (given_at(all, i)->kind != EVJ_RECORD_EVENT)
            continue;
        assert_int_equal(given_at(all, i)->time_us, due_us);
        due_us += 250000;
    }
    assert_int_equal(counts.done[SHAPE_TRICKLE], counts.given);
    g_ptr_array_unref(all);
}

/* Doubled events take their turn in the trickle, and groups are of the trickle's events. */
static void all_of_them_go_together(void **state)
{
    struct shape_counts counts;
    GPtrArray *all =
        shaped("burst=4 trickle=10 drop=0.1 duplicate=0.5 shuffle=20 oversize=1k", 1, &counts);
    unsigned event = 0;
    int64_t first_us = 0;

    (void)state;
    for (guint i = 0; i < all->len; i++) {
        if (given_at(all, i)->kind != EVJ_RECORD_EVENT)
            continue;
        if (event == 0)
            first_us = given_at(all, i)->time_us;
        assert_int_equal(given_at(all, i)->time_us, first_us + event / 4 * 40000);
        event++;
    }
    assert_int_equal(counts.given, event);
    assert_int_equal(counts.given,
                     MANY - 10 - counts.done[SHAPE_DROP] + counts.done[SHAPE_DUPLICATE]);
    for (int kind = 0; kind < SHAPE_KINDS; kind++)
        assert_true(counts.done[kind] > 0);
    g_ptr_array_unref(all);
}

/* Those of a server that goes on do not come at a chance. */
static void what_is_live_is_left_alone(void **state)
{
    static const struct text_record live[] = {
        {1, "{\"type\":1}", 0, true}, {2, "{\"type\":2}", 0, true}, {3, "{\"type\":4}", 0, false}};
    struct shape_options options = {.values = {5, 100, 5, 1, 1, 2048}};
    int ending;
    GPtrArray *all =
        given_by(source_shape_new(text_source_new(live, 3, EVJ_END), &options, NULL), &ending);

    (void)state;
    assert_int_equal(all->len, 2);
    for (guint i = 0; i < all->len; i++)
        assert_string_equal(given_at(all, i)->event, live[i].event);
    g_ptr_array_unref(all);
}

/* Each round of a loop begins with a burst, and a window, of its own. */
static void after_a_seek_groups_begin_anew(void **state)
{
    const struct shape_options options = {
        .values = {[SHAPE_BURST] = 7, [SHAPE_SHUFFLE] = 9, [SHAPE_DUPLICATE] = 0.5}};
    struct source *source =
        source_shape_new(text_source_new(records, MANY, EVJ_END), &options, NULL);
    struct source_item item;
    int ending;

    (void)state;
    for (int i = 0; i < 12; i++)
        assert_int_equal(source->ops->next(source, &item, NULL), 0);
    assert_int_equal(source->ops->seek(source, 5000000, NULL), 0);
    GPtrArray *all = given_by(source, &ending);

    assert_in_range(given_at(all, 0)->seq, 500, 508);
    for (guint i = 0; i < 7; i++)
        assert_int_equal(given_at(all, i)->time_us, 5000000);
    assert_true(given_at(all, 7)->time_us > 5000000);
    g_ptr_array_unref(all);
}

/* At its end, and with a gap that was not given yet. */
static void a_seek_leaves_nothing_of_what_was_before(void **state)
{
    static const struct text_record two[] = {
        {1, "{\"type\":1}", 0, false}, {2, NULL, 1, false}, {3, "{\"type\":4}", 0, false}};
    const struct shape_options options = {.values = {[SHAPE_SHUFFLE] = 2}};
    struct source *source = source_shape_new(text_source_new(two, 3, EVJ_END), &options, NULL);
    struct source_item item;
    int ending;

    (void)state;
    assert_int_equal(source->ops->next(source, &item, NULL), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(source->ops->seek(source, SOURCE_BEGINNING, NULL), 0);
        GPtrArray *all = given_now(source, &ending);

        assert_int_equal(all->len, 3);
        assert_int_equal(given_at(all, 0)->seq, 0);
        g_ptr_array_unref(all);
    }
    source_free(source);
}

static void options_have_their_values_or_ones_of_their_own(void **state)
{
    static const struct {
        const char *text;
        enum shape_kind kind;
        double value;
    } good[] = {
        {"burst", SHAPE_BURST, 100},
        {"burst=2", SHAPE_BURST, 2},
        {"trickle=3600000", SHAPE_TRICKLE, 3600000},
        {"shuffle", SHAPE_SHUFFLE, 16},
        {"duplicate", SHAPE_DUPLICATE, 0.1},
        {"drop=0.25", SHAPE_DROP, 0.25},
        {"drop=1e-3", SHAPE_DROP, 0.001},
        {"oversize", SHAPE_OVERSIZE, 65536},
        {"oversize=1M", SHAPE_OVERSIZE, 1048576},
        {"oversize=2k", SHAPE_OVERSIZE, 2048},
        {"oversize=5000", SHAPE_OVERSIZE, 5000},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        struct shape_options options = {0};

        assert_false(shape_is_asked_for(&options));
        assert_int_equal(shape_parse(&options, good[i].text, NULL), 0);
        assert_true(options.values[good[i].kind] == good[i].value);
        assert_true(shape_is_asked_for(&options));
    }
}

static void what_an_option_cannot_mean_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "=1",
        "Burst",
        "bursts",
        "burst=",
        "burst=1",
        "burst=2.5",
        "burst=1k",
        "burst=-5",
        "burst=1e7",
        "trickle=0",
        "shuffle=1",
        "drop",
        "drop=",
        "drop=0",
        "drop=1.01",
        "drop=-0.1",
        "drop=nan",
        "drop=inf",
        "drop=50%",
        "drop=0,5",
        "drop=0x1p-2",
        "duplicate=2",
        "oversize=1",
        "oversize=16M",
        "oversize=1G",
        "oversize=1kk",
    };
    struct evj_error err;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct shape_options options = {0};

        err = (struct evj_error){0};
        assert_int_equal(shape_parse(&options, bad[i], &err), EVJ_ERR_INVALID);
        assert_true(err.text[0] != '\0');
        assert_false(shape_is_asked_for(&options));
    }
}

static void twice_the_same_is_a_mistake(void **state)
{
    struct shape_options options = {0};

    (void)state;
    assert_int_equal(shape_parse(&options, "drop=0.5", NULL), 0);
    assert_int_equal(shape_parse(&options, "drop=0.6", NULL), EVJ_ERR_INVALID);
    assert_true(options.values[SHAPE_DROP] == 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_does_the_same_and_another_does_not),
        cmocka_unit_test(some_are_dropped_but_no_gap),
        cmocka_unit_test(at_a_chance_of_one_all_are_dropped),
        cmocka_unit_test(some_come_twice_one_right_behind_the_other),
        cmocka_unit_test(shuffled_events_stay_within_their_window_and_its_times),
        cmocka_unit_test(each_order_is_as_likely_as_any_other),
        cmocka_unit_test(shuffling_is_a_permutation),
        cmocka_unit_test(every_tenth_event_is_grown_to_the_size),
        cmocka_unit_test(a_large_event_is_not_grown),
        cmocka_unit_test(bursts_come_when_their_first_event_is_due),
        cmocka_unit_test(a_trickle_is_even),
        cmocka_unit_test(all_of_them_go_together),
        cmocka_unit_test(what_is_live_is_left_alone),
        cmocka_unit_test(after_a_seek_groups_begin_anew),
        cmocka_unit_test(a_seek_leaves_nothing_of_what_was_before),
        cmocka_unit_test(options_have_their_values_or_ones_of_their_own),
        cmocka_unit_test(what_an_option_cannot_mean_is_refused),
        cmocka_unit_test(twice_the_same_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, make_records, free_records);
}
