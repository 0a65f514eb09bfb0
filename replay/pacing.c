/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/pacing.h"

#include <string.h>

/* Differences of two 64-bit times, scaled: 2^64 µs at speed 0.01 need 101 bits. */
typedef __int128 wide;

/* Nanoseconds per microsecond, times the millionths in which speeds are counted. */
#define NS_PPM_PER_US 1000000000

static int64_t saturate(wide value)
{
    if (value > INT64_MAX)
        return INT64_MAX;
    /* INT64_MIN is PACING_DUE_NOW. */
    return value <= INT64_MIN ? INT64_MIN + 1 : (int64_t)value;
}

/* One digit more of a number in millionths; false when there is no digit or the number is too
 * great. */
static bool take_digit(const char **at, uint64_t *number)
{
    if (**at < '0' || **at > '9' || *number > PACING_SPEED_GREATEST)
        return false;
    *number = *number * 10 + (uint64_t)(*(*at)++ - '0');
    return true;
}

/* A decimal number with up to six places, exactly: a double would not tell 0.3 from 0.29999…. */
static bool parse_millionths(const char *text, uint64_t *ret)
{
    const char *at = text;
    uint64_t number = 0;
    int places = 0;

    while (take_digit(&at, &number))
        ;
    if (at == text)
        return false;
    if (*at == '.') {
        at++;
        while (places < 6 && take_digit(&at, &number))
            places++;
        if (places == 0)
            return false;
    }
    for (; places < 6 && number <= PACING_SPEED_GREATEST; places++)
        number *= 10;
    *ret = number;
    return places == 6 && (*at == '\0' || strcmp(at, "x") == 0);
}

int pacing_parse_speed(const char *text, uint64_t *ret_speed_ppm, struct evj_error *err)
{
    uint64_t speed;

    if (strcmp(text, "max") == 0)
        speed = PACING_SPEED_MAX;
    else if (!parse_millionths(text, &speed) || speed < PACING_SPEED_LEAST ||
             speed > PACING_SPEED_GREATEST)
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "no speed \"%.40s\": give a number from 0.01 to 10000 (1 is the recorded "
                        "pace), or max",
                        text);
    *ret_speed_ppm = speed;
    return 0;
}

/* 1, 2, 5, 10 … of the least speed. */
static uint64_t next_round(uint64_t speed_ppm)
{
    uint64_t unit = PACING_SPEED_LEAST;

    while (speed_ppm >= 10 * unit)
        unit *= 10;
    return speed_ppm < 2 * unit ? 2 * unit : speed_ppm < 5 * unit ? 5 * unit : 10 * unit;
}

uint64_t pacing_faster(uint64_t speed_ppm)
{
    if (speed_ppm == PACING_SPEED_MAX || speed_ppm >= PACING_SPEED_GREATEST)
        return PACING_SPEED_MAX;
    return next_round(speed_ppm);
}

uint64_t pacing_slower(uint64_t speed_ppm)
{
    uint64_t slower = PACING_SPEED_LEAST;

    if (speed_ppm == PACING_SPEED_MAX)
        return PACING_SPEED_GREATEST;
    while (next_round(slower) < speed_ppm)
        slower = next_round(slower);
    return slower;
}

void pacing_init(struct pacing *pacing, uint64_t speed_ppm, int64_t idle_limit_us)
{
    *pacing = (struct pacing){.speed_ppm = speed_ppm, .idle_limit_us = idle_limit_us};
}

void pacing_anchor(struct pacing *pacing, int64_t now_ns, int64_t time_us)
{
    pacing->anchored = true;
    pacing->anchor_ns = now_ns;
    pacing->anchor_us = time_us;
    pacing->position_us = time_us;
    pacing->skipped_us = 0;
}

int64_t pacing_position(const struct pacing *pacing, int64_t now_ns)
{
    wide passed_us;

    if (pacing->speed_ppm == PACING_SPEED_MAX)
        return pacing->position_us;
    passed_us = ((wide)now_ns - pacing->anchor_ns) * (wide)pacing->speed_ppm / NS_PPM_PER_US;
    return saturate((wide)pacing->anchor_us + pacing->skipped_us + passed_us);
}

void pacing_set_speed(struct pacing *pacing, uint64_t speed_ppm, int64_t now_ns)
{
    /* The position stays: a silent stretch that is under way is still measured from its beginning.
     */
    pacing->anchor_us = pacing_position(pacing, now_ns);
    pacing->anchor_ns = now_ns;
    pacing->skipped_us = 0;
    pacing->speed_ppm = speed_ppm;
}

/* Go on to `time_us`, leaving out what is silent beyond the limit. Never goes back. */
static void advance(struct pacing *pacing, int64_t time_us)
{
    wide silence_us = (wide)time_us - pacing->position_us;

    if (silence_us <= 0)
        return;
    if (pacing->idle_limit_us != PACING_IDLE_KEPT && silence_us > pacing->idle_limit_us)
        pacing->skipped_us += (uint64_t)(silence_us - pacing->idle_limit_us);
    pacing->position_us = time_us;
}

int64_t pacing_when(const struct pacing *pacing)
{
    wide recorded_us;

    if (pacing->speed_ppm == PACING_SPEED_MAX)
        return PACING_DUE_NOW;
    recorded_us = (wide)pacing->position_us - pacing->anchor_us - pacing->skipped_us;
    return saturate((wide)pacing->anchor_ns +
                    recorded_us * NS_PPM_PER_US / (wide)pacing->speed_ppm);
}

int64_t pacing_due(struct pacing *pacing, int64_t time_us)
{
    advance(pacing, time_us);
    return pacing_when(pacing);
}
