/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_BLOCKS_INTERNAL_H
#define FORMAT_BLOCKS_INTERNAL_H

/*
 * A file as the sequence of its blocks, whatever happened to it: blocks that were read, blocks that
 * nobody wants, and stretches between them that are no blocks. After such a stretch it goes on with
 * the next block header, wherever that is. Blocks are decoded ahead if there is somebody to do it.
 * One thread.
 */

#include "evj/block.h"
#include "evj/error.h"
#include "evj/reader.h"
#include "evj/record.h"
#include "format/workers_internal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct evj_blocks;

enum evj_piece_kind {
    EVJ_PIECE_BLOCK,  /* decoded, and right */
    EVJ_PIECE_PASSED, /* not wanted: only its header was looked at */
    EVJ_PIECE_DAMAGE, /* no block, or a wrong one */
};

/* All pointers are borrowed until the next call on the evj_blocks. */
struct evj_piece {
    enum evj_piece_kind kind;
    uint64_t from, to;          /* bytes of the file; `to` is behind the last */
    struct evj_block_info info; /* what the header says; only if has_info */
    bool has_info;

    const char *text;           /* BLOCK: info.text_size bytes of whole lines */
    struct evj_record *records; /* of the first of them */
    size_t record_count;
    const char *rest; /* the lines behind these */

    struct evj_error why; /* DAMAGE */
    bool torn;            /* DAMAGE: its beginning is right, and bytes of the member are missing */
    bool to_the_end;      /* DAMAGE: no block follows */
};

int evj_blocks_open(const char *path, struct evj_blocks **ret_blocks, struct evj_error *err);
void evj_blocks_free(struct evj_blocks *blocks);
EVJ_DEFINE_AUTO(blocks);
const char *evj_blocks_path(const struct evj_blocks *blocks);

/* Of the file, now. */
uint64_t evj_blocks_file_size(const struct evj_blocks *blocks);

/* As evj_reader_set_filter() and evj_reader_set_ahead(). `header` is borrowed. The filter is asked
 * for blocks that come after the file's first line only. */
void evj_blocks_set_filter(struct evj_blocks *blocks, evj_block_wanted *wants,
                           const struct evj_header *header, void *context);
/* What parses lines ahead; it must be set for that. */
void evj_blocks_set_parser(struct evj_blocks *blocks, evj_record_parser *parser);
void evj_blocks_set_ahead(struct evj_blocks *blocks, struct evj_workers *workers, size_t bytes);

/* 0; EVJ_END at the end of the file, which may grow: then it goes on; EVJ_ERR_IO; EVJ_ERR_MEMORY. */
int evj_blocks_next(struct evj_blocks *blocks, struct evj_piece *ret_piece, struct evj_error *err);

/*
 * Inflate what is there of a torn member, the last piece that was given. *ret_text is set to whole
 * lines, borrowed as the piece's text is; nothing has checked them. 0, EVJ_ERR_IO, EVJ_ERR_MEMORY.
 */
int evj_blocks_salvage(struct evj_blocks *blocks, const struct evj_piece *piece,
                       const char **ret_text, size_t *ret_len, struct evj_error *err);

/* The last piece, which the file stops in, is being written: read it once more. Without it, that piece
 * is the end, however the file grows. */
void evj_blocks_retry(struct evj_blocks *blocks, const struct evj_piece *piece);

#endif
