/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A block, as it is and mended: its header, and its text if the header says that all of it is here.
 * zlib, which knows gzip and nothing of journals, must find the same text.
 */
#include "tests/fuzz/fuzz.h"

#include "evj/block.h"
#include "evj/limits.h"
#include "tests/fuzz/mend.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* An int64_t is a time, any of which a header may claim; the sizes are what must not be believed. */
static void check_info(const struct evj_block_info *info, size_t header_size,
                       const unsigned char *bytes, size_t size)
{
    REQUIRE(header_size <= size && header_size < EVJ_BLOCK_HEADER_MAX + 1);
    REQUIRE(info->member_size >= header_size + 8 && info->member_size <= EVJ_MEMBER_MAX);
    REQUIRE(info->text_size <= EVJ_LINE_MAX + 1);
    REQUIRE(info->filter.len <= EVJ_FILTER_MAX);
    REQUIRE(fuzz_lies_within(info->filter, (const char *)bytes, header_size));
    if (info->filter.len == 0 || info->filter_hashes == 0)
        REQUIRE(evj_block_may_have_session(info, 4711));
    evj_block_may_have_session(info, 0);
    evj_block_may_have_session(info, UINT64_MAX);
}

/* No part of a header passes for a header. */
static void check_prefixes(const unsigned char *bytes, size_t header_size)
{
    for (size_t len = 0; len < header_size; len += 1 + len / 16) {
        struct evj_block_info info;
        size_t ret_size;
        unsigned char *prefix = fuzz_copy(bytes, len);
        REQUIRE(evj_block_decode_header(prefix, len, 0, &info, &ret_size, NULL) == EVJ_TRUNCATED);
        free(prefix);
    }
}

/* gunzip's opinion of exactly this member: the length of its text, or -1. */
static long gunzip(const unsigned char *member, size_t size, char *text, size_t room)
{
    z_stream stream = {0};

    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)member;
    stream.avail_in = (uInt)size;
    stream.next_out = (Bytef *)text;
    stream.avail_out = (uInt)room;
    int result = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return result == Z_STREAM_END && stream.avail_in == 0 ? (long)stream.total_out : -1;
}

static void check_text(const unsigned char *bytes, const struct evj_block_info *info,
                       size_t header_size)
{
    unsigned char *member = fuzz_copy(bytes, info->member_size);
    char *text = fuzz_alloc(info->text_size), *other = fuzz_alloc(info->text_size);
    int status = evj_block_decode_text(member, info, header_size, 0, text, NULL);
    long len = gunzip(member, info->member_size, other, info->text_size);
    bool is_good = len > 0 && len == (long)info->text_size && other[len - 1] == '\n';

    REQUIRE(status == EVJ_OK || status == EVJ_ERR_CORRUPT);
    REQUIRE((status == EVJ_OK) == is_good);
    REQUIRE(!is_good || memcmp(text, other, info->text_size) == 0);
    free(other);
    free(text);
    free(member);
}

static void check_block(const unsigned char *bytes, size_t size)
{
    const struct evj_block_info untouched = {.records = 4711};
    struct evj_block_info info = untouched;
    struct evj_error err = {0};
    size_t header_size = 4711;
    int status = evj_block_decode_header(bytes, size, 815, &info, &header_size, &err);

    if (status != EVJ_OK) {
        REQUIRE(status == EVJ_TRUNCATED || status == EVJ_ERR_FOREIGN || status == EVJ_ERR_VERSION ||
                status == EVJ_ERR_CORRUPT || status == EVJ_ERR_LIMIT);
        REQUIRE(err.status == status && err.offset == 815 && err.text[0] != '\0');
        REQUIRE(memcmp(&info, &untouched, sizeof(info)) == 0 && header_size == 4711);
        return;
    }
    check_info(&info, header_size, bytes, size);
    check_prefixes(bytes, header_size);
    if (info.member_size <= size)
        check_text(bytes, &info, header_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char *bytes = fuzz_copy(data, size);

    check_block(bytes, size);
    mend_journal(bytes, size);
    check_block(bytes, size);
    free(bytes);
    return 0;
}
