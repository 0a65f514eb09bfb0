/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_BLOCK_LAYOUT_INTERNAL_H
#define FORMAT_BLOCK_LAYOUT_INTERNAL_H

/*
 * The bytes of a block header, and the only file that knows their places. A gzip member (RFC 1952)
 * with FEXTRA and nothing else; the extra field holds one subfield, EJ:
 *
 *     gzip header 10 │ XLEN 2 │ 'E' 'J' LEN 2 │ fixed part 64 │ filter n │ CRC-32 4 │ deflate … │
 * trailer 8
 *
 * All numbers are little-endian. See docs/journal-format.md, "Blocks".
 */

#include <stdint.h>
#include <string.h>

enum {
    GZIP_HEADER = 10,
    GZIP_EXTRA_LEN = 2,
    GZIP_SUBFIELD_HEAD = 4,
    GZIP_TRAILER = 8, /* CRC-32 and size of the text */

    EJ_AT = GZIP_HEADER + GZIP_EXTRA_LEN + GZIP_SUBFIELD_HEAD, /* of our own headers */

    /* Places within EJ. */
    EJ_MAJOR = 0,
    EJ_MINOR = 1,
    EJ_FLAGS = 2,
    EJ_MEMBER_SIZE = 4,
    EJ_TEXT_SIZE = 8,
    EJ_RECORDS = 12,
    EJ_FIRST_SEQ = 16,
    EJ_FIRST_MONO = 24,
    EJ_LAST_MONO = 32,
    EJ_LEAST_TIMESTAMP = 40,
    EJ_GREATEST_TIMESTAMP = 48,
    EJ_TYPES = 56,
    EJ_FILTER_SIZE = 60,
    EJ_FILTER_HASHES = 62,
    EJ_FIXED = 64,
    EJ_CRC = 4, /* behind the filter */
};

static inline void put_le16(unsigned char *at, unsigned value)
{
    at[0] = (unsigned char)value;
    at[1] = (unsigned char)(value >> 8);
}

static inline void put_le32(unsigned char *at, uint32_t value)
{
    put_le16(at, value & 0xffff);
    put_le16(at + 2, value >> 16);
}

static inline void put_le64(unsigned char *at, uint64_t value)
{
    put_le32(at, (uint32_t)value);
    put_le32(at + 4, (uint32_t)(value >> 32));
}

static inline unsigned get_le16(const unsigned char *at)
{
    return (unsigned)(at[0] | at[1] << 8);
}

static inline uint32_t get_le32(const unsigned char *at)
{
    return get_le16(at) | (uint32_t)get_le16(at + 2) << 16;
}

static inline uint64_t get_le64(const unsigned char *at)
{
    return get_le32(at) | (uint64_t)get_le32(at + 4) << 32;
}

#endif
