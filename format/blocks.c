/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/blocks_state_internal.h"

#include <stdlib.h>

int evj_blocks_open(const char *path, struct evj_blocks **ret_blocks, struct evj_error *err)
{
    EVJ_AUTO(blocks) *blocks = calloc(1, sizeof(*blocks));

    if (!blocks)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a reader");
    int status = evj_input_open(path, &blocks->input, err);
    if (status == EVJ_OK)
        *ret_blocks = EVJ_TAKE(blocks);
    return status;
}

void evj_blocks_free(struct evj_blocks *blocks)
{
    if (!blocks)
        return;
    for (unsigned i = 0; i < blocks->count; i++) {
        struct slot *slot = &blocks->slots[(blocks->first + i) % SLOTS];
        if (slot->decoding)
            evj_workers_cancel(blocks->workers, &slot->decoding->job);
        evj_decoding_free(slot->decoding);
    }
    evj_decoding_free(blocks->last.decoding);
    while (blocks->idle) {
        struct evj_decoding *decoding = blocks->idle;
        blocks->idle = decoding->next;
        evj_decoding_free(decoding);
    }
    evj_input_free(blocks->input);
    free(blocks->salvaged);
    free(blocks);
}

const char *evj_blocks_path(const struct evj_blocks *blocks)
{
    return evj_input_path(blocks->input);
}

uint64_t evj_blocks_file_size(const struct evj_blocks *blocks)
{
    return evj_input_size(blocks->input);
}

void evj_blocks_set_filter(struct evj_blocks *blocks, evj_block_wanted *wants,
                           const struct evj_header *header, void *context)
{
    blocks->wants = wants;
    blocks->header = header;
    blocks->wants_context = context;
}

void evj_blocks_set_parser(struct evj_blocks *blocks, evj_record_parser *parser)
{
    blocks->parser = parser;
}

void evj_blocks_set_ahead(struct evj_blocks *blocks, struct evj_workers *workers, size_t bytes)
{
    blocks->workers = workers;
    blocks->ahead_bytes = bytes;
}

/* ---- one after the other ---- */

static int give_block(struct evj_blocks *blocks, const struct slot *slot, struct evj_piece *piece,
                      struct evj_error *err)
{
    struct evj_decoding *decoding = slot->decoding;

    evj_workers_wait(blocks->workers, &decoding->job);
    blocks->ahead -= (size_t)slot->info.member_size + slot->info.text_size;
    if (decoding->status == EVJ_ERR_MEMORY) {
        if (err)
            *err = decoding->err;
        return EVJ_ERR_MEMORY;
    }
    if (decoding->status != EVJ_OK)
        return evj_blocks_give_wrong_block(blocks, slot, piece, err);
    *piece = (struct evj_piece){.kind = EVJ_PIECE_BLOCK,
                                .from = slot->from,
                                .to = slot->to,
                                .info = decoding->info,
                                .has_info = true,
                                .text = decoding->text,
                                .records = decoding->records,
                                .record_count = decoding->record_count,
                                .rest = decoding->rest};
    return EVJ_OK;
}

/* Have a slot to be given, if there is one. */
static int look(struct evj_blocks *blocks, struct evj_error *err)
{
    if (blocks->last.decoding) {
        evj_blocks_put_idle(blocks, blocks->last.decoding);
        blocks->last = (struct slot){0};
    }
    int status = evj_blocks_look_ahead(blocks, err);
    return status == EVJ_OK ? evj_blocks_look_again(blocks, err) : status;
}

/*
 * There is no slot to be given. When a torn block's end was searched for, its writer may have gone on
 * since it was looked at: then it is whole now, there is a slot, and there was no fault.
 */
static int give_fault(struct evj_blocks *blocks, struct evj_piece *piece, struct evj_error *err)
{
    const struct fault fault = blocks->fault;
    uint64_t at = blocks->at;
    int status = evj_blocks_give_fault(blocks, piece, err);

    blocks->stops = piece->torn && piece->to_the_end;
    if (status < 0 || fault.why.status != EVJ_TRUNCATED || piece->from != at || blocks->stops)
        return status;
    blocks->fault = fault;
    blocks->at = at;
    status = evj_blocks_look_again(blocks, err);
    if (status == EVJ_OK && blocks->count == 0) {
        blocks->fault.found = false;
        blocks->at = piece->to;
    }
    return status;
}

int evj_blocks_next(struct evj_blocks *blocks, struct evj_piece *ret_piece, struct evj_error *err)
{
    if (blocks->stops)
        return EVJ_END;
    int status = look(blocks, err);
    if (status < 0)
        return status;
    if (blocks->count == 0 && !blocks->fault.found)
        return EVJ_END;
    if (blocks->count == 0)
        status = give_fault(blocks, ret_piece, err);
    if (status < 0 || blocks->count == 0)
        return status;

    blocks->last = blocks->slots[blocks->first];
    blocks->first = (blocks->first + 1) % SLOTS;
    blocks->count--;
    if (blocks->last.decoding)
        return give_block(blocks, &blocks->last, ret_piece, err);
    *ret_piece = (struct evj_piece){.kind = EVJ_PIECE_PASSED,
                                    .from = blocks->last.from,
                                    .to = blocks->last.to,
                                    .info = blocks->last.info,
                                    .has_info = true};
    return EVJ_OK;
}
