/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/blocks.h"

#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

void block_add_lines(struct evj_block_builder *builder, const char *const *lines)
{
    for (; *lines; lines++) {
        struct evj_record record;
        assert_int_equal(evj_record_parse(*lines, strlen(*lines), &record, NULL), EVJ_OK);
        assert_int_equal(evj_block_builder_add(builder, &record, NULL), EVJ_OK);
    }
}

struct member block_finish(struct evj_block_builder *builder)
{
    const unsigned char *bytes;
    struct member member;

    assert_int_equal(evj_block_builder_finish(builder, &bytes, &member.size, NULL), EVJ_OK);
    member.bytes = malloc(member.size);
    memcpy(member.bytes, bytes, member.size);
    return member;
}

struct member block_of(const char *const *lines)
{
    EVJ_AUTO(block_builder) *builder = NULL;

    assert_int_equal(evj_block_builder_new(6, &builder, NULL), EVJ_OK);
    block_add_lines(builder, lines);
    return block_finish(builder);
}

void member_done(struct member *member)
{
    free(member->bytes);
    member->bytes = NULL;
}

uint64_t le_at(const unsigned char *bytes, unsigned size)
{
    uint64_t value = 0;

    while (size-- > 0)
        value = value << 8 | bytes[size];
    return value;
}

void put_le_at(unsigned char *bytes, unsigned size, uint64_t value)
{
    for (unsigned i = 0; i < size; i++, value >>= 8)
        bytes[i] = (unsigned char)value;
}

void member_fix_crc(struct member *member)
{
    unsigned char *ej = member->bytes + 16;
    uint64_t filter_size = le_at(ej + 60, 2);

    put_le_at(ej + 64 + filter_size, 4, crc32(0, ej, (uInt)(64 + filter_size)));
}
