/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/pacing.h"

#include <stdbool.h>

#define S_US INT64_C(1000000)
#define S_NS INT64_C(1000000000)

static struct pacing pace(const char *speed, int64_t idle_limit_us, int64_t now_ns, int64_t time_us)
{
    struct pacing pacing;
    uint64_t speed_ppm;

    assert_int_equal(pacing_parse_speed(speed, &speed_ppm, NULL), 0);
    pacing_init(&pacing, speed_ppm, idle_limit_us);
    pacing_anchor(&pacing, now_ns, time_us);
    return pacing;
}

/* ---- speeds ---- */

static void each_speed_scales_recorded_time(void **state)
{
    static const struct {
        const char *speed;
        int64_t due_ns; /* of an event 20 s after the first */
    } cases[] = {
        {"0.01", 2000 * S_NS},     {"0.5", 40 * S_NS},       {"1", 20 * S_NS},
        {"1.0x", 20 * S_NS},       {"10", 2 * S_NS},         {"3", 6666666666},
        {"0.3", 66666666666},      {"2.5", 8 * S_NS},        {"10000", 2000000},
        {"0.333333", 60000060000}, {"9999.999999", 2000000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pacing pacing = pace(cases[i].speed, PACING_IDLE_KEPT, 7 * S_NS, 500 * S_US);

        assert_int_equal(pacing_due(&pacing, 500 * S_US), 7 * S_NS);
        assert_int_equal(pacing_due(&pacing, 520 * S_US), 7 * S_NS + cases[i].due_ns);
    }
}

/* By the keys + and -. */
static void from_any_speed_the_next_is_a_round_one(void **state)
{
    static const struct {
        const char *speed, *faster, *slower;
    } cases[] = {
        {"0.01", "0.02", "0.01"}, {"0.013", "0.02", "0.01"}, {"0.05", "0.1", "0.02"},
        {"1", "2", "0.5"},        {"3", "5", "2"},           {"7.5", "10", "5"},
        {"10", "20", "5"},        {"9999", "10000", "5000"}, {"10000", "max", "5000"},
        {"max", "max", "10000"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint64_t speed_ppm, faster_ppm, slower_ppm;

        assert_int_equal(pacing_parse_speed(cases[i].speed, &speed_ppm, NULL), 0);
        assert_int_equal(pacing_parse_speed(cases[i].faster, &faster_ppm, NULL), 0);
        assert_int_equal(pacing_parse_speed(cases[i].slower, &slower_ppm, NULL), 0);
        assert_int_equal(pacing_faster(speed_ppm), faster_ppm);
        assert_int_equal(pacing_slower(speed_ppm), slower_ppm);
    }
}

/* The event that is waited for is due at another time then. */
static void another_speed_or_anchor_makes_it_due_at_another_time(void **state)
{
    struct pacing pacing = pace("1", PACING_IDLE_KEPT, 0, 0);

    (void)state;
    assert_int_equal(pacing_due(&pacing, 10 * S_US), 10 * S_NS);
    pacing_set_speed(&pacing, 2 * PACING_SPEED_ONE, 4 * S_NS);
    assert_int_equal(pacing_when(&pacing), 7 * S_NS);
    pacing_anchor(&pacing, 5 * S_NS, 10 * S_US);
    assert_int_equal(pacing_when(&pacing), 5 * S_NS);
}

static void at_max_everything_is_due_now(void **state)
{
    struct pacing pacing = pace("max", S_US, 5, 0);

    (void)state;
    assert_int_equal(pacing_due(&pacing, 0), PACING_DUE_NOW);
    assert_int_equal(pacing_due(&pacing, INT64_MAX), PACING_DUE_NOW);
    assert_int_equal(pacing_position(&pacing, 99), INT64_MAX);
}

static void a_text_that_is_no_speed_is_refused_with_a_sentence(void **state)
{
    static const char *const bad[] = {
        "",
        "0",
        "0.009999",
        "10000.000001",
        "10001",
        "-1",
        "+1",
        "1e3",
        "1,5",
        ".5",
        "1.",
        "nan",
        "inf",
        "0x10",
        "1 ",
        "Max",
        "1.0000001",
        "xx",
        "99999999999999999999999",
        "18446744073710.551616",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct evj_error err = {0};
        uint64_t speed = 77;

        assert_int_equal(pacing_parse_speed(bad[i], &speed, &err), EVJ_ERR_INVALID);
        assert_int_equal(speed, 77);
        assert_string_not_equal(err.text, "");
    }
}

/* ---- no drift ---- */

/* Steps of 333 µs at speed 3 are 111 µs; at 0.7 no step is whole: adding them up would show. */
static void ten_million_events_accumulate_no_error(void **state)
{
    struct pacing thirds = pace("3", PACING_IDLE_KEPT, 0, 0);
    struct pacing sevenths = pace("0.7", PACING_IDLE_KEPT, 0, 0);
    int64_t time_us = 0;

    (void)state;
    for (int i = 0; i < 10000000; i++) {
        time_us += 333;
        if (pacing_due(&thirds, time_us) != time_us / 333 * 111000)
            fail_msg("event %d is due at another time", i);
        pacing_due(&sevenths, time_us);
    }
    assert_int_equal(pacing_due(&sevenths, time_us), 4757142857142); /* 3330 s / 0.7 */
}

static void left_out_silence_accumulates_no_error(void **state)
{
    struct pacing pacing = pace("3", 100, 0, 0);
    int64_t time_us = 0, due_ns = 0;

    (void)state;
    for (int i = 0; i < 1000000; i++)
        due_ns = pacing_due(&pacing, time_us += 1000); /* each silence counts as 100 µs */
    assert_int_equal(due_ns, 100000000000 / 3);
}

/* ---- idle limit ---- */

/* The limit is recorded time: it is applied first, and what is left is scaled. */
static void idle_limit_comes_before_speed(void **state)
{
    static const struct {
        const char *speed;
        int64_t due_ns;
    } cases[] = {{"1", 12 * S_NS}, {"10", 1200000000}, {"0.5", 24 * S_NS}, {"0.01", 1200 * S_NS}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pacing pacing = pace(cases[i].speed, 5 * S_US, 0, 0);

        pacing_due(&pacing, 2 * S_US);   /* 2 s: kept */
        pacing_due(&pacing, 602 * S_US); /* 600 s: 5 s are left */
        assert_int_equal(pacing_due(&pacing, 607 * S_US), cases[i].due_ns); /* 5 s: kept */
    }
}

static void silence_of_exactly_the_limit_is_kept(void **state)
{
    struct pacing pacing = pace("1", S_US, 0, 0);

    (void)state;
    assert_int_equal(pacing_due(&pacing, S_US), S_NS);
    assert_int_equal(pacing_due(&pacing, 2 * S_US + 1), 2 * S_NS);
}

/* ---- order ---- */

static void an_earlier_event_is_due_with_the_one_before(void **state)
{
    struct pacing pacing = pace("1", PACING_IDLE_KEPT, 0, 100 * S_US);

    (void)state;
    assert_int_equal(pacing_due(&pacing, 110 * S_US), 10 * S_NS);
    assert_int_equal(pacing_due(&pacing, 40 * S_US), 10 * S_NS);
    assert_int_equal(pacing_due(&pacing, 109 * S_US), 10 * S_NS);
    assert_int_equal(pacing_due(&pacing, 111 * S_US), 11 * S_NS);
}

/* A step back and forth is no silence: the time in between has been seen. */
static void a_step_back_counts_no_silence_twice(void **state)
{
    struct pacing pacing = pace("1", 5 * S_US, 0, 100 * S_US);

    (void)state;
    pacing_due(&pacing, 104 * S_US);
    pacing_due(&pacing, 0);
    assert_int_equal(pacing_due(&pacing, 108 * S_US), 8 * S_NS);
}

/* ---- new anchors ---- */

static void an_anchor_starts_anew(void **state)
{
    struct pacing pacing = pace("2", S_US, 0, 0);

    (void)state;
    pacing_due(&pacing, 100 * S_US);
    pacing_anchor(&pacing, 50 * S_NS, 10 * S_US); /* a seek back to 10 s */
    assert_int_equal(pacing_due(&pacing, 10 * S_US), 50 * S_NS);
    assert_int_equal(pacing_due(&pacing, 11 * S_US), 50 * S_NS + S_NS / 2);
}

static void a_new_speed_makes_no_jump(void **state)
{
    struct pacing pacing = pace("1", PACING_IDLE_KEPT, 0, 0);

    (void)state;
    pacing_due(&pacing, 2 * S_US);
    pacing_set_speed(&pacing, 10 * PACING_SPEED_ONE, 3 * S_NS); /* at 3 s of recorded time */
    assert_int_equal(pacing_position(&pacing, 3 * S_NS), 3 * S_US);
    assert_int_equal(pacing_due(&pacing, 13 * S_US), 4 * S_NS);
    pacing_set_speed(&pacing, PACING_SPEED_LEAST, 5 * S_NS); /* at 23 s */
    assert_int_equal(pacing_due(&pacing, 24 * S_US), 105 * S_NS);
}

static void a_new_speed_keeps_the_silence_that_has_begun(void **state)
{
    struct pacing pacing = pace("1", 10 * S_US, 0, 0);

    (void)state;
    pacing_due(&pacing, S_US);
    pacing_set_speed(&pacing, 2 * PACING_SPEED_ONE, 5 * S_NS);   /* 4 of the 10 s are over */
    assert_int_equal(pacing_due(&pacing, 500 * S_US), 8 * S_NS); /* 6 s at speed 2 */
}

static void from_max_a_speed_goes_on_where_it_was(void **state)
{
    struct pacing pacing = pace("max", PACING_IDLE_KEPT, 0, 0);

    (void)state;
    pacing_due(&pacing, 1000 * S_US);
    pacing_set_speed(&pacing, PACING_SPEED_ONE, 7 * S_NS);
    assert_int_equal(pacing_due(&pacing, 1001 * S_US), 8 * S_NS);
}

static void position_is_the_inverse_of_due(void **state)
{
    struct pacing pacing = pace("0.5", 3 * S_US, 11 * S_NS, 100 * S_US);

    (void)state;
    for (int64_t time_us = 100 * S_US; time_us < 200 * S_US; time_us += 7 * S_US)
        assert_int_equal(pacing_position(&pacing, pacing_due(&pacing, time_us)), time_us);
}

/* ---- the ends of 64 bits ---- */

static void extremes_saturate(void **state)
{
    static const char *const speeds[] = {"0.01", "1", "10"};

    (void)state;
    for (size_t i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++) {
        struct pacing pacing = pace(speeds[i], PACING_IDLE_KEPT, 1, INT64_MIN);

        assert_int_equal(pacing_due(&pacing, INT64_MAX), INT64_MAX);
        assert_int_equal(pacing_due(&pacing, INT64_MIN), INT64_MAX);
    }
}

/* 2^64 µs at speed 10000 is 58 years: that is a time like any other. */
static void the_widest_span_is_exact_where_it_fits(void **state)
{
    struct pacing pacing = pace("10000", PACING_IDLE_KEPT, -5, INT64_MIN);

    (void)state;
    assert_int_equal(pacing_due(&pacing, INT64_MAX), INT64_C(1844674407370955161) - 5);
}

static void an_idle_limit_takes_the_widest_gap(void **state)
{
    struct pacing pacing = pace("1", S_US, 0, INT64_MIN);

    (void)state;
    assert_int_equal(pacing_due(&pacing, INT64_MAX - S_US), S_NS);
    assert_int_equal(pacing_due(&pacing, INT64_MAX), 2 * S_NS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_speed_scales_recorded_time),
        cmocka_unit_test(from_any_speed_the_next_is_a_round_one),
        cmocka_unit_test(another_speed_or_anchor_makes_it_due_at_another_time),
        cmocka_unit_test(at_max_everything_is_due_now),
        cmocka_unit_test(a_text_that_is_no_speed_is_refused_with_a_sentence),
        cmocka_unit_test(ten_million_events_accumulate_no_error),
        cmocka_unit_test(left_out_silence_accumulates_no_error),
        cmocka_unit_test(idle_limit_comes_before_speed),
        cmocka_unit_test(silence_of_exactly_the_limit_is_kept),
        cmocka_unit_test(an_earlier_event_is_due_with_the_one_before),
        cmocka_unit_test(a_step_back_counts_no_silence_twice),
        cmocka_unit_test(an_anchor_starts_anew),
        cmocka_unit_test(a_new_speed_makes_no_jump),
        cmocka_unit_test(a_new_speed_keeps_the_silence_that_has_begun),
        cmocka_unit_test(from_max_a_speed_goes_on_where_it_was),
        cmocka_unit_test(position_is_the_inverse_of_due),
        cmocka_unit_test(extremes_saturate),
        cmocka_unit_test(the_widest_span_is_exact_where_it_fits),
        cmocka_unit_test(an_idle_limit_takes_the_widest_gap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
