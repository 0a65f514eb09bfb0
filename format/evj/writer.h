/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_WRITER_H
#define EVJ_WRITER_H

/*
 * Writes one journal file: records in, blocks out. Each block reaches the file in one piece or not
 * at all: when the disk refuses, the file is cut back to its last whole block and what was
 * collected stays, to be tried again. Not thread-safe; use one writer in one thread.
 */

#include "evj/cleanup.h"
#include "evj/error.h"
#include "evj/header.h"
#include "evj/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct evj_writer;

struct evj_writer_options {
    int level;         /* 1 … 9; 0: the default, 6 */
    size_t block_text; /* close a block at this many bytes of text; 0: EVJ_BLOCK_TEXT */
    bool sync_block;   /* fdatasync() after each block, and fsync() of the folder for its name */
    bool copies; /* the records are other files': it ends at the time of the last one, not now */
    struct evj_slice first_line; /* to be written as it is; empty: what the header makes */
};

/* What went in and out so far. events + dropped = offered, always. */
struct evj_writer_totals {
    uint64_t records;    /* lines, without the first and the last */
    uint64_t events;     /* event records */
    uint64_t dropped;    /* events in gap records */
    uint64_t text_bytes; /* before compression */
    uint64_t file_bytes; /* whole blocks in the file */
    uint64_t next_seq;
    int64_t last_mono_us; /* of the events and gaps; 0 before the first */
};

/*
 * Create `path`, which must not exist, with `header` in its first block: it is a journal from its first
 * moment, since it appears there when that block is in it. `options` may be NULL.
 */
int evj_writer_open(const char *path, const struct evj_header *header,
                    const struct evj_writer_options *options, struct evj_writer **ret_writer,
                    struct evj_error *err);

/*
 * The same in two steps, for a file that shall have more than that when it appears: begun in `folder`
 * it has no name, so nobody sees it, and evj_writer_free() leaves nothing behind; published as `path`,
 * in that folder, it is there with all blocks that were written. Where something of that name is, the
 * file stays as it is (EVJ_ERR_IO, with EEXIST), and another name may be tried.
 */
int evj_writer_begin(const char *folder, const struct evj_header *header,
                     const struct evj_writer_options *options, struct evj_writer **ret_writer,
                     struct evj_error *err);
int evj_writer_publish(struct evj_writer *writer, const char *path, struct evj_error *err);

/* Delete what writers that were killed between the two have left in a folder, where the file system has no
 * files without names. */
void evj_writer_clean(const char *folder);

/*
 * Go on with a file whose recorder died. `header` is its first line, `sofar` what is in its whole
 * blocks: what stands behind sofar->file_bytes is cut off. Its end record will tell the time of its
 * last record, and not what its events are. Returns as evj_writer_open().
 */
int evj_writer_resume(const char *path, const struct evj_header *header,
                      const struct evj_writer_totals *sofar, struct evj_writer **ret_writer,
                      struct evj_error *err);

/* Count a record into `totals`; but for text_bytes and file_bytes. */
void evj_writer_count(struct evj_writer_totals *totals, const struct evj_record *record);

/*
 * Add a record. Its line is copied. If it does not fit into the block being collected, that block
 * is written first; when the disk refuses (EVJ_ERR_IO), the record is *not* added and nothing has
 * changed: call again with the same record to try the disk again.
 */
int evj_writer_add(struct evj_writer *writer, const struct evj_record *record,
                   struct evj_error *err);

/*
 * Add one bare event (JSON text without newline) with the next seq and this mono. Returns as
 * evj_writer_add(), or EVJ_ERR_CORRUPT / EVJ_ERR_LIMIT when the text is no event; then nothing is
 * added.
 */
int evj_writer_add_event(struct evj_writer *writer, int64_t mono_us, const char *event, size_t len,
                         struct evj_error *err);

/* Write what is collected as a block now. Nothing to write is no failure. */
int evj_writer_flush(struct evj_writer *writer, struct evj_error *err);

/* Nothing may come for a while, or nothing but the end: give back what memory can be had again. */
void evj_writer_rest(struct evj_writer *writer);

/*
 * Write the end record (evj/end.h) and the last block, sync and close. `reason`: "shutdown", "rotate", "crash",
 * "end of input" … Can fail and must be checked; on failure everything stays and it may be called
 * again.
 */
int evj_writer_finish(struct evj_writer *writer, const char *reason, struct evj_error *err);

/* Close without an end record if evj_writer_finish() did not succeed. */
void evj_writer_free(struct evj_writer *writer);
EVJ_DEFINE_AUTO(writer);

const struct evj_writer_totals *evj_writer_totals(const struct evj_writer *writer);

#endif
