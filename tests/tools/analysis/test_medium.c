/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/media.h"
#include "tools/analysis/text.h"

#include <string.h>

static struct evj_slice slice(const char *text)
{
    return (struct evj_slice){.text = text, .len = strlen(text)};
}

static int start(void **state)
{
    *state = media_new();
    return 0;
}

static int stop(void **state)
{
    media_free(*state);
    return 0;
}

static const struct medium *medium_at(const struct media *media, guint index)
{
    assert_true(index < media->list->len);
    return g_ptr_array_index(media->list, index);
}

/* After a renegotiation the counters may start again. */
static void a_counter_that_starts_again_goes_on(void **state)
{
    static const char *const events[] = {
        "{\"mid\":\"0\",\"media\":\"audio\",\"packets-received\":100}",
        "{\"mid\":\"0\",\"media\":\"audio\",\"packets-received\":150}",
        "{\"mid\":\"0\",\"media\":\"audio\",\"packets-received\":20}",
        "{\"mid\":\"0\",\"media\":\"audio\",\"packets-received\":30}",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(events); i++)
        assert_true(media_add_event(*state, slice(events[i]), i, i * 1000));
    assert_int_equal(medium_at(*state, 0)->totals[MEDIUM_PACKETS_RECEIVED], 180);
    assert_int_equal(medium_at(*state, 0)->samples, 4);
    assert_int_equal(medium_at(*state, 0)->last.time_us, 3000);
}

/* A packet that was late is no packet lost, and no new stream. */
static void a_loss_that_falls_a_little_has_not_started_again(void **state)
{
    static const char *const events[] = {
        "{\"mid\":\"0\",\"media\":\"audio\",\"packets-received\":90,\"lost\":10}",
        "{\"mid\":\"0\",\"media\":\"audio\",\"packets-received\":95,\"lost\":9}",
        "{\"mid\":\"0\",\"media\":\"audio\",\"packets-received\":99,\"lost\":11}",
        "{\"mid\":\"0\",\"media\":\"audio\",\"packets-received\":2,\"lost\":1}",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(events); i++)
        assert_true(media_add_event(*state, slice(events[i]), i, i * 1000));
    assert_int_equal(medium_at(*state, 0)->totals[MEDIUM_LOST], 12);
}

static void combined_statistics_are_one_for_each_medium(void **state)
{
    assert_true(media_add_event(
        *state,
        slice("[{\"mid\":\"0\",\"media\":\"audio\",\"codec\":\"opus\",\"packets-received\":1,"
              "\"rtt-values\":{\"ntp\":[1,2]}},"
              "{\"mid\":\"1\",\"media\":\"video\",\"packets-received\":0,\"packets-sent\":2}]"),
        7, 1));
    assert_int_equal(((struct media *)*state)->list->len, 2);
    assert_string_equal(medium_at(*state, 0)->codec, "opus");
    assert_int_equal(medium_at(*state, 1)->totals[MEDIUM_PACKETS_SENT], 2);
    assert_true(media_any_flow(*state));
}

/* Before 1.0 there was no mid, and the codec's key told the kind. */
static void old_statistics_are_understood(void **state)
{
    assert_true(media_add_event(
        *state, slice("{\"media\":\"video\",\"video-codec\":\"vp8\",\"packets-received\":5}"), 0,
        0));
    assert_string_equal(medium_at(*state, 0)->mid, "");
    assert_string_equal(medium_at(*state, 0)->codec, "vp8");
}

static void what_counts_nothing_is_no_statistics(void **state)
{
    assert_false(media_add_event(*state, slice("{\"media\":\"audio\",\"new\":1}"), 0, 0));
    assert_false(media_add_event(*state, slice("[]"), 0, 0));
    assert_false(media_add_event(*state, slice("[1,\"x\",[{}]]"), 0, 0));
    assert_false(media_add_event(*state, slice(""), 0, 0));
    assert_int_equal(((struct media *)*state)->list->len, 0);
}

/* A statistics event each second: `packets` more each time. */
static void add_seconds(struct media *media, unsigned from, unsigned until, unsigned packets)
{
    const struct medium *medium = media_find(media, "0", "audio");
    uint64_t total = medium != NULL ? medium->values[MEDIUM_PACKETS_RECEIVED] : 0;

    for (unsigned i = from; i < until; i++) {
        total += packets;
        g_autofree char *text =
            g_strdup_printf("{\"mid\":\"0\",\"media\":\"audio\",\"packets-received\":%u,\"rtt\":%u,"
                            "\"jitter-local\":0}",
                            (unsigned)total, packets);

        assert_true(media_add_event(media, slice(text), i, (int64_t)i * G_USEC_PER_SEC));
    }
}

static void assert_phase(const struct media *media, enum medium_phase phase, int from_s,
                         int until_s, uint64_t packets)
{
    struct medium_sum sum;

    medium_sum_up(medium_at((struct media *)media, 0), phase, &sum);
    assert_int_equal(sum.samples, until_s - from_s);
    assert_int_equal(sum.from_us, from_s * G_USEC_PER_SEC);
    assert_int_equal(sum.until_us, until_s * G_USEC_PER_SEC);
    assert_int_equal(sum.counts[MEDIUM_PACKETS_RECEIVED], packets);
    medium_sum_done(&sum);
}

static void a_call_has_a_setup_an_end_and_what_lies_between(void **state)
{
    add_seconds(*state, 0, 6, 10);
    add_seconds(*state, 6, 31, 20);
    add_seconds(*state, 31, 41, 30);
    assert_phase(*state, MEDIUM_SETUP, 0, 5, 50);
    assert_phase(*state, MEDIUM_STEADY, 5, 30, 500);
    assert_phase(*state, MEDIUM_END, 30, 40, 300);
}

static void the_levels_of_a_phase_are_its_own(void **state)
{
    struct medium_sum sum;

    add_seconds(*state, 0, 6, 10);
    add_seconds(*state, 6, 31, 20);
    add_seconds(*state, 31, 41, 30);
    medium_sum_up(medium_at(*state, 0), MEDIUM_END, &sum);
    assert_float_equal(spread_quantile(&sum.levels[MEDIUM_RTT], 0.5), 30, 0);
    assert_float_equal(spread_quantile(&sum.levels[MEDIUM_JITTER_IN], 0.5), 0, 0);
    assert_int_equal(sum.levels[MEDIUM_JITTER_OUT].count, 0);
    medium_sum_done(&sum);
    medium_sum_up(medium_at(*state, 0), MEDIUM_STEADY, &sum);
    assert_float_equal(spread_quantile(&sum.levels[MEDIUM_RTT], 0.5), 20, 0);
    medium_sum_done(&sum);
}

/* A short call ends before it was ever steady. */
static void what_is_setup_is_not_told_as_the_end_again(void **state)
{
    struct medium_sum sum;

    add_seconds(*state, 0, 9, 10);
    assert_phase(*state, MEDIUM_SETUP, 0, 5, 50);
    assert_phase(*state, MEDIUM_END, 5, 8, 30);
    medium_sum_up(medium_at(*state, 0), MEDIUM_STEADY, &sum);
    assert_int_equal(sum.samples, 0);
    medium_sum_done(&sum);
}

/* Only so many are held back, however fast they come. */
static void many_statistics_in_a_moment_take_little_room(void **state)
{
    for (unsigned i = 0; i < 1000; i++)
        assert_true(media_add_event(*state, slice("{\"media\":\"audio\",\"packets-received\":1}"),
                                    i, i == 0 ? 0 : 60 * G_USEC_PER_SEC));
    assert_true(medium_at(*state, 0)->recent->len <= 64);
    assert_int_equal(medium_at(*state, 0)->steady.samples + medium_at(*state, 0)->recent->len, 999);
}

/* Packets that were given up and come after all make the count go down. */
static void less_loss_is_no_restart(void **state)
{
    static const char *const events[] = {
        "{\"media\":\"audio\",\"packets-received\":100,\"lost\":5}",
        "{\"media\":\"audio\",\"packets-received\":200,\"lost\":3}",
        "{\"media\":\"audio\",\"packets-received\":300,\"lost\":4}",
        "{\"media\":\"audio\",\"packets-received\":10,\"lost\":1}",
    };

    for (unsigned i = 0; i < 3; i++)
        assert_true(media_add_event(*state, slice(events[i]), i, i));
    assert_int_equal(medium_at(*state, 0)->resets, 0);
    assert_int_equal(medium_at(*state, 0)->totals[MEDIUM_LOST], 5);
    assert_true(media_add_event(*state, slice(events[3]), 3, 3));
    assert_int_equal(medium_at(*state, 0)->resets, 1);
    assert_int_equal(medium_at(*state, 0)->totals[MEDIUM_LOST], 6);
    assert_int_equal(medium_at(*state, 0)->totals[MEDIUM_PACKETS_RECEIVED], 310);
}

/* Each is found at once, and what is beyond all reason is left out. */
static void many_media_are_told_apart(void **state)
{
    struct media *media = *state;

    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < MEDIA_MAX + 10; i++) {
            g_autofree char *text = g_strdup_printf(
                "{\"mid\":\"%u\",\"media\":\"audio\",\"packets-received\":%u}", i, i + round);

            assert_true(media_add_event(media, slice(text), round, round));
        }
    }
    assert_int_equal(media->list->len, MEDIA_MAX);
    assert_true(media->is_full);
    assert_int_equal(medium_at(media, 77)->totals[MEDIUM_PACKETS_RECEIVED], 78);
    assert_int_equal(medium_at(media, 77)->samples, 2);
}

/* Escaped or not, it is the same name; and what looks like an escape may be none. */
static void names_are_compared_decoded(void **state)
{
    struct media *media = *state;

    assert_ptr_equal(media_get(media, slice("\"a\""), slice("\"audio\"")),
                     media_get(media, slice("\"\\u0061\""), slice("\"audio\"")));
    assert_ptr_not_equal(media_get(media, slice("\"x\\\\\\\\y\""), slice("\"audio\"")),
                         media_get(media, slice("\"x\\\\y\""), slice("\"audio\"")));
}

static void elements_are_parted_by_their_own_commas_only(void **state)
{
    struct evj_slice rest = slice("[ {\"a\":[1,2],\"b\":\"],\\\"[\"} , [3,4],5 ]"), element;

    (void)state;
    assert_true(text_next_element(&rest, &element));
    assert_memory_equal(element.text, "{\"a\":[1,2],\"b\":\"],\\\"[\"}", 22);
    assert_true(text_next_element(&rest, &element));
    assert_memory_equal(element.text, "[3,4]", element.len);
    assert_true(text_next_element(&rest, &element));
    assert_memory_equal(element.text, "5 ", element.len);
    assert_false(text_next_element(&rest, &element));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_counter_that_starts_again_goes_on, start, stop),
        cmocka_unit_test_setup_teardown(a_loss_that_falls_a_little_has_not_started_again, start,
                                        stop),
        cmocka_unit_test_setup_teardown(combined_statistics_are_one_for_each_medium, start, stop),
        cmocka_unit_test_setup_teardown(old_statistics_are_understood, start, stop),
        cmocka_unit_test_setup_teardown(what_counts_nothing_is_no_statistics, start, stop),
        cmocka_unit_test_setup_teardown(a_call_has_a_setup_an_end_and_what_lies_between, start,
                                        stop),
        cmocka_unit_test_setup_teardown(the_levels_of_a_phase_are_its_own, start, stop),
        cmocka_unit_test_setup_teardown(what_is_setup_is_not_told_as_the_end_again, start, stop),
        cmocka_unit_test_setup_teardown(many_statistics_in_a_moment_take_little_room, start, stop),
        cmocka_unit_test_setup_teardown(less_loss_is_no_restart, start, stop),
        cmocka_unit_test_setup_teardown(many_media_are_told_apart, start, stop),
        cmocka_unit_test_setup_teardown(names_are_compared_decoded, start, stop),
        cmocka_unit_test(elements_are_parted_by_their_own_commas_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
