/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_FILTER_INTERNAL_H
#define FORMAT_FILTER_INTERNAL_H

/*
 * The session filter of a block: a Bloom filter over session ids, sized for the sessions it holds.
 * The sessions are collected as a set first.
 */

#include "format/id_set_internal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes and hash functions of the filter for this set; 0 bytes when they are too many for a filter.
 */
size_t evj_filter_size(const struct evj_id_set *set, unsigned *ret_hashes);

/* Write the filter to `bits` (`size` bytes, as evj_filter_size() said). */
void evj_filter_put(const struct evj_id_set *set, unsigned char *bits, size_t size,
                    unsigned hashes);

/* May the set that this filter was made of hold `id`? */
bool evj_filter_may_have(const unsigned char *bits, size_t size, unsigned hashes, uint64_t id);

#endif
