/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_READER_INTERNAL_H
#define FORMAT_READER_INTERNAL_H

/*
 * What the files of the reader share: reader_open.c, reader_pieces.c (from blocks to lines),
 * reader_lines.c (from lines to records), reader_missing.c (what is told where records are missing) and
 * reader.c, which gives one after the other.
 */

#include "evj/limits.h"
#include "evj/reader.h"
#include "evj/spool.h"
#include "format/blocks_internal.h"
#include "format/damage_internal.h"

/*
 * Where the lines come from. A snapshot of the spool is taken before the first block is read, and
 * its lines follow the last block; what is in both is told by its seq. So the reader sees one
 * moment of a live journal, whole, however fast its recorder moves lines from one to the other.
 */
enum stage { STAGE_BLOCKS, STAGE_SPOOL, STAGE_DONE };

/* Lines that were not given yet: first those that a worker has parsed, then at[0 … end). */
struct lines {
    struct evj_record *parsed, *parsed_end;
    const char *at, *end;
    bool unchecked; /* of a torn block: the first that looks wrong ends them */
};

struct evj_reader {
    struct evj_blocks *blocks;
    struct evj_header header;
    evj_block_seen *seen;
    void *seen_context;

    enum stage stage;
    struct lines lines;
    struct evj_piece piece; /* that the lines are of */
    evj_record_parser *parser;
    struct evj_record *record, parsed; /* in work: a worker has parsed it, or it is in `parsed` */

    uint64_t next_seq; /* behind everything given or passed by */
    bool knows_seq;    /* what comes next must have it */
    int64_t last_mono_us;

    struct evj_stretch stretch; /* of damage, until what follows it is known */
    struct evj_stretch told;
    /* What is to be given next, in this order. */
    bool block_is_next;   /* the first block, of which only the first line was looked at */
    bool first_line_read; /* and that is the file's */
    bool damage_is_next, gap_is_next, record_is_next;
    struct evj_record gap;
    char gap_line[EVJ_GAP_LINE_MAX], rest_line[EVJ_GAP_LINE_MAX];

    uint64_t file_size; /* when the snapshot was taken */
    struct evj_spool_snapshot spool;
    bool being_written; /* the block that the file stops in, at `piece` */
    bool
        may_repeat; /* what was told from the spool, or of the file before, comes again in a block */
    bool has_spool, ended, left, torn, end_is_lost, failed;
    char spool_note[320];
    struct evj_reader_totals totals;
};

/* ---- lines ---- */

/* The lines at hand are these, from the first. */
void evj_reader_set_lines(struct evj_reader *reader, const char *text, size_t len, bool unchecked);

/* Have reader->record. 0, EVJ_END without any more, or < 0 for a line that is no record. */
int evj_reader_next_of_lines(struct evj_reader *reader, struct evj_error *err);

/* reader->record comes once more, behind what is to be given first. */
void evj_reader_put_back(struct evj_reader *reader);

/* Does nothing speak against reader->record, out of a torn block that nothing has checked? */
bool evj_reader_is_plausible(const struct evj_reader *reader);

/* ---- what is missing ---- */

/* Must the next record have the very next seq? */
bool evj_reader_is_whole(const struct evj_reader *reader);

/* What comes next has this seq and mono: if something is to be told before it, that is next now. */
void evj_reader_settle(struct evj_reader *reader, uint64_t seq, int64_t mono_us);

/* Nothing follows that tells how much is lost, but for the header of a block that cannot be read. */
void evj_reader_settle_by_claims(struct evj_reader *reader);

/* Nothing comes any more. Is something to be told? */
bool evj_reader_settle_at_the_end(struct evj_reader *reader);

/* Count it, fill *err, and return EVJ_DAMAGED. */
int evj_reader_tell_damage(struct evj_reader *reader, struct evj_error *err);

/* ---- blocks and spool ---- */

/* There is a spool: did its recorder leave this file without an end, and go on in another one? */
bool evj_reader_was_left(const struct evj_reader *reader);

/* All blocks were read: is the spool's first line the next one of this file? Not of one that was left
 * some time ago: the next file has what is in between. */
bool evj_reader_goes_on_in_spool(const struct evj_reader *reader);

/* The piece is a block: its lines are at hand now. */
void evj_reader_take_block(struct evj_reader *reader);

/* Have the next piece's lines at hand, or damage to be told. 0, EVJ_END, or < 0. */
int evj_reader_next_piece(struct evj_reader *reader, struct evj_error *err);

/* Take a new copy of the spool, if the journal has one that is ours. */
void evj_reader_take_snapshot(struct evj_reader *reader);

#endif
