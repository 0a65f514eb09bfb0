/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_WRITING_H
#define RECORDER_WRITING_H

/*
 * The thread that writes a recording: it drains the spool whenever a block's worth of text has come,
 * and at the latest after the flush interval, and goes on in a next file when the open one is large or
 * old enough. A disk that fails is tried again for as long as the recording goes on.
 */

#include "evj/error.h"
#include "evj/spool.h"
#include "recorder/journal_file.h"
#include "recorder/notice.h"
#include "recorder/series.h"
#include "recorder/upkeep.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct writing;

/* What may be changed while it goes on. */
struct writing_tuning {
    int64_t flush_interval_us;
    uint64_t rotate_size;       /* bytes of the file; 0: whatever its size */
    int64_t rotate_interval_us; /* 0: whatever its age */
    struct upkeep_rules keep;
    /* Of the files that are begun from now on: */
    int level;        /* of compression */
    char events[128]; /* that are recorded */
};

/* What the thread works with. Borrowed until writing_finish() returns. */
struct writing_task {
    struct evj_spool *spool;
    struct series *series; /* the thread's own from here on, and so is: */
    struct upkeep *upkeep;
    struct writing_tuning tuning;
    notice_fn *notice;
};

/* Start the thread. Returns 0, EVJ_ERR_MEMORY or EVJ_ERR_IO. */
int writing_start(const struct writing_task *task, struct writing **ret_writing,
                  struct evj_error *err);

/* There is work before the interval is over. Async-safe and cheap, but a system call. */
void writing_wake(struct writing *writing);

/*
 * When nothing is put into the spool any more: begin to finish, and wait for that as long as the disk takes
 * something within `patience_us` at least. False: it does not, and the thread may wait for it for ever.
 * True: writing_finish() does not wait.
 */
bool writing_await_end(struct writing *writing, int64_t patience_us);

/*
 * When nothing is put into the spool any more: write the rest and the last gap, close the journal
 * with an end record, end the thread and free `writing`. Tries the disk once more if it fails.
 * Returns as evj_writer_finish(); after a failure the spool still holds what is not in the file.
 */
int writing_finish(struct writing *writing, struct evj_error *err);

/* How it goes, as of the last time that the thread did something. For any thread; never waits for a
 * disk. */
struct writing_report {
    char path[JOURNAL_FILE_PATH_MAX]; /* of the open file */
    struct series_totals totals;
    bool failing;
    char error[320];         /* the last one; empty if there was none */
    int64_t error_us;        /* when it was, on the wall clock */
    uint64_t disk_free;      /* bytes; UINT64_MAX: not known */
    char oldest[256];        /* name of the oldest journal; empty: not known yet */
    size_t journals;         /* of this recorder, in the folder */
    uint64_t journals_bytes; /* of all of them */
};
void writing_report(struct writing *writing, struct writing_report *ret_report);

/* The journals of this recorder, as the thread saw them last: a copy for g_free(). Any thread. */
struct retention_file *writing_list(struct writing *writing, size_t *ret_count);

/* ---- orders: from any thread; the writing thread sees to them when it comes round ---- */

void writing_tune(struct writing *writing, const struct writing_tuning *tuning);

enum writing_order {
    WRITING_TURN, /* go on in a next file */
    WRITING_PIN,  /* the journal of this name */
    WRITING_UNPIN,
    WRITING_LOOK, /* which journals there are */
};

/* What becomes of it is told by notices and by the report. False when too many wait already. */
bool writing_order(struct writing *writing, enum writing_order order, const char *name);

#endif
