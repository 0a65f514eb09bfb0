/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_RECORD_STEPS_INTERNAL_H
#define FORMAT_RECORD_STEPS_INTERNAL_H

/*
 * Stepping through a line that is expected to be as evj and Janus write it. What is otherwise is not
 * wrong, but unusual: evj_record_parse() looks at it member by member. Pure functions; any thread.
 */

#include "evj/record.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct steps {
    const char *at, *end;
};

/* Over `text`, if the line goes on with it. */
static inline bool step_over(struct steps *steps, const char *text, size_t len)
{
    if ((size_t)(steps->end - steps->at) < len || memcmp(steps->at, text, len) != 0)
        return false;
    steps->at += len;
    return true;
}

#define STEP(steps, text) step_over((steps), (text), sizeof(text) - 1)

/* Digits up to something else. Behind 18 of them a number might not fit: such a line is unusual. */
static inline bool step_number(struct steps *steps, uint64_t *ret)
{
    const char *digit = steps->at;
    uint64_t number = 0;

    while (digit < steps->end && digit - steps->at < 18 && *digit >= '0' && *digit <= '9')
        number = 10 * number + (uint64_t)(*digit++ - '0');
    bool is_number = digit > steps->at && (digit == steps->end || *digit < '0' || *digit > '9');
    steps->at = digit;
    *ret = number;
    return is_number;
}

/* A string without a backslash, with its quotes. */
static inline bool step_string(struct steps *steps, struct evj_slice *ret)
{
    const char *begin = steps->at, *quote = NULL;

    if (STEP(steps, "\""))
        quote = memchr(steps->at, '"', (size_t)(steps->end - steps->at));
    if (!quote || memchr(begin, '\\', (size_t)(quote - begin)))
        return false;
    steps->at = quote + 1;
    *ret = (struct evj_slice){begin, (size_t)(steps->at - begin)};
    return true;
}

/* `{"seq":…,"mono":…,"event":` */
static inline bool step_prefix(struct steps *steps, struct evj_record *record)
{
    uint64_t mono;

    if (!STEP(steps, "{\"seq\":") || !step_number(steps, &record->seq) ||
        !STEP(steps, ",\"mono\":") || !step_number(steps, &mono) || !STEP(steps, ",\"event\":"))
        return false;
    record->kind = EVJ_RECORD_EVENT;
    record->has_seq = true;
    record->mono_us = (int64_t)mono;
    return true;
}

/* A whole line, if it is an event's and as usual. False: nothing is said of it. */
bool evj_record_parse_usual(const char *line, size_t len, struct evj_record *ret_record);

#endif
