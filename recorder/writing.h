/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_WRITING_H
#define RECORDER_WRITING_H

/*
 * The thread that writes a journal: it drains the spool whenever a block's worth of text has come,
 * and at the latest after the flush interval. A disk that fails is tried again once an interval,
 * for as long as the recording goes on.
 */

#include "evj/error.h"
#include "evj/spool.h"
#include "evj/writer.h"
#include "recorder/notice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct writing;

/* What the thread works with. All borrowed until writing_finish() returns. */
struct writing_task {
    struct evj_spool *spool;
    struct evj_writer *writer;
    const char *path; /* of the journal, for notices */
    size_t block_text;
    int64_t flush_interval_us;
    notice_fn *notice;
};

/* Start the thread. Returns 0, EVJ_ERR_MEMORY or EVJ_ERR_IO. */
int writing_start(const struct writing_task *task, struct writing **ret_writing,
                  struct evj_error *err);

/* There is work before the interval is over. Async-safe and cheap, but a system call. */
void writing_wake(struct writing *writing);

/*
 * When nothing is put into the spool any more: write the rest and the last gap, close the journal
 * with an end record, end the thread and free `writing`. Tries the disk once more if it fails.
 * Returns as evj_writer_finish(); after a failure the spool still holds what is not in the file.
 */
int writing_finish(struct writing *writing, struct evj_error *err);

/* How it goes, as of the last time that the thread did something. For any thread; never waits for a
 * disk. */
struct writing_report {
    uint64_t text_bytes, file_bytes;
    bool failing;
    char error[320]; /* the last one; empty if there was none */
};
void writing_report(struct writing *writing, struct writing_report *ret_report);

#endif
