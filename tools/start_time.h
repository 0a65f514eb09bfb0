/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_START_TIME_H
#define TOOLS_START_TIME_H

/* When something is to start, as a person writes it: a date and time, a time of day, or "+10s". */

#include "evj/error.h"

#include <stdint.h>

/*
 * In µs since 1970, as is `now_us`. A time of day (UTC) is the next one, within 24 hours; "+10s" is
 * reckoned from now. EVJ_ERR_INVALID with a sentence for what is no time, and for one that is past.
 */
int start_time_parse(const char *text, int64_t now_us, int64_t *ret_start_us,
                     struct evj_error *err);

#endif
