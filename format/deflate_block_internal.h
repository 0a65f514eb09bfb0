/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_DEFLATE_BLOCK_INTERNAL_H
#define FORMAT_DEFLATE_BLOCK_INTERNAL_H

/*
 * One block of a deflate stream (RFC 1951): a text as literals and matches, and how that is written.
 * A journal's block is usually one of these. Use one from one thread at a time.
 */

#include "format/deflate_symbols_internal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEFLATE_SEQUENCES_MAX 16384u

struct deflate_block {
    const char *text, *end; /* what the sequences make up */
    size_t count;
    struct deflate_sequence sequences[DEFLATE_SEQUENCES_MAX];
    uint32_t symbols[DEFLATE_SYMBOLS], distances[DEFLATE_DISTANCES]; /* how often each occurs */
};

/* Bits on their way out, the first one lowest. */
struct deflate_bits {
    unsigned char *at;
    const unsigned char *end;
    uint64_t bits;
    unsigned count;
};

/* Empty, of a text that begins here. */
void evj_deflate_block_begin(struct deflate_block *block, const char *text);

/*
 * Go on with the text: with literals up to a match, and with the match; or only with literals, if
 * `length` is 0. The caller sees to it that there is room for one more sequence.
 */
void evj_deflate_block_add(struct deflate_block *block, uint32_t literals, unsigned length,
                           unsigned distance);

/* False, with nothing written, if there is not room enough. */
bool evj_deflate_block_write(struct deflate_block *block, bool is_last, struct deflate_bits *out);

/* The bits of the last byte that is not full. There is always room for it. */
void evj_deflate_bits_finish(struct deflate_bits *out);

#endif
