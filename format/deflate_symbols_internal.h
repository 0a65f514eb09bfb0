/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_DEFLATE_SYMBOLS_INTERNAL_H
#define FORMAT_DEFLATE_SYMBOLS_INTERNAL_H

/*
 * What deflate calls the lengths and distances of matches (RFC 1951, section 3.2.5), computed
 * instead of looked up: the symbols of a range share its leading bits. Pure functions; any thread.
 */

#include <stdint.h>

enum {
    DEFLATE_END_OF_BLOCK = 256, /* behind the 256 literals */
    DEFLATE_FIRST_LENGTH = 257,
    DEFLATE_SYMBOLS = 286, /* literals, end and lengths */
    DEFLATE_DISTANCES = 30,
    DEFLATE_LENGTH_MIN = 3,
    DEFLATE_LENGTH_MAX = 258,
};

/* Literals, and then a match; or none, if its length is 0. */
struct deflate_sequence {
    uint32_t literals;
    uint16_t length, distance;
};

struct deflate_symbol {
    unsigned symbol, extra, extra_bits;
};

static inline unsigned deflate_log2(unsigned value)
{
    return 31 - (unsigned)__builtin_clz(value);
}

static inline struct deflate_symbol deflate_length_symbol(unsigned length)
{
    unsigned value = length - DEFLATE_LENGTH_MIN;

    if (value < 8)
        return (struct deflate_symbol){.symbol = DEFLATE_FIRST_LENGTH + value};
    /* The longest has a symbol of its own. */
    if (length == DEFLATE_LENGTH_MAX)
        return (struct deflate_symbol){.symbol = DEFLATE_SYMBOLS - 1};
    unsigned bits = deflate_log2(value) - 2;
    return (struct deflate_symbol){
        .symbol = DEFLATE_FIRST_LENGTH + 4 * bits + (value >> bits),
        .extra = value & ((1u << bits) - 1),
        .extra_bits = bits,
    };
}

static inline struct deflate_symbol deflate_distance_symbol(unsigned distance)
{
    unsigned value = distance - 1;

    if (value < 4)
        return (struct deflate_symbol){.symbol = value};
    unsigned bits = deflate_log2(value) - 1;
    return (struct deflate_symbol){
        .symbol = 2 * bits + (value >> bits),
        .extra = value & ((1u << bits) - 1),
        .extra_bits = bits,
    };
}

#endif
