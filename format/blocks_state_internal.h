/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_BLOCKS_STATE_INTERNAL_H
#define FORMAT_BLOCKS_STATE_INTERNAL_H

/*
 * What the files of evj_blocks share: blocks_ahead.c, which looks at blocks before they are asked for,
 * blocks_damage.c, for what is none, and blocks.c, which gives one after the other.
 */

#include "format/blocks_internal.h"
#include "format/decoding_internal.h"
#include "format/input_internal.h"

/* Pieces between what was looked at and what was given. Few of them are decoded where a filter
 * passes most by, and then it is these that keep the workers busy. */
#define SLOTS 64u

/* A block whose header was right: to be decoded, or passed by (decoding is NULL). */
struct slot {
    uint64_t from, to;
    struct evj_block_info info;
    struct evj_decoding *decoding;
};

/* No block begins at `at`, or it is not all there. What that means is decided when everything before
 * it was given: the fault may be in the block before. */
struct fault {
    bool found;
    struct evj_error why;
    bool has_info; /* the header is right: bytes of its member are missing */
    struct evj_block_info info;
};

struct evj_blocks {
    struct evj_input *input;
    evj_block_wanted *wants;
    void *wants_context;
    const struct evj_header *header;
    struct evj_workers *workers;
    size_t ahead_bytes;
    evj_record_parser *parser;

    uint64_t at; /* where the next header is looked for */
    /* Inside a block at the end of the file: what comes there is no other block's beginning. */
    bool stops;
    struct fault fault;
    struct slot slots[SLOTS];
    unsigned first, count;
    size_t ahead;    /* bytes of the slots that are decoded: their members and texts */
    uint64_t wasted; /* bytes read and inflated for blocks that were none */

    struct slot last; /* what was given last; its decoding holds what the piece borrows */
    struct evj_decoding *idle;
    char *salvaged;
};

/* Look at as many blocks as may be looked at. 0, EVJ_ERR_IO or EVJ_ERR_MEMORY. */
int evj_blocks_look_ahead(struct evj_blocks *blocks, struct evj_error *err);

/* Its turn has come: a block that was being written when it was looked at ahead is whole by now. */
int evj_blocks_look_again(struct evj_blocks *blocks, struct evj_error *err);

/* A decoding that is not needed any more; may be NULL. */
void evj_blocks_put_idle(struct evj_blocks *blocks, struct evj_decoding *decoding);

/* So many bytes were read and inflated for a block that was none. */
void evj_blocks_note_waste(struct evj_blocks *blocks, uint64_t member, uint64_t text);

/* The fault at blocks->at, everything before it being right, or passed by. Returns as
 * evj_blocks_next(). */
int evj_blocks_give_fault(struct evj_blocks *blocks, struct evj_piece *piece,
                          struct evj_error *err);

/* The block was not what its header says. The same returns. */
int evj_blocks_give_wrong_block(struct evj_blocks *blocks, const struct slot *slot,
                                struct evj_piece *piece, struct evj_error *err);

#endif
