/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/pacing.h"
#include "replay/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int set_up(void **state)
{
    *state = calloc(1, sizeof(struct replay_report));
    return *state == NULL;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static json_int_t number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static void the_names_and_units_are_those_of_the_design(void **state)
{
    struct replay_report *report = *state;
    json_auto_t *json = NULL;
    const json_t *lag, *lateness;

    report->speed_ppm = 10 * PACING_SPEED_ONE;
    report->events = 4;
    report->elapsed_ns = 2500000;
    report->recorded_us = 25000;
    report->drift_ns = -1600;
    report->lag.read_ns = 1000;
    report->lag.schedule_ns = 2499;
    report->lag.deliver_ns = 2500;
    report->gaps = 2;
    report->gap_events = 118;
    for (uint64_t us = 1; us <= 4; us++)
        evj_histogram_add(&report->lateness_ns, us * 1000);
    json = replay_report_json(report);
    assert_non_null(json);
    assert_int_equal(number(json, "events"), 4);
    assert_int_equal(number(json, "speed"), 10);
    assert_int_equal(number(json, "elapsed_us"), 2500);
    assert_int_equal(number(json, "recorded_us"), 25000);
    assert_int_equal(number(json, "drift_us"), -2);
    lag = json_object_get(json, "lag");
    assert_int_equal(number(lag, "read_us"), 1);
    assert_int_equal(number(lag, "schedule_us"), 2);
    assert_int_equal(number(lag, "deliver_us"), 3);
    lateness = json_object_get(json, "lateness_us");
    assert_int_equal(number(lateness, "p50"), 2);
    assert_int_equal(number(lateness, "p90"), 4);
    assert_int_equal(number(lateness, "p99"), 4);
    assert_int_equal(number(lateness, "max"), 4);
    assert_int_equal(number(json_object_get(json, "gaps"), "records"), 2);
    assert_int_equal(number(json_object_get(json, "gaps"), "events"), 118);
    assert_true(json_is_false(json_object_get(json, "interrupted")));
}

static void speed_is_a_number_or_max(void **state)
{
    struct replay_report *report = *state;
    json_auto_t *at_max = replay_report_json(report);
    json_auto_t *slow = NULL;

    assert_string_equal(json_string_value(json_object_get(at_max, "speed")), "max");
    report->speed_ppm = PACING_SPEED_LEAST;
    slow = replay_report_json(report);
    assert_true(json_is_real(json_object_get(slow, "speed")));
    assert_true(json_real_value(json_object_get(slow, "speed")) == 0.01);
}

static void log_lines_keep_level_record_and_text(void **state)
{
    struct replay_report *report = *state;
    json_auto_t *object = json_object();
    const json_t *log;

    replay_report_add_log(report, 1, REPORT_LOG_NO_SEQ, "no configuration");
    replay_report_add_log(report, 3, 812, "queue is full");
    replay_report_put_log(report, object);
    log = json_object_get(object, "log");
    assert_int_equal(json_array_size(log), 2);
    assert_null(json_object_get(json_array_get(log, 0), "seq"));
    assert_int_equal(number(json_array_get(log, 1), "level"), 3);
    assert_int_equal(number(json_array_get(log, 1), "seq"), 812);
    assert_string_equal(json_string_value(json_object_get(json_array_get(log, 1), "text")),
                        "queue is full");
    assert_null(json_object_get(object, "log_omitted"));
}

/* A handler that complains about each of a million events must not cost a million lines. */
static void the_first_lines_are_kept_and_the_rest_counted(void **state)
{
    struct replay_report *report = *state;
    json_auto_t *object = json_object();
    const json_t *log;
    char text[32];

    for (unsigned i = 0; i < REPORT_LOG_LINES + 7; i++) {
        snprintf(text, sizeof(text), "line %u", i);
        replay_report_add_log(report, 2, i, text);
    }
    replay_report_put_log(report, object);
    log = json_object_get(object, "log");
    assert_int_equal(json_array_size(log), REPORT_LOG_LINES);
    assert_string_equal(json_string_value(json_object_get(json_array_get(log, 99), "text")),
                        "line 99");
    assert_int_equal(number(object, "log_omitted"), 7);
}

static void a_long_or_broken_line_is_still_a_line(void **state)
{
    struct replay_report *report = *state;
    json_auto_t *object = json_object();
    char text[2 * REPORT_LOG_TEXT];
    const json_t *log;

    memset(text, 'x', sizeof(text));
    memcpy(text + sizeof(text) - 1, "", 1);
    replay_report_add_log(report, 2, 0, text);
    for (size_t i = 0; i + 2 < sizeof(text); i += 2)
        memcpy(text + i, "\xc3\xa4", 2); /* ä: the cut goes through one of them */
    replay_report_add_log(report, 2, 0, text);
    replay_report_add_log(report, 2, 0, "\xff\xfe!");
    replay_report_put_log(report, object);
    log = json_object_get(object, "log");
    assert_int_equal(json_array_size(log), 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(json_is_string(json_object_get(json_array_get(log, i), "text")));
}

#define REPORT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPORT_TEST(the_names_and_units_are_those_of_the_design),
        REPORT_TEST(speed_is_a_number_or_max),
        REPORT_TEST(log_lines_keep_level_record_and_text),
        REPORT_TEST(the_first_lines_are_kept_and_the_rest_counted),
        REPORT_TEST(a_long_or_broken_line_is_still_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
