/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/filter_internal.h"

#include "evj/limits.h"
#include "format/mix_internal.h"

#include <string.h>

/*
 * 12 bits for each session and 4 hashes: about 1 block in 100 is read in vain. The smallest filter
 * is 8 bytes, so that a block of server events, which has no session at all, can be passed by too.
 */
enum { BITS_PER_SESSION = 12, HASHES = 4, LEAST_BYTES = 8 };

#define SESSIONS_MAX (EVJ_FILTER_MAX * 8 / BITS_PER_SESSION)

size_t evj_filter_size(const struct evj_id_set *set, unsigned *ret_hashes)
{
    *ret_hashes = set->count > SESSIONS_MAX ? 0 : HASHES;
    if (set->count > SESSIONS_MAX)
        return 0;
    size_t bytes = (set->count * BITS_PER_SESSION + 7) / 8;
    return bytes > LEAST_BYTES ? bytes : LEAST_BYTES;
}

/* Calls for the bit numbers of an id: two halves of one hash, combined (Kirsch and Mitzenmacher).
 */
#define FOR_EACH_BIT(bit, id, size, hashes)                                           \
    for (uint64_t hash_ = evj_mix64(id), step_ = (hash_ >> 32) | 1, left_ = (hashes), \
                  at_ = hash_ & 0xffffffffu, bit = at_ % ((size)*8);                  \
         left_ > 0; left_--, at_ += step_, bit = at_ % ((size)*8))

void evj_filter_put(const struct evj_id_set *set, unsigned char *bits, size_t size, unsigned hashes)
{
    memset(bits, 0, size);
    if (size == 0)
        return;
    for (size_t i = 0; i < set->slot_count; i++) {
        if (set->slots[i] == 0)
            continue;
        FOR_EACH_BIT(bit, set->slots[i], size, hashes)
        bits[bit / 8] |= (unsigned char)(1u << bit % 8);
    }
}

bool evj_filter_may_have(const unsigned char *bits, size_t size, unsigned hashes, uint64_t id)
{
    FOR_EACH_BIT(bit, id, size, hashes)
    if (!(bits[bit / 8] & 1u << bit % 8))
        return false;
    return true;
}
