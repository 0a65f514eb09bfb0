/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/mend.h"

#include "format/block_layout_internal.h"

#include <zlib.h>

static const unsigned char magic[] = {0x1f, 0x8b, 8, 4};
enum { MTIME = 4, STORED_HEAD = 5, TEXT_ROOM = 1 << 16 };

/* Where the next member begins; `size` if there is none. */
static size_t find_member(const unsigned char *bytes, size_t from, size_t size)
{
    const unsigned char *found =
        from < size ? memmem(bytes + from, size - from, magic, sizeof(magic)) : NULL;

    return found ? (size_t)(found - bytes) : size;
}

/* Inflates, too: then texts longer than TEXT_ROOM are left as they are. */
static size_t inflate_text(const unsigned char *data, size_t len, unsigned char *text)
{
    z_stream stream = {0};

    if (inflateInit2(&stream, -15) != Z_OK)
        return 0;
    stream.next_in = (Bytef *)(uintptr_t)data;
    stream.avail_in = (uInt)len;
    stream.next_out = text;
    stream.avail_out = TEXT_ROOM;
    int result = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return result == Z_STREAM_END ? stream.total_out : 0;
}

/* A single stored block: 1, its length, the complement of that. */
static void mend_stored(unsigned char *data, size_t len)
{
    if (len < STORED_HEAD || data[0] != 1)
        return;
    unsigned text_len = (unsigned)(len - STORED_HEAD);
    put_le16(data + 1, text_len & 0xffff);
    put_le16(data + 3, ~text_len & 0xffff);
}

static void mend_text(unsigned char *member, size_t size, size_t header_size, unsigned keep)
{
    static unsigned char text[TEXT_ROOM];
    unsigned char *data = member + header_size, *trailer = member + size - GZIP_TRAILER;
    size_t data_len = size - header_size - GZIP_TRAILER;

    if (!(keep & MEND_NOT_STORED))
        mend_stored(data, data_len);
    size_t text_len = inflate_text(data, data_len, text);
    if (text_len == 0)
        return;
    if (!(keep & MEND_NOT_SIZES))
        put_le32(member + EJ_AT + EJ_TEXT_SIZE, (uint32_t)text_len);
    if (!(keep & MEND_NOT_TRAILER)) {
        put_le32(trailer, (uint32_t)crc32(0, text, (uInt)text_len));
        put_le32(trailer + 4, (uint32_t)text_len);
    }
}

static void mend_member(unsigned char *member, size_t size)
{
    if (size < EJ_AT + EJ_FIXED + EJ_CRC + GZIP_TRAILER)
        return;
    unsigned char *ej = member + EJ_AT;
    size_t header_size = GZIP_HEADER + GZIP_EXTRA_LEN + get_le16(member + GZIP_HEADER);
    size_t checked = EJ_FIXED + get_le16(ej + EJ_FILTER_SIZE);
    unsigned keep = member[MTIME];

    if (header_size + GZIP_TRAILER > size || EJ_AT + checked + EJ_CRC > header_size)
        return;
    if (!(keep & MEND_NOT_SIZES))
        put_le32(ej + EJ_MEMBER_SIZE, (uint32_t)size);
    mend_text(member, size, header_size, keep);
    if (!(keep & MEND_NOT_HEADER_CRC))
        put_le32(ej + checked, (uint32_t)crc32(0, ej, (uInt)checked));
}

void mend_journal(unsigned char *bytes, size_t size)
{
    size_t at = find_member(bytes, 0, size);

    while (at < size) {
        size_t next = find_member(bytes, at + sizeof(magic), size);
        mend_member(bytes + at, next - at);
        at = next;
    }
}
