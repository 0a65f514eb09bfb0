/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/start_time.h"

#include <string.h>

#define S_US INT64_C(1000000)
/* 2026-11-22T08:15:30.25Z */
#define NOW_US (INT64_C(1795335330) * S_US + 250000)

static void each_form_is_a_time_from_now_on(void **state)
{
    static const struct {
        const char *text;
        int64_t after_us;
    } cases[] = {
        {"2026-11-22T08:15:31Z", 750000},
        {"2026-11-22T09:15:30.25+01:00", 0},
        {"08:15:31", 750000},
        {"08:15:30", 86400 * S_US - 250000},
        {"00:00:00", (15 * 3600 + 44 * 60 + 29) * S_US + 750000},
        {"+10s", 10 * S_US},
        {"+1.5m", 90 * S_US},
        {"+0", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t start_us;

        assert_int_equal(start_time_parse(cases[i].text, NOW_US, &start_us, NULL), 0);
        assert_int_equal(start_us - NOW_US, cases[i].after_us);
    }
}

static void what_is_no_time_is_refused(void **state)
{
    static const char *const bad[] = {"", "now", "@812", "25:00:00", "8:15:30", "-10s", "+9e12s"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct evj_error err = {0};
        int64_t start_us = 7;

        assert_int_equal(start_time_parse(bad[i], NOW_US, &start_us, &err), EVJ_ERR_INVALID);
        assert_non_null(strstr(err.text, "is no time to start at"));
        assert_int_equal(start_us, 7);
    }
}

/* Who is late does not want to replay at once, and apart from the others. */
static void what_is_past_is_refused(void **state)
{
    struct evj_error err = {0};
    int64_t start_us;

    (void)state;
    assert_int_equal(start_time_parse("2026-11-22T08:15:30Z", NOW_US, &start_us, &err),
                     EVJ_ERR_INVALID);
    assert_string_equal(err.text,
                        "2026-11-22T08:15:30Z is past: give a time that is still to come");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_a_time_from_now_on),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(what_is_past_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
