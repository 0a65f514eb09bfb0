/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_SUPPORT_BLOCKS_H
#define TESTS_SUPPORT_BLOCKS_H

/* Single blocks for tests, as bytes that may be damaged. */

#include "evj/block.h"

#include <stddef.h>
#include <stdint.h>

/* A member of its own, malloc'ed to its exact size, so that ASan sees a step beyond it. */
struct member {
    unsigned char *bytes;
    size_t size;
};

/* Add these lines to a builder; all must be accepted. The list ends with NULL. */
void block_add_lines(struct evj_block_builder *builder, const char *const *lines);
struct member block_finish(struct evj_block_builder *builder);

/* Both, with a builder of their own. */
struct member block_of(const char *const *lines);
void member_done(struct member *member);

/* Little-endian numbers, counted out here once more, so that a slip in the library shows. */
uint64_t le_at(const unsigned char *bytes, unsigned size);
void put_le_at(unsigned char *bytes, unsigned size, uint64_t value);

/* Make the CRC of the member's EJ subfield right again after a change to its fixed part. */
void member_fix_crc(struct member *member);

#endif
