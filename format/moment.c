/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/moment.h"

#include "evj/json.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECOND 1000000
#define DAY (INT64_C(86400) * SECOND)

static bool parse_seq(const char *text, struct evj_moment *moment)
{
    moment->kind = EVJ_MOMENT_SEQ;
    return text[0] == '@' &&
           evj_json_to_u64((struct evj_slice){text + 1, strlen(text + 1)}, &moment->seq);
}

static bool parse_relative(const char *text, struct evj_moment *moment)
{
    static const struct {
        const char *name;
        double us;
    } units[] = {{"", 1e6}, {"s", 1e6}, {"ms", 1e3}, {"us", 1}, {"m", 60e6}, {"h", 3600e6}};
    char *unit;

    if (text[0] != '+' || !strchr("0123456789.", text[1]))
        return false;
    double value = strtod(text + 1, &unit);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(unit, units[i].name) != 0)
            continue;
        if (unit == text + 1 || value * units[i].us >= 9e18)
            return false;
        moment->kind = EVJ_MOMENT_RELATIVE;
        moment->us = (int64_t)(value * units[i].us);
        return true;
    }
    return false;
}

/* Does the text begin like this shape, in which 0 stands for any digit? strptime() would let blanks
 * and missing digits pass. */
static bool has_shape(const char *text, const char *shape)
{
    for (; *shape; text++, shape++)
        if (*shape == '0' ? *text < '0' || *text > '9' : *text != *shape)
            return false;
    return true;
}

/* ".123456" behind the seconds; returns behind it. More than six digits are cut. */
static const char *parse_fraction(const char *text, int64_t *ret_us)
{
    int64_t scale = SECOND / 10;

    *ret_us = 0;
    if (*text != '.')
        return text;
    for (text++; *text >= '0' && *text <= '9'; text++, scale /= 10)
        *ret_us += scale * (*text - '0');
    return text;
}

/* "Z", "+02:00" or "-0530" as µs east of UTC; false for anything else. */
static bool parse_zone(const char *text, int64_t *ret_us)
{
    struct tm tm = {0};

    *ret_us = 0;
    if (strcmp(text, "Z") == 0 || strcmp(text, "z") == 0)
        return true;
    if (*text != '+' && *text != '-')
        return false;
    bool colon = has_shape(text + 1, "00:00");
    if (!colon && !has_shape(text + 1, "0000"))
        return false;
    const char *end = strptime(text + 1, colon ? "%H:%M" : "%H%M", &tm);
    *ret_us = (tm.tm_hour * 60 + tm.tm_min) * INT64_C(60) * SECOND * (*text == '-' ? -1 : 1);
    return end && *end == '\0';
}

static bool parse_day_time(const char *text, struct evj_moment *moment)
{
    struct tm tm = {0};
    int64_t fraction_us;
    const char *end = has_shape(text, "00:00:00") ? strptime(text, "%H:%M:%S", &tm) : NULL;

    if (!end || *parse_fraction(end, &fraction_us) != '\0')
        return false;
    moment->kind = EVJ_MOMENT_DAY_TIME;
    moment->us = (tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec) * INT64_C(1000000) + fraction_us;
    return true;
}

/* timegm() would turn February 30 into March 2. */
static bool is_in_calendar(const struct tm *tm)
{
    struct tm day = {.tm_year = tm->tm_year, .tm_mon = tm->tm_mon, .tm_mday = tm->tm_mday};

    timegm(&day);
    return day.tm_mday == tm->tm_mday;
}

static bool parse_rfc3339(const char *text, struct evj_moment *moment)
{
    struct tm tm = {0};
    int64_t fraction_us, zone_us;
    const char *end = NULL;

    if (has_shape(text, "0000-00-00T00:00:00"))
        end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    else if (has_shape(text, "0000-00-00 00:00:00"))
        end = strptime(text, "%Y-%m-%d %H:%M:%S", &tm);
    if (!end || !is_in_calendar(&tm))
        return false;
    end = parse_fraction(end, &fraction_us);
    if (!parse_zone(end, &zone_us))
        return false;
    moment->kind = EVJ_MOMENT_WALL;
    moment->us = (int64_t)timegm(&tm) * SECOND + fraction_us - zone_us;
    return true;
}

int evj_moment_parse(const char *text, struct evj_moment *ret_moment, struct evj_error *err)
{
    static bool (*const forms[])(const char *, struct evj_moment *) = {
        parse_seq, parse_relative, parse_day_time, parse_rfc3339};

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct evj_moment moment = {0};
        if (forms[i](text, &moment)) {
            *ret_moment = moment;
            return EVJ_OK;
        }
    }
    return evj_fail(err, EVJ_ERR_INVALID, 0,
                    "\"%.60s\" is no time: write 2026-11-22T08:15:30Z, 08:15:30 (UTC, of the "
                    "journal's first day), +90s (from its start) or @812 (a seq)",
                    text);
}

void evj_moment_anchor(struct evj_moment *moment, const struct evj_header *header)
{
    int64_t start = header->started_wall_us;

    if (moment->kind != EVJ_MOMENT_RELATIVE && moment->kind != EVJ_MOMENT_DAY_TIME)
        return;
    if (moment->kind == EVJ_MOMENT_DAY_TIME && start >= INT64_MIN + DAY)
        start -= (start % DAY + DAY) % DAY;
    if (__builtin_add_overflow(moment->us, start, &moment->us))
        moment->us = INT64_MAX; /* both are positive then */
    moment->kind = EVJ_MOMENT_WALL;
}
