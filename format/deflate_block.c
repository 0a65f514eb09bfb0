/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/deflate_block_internal.h"

#include "format/huffman_internal.h"

#include <endian.h>
#include <string.h>

void evj_deflate_block_begin(struct deflate_block *block, const char *text)
{
    block->text = block->end = text;
    block->count = 0;
    memset(block->symbols, 0, sizeof(block->symbols));
    memset(block->distances, 0, sizeof(block->distances));
}

void evj_deflate_block_add(struct deflate_block *block, uint32_t literals, unsigned length,
                           unsigned distance)
{
    block->sequences[block->count++] = (struct deflate_sequence){
        .literals = literals, .length = (uint16_t)length, .distance = (uint16_t)distance};
    for (const char *at = block->end; at < block->end + literals; at++)
        block->symbols[(unsigned char)*at]++;
    if (length > 0) {
        block->symbols[deflate_length_symbol(length).symbol]++;
        block->distances[deflate_distance_symbol(distance).symbol]++;
    }
    block->end += literals + length;
}

/* ---- bits ---- */

/* At most 57 bits between two flushes, and less than 8 after one. */
static inline void put(struct deflate_bits *out, uint64_t value, unsigned bits)
{
    out->bits |= value << out->count;
    out->count += bits;
}

static inline void flush(struct deflate_bits *out)
{
    uint64_t bits = htole64(out->bits);

    memcpy(out->at, &bits, sizeof(bits));
    out->at += out->count / 8;
    out->bits >>= out->count & ~7u;
    out->count &= 7;
}

static inline void put_code(struct deflate_bits *out, struct huffman_code code)
{
    put(out, code.code, code.bits);
}

void evj_deflate_bits_finish(struct deflate_bits *out)
{
    if (out->count > 0)
        *out->at++ = (unsigned char)out->bits;
    out->count = 0;
}

/* ---- how the codes are told ---- */

/* The lengths of both codes, one behind the other, with runs made short (section 3.2.7). */
enum {
    REPEAT = 16,     /* the one before, 3 to 6 times */
    FEW_ZEROS = 17,  /* 3 to 10 */
    MANY_ZEROS = 18, /* 11 to 138 */
    TOLD_SYMBOLS = 19,
    TOLD_BITS_MAX = 7,
};

struct told {
    uint8_t symbol, extra;
};

struct telling {
    size_t symbols, distances; /* that are told of; the rest does not occur */
    size_t count;
    struct told told[DEFLATE_SYMBOLS + DEFLATE_DISTANCES];
    uint32_t counts[TOLD_SYMBOLS];
    struct huffman_code codes[TOLD_SYMBOLS];
};

static unsigned told_extra_bits(unsigned symbol)
{
    return symbol == REPEAT ? 2 : symbol == FEW_ZEROS ? 3 : symbol == MANY_ZEROS ? 7 : 0;
}

static void tell(struct telling *telling, unsigned symbol, unsigned extra)
{
    telling->told[telling->count++] =
        (struct told){.symbol = (uint8_t)symbol, .extra = (uint8_t)extra};
    telling->counts[symbol]++;
}

static void tell_zeros(struct telling *telling, size_t run)
{
    for (size_t part; run >= 3; run -= part) {
        part = run < 138 ? run : 138;
        tell(telling, part > 10 ? MANY_ZEROS : FEW_ZEROS, (unsigned)(part - (part > 10 ? 11 : 3)));
    }
    while (run-- > 0)
        tell(telling, 0, 0);
}

static void tell_bits(struct telling *telling, unsigned bits, size_t run)
{
    tell(telling, bits, 0);
    run--;
    for (size_t part; run >= 3; run -= part) {
        part = run < 6 ? run : 6;
        tell(telling, REPEAT, (unsigned)part - 3);
    }
    while (run-- > 0)
        tell(telling, bits, 0);
}

/* Without the zeros at the end, but `least`. */
static size_t told_of(const struct huffman_code *codes, size_t symbols, size_t least)
{
    while (symbols > least && codes[symbols - 1].bits == 0)
        symbols--;
    return symbols;
}

static void make_telling(struct telling *telling, const struct huffman_code *symbols,
                         const struct huffman_code *distances)
{
    uint8_t bits[DEFLATE_SYMBOLS + DEFLATE_DISTANCES];
    size_t all = 0;

    memset(telling, 0, sizeof(*telling));
    telling->symbols = told_of(symbols, DEFLATE_SYMBOLS, DEFLATE_FIRST_LENGTH);
    telling->distances = told_of(distances, DEFLATE_DISTANCES, 1);
    for (size_t i = 0; i < telling->symbols; i++)
        bits[all++] = symbols[i].bits;
    for (size_t i = 0; i < telling->distances; i++)
        bits[all++] = distances[i].bits;
    for (size_t i = 0, run; i < all; i += run) {
        for (run = 1; i + run < all && bits[i + run] == bits[i]; run++)
            ;
        if (bits[i] == 0)
            tell_zeros(telling, run);
        else
            tell_bits(telling, bits[i], run);
    }
    evj_huffman_make(telling->counts, TOLD_SYMBOLS, TOLD_BITS_MAX, telling->codes);
}

/* In the order in which the lengths of these codes are told, the ones that are often 0 last. */
static const uint8_t told_order[TOLD_SYMBOLS] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                 11, 4,  12, 3, 13, 2, 14, 1, 15};

static void put_telling(struct deflate_bits *out, const struct telling *telling)
{
    size_t codes = TOLD_SYMBOLS;

    while (codes > 4 && telling->codes[told_order[codes - 1]].bits == 0)
        codes--;
    put(out, telling->symbols - DEFLATE_FIRST_LENGTH, 5);
    put(out, telling->distances - 1, 5);
    put(out, codes - 4, 4);
    flush(out);
    for (size_t i = 0; i < codes; i++) {
        put(out, telling->codes[told_order[i]].bits, 3);
        flush(out);
    }
    for (size_t i = 0; i < telling->count; i++) {
        put_code(out, telling->codes[telling->told[i].symbol]);
        put(out, telling->told[i].extra, told_extra_bits(telling->told[i].symbol));
        flush(out);
    }
}

/* ---- the block ---- */

struct codes {
    struct huffman_code symbols[DEFLATE_SYMBOLS], distances[DEFLATE_DISTANCES];
};

/* Three literals are at most 45 bits, and a match 48. */
static const char *put_literals(struct deflate_bits *out, const struct huffman_code *codes,
                                const char *text, uint32_t count)
{
    for (; count >= 3; count -= 3, text += 3) {
        for (unsigned i = 0; i < 3; i++)
            put_code(out, codes[(unsigned char)text[i]]);
        flush(out);
    }
    for (; count > 0; count--)
        put_code(out, codes[(unsigned char)*text++]);
    flush(out);
    return text;
}

static void put_match(struct deflate_bits *out, const struct codes *codes,
                      const struct deflate_sequence *match)
{
    struct deflate_symbol length = deflate_length_symbol(match->length);
    struct deflate_symbol distance = deflate_distance_symbol(match->distance);

    put_code(out, codes->symbols[length.symbol]);
    put(out, length.extra, length.extra_bits);
    put_code(out, codes->distances[distance.symbol]);
    put(out, distance.extra, distance.extra_bits);
    flush(out);
}

static void put_sequences(struct deflate_bits *out, const struct codes *codes,
                          const struct deflate_block *block)
{
    const char *text = block->text;

    for (size_t i = 0; i < block->count; i++) {
        const struct deflate_sequence *sequence = &block->sequences[i];
        text = put_literals(out, codes->symbols, text, sequence->literals);
        if (sequence->length > 0)
            put_match(out, codes, sequence);
        text += sequence->length;
    }
    put_code(out, codes->symbols[DEFLATE_END_OF_BLOCK]);
    flush(out);
}

static uint64_t sum_bits(const uint32_t *counts, const struct huffman_code *codes, size_t symbols)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < symbols; i++)
        bits += (uint64_t)counts[i] * codes[i].bits;
    return bits;
}

/* No match has more than 5 + 13 extra bits, and what tells of the codes is less than 400 bytes. */
static size_t bytes_at_most(const struct deflate_block *block, const struct codes *codes)
{
    return (sum_bits(block->symbols, codes->symbols, DEFLATE_SYMBOLS) +
            sum_bits(block->distances, codes->distances, DEFLATE_DISTANCES) + 18 * block->count) /
               8 +
           400;
}

bool evj_deflate_block_write(struct deflate_block *block, bool is_last, struct deflate_bits *out)
{
    struct telling telling;
    struct codes codes;

    block->symbols[DEFLATE_END_OF_BLOCK] = 1;
    evj_huffman_make(block->symbols, DEFLATE_SYMBOLS, HUFFMAN_BITS_MAX, codes.symbols);
    evj_huffman_make(block->distances, DEFLATE_DISTANCES, HUFFMAN_BITS_MAX, codes.distances);
    if (bytes_at_most(block, &codes) > (size_t)(out->end - out->at))
        return false;
    make_telling(&telling, codes.symbols, codes.distances);
    put(out, is_last, 1);
    put(out, 2, 2); /* with codes of its own */
    put_telling(out, &telling);
    put_sequences(out, &codes, block);
    return true;
}
