/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/json.h"
#include "evj/moment.h"
#include "tests/support/journals.h"

#include <string.h>

/* 2026-11-22T00:00:00Z, in µs. */
#define MIDNIGHT INT64_C(1795305600000000)
#define SECOND INT64_C(1000000)

static const struct {
    const char *text;
    enum evj_moment_kind kind;
    int64_t us; /* or a seq */
} good[] = {
    {"2026-11-22T00:00:00Z", EVJ_MOMENT_WALL, MIDNIGHT},
    {"2026-11-22T00:00:00z", EVJ_MOMENT_WALL, MIDNIGHT},
    {"2026-11-22 08:15:30Z", EVJ_MOMENT_WALL, JOURNAL_WALL_US},
    {"2026-11-22T08:15:30.5Z", EVJ_MOMENT_WALL, JOURNAL_WALL_US + 500000},
    {"2026-11-22T08:15:30.000001Z", EVJ_MOMENT_WALL, JOURNAL_WALL_US + 1},
    {"2026-11-22T08:15:30.0000019Z", EVJ_MOMENT_WALL, JOURNAL_WALL_US + 1},
    {"2026-11-22T10:15:30+02:00", EVJ_MOMENT_WALL, JOURNAL_WALL_US},
    {"2026-11-22T10:15:30+0200", EVJ_MOMENT_WALL, JOURNAL_WALL_US},
    {"2026-11-22T02:45:30-05:30", EVJ_MOMENT_WALL, JOURNAL_WALL_US},
    {"2026-11-22T02:45:30.25-0530", EVJ_MOMENT_WALL, JOURNAL_WALL_US + 250000},
    {"2026-11-22T00:30:00+01:00", EVJ_MOMENT_WALL, MIDNIGHT - 1800 * SECOND},
    {"2024-02-29T00:00:00Z", EVJ_MOMENT_WALL, INT64_C(1709164800000000)},
    {"1970-01-01T00:00:00Z", EVJ_MOMENT_WALL, 0},
    {"1969-12-31T23:59:59Z", EVJ_MOMENT_WALL, -SECOND},
    {"2016-12-31T23:59:60Z", EVJ_MOMENT_WALL, INT64_C(1483228800000000)},
    {"00:00:00", EVJ_MOMENT_DAY_TIME, 0},
    {"08:15:30", EVJ_MOMENT_DAY_TIME, JOURNAL_WALL_US - MIDNIGHT},
    {"23:59:59.999999", EVJ_MOMENT_DAY_TIME, 86400 * SECOND - 1},
    {"+90s", EVJ_MOMENT_RELATIVE, 90 * SECOND},
    {"+90", EVJ_MOMENT_RELATIVE, 90 * SECOND},
    {"+1.5s", EVJ_MOMENT_RELATIVE, 1500000},
    {"+.5s", EVJ_MOMENT_RELATIVE, 500000},
    {"+250ms", EVJ_MOMENT_RELATIVE, 250000},
    {"+7us", EVJ_MOMENT_RELATIVE, 7},
    {"+2m", EVJ_MOMENT_RELATIVE, 120 * SECOND},
    {"+0.5h", EVJ_MOMENT_RELATIVE, 1800 * SECOND},
    {"+0", EVJ_MOMENT_RELATIVE, 0},
    {"@0", EVJ_MOMENT_SEQ, 0},
    {"@812", EVJ_MOMENT_SEQ, 812},
};

static void every_form_is_understood(void **state)
{
    struct evj_error err;

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct evj_moment moment = {0};
        if (evj_moment_parse(good[i].text, &moment, &err) != EVJ_OK)
            fail_msg("%s", err.text);
        if (moment.kind != good[i].kind)
            fail_msg("%s: kind %d", good[i].text, (int)moment.kind);
        int64_t got = moment.kind == EVJ_MOMENT_SEQ ? (int64_t)moment.seq : moment.us;
        if (got != good[i].us)
            fail_msg("%s: %lld", good[i].text, (long long)got);
    }
}

static void the_largest_seq_can_be_named(void **state)
{
    struct evj_moment moment = {0};

    (void)state;
    assert_int_equal(evj_moment_parse("@18446744073709551615", &moment, NULL), EVJ_OK);
    assert_true(moment.seq == UINT64_MAX);
}

static const char *const bad[] = {
    "",
    " ",
    "now",
    "yesterday",
    "8",
    "08:15",
    "24:00:00",
    "08:60:00",
    "08:15:99",
    "08:15:30Z",
    "08:15:30 ",
    "08:15:30.5x",
    " 08:15:30",
    "2026-11-22",
    "2026-11-22T08:15:30",
    "2026-11-22T08:15Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-11-22T08:15:30Zulu",
    "2026-11-22T08:15:30+",
    "2026-11-22T08:15:30+02",
    "2026-11-22T08:15:30+25:00",
    "2026-11-22T08:15:30+02:00 ",
    "2026-11-22T08:15:30+02:60",
    "2026-11-22T08:15:30 +02:00",
    "20261122T081530Z",
    "+",
    "+s",
    "+.",
    "+-5s",
    "++5s",
    "+5 s",
    "+5d",
    "+5S",
    "+nan",
    "+inf",
    "+1e400s",
    "+9e18s",
    "+1e30us",
    "-90s",
    "@",
    "@-1",
    "@ 1",
    "@1 ",
    "@x",
    "@1.5",
    "@18446744073709551616",
};

static void what_is_no_time_is_refused_with_the_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct evj_moment moment = {.kind = EVJ_MOMENT_NONE};
        struct evj_error err = {0};
        if (evj_moment_parse(bad[i], &moment, &err) != EVJ_ERR_INVALID)
            fail_msg("\"%s\" was taken for a time (%lld)", bad[i], (long long)moment.us);
        assert_int_equal(moment.kind, EVJ_MOMENT_NONE);
        assert_non_null(strstr(err.text, "is no time"));
        assert_non_null(strstr(err.text, "+90s"));
    }
}

static struct evj_moment anchored(const char *text, int64_t started_wall_us)
{
    struct evj_header header = {.started_wall_us = started_wall_us};
    struct evj_moment moment = {0};

    assert_int_equal(evj_moment_parse(text, &moment, NULL), EVJ_OK);
    evj_moment_anchor(&moment, &header);
    return moment;
}

static void relative_times_count_from_the_journals_start(void **state)
{
    struct evj_moment moment = anchored("+90s", JOURNAL_WALL_US);

    (void)state;
    assert_int_equal(moment.kind, EVJ_MOMENT_WALL);
    assert_true(moment.us == JOURNAL_WALL_US + 90 * SECOND);
}

/* A journal that runs past midnight has its times of day on its first day. */
static void a_time_of_day_is_of_the_journals_first_day(void **state)
{
    (void)state;
    assert_true(anchored("08:15:30", MIDNIGHT).us == JOURNAL_WALL_US);
    assert_true(anchored("08:15:30", MIDNIGHT + 86400 * SECOND - 1).us == JOURNAL_WALL_US);
    assert_true(anchored("00:00:01", -5 * SECOND).us == -86400 * SECOND + SECOND);
}

static void absolute_times_and_seqs_stay(void **state)
{
    struct evj_moment seq = anchored("@812", JOURNAL_WALL_US);

    (void)state;
    assert_true(anchored("2026-11-22T00:00:00Z", 5).us == MIDNIGHT);
    assert_int_equal(seq.kind, EVJ_MOMENT_SEQ);
    assert_int_equal(seq.seq, 812);
}

/* The start is a number of the file's, which may be a stranger's. */
static void an_absurd_start_does_not_overflow(void **state)
{
    (void)state;
    assert_true(anchored("+90s", INT64_MAX).us == INT64_MAX);
    assert_int_equal(anchored("23:00:00", INT64_MAX).kind, EVJ_MOMENT_WALL);
    assert_int_equal(anchored("00:00:00", INT64_MIN).kind, EVJ_MOMENT_WALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_understood),
        cmocka_unit_test(the_largest_seq_can_be_named),
        cmocka_unit_test(what_is_no_time_is_refused_with_the_forms),
        cmocka_unit_test(relative_times_count_from_the_journals_start),
        cmocka_unit_test(a_time_of_day_is_of_the_journals_first_day),
        cmocka_unit_test(absolute_times_and_seqs_stay),
        cmocka_unit_test(an_absurd_start_does_not_overflow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
