/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_HUFFMAN_INTERNAL_H
#define FORMAT_HUFFMAN_INTERNAL_H

/* The prefix codes of deflate (RFC 1951, section 3.2.2). Pure functions; any thread. */

#include <stddef.h>
#include <stdint.h>

enum {
    HUFFMAN_SYMBOLS_MAX = 286,
    HUFFMAN_BITS_MAX = 15,
};

/* A code, ready to be written with its first bit lowest; 0 bits: the symbol does not occur. */
struct huffman_code {
    uint16_t code;
    uint8_t bits;
};

/*
 * Give each symbol a code, the shorter the more often it is counted, of `bits_max` bits at most. At
 * least two get one, whatever is counted: not every decoder takes fewer.
 */
void evj_huffman_make(const uint32_t *counts, size_t symbols, unsigned bits_max,
                      struct huffman_code *ret_codes);

#endif
