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

static void tell_of_next(struct turning *turning, const struct series *series, notice_fn *notice,
                         int status, const struct evj_error *err)
{
    const char *path = series_path(series);

    if (status < 0 && !turning->staying)
        notice_put(notice, NOTICE_ERROR,
                   "no next file can be begun, so all goes into %s: %s; trying again every %g s",
                   path, err->text, (double)WRITING_RETRY_US / 1e6);
    if (status == EVJ_OK && turning->staying)
        notice_put(notice, NOTICE_WARNING, "a next file could be begun: %s", path);
    turning->staying = status < 0;
}

int turning_go_on(struct turning *turning, struct series *series, notice_fn *notice,
                  struct evj_error *err)
{
    struct evj_error why = {0};
    int status = series_prepare(series, &why);

    if (status < 0) {
        tell_of_next(turning, series, notice, status, &why);
        turning->not_before_us = evj_clock_mono_us() + WRITING_RETRY_US;
        return EVJ_OK;
    }
    turning->asked = false;
    status = series_turn(series, err);
    if (status < 0)
        return status;
    tell_of_next(turning, series, notice, status, NULL);
    notice_put(notice, NOTICE_INFO, "going on in %s", series_path(series));
    return EVJ_OK;
}
