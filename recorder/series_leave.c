/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/series_internal.h"

#include <errno.h>

/* Where new files are no better. An hour, if the disk is tried every five seconds. */
#define PATIENCE_MAX 720u

/* There is a next file. */
static void leave(struct series *series, const char *why)
{
    series_move_on(series);
    series->why_left = why;
}

/* ---- a file that is gone ---- */

/* A file that was only moved gets all that waits, and its end, where it is now; if it still can. What
 * is still in the spool must not go where nobody can open it any more. */
int series_leave_gone(struct series *series, struct evj_error *err)
{
    enum journal_file_place place = journal_file_look(series->file.fd, series->file.path);
    bool turning = series_is_turning(series), is_whole = false;

    if (place == JOURNAL_FILE_THERE)
        return EVJ_OK;
    if (place == JOURNAL_FILE_MOVED)
        is_whole = turning || drain_all(&series->drain, NULL) == EVJ_OK;
    int status = turning ? EVJ_OK : series_prepare(series, err);
    if (status < 0)
        return status;
    if (is_whole)
        evj_writer_finish(series->file.writer, "rotate", NULL);
    leave(series, "is not there any more");
    return EVJ_OK;
}

/* ---- a file that takes nothing any more, while the disk takes others ---- */

/* Returns whether it is time to look for another. Not that of a full disk: there is none. */
static bool count_refusal(struct series *series, const struct evj_error *why)
{
    uint64_t size = evj_writer_totals(series->file.writer)->file_bytes;

    if (size != series->refused_at || why->sys_errno == ENOSPC || why->sys_errno == EDQUOT)
        series->refusals = 0;
    series->refused_at = size;
    series->refusals++;
    return series->refusals >= series->patience;
}

static int try_once_more(struct series *series)
{
    return series_is_turning(series) ? evj_writer_finish(series->file.writer, "rotate", NULL)
                                     : drain_flush(&series->drain, NULL);
}

/* Is it only this file? One that nobody sees is made to find out, and then the open one is tried again:
 * the disk may have recovered in between. */
static bool have_better(struct series *series, struct open_file *ret_file)
{
    if (series_make(series, ret_file, NULL) < 0)
        return false;
    if (try_once_more(series) < 0)
        return true;
    series_close(ret_file);
    return false;
}

/* As the next one, if there is none yet. */
static bool take_better(struct series *series, struct open_file *file)
{
    if (series_is_turning(series)) {
        series_close(file);
        return true;
    }
    if (series_publish(series, file, NULL) < 0)
        return false;
    series->next = *file;
    return true;
}

/*
 * Its descriptor may be of no use for ever: a device that was away, or a server that was started again,
 * does not know it.
 */
bool series_leave_refusing(struct series *series, const struct evj_error *why)
{
    unsigned patience = series_growth(series) > 0 ? SERIES_PATIENCE : 2 * series->patience;
    struct open_file file;

    if (journal_file_look(series->file.fd, series->file.path) != JOURNAL_FILE_THERE ||
        !count_refusal(series, why))
        return false;
    series->refusals = 0;
    if (!have_better(series, &file) || !take_better(series, &file))
        return false;
    series->patience = patience < PATIENCE_MAX ? patience : PATIENCE_MAX;
    leave(series, "cannot be written any more");
    return true;
}
