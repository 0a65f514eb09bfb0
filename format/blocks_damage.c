/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/blocks_state_internal.h"

#include "format/block_layout_internal.h"
#include "format/block_search_internal.h"
#include "format/codec_internal.h"

#include <stdlib.h>
#include <string.h>

/* Is the block that was passed by last what its header says? */
static int check_passed(struct evj_blocks *blocks, const struct slot *slot, bool *ret_right,
                        struct evj_error *err)
{
    const unsigned char *member;
    size_t have;
    int status =
        evj_input_view(blocks->input, slot->from, slot->info.member_size, &member, &have, err);

    *ret_right = false;
    if (status < 0)
        return status;
    evj_blocks_note_waste(blocks, have, 0);
    if (have < slot->info.member_size)
        return EVJ_OK;
    EVJ_AUTO(decoding) *decoding = evj_decoding_new();
    if (!decoding)
        return evj_fail(err, EVJ_ERR_MEMORY, slot->from, "no memory for a block");
    status = evj_decoding_set(decoding, member, have, slot->from, err);
    if (status < 0)
        return status;
    evj_workers_submit(NULL, &decoding->job);
    evj_workers_wait(NULL, &decoding->job);
    evj_blocks_note_waste(blocks, 0, slot->info.text_size);
    *ret_right = decoding->status == EVJ_OK;
    return EVJ_OK;
}

/*
 * No block begins at blocks->at. `piece` has where the damage begins, which may be the block before.
 * What it is that begins there is known if has_info; it is passed over to the next block.
 */
static int find_next_block(struct evj_blocks *blocks, struct evj_piece *piece,
                           struct evj_error *err)
{
    uint64_t member_end = piece->from + (piece->has_info ? piece->info.member_size : 0);
    int status = evj_block_search(blocks->input, piece->from + 1, piece->from, &piece->to, err);

    if (status < 0)
        return status;
    blocks->fault.found = false;
    blocks->at = piece->to;
    piece->to_the_end = status == EVJ_END;
    piece->torn = piece->has_info ? piece->to < member_end
                                  : piece->to_the_end && piece->why.status == EVJ_TRUNCATED;
    return EVJ_OK;
}

/*
 * The fault at blocks->at, everything before it being right, told, or passed by. If a right header
 * stands there, the block before it has the size that it claims, and need not be looked at.
 */
int evj_blocks_give_fault(struct evj_blocks *blocks, struct evj_piece *piece, struct evj_error *err)
{
    const struct slot last = blocks->last;
    bool right = true;

    blocks->last = (struct slot){0}; /* it is looked at once */

    /* Foreign bytes behind blocks are damage, not another kind of file. */
    if (blocks->fault.why.status == EVJ_ERR_FOREIGN && blocks->at > 0)
        evj_fail(&blocks->fault.why, EVJ_ERR_CORRUPT, blocks->at, "no block begins here");
    *piece = (struct evj_piece){.kind = EVJ_PIECE_DAMAGE,
                                .from = blocks->at,
                                .info = blocks->fault.info,
                                .has_info = blocks->fault.has_info,
                                .why = blocks->fault.why};
    if (!blocks->fault.has_info && last.to == blocks->at && last.from < last.to) {
        int status = check_passed(blocks, &last, &right, err);
        if (status < 0)
            return status;
    }
    if (!right) {
        piece->from = last.from;
        piece->info = last.info;
        piece->has_info = true;
    }
    return find_next_block(blocks, piece, err);
}

/* The block was not what its header says. Its size is right if another block follows there. */
int evj_blocks_give_wrong_block(struct evj_blocks *blocks, const struct slot *slot,
                                struct evj_piece *piece, struct evj_error *err)
{
    evj_blocks_note_waste(blocks, slot->info.member_size, slot->info.text_size);
    int status = evj_blocks_look_ahead(blocks, err);

    if (status < 0)
        return status;
    *piece = (struct evj_piece){.kind = EVJ_PIECE_DAMAGE,
                                .from = slot->from,
                                .to = slot->to,
                                .info = slot->info,
                                .has_info = true,
                                .why = slot->decoding->err};
    if (blocks->count > 0 || !blocks->fault.found) {
        piece->to_the_end = blocks->count == 0;
        return EVJ_OK;
    }
    return find_next_block(blocks, piece, err);
}

int evj_blocks_salvage(struct evj_blocks *blocks, const struct evj_piece *piece,
                       const char **ret_text, size_t *ret_len, struct evj_error *err)
{
    const unsigned char *member;
    struct evj_block_info info;
    size_t have, header_size;
    int status = evj_input_view(blocks->input, piece->from, (size_t)(piece->to - piece->from),
                                &member, &have, err);

    *ret_len = 0;
    if (status < 0)
        return status;
    if (evj_block_decode_header(member, have, piece->from, &info, &header_size, NULL) != EVJ_OK)
        return EVJ_OK;
    /* It ends with its trailer: the bytes are missing in its midst, and nobody knows where. */
    if (get_le32(member + have - 4) == info.text_size)
        return EVJ_OK;
    evj_blocks_note_waste(blocks, 0, info.text_size);
    free(blocks->salvaged);
    blocks->salvaged = malloc(info.text_size + 1);
    if (!blocks->salvaged)
        return evj_fail(err, EVJ_ERR_MEMORY, piece->from, "no memory for a block of %u bytes",
                        info.text_size);
    /* Of the trailer, behind the data, not all can be there either. */
    size_t len = evj_inflate_start(member + header_size, have - header_size, GZIP_TRAILER - 1,
                                   blocks->salvaged, info.text_size);
    const char *newline = memrchr(blocks->salvaged, '\n', len);
    *ret_text = blocks->salvaged;
    *ret_len = newline ? (size_t)(newline + 1 - blocks->salvaged) : 0;
    return EVJ_OK;
}

/* Its writer may have cut it off, and written another one there. */
void evj_blocks_retry(struct evj_blocks *blocks, const struct evj_piece *piece)
{
    evj_input_forget(blocks->input);
    blocks->stops = false;
    blocks->at = piece->from;
    blocks->last = (struct slot){0};
}
