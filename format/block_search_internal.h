/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_BLOCK_SEARCH_INTERNAL_H
#define FORMAT_BLOCK_SEARCH_INTERNAL_H

/*
 * Finding a block where one is not known to begin: behind damage. One thread.
 */

#include "evj/error.h"
#include "format/input_internal.h"

#include <stdint.h>

/*
 * The first offset from `from` on at which a whole and right block header stands. Its EJ subfield
 * must be the first one, as it is in all that evj writes: else each byte of a hostile file could cost
 * a walk over 64 KiB of subfields.
 *   0        *ret_at is set.
 *   EVJ_END  there is none; *ret_at is where the input ends.
 *   < 0      EVJ_ERR_IO, EVJ_ERR_MEMORY.
 * Of standard input, bytes before `keep` may be forgotten meanwhile, and those behind it once a
 * member that begins there (EVJ_MEMBER_MAX) must be over.
 */
int evj_block_search(struct evj_input *input, uint64_t from, uint64_t keep, uint64_t *ret_at,
                     struct evj_error *err);

#endif
