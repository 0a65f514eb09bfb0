/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/record.h"

#include <string.h>

/* Steps over `text` if the line goes on with it. */
#define STEP(at, end, text)                                                                       \
    ((size_t)((end) - (at)) >= sizeof(text) - 1 && memcmp((at), (text), sizeof(text) - 1) == 0 && \
     ((at) += sizeof(text) - 1, true))

/* Digits up to something else. Behind 18 of them a number might not fit: such a line is unusual. */
static bool step_number(const char **at, const char *end, uint64_t *ret)
{
    const char *digit = *at;
    uint64_t number = 0;

    while (digit < end && digit - *at < 18 && *digit >= '0' && *digit <= '9')
        number = 10 * number + (uint64_t)(*digit++ - '0');
    bool is_number = digit > *at && (digit == end || *digit < '0' || *digit > '9');
    *at = digit;
    *ret = number;
    return is_number;
}

int evj_record_parse_place(const char *line, size_t len, struct evj_record *ret_record,
                           struct evj_error *err)
{
    const char *at = line, *end = line + len;
    uint64_t seq, mono;

    if (STEP(at, end, "{\"seq\":") && step_number(&at, end, &seq) && STEP(at, end, ",\"mono\":") &&
        step_number(&at, end, &mono) && STEP(at, end, ",\"event\":{") && end - at >= 2 &&
        end[-1] == '}' && end[-2] == '}') {
        *ret_record = (struct evj_record){.kind = EVJ_RECORD_EVENT,
                                          .line = {line, len},
                                          .has_seq = true,
                                          .seq = seq,
                                          .mono_us = (int64_t)mono};
        return EVJ_OK;
    }
    return evj_record_parse(line, len, ret_record, err);
}
