/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/blocks_state_internal.h"

#include "evj/limits.h"

#include <inttypes.h>

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

void evj_blocks_put_idle(struct evj_blocks *blocks, struct evj_decoding *decoding)
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

void evj_blocks_note_waste(struct evj_blocks *blocks, uint64_t member, uint64_t text)
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
        evj_blocks_note_waste(blocks, have, 0);
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
    blocks->ahead += (size_t)info->member_size + info->text_size;
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
    return blocks->ahead < blocks->ahead_bytes && !(newest(blocks)->info.flags & EVJ_BLOCK_FIRST);
}

int evj_blocks_look_ahead(struct evj_blocks *blocks, struct evj_error *err)
{
    int status = EVJ_OK;

    while (status == EVJ_OK && may_look_further(blocks))
        status = look_further(blocks, err);
    return status < 0 ? status : EVJ_OK;
}

/* Its turn has come: a block that was being written when it was looked at ahead is whole by now. */
int evj_blocks_look_again(struct evj_blocks *blocks, struct evj_error *err)
{
    if (blocks->count > 0 || !blocks->fault.found || blocks->fault.why.status != EVJ_TRUNCATED)
        return EVJ_OK;
    blocks->fault.found = false;
    int status = look_further(blocks, err);
    return status < 0 ? status : EVJ_OK;
}
