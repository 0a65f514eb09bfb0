/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_RETENTION_H
#define RECORDER_RETENTION_H

/*
 * How long journals are kept: the oldest closed files of this recorder go first, when there is too
 * much of them, when they are too old, or when the disk becomes full.
 *
 * A file is this recorder's if its name is one that journal_file.h makes for this emitter, and its
 * first line has the same `emitter` and `instance`. It may go if it is closed, or no spool is there
 * any more that holds its rest; if it is not the open one; and if no file `<journal>.pin` is beside
 * it. Nothing else is ever deleted, no link is followed, and nothing outside of the folder is
 * touched. One thread.
 */

#include "evj/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is known of files that were looked at before: without it, every first line is read each
 * time. */
struct retention_cache;
struct retention_cache *retention_cache_new(void);
void retention_cache_free(struct retention_cache *cache);

/* All borrowed. A limit of 0 is none. */
struct retention_rules {
    uint64_t keep_size;   /* bytes of all its files that are not pinned, the open one included */
    int64_t keep_age_us;  /* since a file was last written to */
    uint64_t disk_floor;  /* bytes that must stay free in the file system */
    const char *emitter;  /* as in the first line */
    const char *instance; /* as in the first line (instance.h); "": nothing is ours */
    struct retention_cache *cache; /* or NULL */
};

/* A journal of this recorder. */
struct retention_file {
    char name[256];
    uint64_t bytes;
    int64_t written_us; /* last, on the wall clock */
    bool pinned, open;
};

struct retention_report {
    unsigned deleted, failed; /* files; failed: that should have gone and could not be deleted */
    uint64_t deleted_bytes;
    char failure[320];            /* why the first of them could not; or empty */
    uint64_t disk_free;           /* bytes, with what was deleted; UINT64_MAX: not known */
    struct retention_file *files; /* that are kept, oldest first: for g_free() */
    size_t count;
};

/*
 * Delete what the rules say, and list what is kept. `open_file`: name or path of the journal being
 * written, or NULL.
 *   0               *ret is set, even if some files could not be deleted.
 *   EVJ_ERR_IO      the folder cannot be read; nothing was deleted.
 */
int retention_run(const struct retention_rules *rules, const char *folder, const char *open_file,
                  struct retention_report *ret, struct evj_error *err);

#endif
