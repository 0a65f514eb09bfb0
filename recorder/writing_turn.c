/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/writing_turn.h"

#include "evj/header.h"

int64_t turning_due_us(const struct turning *turning, const struct series *series,
                       const struct writing_tuning *tuning)
{
    int64_t interval_us = tuning->rotate_interval_us;

    if (interval_us == 0)
        return INT64_MAX;
    int64_t due_us = series_begun_us(series) + interval_us;
    return due_us > turning->not_before_us ? due_us : turning->not_before_us;
}

/* A file without events stays: a server that is idle for a month does not leave thirty of them. Its
 * size is how much it has grown: what a next file begins with may be large already. */
bool turning_is_due(const struct turning *turning, const struct series *series,
                    const struct writing_tuning *tuning, int64_t now_us)
{
    uint64_t size = tuning->rotate_size;

    if (now_us < turning->not_before_us)
        return false;
    if (turning->asked)
        return true;
    if (!series_has_events(series))
        return false;
    return (size > 0 && series_growth(series) >= size) ||
           now_us >= turning_due_us(turning, series, tuning);
}

static void stay(struct turning *turning, const struct series *series, int64_t retry_us,
                 notice_fn *notice, const struct evj_error *why)
{
    if (!turning->staying)
        notice_put(notice, NOTICE_ERROR,
                   "no next file can be begun, so all goes into %s: %s; trying again every %g s",
                   series_path(series), why->text, (double)retry_us / 1e6);
    turning->staying = true;
    turning->not_before_us = evj_clock_mono_us() + retry_us;
}

int turning_go_on(struct turning *turning, struct series *series, int64_t retry_us,
                  notice_fn *notice, struct evj_error *err)
{
    struct evj_error why = {0};

    if (series_prepare(series, &why) < 0) {
        stay(turning, series, retry_us, notice, &why);
        return EVJ_OK;
    }
    turning->asked = false;
    int status = series_turn(series, err);
    if (status < 0)
        return status;
    if (turning->staying)
        notice_put(notice, NOTICE_WARNING, "a next file could be begun: %s", series_path(series));
    else
        notice_put(notice, NOTICE_INFO, "going on in %s", series_path(series));
    turning->staying = false;
    return EVJ_OK;
}
