/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_SERIES_INTERNAL_H
#define RECORDER_SERIES_INTERNAL_H

/*
 * What the files of a recording are made of, for series.c, which begins and ends them one after the
 * other, and for series_leave.c, which leaves one that cannot be ended.
 */

#include "recorder/drain.h"
#include "recorder/journal_file.h"
#include "recorder/series.h"

/* One file. No writer: there is none. No path: it is in no folder yet. */
struct open_file {
    struct evj_writer *writer;
    struct evj_header header;
    char path[JOURNAL_FILE_PATH_MAX];
    int fd;              /* to see whether the path still leads to it */
    uint64_t first_size; /* without events */
};

struct series {
    struct evj_spool *spool;
    char folder[512];
    struct evj_header header; /* what all files' first lines have of it */
    struct evj_writer_options options;
    struct drain drain;
    struct open_file file, next;
    struct series_totals closed;
    const char *why_left; /* the file before the open one; NULL: it has its end */

    /* How often the open file refused to take anything in a row, at which size of it, and how often
     * that is borne. */
    unsigned refusals, patience;
    uint64_t refused_at;
};

/* Make a next file that nobody sees yet, with all that it begins with. */
int series_make(const struct series *series, struct open_file *ret_file, struct evj_error *err);

/* Put it into the folder; after a failure it is closed. */
int series_publish(const struct series *series, struct open_file *file, struct evj_error *err);

void series_close(struct open_file *file);

/* The next file becomes the open one. What the writer of the old one held and has not written is in
 * the spool still. */
void series_move_on(struct series *series);

/* Leave the open file if it was deleted or moved away. Returns 0 when there is a file to write to. */
int series_leave_gone(struct series *series, struct evj_error *err);

/*
 * It has refused to take something, for the reason `why`: leave it, if that is so for some time, and a
 * new one takes it. True: there is another open file now.
 */
bool series_leave_refusing(struct series *series, const struct evj_error *why);

/* What is borne of a file to begin with. */
#define SERIES_PATIENCE 3u

#endif
