/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/blocks_internal.h"

#include "evj/limits.h"
#include "format/block_layout_internal.h"
#include "format/block_search_internal.h"
#include "format/codec_internal.h"
#include "format/decoding_internal.h"
#include "format/input_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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
    struct fault fault;
    struct slot slots[SLOTS];
    unsigned first, count;
    size_t text_ahead; /* of the slots that are decoded */
    uint64_t wasted;   /* bytes read and inflated for blocks that were none */

    struct slot last; /* what was given last; its decoding holds what the piece borrows */
    struct evj_decoding *idle;
    char *salvaged;
};

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

/* ---- looking ahead ---- */

/* A block with a flag, known or not, holds lines that are no events: how many seqs it takes is told by
 * its lines only. */
static bool is_wanted(const struct evj_blocks *blocks, const struct evj_block_info *info)
{
    return !blocks->wants || info->flags != 0 ||
           blocks->wants(blocks->header, info, blocks->wants_context);
}

static void note_fault(struct evj_blocks *blocks, const struct evj_error *why,
                       const struct evj_block_info *info)
{
    blocks->fault = (struct fault){.found = true, .why = *why, .has_info = info != NULL};
    if (info) {
        blocks->fault.info = *info;
        blocks->fault.info.filter = (struct evj_slice){NULL, 0};
    }
}

static void note_torn(struct evj_blocks *blocks, const struct evj_block_info *info, uint64_t have)
{
    struct evj_error why;

    evj_fail(&why, EVJ_TRUNCATED, blocks->at,
             "%" PRIu64 " of a block's %" PRIu32 " bytes are there", have, info->member_size);
    note_fault(blocks, &why, info);
}

static struct evj_decoding *take_idle(struct evj_blocks *blocks)
{
    struct evj_decoding *decoding = blocks->idle;

    if (!decoding)
        return evj_decoding_new();
    blocks->idle = decoding->next;
    return decoding;
}

static void put_idle(struct evj_blocks *blocks, struct evj_decoding *decoding)
{
    if (!decoding)
        return;
    decoding->next = blocks->idle;
    blocks->idle = decoding;
}

/* The block at blocks->at is the next one: to be decoded, or passed by. */
static void push(struct evj_blocks *blocks, const struct evj_block_info *info,
                 struct evj_decoding *decoding)
{
    struct slot *slot = &blocks->slots[(blocks->first + blocks->count++) % SLOTS];

    *slot = (struct slot){blocks->at, blocks->at + info->member_size, *info, decoding};
    slot->info.filter = (struct evj_slice){NULL, 0}; /* it was borrowed */
    evj_input_keep(blocks->input, slot->from);
    blocks->at = slot->to;
}

/*
 * Headers may claim the same bytes again and again, each 16 MiB of them. In an honest file each byte is
 * looked at in vain a few times at most: beyond that, headers are not believed.
 */
#define WASTE_FREE (64u * 1024 * 1024)
#define WASTE_EACH_BYTE 16u

static void note_waste(struct evj_blocks *blocks, uint64_t member, uint64_t text)
{
    blocks->wasted += member + text;
}

static bool is_wasteful(const struct evj_blocks *blocks)
{
    return blocks->wasted > WASTE_FREE + WASTE_EACH_BYTE * blocks->at;
}

static int begin_decoding(struct evj_blocks *blocks, const struct evj_block_info *info,
                          struct evj_error *err)
{
    size_t size = info->member_size, have;
    const unsigned char *member;
    int status = evj_input_view(blocks->input, blocks->at, size, &member, &have, err);

    if (status < 0)
        return status;
    if (have < size) {
        note_waste(blocks, have, 0);
        note_torn(blocks, info, have);
        return EVJ_OK;
    }
    EVJ_AUTO(decoding) *decoding = take_idle(blocks);
    if (!decoding)
        return evj_fail(err, EVJ_ERR_MEMORY, blocks->at, "no memory for a block");
    status = evj_decoding_set(decoding, member, size, blocks->at, err);
    if (status < 0)
        return status;
    decoding->parser = blocks->ahead_bytes > 0 ? blocks->parser : NULL;
    evj_workers_submit(blocks->workers, &decoding->job);
    blocks->text_ahead += info->text_size;
    push(blocks, info, EVJ_TAKE(decoding));
    return EVJ_OK;
}

/* Decode the header at blocks->at. Returns as evj_block_decode_header(), or EVJ_END. */
static int look_at_header(struct evj_blocks *blocks, struct evj_block_info *ret_info,
                          struct evj_error *err)
{
    const unsigned char *bytes;
    size_t have, header_size;
    int status = EVJ_OK;

    /* Most headers are a few hundred bytes: more is asked for only when it turns out to be needed. */
    for (size_t need = 4096;; need = EVJ_BLOCK_HEADER_MAX) {
        status = evj_input_view(blocks->input, blocks->at, need, &bytes, &have, err);
        if (status < 0)
            return status;
        if (have == 0)
            return EVJ_END;
        status = evj_block_decode_header(bytes, have, blocks->at, ret_info, &header_size, err);
        if (status != EVJ_TRUNCATED || have < need || need == EVJ_BLOCK_HEADER_MAX)
            return status;
    }
}

/* The newest of the blocks that were looked at, given or not. */
static const struct slot *newest(const struct evj_blocks *blocks)
{
    return blocks->count > 0 ? &blocks->slots[(blocks->first + blocks->count - 1) % SLOTS]
                             : &blocks->last;
}

/* A block that was passed by may reach beyond the end: only here that shows. */
static int at_the_end(struct evj_blocks *blocks, struct evj_error *err)
{
    const struct slot *slot = newest(blocks);
    const unsigned char *bytes;
    size_t have;

    if (slot->to != blocks->at || slot->from == slot->to)
        return EVJ_END;
    int status = evj_input_view(blocks->input, slot->to - 1, 1, &bytes, &have, err);
    if (status == EVJ_OK && have == 0) {
        struct evj_error why;
        evj_fail(&why, EVJ_TRUNCATED, slot->from, "not all of its %" PRIu32 " bytes are there",
                 slot->info.member_size);
        note_fault(blocks, &why, NULL);
    }
    return status == EVJ_OK ? EVJ_END : status;
}

/* Look at one more block. 0, EVJ_END when nothing more can be looked at now, or < 0. */
static int look_further(struct evj_blocks *blocks, struct evj_error *err)
{
    struct evj_block_info info;
    struct evj_error why;
    int status = look_at_header(blocks, &info, &why);

    if (status == EVJ_END)
        return at_the_end(blocks, err);
    if (status == EVJ_ERR_IO || status == EVJ_ERR_MEMORY) {
        if (err)
            *err = why;
        return status;
    }
    if (status != EVJ_OK) {
        note_fault(blocks, &why, NULL);
        return EVJ_END;
    }
    if (is_wasteful(blocks)) {
        evj_fail(&why, EVJ_ERR_CORRUPT, blocks->at, "too many blocks here are none");
        note_fault(blocks, &why, NULL);
        return EVJ_END;
    }
    if (is_wanted(blocks, &info))
        return begin_decoding(blocks, &info, err);
    push(blocks, &info, NULL);
    return EVJ_OK;
}

/* Behind a first line the filter may ask another header: nobody looks beyond before it was read. */
static bool may_look_further(const struct evj_blocks *blocks)
{
    if (blocks->fault.found || blocks->count == SLOTS)
        return false;
    if (blocks->count == 0)
        return true;
    return blocks->text_ahead < blocks->ahead_bytes &&
           !(newest(blocks)->info.flags & EVJ_BLOCK_FIRST);
}

static int look_ahead(struct evj_blocks *blocks, struct evj_error *err)
{
    int status = EVJ_OK;

    while (status == EVJ_OK && may_look_further(blocks))
        status = look_further(blocks, err);
    return status < 0 ? status : EVJ_OK;
}

/* Its turn has come: a block that was being written when it was looked at ahead is whole by now. */
static int look_again(struct evj_blocks *blocks, struct evj_error *err)
{
    if (blocks->count > 0 || !blocks->fault.found || blocks->fault.why.status != EVJ_TRUNCATED)
        return EVJ_OK;
    blocks->fault.found = false;
    int status = look_further(blocks, err);
    return status < 0 ? status : EVJ_OK;
}

/* ---- damage ---- */

/* Is the block that was passed by last what its header says? */
static int check_passed(struct evj_blocks *blocks, const struct slot *slot, bool *ret_right,
                        struct evj_error *err)
{
    const unsigned char *member;
    size_t have;
    int status =
        evj_input_view(blocks->input, slot->from, slot->info.member_size, &member, &have, err);

    *ret_right = false;
    if (status < 0 || have < slot->info.member_size)
        return status;
    EVJ_AUTO(decoding) *decoding = evj_decoding_new();
    if (!decoding)
        return evj_fail(err, EVJ_ERR_MEMORY, slot->from, "no memory for a block");
    status = evj_decoding_set(decoding, member, have, slot->from, err);
    if (status < 0)
        return status;
    evj_workers_submit(NULL, &decoding->job);
    evj_workers_wait(NULL, &decoding->job);
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
static int give_fault(struct evj_blocks *blocks, struct evj_piece *piece, struct evj_error *err)
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
static int give_wrong_block(struct evj_blocks *blocks, const struct slot *slot,
                            struct evj_piece *piece, struct evj_error *err)
{
    note_waste(blocks, slot->info.member_size, slot->info.text_size);
    int status = look_ahead(blocks, err);

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

/* ---- one after the other ---- */

static int give_block(struct evj_blocks *blocks, const struct slot *slot, struct evj_piece *piece,
                      struct evj_error *err)
{
    struct evj_decoding *decoding = slot->decoding;

    evj_workers_wait(blocks->workers, &decoding->job);
    blocks->text_ahead -= slot->info.text_size;
    if (decoding->status == EVJ_ERR_MEMORY) {
        if (err)
            *err = decoding->err;
        return EVJ_ERR_MEMORY;
    }
    if (decoding->status != EVJ_OK)
        return give_wrong_block(blocks, slot, piece, err);
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

int evj_blocks_next(struct evj_blocks *blocks, struct evj_piece *ret_piece, struct evj_error *err)
{
    if (blocks->last.decoding) {
        put_idle(blocks, blocks->last.decoding);
        blocks->last = (struct slot){0};
    }
    int status = look_ahead(blocks, err);
    if (status == EVJ_OK)
        status = look_again(blocks, err);
    if (status < 0)
        return status;
    if (blocks->count == 0)
        return blocks->fault.found ? give_fault(blocks, ret_piece, err) : EVJ_END;

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
    blocks->at = piece->from;
    blocks->last = (struct slot){0};
}
