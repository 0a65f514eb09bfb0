/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/analysis/medium.h"
#include "tools/analysis/text.h"

#include <string.h>

static struct evj_slice slice(const char *text)
{
    return (struct evj_slice){.text = text, .len = strlen(text)};
}

static int start(void **state)
{
    *state = g_ptr_array_new_with_free_func(medium_free);
    return 0;
}

static int stop(void **state)
{
    g_ptr_array_unref(*state);
    return 0;
}

static const struct medium *medium_at(GPtrArray *media, guint index)
{
    assert_true(index < media->len);
    return g_ptr_array_index(media, index);
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
        assert_true(medium_add_event(*state, slice(events[i]), i, i * 1000));
    assert_int_equal(medium_at(*state, 0)->packets_received.total, 180);
    assert_int_equal(medium_at(*state, 0)->samples, 4);
    assert_int_equal(medium_at(*state, 0)->last.time_us, 3000);
}

static void combined_statistics_are_one_for_each_medium(void **state)
{
    assert_true(medium_add_event(
        *state,
        slice("[{\"mid\":\"0\",\"media\":\"audio\",\"codec\":\"opus\",\"packets-received\":1,"
              "\"rtt-values\":{\"ntp\":[1,2]}},"
              "{\"mid\":\"1\",\"media\":\"video\",\"packets-received\":0,\"packets-sent\":2}]"),
        7, 1));
    assert_int_equal(((GPtrArray *)*state)->len, 2);
    assert_string_equal(medium_at(*state, 0)->codec, "opus");
    assert_int_equal(medium_at(*state, 1)->packets_sent.total, 2);
    assert_true(medium_any_flow(*state));
}

/* Before 1.0 there was no mid, and the codec's key told the kind. */
static void old_statistics_are_understood(void **state)
{
    assert_true(medium_add_event(
        *state, slice("{\"media\":\"video\",\"video-codec\":\"vp8\",\"packets-received\":5}"), 0,
        0));
    assert_string_equal(medium_at(*state, 0)->mid, "");
    assert_string_equal(medium_at(*state, 0)->codec, "vp8");
}

static void what_counts_nothing_is_no_statistics(void **state)
{
    assert_false(medium_add_event(*state, slice("{\"media\":\"audio\",\"new\":1}"), 0, 0));
    assert_false(medium_add_event(*state, slice("[]"), 0, 0));
    assert_false(medium_add_event(*state, slice("[1,\"x\",[{}]]"), 0, 0));
    assert_false(medium_add_event(*state, slice(""), 0, 0));
    assert_int_equal(((GPtrArray *)*state)->len, 0);
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
        cmocka_unit_test_setup_teardown(combined_statistics_are_one_for_each_medium, start, stop),
        cmocka_unit_test_setup_teardown(old_statistics_are_understood, start, stop),
        cmocka_unit_test_setup_teardown(what_counts_nothing_is_no_statistics, start, stop),
        cmocka_unit_test(elements_are_parted_by_their_own_commas_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
