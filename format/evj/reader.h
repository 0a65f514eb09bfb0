/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_READER_H
#define EVJ_READER_H

/*
 * Reads one journal file, record by record, in the order in which they were recorded; for a live or
 * crashed journal the rest follows from its spool. Damage is read past: what cannot be read is told
 * where it was found, and stands for itself as a gap record. Memory: the blocks that are read ahead
 * (evj_reader_set_ahead()) and, if there is one, the spool. Not thread-safe; use one reader in one
 * thread.
 */

#include "evj/block.h"
#include "evj/cleanup.h"
#include "evj/error.h"
#include "evj/header.h"
#include "evj/record.h"

#include <stdbool.h>
#include <stdint.h>

struct evj_reader;
struct evj_workers;

/* How a journal ended, as far as this reader has seen. Final once evj_reader_next() returned
 * EVJ_END. */
enum evj_ending {
    EVJ_ENDING_CLOSED,  /* it has its end record */
    EVJ_ENDING_LIVE,    /* its recorder runs; read up to its last event */
    EVJ_ENDING_CRASHED, /* its recorder is gone without an end record; its spool was read */
    EVJ_ENDING_LEFT,    /* no end record, and its recorder has gone on in another file */
    EVJ_ENDING_OPEN, /* no end record and no spool here: copied while live, or the host restarted */
    EVJ_ENDING_TRUNCATED, /* it stops inside a block, and no spool has the rest */
    EVJ_ENDING_DAMAGED,   /* its end cannot be read, so how it ended is not known */
};

/* "closed", "live", "crashed", "left", "open", "truncated", "damaged". Static text. */
const char *evj_ending_name(enum evj_ending ending);

/*
 * Open `path`, "-" for standard input, and read the first record. If the file's beginning is damaged
 * but blocks of a journal follow, the header is made up of what they tell (its id is empty), and the
 * damage is told by the first evj_reader_next().
 * EVJ_ERR_FOREIGN if it is no journal, EVJ_ERR_VERSION if it is of a later major version.
 */
int evj_reader_open(const char *path, struct evj_reader **ret_reader, struct evj_error *err);
void evj_reader_free(struct evj_reader *reader);
EVJ_DEFINE_AUTO(reader);

/* Valid as long as the reader. Of files that were put one behind the other (`cat a b > c`) it is the
 * header of the one that is being read. */
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
 * Each block that was read whole, before its first record is given: what its header says, and its
 * text. For who checks one against the other.
 */
typedef void evj_block_seen(const struct evj_block_info *info, uint64_t offset, const char *text,
                            void *context);
void evj_reader_set_observer(struct evj_reader *reader, evj_block_seen *seen, void *context);

/* How much of each record is to be known: all of it (evj_record_parse()) unless this says less. Call
 * before the first evj_reader_next(). */
void evj_reader_set_parser(struct evj_reader *reader, evj_record_parser *parser);

/* The file goes on with a recording whose records before `seq` were told already: they are not given
 * again, and if others are missing between, that is damage. Call before the first evj_reader_next(). */
void evj_reader_set_start(struct evj_reader *reader, uint64_t seq);

/* The seq behind all that was given or passed by. */
uint64_t evj_reader_next_seq(const struct evj_reader *reader);

/* Decode up to `bytes` of text ahead on `workers`, which must outlive the reader. The default is not
 * to. Call before the first evj_reader_next(). */
void evj_reader_set_ahead(struct evj_reader *reader, struct evj_workers *workers, size_t bytes);

/*
 * The next record; the `journal` line is not among them, the `end` line is. *ret_record is borrowed
 * and valid until the next call.
 *   0              *ret_record is set.
 *   EVJ_END        no more: see evj_reader_ending().
 *   EVJ_DAMAGED    a stretch could not be read: *err says what and where, evj_reader_damage() what
 *                  it cost. If events are lost, the next record is the gap that stands for them.
 *   < 0            failure: EVJ_ERR_IO, EVJ_ERR_MEMORY; *err says what and where.
 */
int evj_reader_next(struct evj_reader *reader, const struct evj_record **ret_record,
                    struct evj_error *err);

/* A stretch of a file that could not be read. */
struct evj_damage {
    uint64_t from, to;    /* bytes of the file, `to` is behind the last; equal: bytes are missing */
    uint64_t lost;        /* sequence numbers that nothing tells of: events, gaps' events, marks */
    bool lost_is_certain; /* no more than that; false where what follows does not tell */
    uint64_t salvaged;    /* records of a torn block that were given before */
};

/* The damage that evj_reader_next() told last. Valid as long as the reader. */
const struct evj_damage *evj_reader_damage(const struct evj_reader *reader);

/*
 * After EVJ_END on a live journal: look whether more has been recorded. What has is given by
 * evj_reader_next() from now on. Cheap when nothing has.
 *   true    go on with evj_reader_next().
 *   false   nothing new yet.
 * If its recorder has ended meanwhile, evj_reader_ending() tells after the next EVJ_END.
 */
bool evj_reader_continue(struct evj_reader *reader);

enum evj_ending evj_reader_ending(const struct evj_reader *reader);

/* Why the spool that the first line names could not be read (another user's, say), or "". */
const char *evj_reader_spool_note(const struct evj_reader *reader);

struct evj_reader_totals {
    uint64_t file_bytes, text_bytes; /* of the blocks read so far, and of those passed by */
    uint64_t blocks, blocks_skipped;
    uint64_t spool_records;   /* that came from the spool */
    uint64_t more_recordings; /* behind the first: of files that were put one behind the other */
    uint64_t damages;         /* stretches that could not be read */
    uint64_t damaged_bytes;
    uint64_t lost; /* sequence numbers lost in them */
};
const struct evj_reader_totals *evj_reader_totals(const struct evj_reader *reader);

#endif
