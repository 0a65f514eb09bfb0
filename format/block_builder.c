/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/block.h"

#include "evj/header.h"
#include "evj/limits.h"
#include "format/block_layout_internal.h"
#include "format/block_summary_internal.h"
#include "format/codec_internal.h"
#include "format/compressor_internal.h"
#include "format/filter_internal.h"

#include <stdlib.h>

/* More than blocks need that hold lines of usual length. */
#define LARGE_ROOM (2u * EVJ_BLOCK_TEXT)

/* The lines collected so far, what the EJ subfield will say of them, and room for the member. */
struct evj_block_builder {
    struct evj_compressor compressor;
    char *text;
    size_t text_size, text_room;
    unsigned char *member;
    size_t member_room;
    struct block_summary summary;
};

int evj_block_builder_new(int level, struct evj_block_builder **ret_builder, struct evj_error *err)
{
    EVJ_AUTO(block_builder) *builder = calloc(1, sizeof(*builder));

    if (!builder)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a block");
    builder->compressor.level = level;
    *ret_builder = EVJ_TAKE(builder);
    return EVJ_OK;
}

void evj_block_builder_free(struct evj_block_builder *builder)
{
    if (!builder)
        return;
    evj_block_builder_reset(builder);
    evj_block_builder_rest(builder);
    evj_block_summary_done(&builder->summary);
    free(builder);
}

/* Grow `buffer` to at least `need` bytes, in steps that keep the number of moves small. NULL: no
 * memory. */
static void *grown(void *buffer, size_t *room, size_t need)
{
    if (need <= *room)
        return buffer;
    size_t next = *room ? *room : EVJ_BLOCK_TEXT + EVJ_BLOCK_TEXT / 8;
    while (next < need)
        next += next / 2;
    void *larger = realloc(buffer, next);
    if (larger)
        *room = next;
    return larger;
}

int evj_block_builder_add(struct evj_block_builder *builder, const struct evj_record *record,
                          struct evj_error *err)
{
    size_t len = record->line.len;

    if (len > EVJ_LINE_MAX)
        return evj_fail(err, EVJ_ERR_LIMIT, 0, "a line of %zu bytes; the limit is %u", len,
                        EVJ_LINE_MAX);
    char *text = grown(builder->text, &builder->text_room,
                       builder->text_size + len + 1 + EVJ_COMPRESSOR_SLACK);
    if (!text)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a block of %zu bytes",
                        builder->text_size + len + 1);

    builder->text = text;
    if (!evj_block_summary_add(&builder->summary, record))
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a block's sessions");
    memcpy(text + builder->text_size, record->line.text, len);
    text[builder->text_size + len] = '\n';
    builder->text_size += len + 1;
    return EVJ_OK;
}

size_t evj_block_builder_text_size(const struct evj_block_builder *builder)
{
    return builder->text_size;
}

size_t evj_block_builder_records(const struct evj_block_builder *builder)
{
    return builder->summary.info.records;
}

/* The gzip header up to the EJ subfield. No time, no system: equal lines make equal blocks. */
static void put_gzip_header(unsigned char *out, size_t ej_len)
{
    static const unsigned char start[GZIP_HEADER] = {0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255};

    memcpy(out, start, sizeof(start));
    put_le16(out + GZIP_HEADER, (unsigned)(GZIP_SUBFIELD_HEAD + ej_len));
    out[GZIP_HEADER + GZIP_EXTRA_LEN] = 'E';
    out[GZIP_HEADER + GZIP_EXTRA_LEN + 1] = 'J';
    put_le16(out + GZIP_HEADER + GZIP_EXTRA_LEN + 2, (unsigned)ej_len);
}

static void put_subfield(const struct evj_block_builder *builder, unsigned char *ej,
                         size_t filter_size, unsigned hashes, size_t member_size)
{
    const struct evj_block_info *info = &builder->summary.info;

    ej[EJ_MAJOR] = EVJ_FORMAT_MAJOR;
    ej[EJ_MINOR] = EVJ_FORMAT_MINOR;
    put_le16(ej + EJ_FLAGS, info->flags);
    put_le32(ej + EJ_MEMBER_SIZE, (uint32_t)member_size);
    put_le32(ej + EJ_TEXT_SIZE, (uint32_t)builder->text_size);
    put_le32(ej + EJ_RECORDS, info->records);
    put_le64(ej + EJ_FIRST_SEQ, info->first_seq);
    put_le64(ej + EJ_FIRST_MONO, (uint64_t)info->first_mono_us);
    put_le64(ej + EJ_LAST_MONO, (uint64_t)info->last_mono_us);
    put_le64(ej + EJ_LEAST_TIMESTAMP, (uint64_t)info->least_timestamp_us);
    put_le64(ej + EJ_GREATEST_TIMESTAMP, (uint64_t)info->greatest_timestamp_us);
    put_le32(ej + EJ_TYPES, info->types);
    put_le16(ej + EJ_FILTER_SIZE, (unsigned)filter_size);
    put_le16(ej + EJ_FILTER_HASHES, hashes);
    evj_filter_put(&builder->summary.sessions, ej + EJ_FIXED, filter_size, hashes);
    put_le32(ej + EJ_FIXED + filter_size, evj_crc32(ej, EJ_FIXED + filter_size));
}

int evj_block_builder_finish(struct evj_block_builder *builder, const unsigned char **ret_member,
                             size_t *ret_size, struct evj_error *err)
{
    unsigned hashes;
    size_t filter_size = evj_filter_size(&builder->summary.sessions, &hashes);
    size_t ej_len = EJ_FIXED + filter_size + EJ_CRC;
    size_t header_size = EJ_AT + ej_len;
    size_t bound = evj_compress_bound(builder->text_size);

    unsigned char *out =
        grown(builder->member, &builder->member_room, header_size + bound + GZIP_TRAILER);
    if (!out)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory to compress a block");
    builder->member = out;
    memset(builder->text + builder->text_size, 0, EVJ_COMPRESSOR_SLACK);
    size_t data_size = evj_compress(&builder->compressor, builder->text, builder->text_size,
                                    out + header_size, bound);
    if (data_size == 0) /* the bound is enough for any text */
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory to compress a block");
    size_t member_size = header_size + data_size + GZIP_TRAILER;

    put_gzip_header(out, ej_len);
    put_subfield(builder, out + EJ_AT, filter_size, hashes, member_size);
    put_le32(out + header_size + data_size, evj_crc32(builder->text, builder->text_size));
    put_le32(out + header_size + data_size + 4, (uint32_t)builder->text_size);
    *ret_member = out;
    *ret_size = member_size;
    return EVJ_OK;
}

void evj_block_builder_follow(struct evj_block_builder *builder, uint64_t next_seq,
                              int64_t last_mono_us)
{
    builder->text_size = 0;
    evj_block_summary_follow(&builder->summary, next_seq, last_mono_us);
}

/* A block without seq or mono of its own stands where the last one ended. */
void evj_block_builder_reset(struct evj_block_builder *builder)
{
    builder->text_size = 0;
    evj_block_summary_next(&builder->summary);
    /* A line of megabytes is followed by others that are none. */
    if (builder->text_room > LARGE_ROOM)
        evj_block_builder_rest(builder);
}

void evj_block_builder_rest(struct evj_block_builder *builder)
{
    if (builder->text_size > 0)
        return;
    evj_compressor_rest(&builder->compressor);
    free(builder->text);
    free(builder->member);
    builder->text = NULL;
    builder->member = NULL;
    builder->text_room = builder->member_room = 0;
}
