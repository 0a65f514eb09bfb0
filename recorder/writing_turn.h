/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_WRITING_TURN_H
#define RECORDER_WRITING_TURN_H

/*
 * When and how a recording goes on in a next file: the open one has grown enough, is old enough, or
 * somebody has asked. For the writing thread.
 */

#include "evj/error.h"
#include "recorder/notice.h"
#include "recorder/series.h"
#include "recorder/writing.h"

#include <stdbool.h>
#include <stdint.h>

/* All 0 to begin with. */
struct turning {
    int64_t not_before_us; /* after a failure: not to be tried before */
    bool asked;
    bool staying; /* a next file could not be begun */
};

/* When the open file will be old enough; INT64_MAX: never. */
int64_t turning_due_us(const struct turning *turning, const struct series *series,
                       const struct writing_tuning *tuning);

/* Now? */
bool turning_is_due(const struct turning *turning, const struct series *series,
                    const struct writing_tuning *tuning, int64_t now_us);

/*
 * Everything was written just now: go on in a next file. When that cannot be begun, all goes into the
 * old one; that is told, once, and it is due again after `retry_us`. Returns 0 either way; < 0: the
 * disk fails, as series_turn().
 */
int turning_go_on(struct turning *turning, struct series *series, int64_t retry_us,
                  notice_fn *notice, struct evj_error *err);

#endif
