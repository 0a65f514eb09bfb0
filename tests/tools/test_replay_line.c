/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/pacing.h"
#include "tools/replay_line.h"

#include <stdlib.h>

#define S_US INT64_C(1000000)
#define S_NS INT64_C(1000000000)

static void assert_line(const struct replay_report *report, int64_t end_us, const char *expected)
{
    char text[REPLAY_LINE_TEXT];

    replay_line(report, end_us, text);
    assert_string_equal(text, expected);
}

static int set_up(void **state)
{
    struct replay_report *report = calloc(1, sizeof(*report));

    report->stage = REPLAY_STAGE_DELIVERING;
    report->speed_ppm = PACING_SPEED_ONE;
    report->first_us = 500 * S_US;
    report->position_us = 30 * S_US;
    report->events = 1234;
    *state = report;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static void it_tells_where_how_fast_and_how_many(void **state)
{
    struct replay_report *report = *state;

    assert_line(report, REPLAY_LINE_NO_END, "at 0:00:30.0, speed 1, on time, 1234 events");
    assert_line(report, 620 * S_US,
                "at 0:00:30.0 of 0:02:00.0 (25%), speed 1, on time, 1234 events");
    report->speed_ppm = PACING_SPEED_MAX;
    report->events = 1;
    assert_line(report, 620 * S_US, "at 0:00:30.0 of 0:02:00.0 (25%), speed max, 1 event");
    report->speed_ppm = PACING_SPEED_LEAST;
    report->rounds = 2;
    assert_line(report, 620 * S_US,
                "at 0:00:30.0 of 0:02:00.0 (25%), speed 0.01, on time, 1 event, round 3");
}

/* It has grown meanwhile, or nobody knows. */
static void an_end_that_cannot_be_is_not_told(void **state)
{
    struct replay_report *report = *state;

    assert_line(report, 510 * S_US, "at 0:00:30.0, speed 1, on time, 1234 events");
    assert_line(report, 400 * S_US, "at 0:00:30.0, speed 1, on time, 1234 events");
    report->first_us = INT64_MIN;
    report->position_us = INT64_MAX;
    assert_line(report, INT64_MAX, "at 2562047788:00:54.7, speed 1, on time, 1234 events");
}

static void places_are_told_as_a_clock_would(void **state)
{
    struct replay_report *report = *state;

    report->position_us = 3725 * S_US + 499999;
    assert_line(report, 500 * S_US + 7450 * S_US,
                "at 1:02:05.4 of 2:04:10.0 (50%), speed 1, on time, 1234 events");
}

static void a_wait_is_told_beyond_a_second(void **state)
{
    struct replay_report *report = *state;

    report->next_due_ns = S_NS;
    assert_line(report, REPLAY_LINE_NO_END, "at 0:00:30.0, speed 1, on time, 1234 events");
    report->next_due_ns = 12 * S_NS;
    assert_line(report, REPLAY_LINE_NO_END, "at 0:00:30.0, speed 1, next in 12.0 s, 1234 events");
    report->next_due_ns = 3 * 3600 * S_NS + 300 * S_NS;
    assert_line(report, REPLAY_LINE_NO_END,
                "at 0:00:30.0, speed 1, next in 3 h 05 min, 1234 events");
}

static void lateness_is_told_if_it_matters(void **state)
{
    struct replay_report *report = *state;

    report->drift_ns = S_NS / 20;
    assert_line(report, REPLAY_LINE_NO_END, "at 0:00:30.0, speed 1, on time, 1234 events");
    report->drift_ns = S_NS / 4;
    assert_line(report, REPLAY_LINE_NO_END, "at 0:00:30.0, speed 1, 250 ms late, 1234 events");
}

static void a_pause_waits_for_nothing(void **state)
{
    struct replay_report *report = *state;

    report->paused = true;
    report->next_due_ns = 12 * S_NS;
    assert_line(report, 620 * S_US, "paused at 0:00:30.0 of 0:02:00.0 (25%), speed 1, 1234 events");
}

static void before_the_start_it_tells_when_that_is(void **state)
{
    struct replay_report *report = *state;

    report->stage = REPLAY_STAGE_STARTING;
    report->next_due_ns = 90 * S_NS;
    assert_line(report, 620 * S_US, "starts in 90.0 s");
}

#define LINE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE_TEST(it_tells_where_how_fast_and_how_many),
        LINE_TEST(an_end_that_cannot_be_is_not_told),
        LINE_TEST(places_are_told_as_a_clock_would),
        LINE_TEST(a_wait_is_told_beyond_a_second),
        LINE_TEST(lateness_is_told_if_it_matters),
        LINE_TEST(a_pause_waits_for_nothing),
        LINE_TEST(before_the_start_it_tells_when_that_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
