/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/block.h"

#include "evj/header.h"
#include "evj/limits.h"
#include "format/block_layout_internal.h"
#include "format/codec_internal.h"
#include "format/filter_internal.h"

#include <inttypes.h>

/* The flag of a gzip header (RFC 1952, section 2.3.1) that a block has, and no other. */
enum { FLAG_EXTRA = 4 };

/* Find EJ among the subfields of the extra field. */
static const unsigned char *find_subfield(const unsigned char *extra, size_t extra_len,
                                          size_t *ret_len)
{
    while (extra_len >= GZIP_SUBFIELD_HEAD) {
        size_t len = get_le16(extra + 2);
        if (len > extra_len - GZIP_SUBFIELD_HEAD)
            return NULL;
        if (extra[0] == 'E' && extra[1] == 'J') {
            *ret_len = len;
            return extra + GZIP_SUBFIELD_HEAD;
        }
        extra += GZIP_SUBFIELD_HEAD + len;
        extra_len -= GZIP_SUBFIELD_HEAD + len;
    }
    return NULL;
}

static void read_fixed(const unsigned char *ej, struct evj_block_info *info)
{
    *info = (struct evj_block_info){
        .major = ej[EJ_MAJOR],
        .minor = ej[EJ_MINOR],
        .flags = get_le16(ej + EJ_FLAGS),
        .member_size = get_le32(ej + EJ_MEMBER_SIZE),
        .text_size = get_le32(ej + EJ_TEXT_SIZE),
        .records = get_le32(ej + EJ_RECORDS),
        .first_seq = get_le64(ej + EJ_FIRST_SEQ),
        .first_mono_us = (int64_t)get_le64(ej + EJ_FIRST_MONO),
        .last_mono_us = (int64_t)get_le64(ej + EJ_LAST_MONO),
        .least_timestamp_us = (int64_t)get_le64(ej + EJ_LEAST_TIMESTAMP),
        .greatest_timestamp_us = (int64_t)get_le64(ej + EJ_GREATEST_TIMESTAMP),
        .types = get_le32(ej + EJ_TYPES),
        .filter_hashes = get_le16(ej + EJ_FILTER_HASHES),
        .filter = {(const char *)ej + EJ_FIXED, get_le16(ej + EJ_FILTER_SIZE)},
    };
}

/* The EJ subfield itself: its length, its CRC, its version. */
static int decode_subfield(const unsigned char *ej, size_t ej_len, uint64_t offset,
                           struct evj_block_info *ret_info, struct evj_error *err)
{
    struct evj_block_info info;

    if (ej_len < EJ_FIXED + EJ_CRC)
        return evj_fail(err, EVJ_ERR_CORRUPT, offset, "block header is only %zu bytes long",
                        ej_len);
    read_fixed(ej, &info);
    if (info.filter.len > ej_len - EJ_FIXED - EJ_CRC)
        return evj_fail(err, EVJ_ERR_CORRUPT, offset, "block header claims a filter of %zu bytes",
                        info.filter.len);
    size_t checked = EJ_FIXED + info.filter.len;
    /* The CRC is where every major version has it: damage is told from a later version by it. */
    if (evj_crc32(ej, checked) != get_le32(ej + checked))
        return evj_fail(err, EVJ_ERR_CORRUPT, offset, "block header does not match its CRC");
    if (info.major != EVJ_FORMAT_MAJOR)
        return evj_fail(err, EVJ_ERR_VERSION, offset,
                        "a journal of format version %u; this evj reads version %d: read it with "
                        "a later evj",
                        info.major, EVJ_FORMAT_MAJOR);
    *ret_info = info;
    return EVJ_OK;
}

static int check_sizes(const struct evj_block_info *info, size_t header_size, uint64_t offset,
                       struct evj_error *err)
{
    if (info->filter.len > EVJ_FILTER_MAX)
        return evj_fail(err, EVJ_ERR_LIMIT, offset, "block claims a filter of %zu bytes: too large",
                        info->filter.len);
    if (info->text_size > EVJ_LINE_MAX + 1 || info->member_size > EVJ_MEMBER_MAX)
        return evj_fail(err, EVJ_ERR_LIMIT, offset,
                        "block claims %" PRIu32 " bytes for %" PRIu32 " bytes of text: too large",
                        info->member_size, info->text_size);
    if (info->member_size < header_size + GZIP_TRAILER)
        return evj_fail(err, EVJ_ERR_CORRUPT, offset, "block claims only %" PRIu32 " bytes",
                        info->member_size);
    return EVJ_OK;
}

/* What can be told from the first bytes: is this a gzip member with an extra field? */
static int check_magic(const unsigned char *bytes, size_t len, uint64_t offset,
                       struct evj_error *err)
{
    static const unsigned char magic[3] = {0x1f, 0x8b, 8};
    size_t known = len < sizeof(magic) ? len : sizeof(magic);

    if (memcmp(bytes, magic, known) != 0)
        return evj_fail(err, EVJ_ERR_FOREIGN, offset,
                        "not a journal: no gzip header here (evj record --stdin makes a journal of "
                        "JSON lines)");
    if (len > 3 && bytes[3] != FLAG_EXTRA)
        return evj_fail(err, EVJ_ERR_FOREIGN, offset,
                        "not a journal: gzip, but without the blocks of one");
    return EVJ_OK;
}

int evj_block_decode_header(const unsigned char *bytes, size_t len, uint64_t offset,
                            struct evj_block_info *ret_info, size_t *ret_size,
                            struct evj_error *err)
{
    struct evj_block_info info;
    size_t ej_len;
    int status = check_magic(bytes, len, offset, err);

    if (status < 0)
        return status;
    if (len < GZIP_HEADER + GZIP_EXTRA_LEN)
        return evj_fail(err, EVJ_TRUNCATED, offset, "it stops inside a block header");
    size_t extra_len = get_le16(bytes + GZIP_HEADER);
    size_t header_size = GZIP_HEADER + GZIP_EXTRA_LEN + extra_len;
    if (len < header_size)
        return evj_fail(err, EVJ_TRUNCATED, offset, "it stops inside a block header");

    const unsigned char *ej =
        find_subfield(bytes + GZIP_HEADER + GZIP_EXTRA_LEN, extra_len, &ej_len);
    if (!ej)
        return evj_fail(err, EVJ_ERR_FOREIGN, offset,
                        "not a journal: gzip, but without the blocks of one");
    status = decode_subfield(ej, ej_len, offset, &info, err);
    if (status < 0)
        return status;
    status = check_sizes(&info, header_size, offset, err);
    if (status < 0)
        return status;
    *ret_info = info;
    *ret_size = header_size;
    return EVJ_OK;
}

int evj_block_decode_text(const unsigned char *member, const struct evj_block_info *info,
                          size_t header_size, uint64_t offset, char *text, struct evj_error *err)
{
    const unsigned char *trailer = member + info->member_size - GZIP_TRAILER;
    size_t data_len = info->member_size - header_size - GZIP_TRAILER;
    int status = evj_inflate(member + header_size, data_len, text, info->text_size);

    if (status == EVJ_ERR_MEMORY)
        return evj_fail(err, status, offset, "no memory to inflate a block");
    if (status < 0)
        return evj_fail(err, status, offset, "block cannot be inflated");
    if (get_le32(trailer + 4) != info->text_size ||
        get_le32(trailer) != evj_crc32(text, info->text_size))
        return evj_fail(err, EVJ_ERR_CORRUPT, offset, "block's text does not match its CRC");
    if (info->text_size == 0 || text[info->text_size - 1] != '\n')
        return evj_fail(err, EVJ_ERR_CORRUPT, offset, "block does not hold whole lines");
    return EVJ_OK;
}

bool evj_block_may_have_session(const struct evj_block_info *info, uint64_t session_id)
{
    if (info->filter.len == 0 || info->filter_hashes == 0)
        return true;
    return evj_filter_may_have((const unsigned char *)info->filter.text, info->filter.len,
                               info->filter_hashes, session_id);
}
