/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_READER_H
#define EVJ_READER_H

/*
 * Reads one journal file, record by record, in the order in which they were recorded; for a live or
 * crashed journal the rest follows from its spool. Memory: one block and, if there is one, the
 * spool. Not thread-safe; use one reader in one thread.
 */

#include "evj/block.h"
#include "evj/cleanup.h"
#include "evj/error.h"
#include "evj/header.h"
#include "evj/record.h"

#include <stdbool.h>
#include <stdint.h>

struct evj_reader;

/* How a journal ended, as far as this reader has seen. Final once evj_reader_next() returned > 0.
 */
enum evj_ending {
    EVJ_ENDING_CLOSED,  /* it has its end record */
    EVJ_ENDING_LIVE,    /* its recorder runs; read up to its last event */
    EVJ_ENDING_CRASHED, /* its recorder is gone without an end record; its spool was read */
    EVJ_ENDING_OPEN, /* no end record and no spool here: copied while live, or the host restarted */
    EVJ_ENDING_TRUNCATED, /* it stops inside a block, and no spool has the rest */
    EVJ_ENDING_DAMAGED,   /* reading it failed: what follows the fault is unknown */
};

/* "closed", "live", "crashed", "open", "truncated", "damaged". Static text. */
const char *evj_ending_name(enum evj_ending ending);

/*
 * Open `path`, "-" for standard input, and read the first record.
 * EVJ_ERR_FOREIGN if it is no journal, EVJ_ERR_VERSION if it is of a later major version.
 */
int evj_reader_open(const char *path, struct evj_reader **ret_reader, struct evj_error *err);
void evj_reader_free(struct evj_reader *reader);
EVJ_DEFINE_AUTO(reader);

/* Valid as long as the reader. */
const struct evj_header *evj_reader_header(const struct evj_reader *reader);
const char *evj_reader_path(const struct evj_reader *reader);

/*
 * Blocks for which `wants` says false are passed by unread. Those with gap, mark, state, first or
 * end records are always read. NULL: read all.
 */
typedef bool evj_block_wanted(const struct evj_header *header, const struct evj_block_info *info,
                              void *context);
void evj_reader_set_filter(struct evj_reader *reader, evj_block_wanted *wants, void *context);

/*
 * The next record; the `journal` line is not among them, the `end` line is. *ret_record is borrowed
 * and valid until the next call.
 *   0              *ret_record is set.
 *   EVJ_END        no more: see evj_reader_ending().
 *   EVJ_TRUNCATED  the file stops inside a block and nothing has the rest; *err says where.
 *   < 0            failure; *err says what and where.
 */
int evj_reader_next(struct evj_reader *reader, const struct evj_record **ret_record,
                    struct evj_error *err);

enum evj_ending evj_reader_ending(const struct evj_reader *reader);

/* Why the spool that the first line names could not be read (another user's, say), or "". */
const char *evj_reader_spool_note(const struct evj_reader *reader);

struct evj_reader_totals {
    uint64_t file_bytes, text_bytes; /* of the blocks read so far, and of those passed by */
    uint64_t blocks, blocks_skipped;
    uint64_t spool_records; /* that came from the spool */
};
const struct evj_reader_totals *evj_reader_totals(const struct evj_reader *reader);

#endif
