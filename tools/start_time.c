/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/start_time.h"

#include "evj/moment.h"

#define DAY_US (INT64_C(86400) * 1000000)

static int64_t next_time_of_day(int64_t since_midnight_us, int64_t now_us)
{
    int64_t start_us = now_us - now_us % DAY_US + since_midnight_us;

    return start_us < now_us ? start_us + DAY_US : start_us;
}

static int not_a_time(const char *text, struct evj_error *err)
{
    return evj_fail(
        err, EVJ_ERR_INVALID, 0,
        "\"%.60s\" is no time to start at: write 2026-11-22T08:15:30Z, 08:15:30 (UTC, the "
        "next) or +10s (from now)",
        text);
}

int start_time_parse(const char *text, int64_t now_us, int64_t *ret_start_us, struct evj_error *err)
{
    struct evj_moment moment;
    int64_t start_us;

    if (evj_moment_parse(text, &moment, NULL) < 0 || moment.kind == EVJ_MOMENT_SEQ)
        return not_a_time(text, err);
    start_us = moment.us;
    if (moment.kind == EVJ_MOMENT_DAY_TIME)
        start_us = next_time_of_day(moment.us, now_us);
    else if (moment.kind == EVJ_MOMENT_RELATIVE &&
             __builtin_add_overflow(now_us, moment.us, &start_us))
        return not_a_time(text, err);
    if (start_us < now_us)
        return evj_fail(err, EVJ_ERR_INVALID, 0, "%.60s is past: give a time that is still to come",
                        text);
    *ret_start_us = start_us;
    return 0;
}
