/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/block_search_internal.h"

#include "evj/block.h"
#include "evj/limits.h"
#include "format/block_layout_internal.h"

#include <stdbool.h>

/* How much is searched at a time; a header that begins in it may reach beyond. */
#define SEARCH_SIZE (64u * 1024)
#define HEADER_ROOM EVJ_BLOCK_HEADER_MAX

/* What no header does without; the decoder looks at the rest. */
static bool may_be_header(const unsigned char *at, size_t have)
{
    static const unsigned char magic[4] = {0x1f, 0x8b, 8, 4};

    return have >= EJ_AT + EJ_FIXED + EJ_CRC && memcmp(at, magic, sizeof(magic)) == 0 &&
           at[EJ_AT - 4] == 'E' && at[EJ_AT - 3] == 'J' &&
           get_le16(at + EJ_AT + EJ_FILTER_SIZE) <= EVJ_FILTER_MAX;
}

static bool is_header(const unsigned char *at, size_t have, uint64_t offset)
{
    struct evj_block_info info;
    size_t header_size;

    return may_be_header(at, have) &&
           evj_block_decode_header(at, have, offset, &info, &header_size, NULL) == EVJ_OK;
}

/* Among the first `search` of `have` bytes. Returns `search` if there is none. */
static size_t find_header(const unsigned char *bytes, size_t search, size_t have, uint64_t offset)
{
    size_t at = 0;

    while (at < search) {
        const unsigned char *found = memchr(bytes + at, 0x1f, search - at);
        if (!found)
            break;
        at = (size_t)(found - bytes);
        if (is_header(found, have - at, offset + at))
            return at;
        at++;
    }
    return search;
}

int evj_block_search(struct evj_input *input, uint64_t from, uint64_t keep, uint64_t *ret_at,
                     struct evj_error *err)
{
    const unsigned char *bytes;
    size_t have;
    int status;

    while ((status = evj_input_view(input, from, SEARCH_SIZE + HEADER_ROOM, &bytes, &have, err)) ==
           EVJ_OK) {
        size_t search = have < SEARCH_SIZE ? have : SEARCH_SIZE;
        size_t at = find_header(bytes, search, have, from);

        *ret_at = from + at;
        if (at < search)
            return EVJ_OK;
        if (have < SEARCH_SIZE)
            return EVJ_END;
        from += search;
        /* No member reaches so far: what is kept for one is not needed any more. */
        evj_input_keep(input, from > keep && from - keep > EVJ_MEMBER_MAX ? from : keep);
    }
    return status;
}
