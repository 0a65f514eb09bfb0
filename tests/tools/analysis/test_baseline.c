/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is slow, by fixed tolerances and by what good calls took. */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"

/* echo2, whose DTLS takes so much longer. */
static GPtrArray *call_with_dtls(const GPtrArray *original, int64_t longer_us)
{
    GPtrArray *events = event_list_copy(original);

    for (guint i = find_event(events, "event.dtls", "connected", 0); i < events->len; i++) {
        json_t *timestamp = value_at(g_ptr_array_index(events, i), "timestamp");

        json_integer_set(timestamp, json_integer_value(timestamp) + longer_us);
    }
    return events;
}

/* Good calls whose DTLS took these milliseconds more than that of echo2. */
static struct baseline *good_calls(const GPtrArray *original, const int *longer_ms, size_t count)
{
    struct baseline *baseline = baseline_new();

    for (size_t i = 0; i < count; i++) {
        g_autoptr(GPtrArray) events = call_with_dtls(original, longer_ms[i] * 1000);
        struct model *model = model_of(events);

        baseline_add(baseline, g_ptr_array_index(model_sessions(model), 0));
        model_free(model);
    }
    return baseline;
}

struct compared {
    enum diff_verdict verdict;
    enum diff_flag flag; /* of DTLS connected */
    struct usual usual;
    bool told;
    bool evaluated;
};

static struct compared compare(const GPtrArray *a, const GPtrArray *b, struct baseline *baseline,
                               enum diff_timing timing)
{
    struct model *left = model_of(a), *right = model_of(b);
    struct rules *rules = rules_new();
    struct diff_options options = diff_options_default(rules);

    options.baseline = baseline;
    options.timing = timing;
    struct diff_result *result = diff_compare(left, NULL, right, NULL, &options);
    const struct diff_session *session = g_ptr_array_index(result->sessions, 0);
    const struct diff_handle *handle = g_ptr_array_index(session->handles, 0);
    const struct diff_epoch *epoch = g_ptr_array_index(handle->epochs, 0);
    const struct diff_milestone *dtls = &epoch->milestones[MILESTONE_DTLS_CONNECTED];
    const struct compared compared = {
        .verdict = result->verdict,
        .flag = dtls->flag,
        .usual = dtls->usual,
        .told = find_difference(result, DIFF_TIMING, "dtls") != NULL,
        .evaluated = handle->evaluated[DIFF_TIMING],
    };

    diff_free(result);
    rules_free(rules);
    model_free(left);
    model_free(right);
    return compared;
}

static void a_slow_step_is_told_and_weighs_only_when_asked(void **state)
{
    g_autoptr(GPtrArray) call = event_list_load("echo2");
    g_autoptr(GPtrArray) slow = call_with_dtls(call, 2000000);
    const struct compared noted = compare(call, slow, NULL, DIFF_TIMING_NOTE);
    const struct compared failed = compare(call, slow, NULL, DIFF_TIMING_FAIL);
    const struct compared off = compare(call, slow, NULL, DIFF_TIMING_OFF);

    (void)state;
    assert_true(noted.told && noted.flag == DIFF_FLAG_SLOWER);
    assert_int_equal(noted.verdict, DIFF_SAME);
    assert_true(failed.told);
    assert_int_equal(failed.verdict, DIFF_DIFFERENT);
    assert_false(off.told);
    assert_false(off.evaluated);
    assert_int_equal(off.verdict, DIFF_IDENTICAL);
}

static void the_median_and_its_deviation_are_of_the_good_calls(void **state)
{
    static const int longer_ms[] = {0, 10, 20, 30, 100};
    g_autoptr(GPtrArray) call = event_list_load("echo2");
    struct baseline *baseline = good_calls(call, longer_ms, G_N_ELEMENTS(longer_ms));
    struct model *model = model_of(call);
    const struct model_session *session = g_ptr_array_index(model_sessions(model), 0);
    const struct model_handle *handle = g_ptr_array_index(session->handles, 0);
    const struct usual usual =
        baseline_usual(baseline, handle, 1, MILESTONE_ICE_CONNECTED, MILESTONE_DTLS_CONNECTED);
    const struct usual second =
        baseline_usual(baseline, handle, 2, MILESTONE_ICE_CONNECTED, MILESTONE_DTLS_CONNECTED);

    (void)state;
    assert_int_equal(baseline_calls(baseline), 5);
    assert_int_equal(usual.calls, 5);
    assert_in_range(usual.median_us, 20000, 30000);
    assert_int_equal(usual.deviation_us, 10000);
    assert_int_equal(second.calls, 0);
    model_free(model);
    baseline_free(baseline);
}

/* 90 ms more is nothing by the fixed tolerance. */
static void good_calls_tell_what_is_slow(void **state)
{
    static const int longer_ms[] = {0, 1, 2, 3, 4};
    g_autoptr(GPtrArray) call = event_list_load("echo2");
    g_autoptr(GPtrArray) slower = call_with_dtls(call, 90000);
    g_autoptr(GPtrArray) same = call_with_dtls(call, 8000);
    struct baseline *baseline = good_calls(call, longer_ms, G_N_ELEMENTS(longer_ms));

    (void)state;
    assert_false(compare(call, slower, NULL, DIFF_TIMING_NOTE).told);
    assert_true(compare(call, slower, baseline, DIFF_TIMING_NOTE).told);
    assert_int_equal(compare(call, slower, baseline, DIFF_TIMING_NOTE).flag, DIFF_FLAG_SLOWER);
    assert_int_equal(compare(slower, call, baseline, DIFF_TIMING_NOTE).flag, DIFF_FLAG_FASTER);
    assert_false(compare(call, same, baseline, DIFF_TIMING_NOTE).told);
    baseline_free(baseline);
}

/* They differ from the good calls, not from each other. */
static void two_calls_that_are_slow_alike_do_not_differ(void **state)
{
    static const int longer_ms[] = {0, 1, 2, 3, 4};
    g_autoptr(GPtrArray) call = event_list_load("echo2");
    g_autoptr(GPtrArray) slow = call_with_dtls(call, 900000);
    struct baseline *baseline = good_calls(call, longer_ms, G_N_ELEMENTS(longer_ms));

    (void)state;
    assert_false(compare(slow, slow, baseline, DIFF_TIMING_NOTE).told);
    baseline_free(baseline);
}

static void fewer_than_five_calls_tell_nothing(void **state)
{
    static const int longer_ms[] = {0, 1, 2, 3};
    g_autoptr(GPtrArray) call = event_list_load("echo2");
    g_autoptr(GPtrArray) slower = call_with_dtls(call, 90000);
    struct baseline *baseline = good_calls(call, longer_ms, G_N_ELEMENTS(longer_ms));

    (void)state;
    assert_int_equal(compare(call, slower, baseline, DIFF_TIMING_NOTE).usual.calls, 4);
    assert_false(compare(call, slower, baseline, DIFF_TIMING_NOTE).told);
    baseline_free(baseline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_step_is_told_and_weighs_only_when_asked),
        cmocka_unit_test(the_median_and_its_deviation_are_of_the_good_calls),
        cmocka_unit_test(good_calls_tell_what_is_slow),
        cmocka_unit_test(two_calls_that_are_slow_alike_do_not_differ),
        cmocka_unit_test(fewer_than_five_calls_tell_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
