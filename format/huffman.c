/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/huffman_internal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A tree over the symbols that occur, the rarest first. Nodes are the leaves, in that order, and
 * behind them the pairs, in the order in which they are made, which is also that of their counts. */
struct tree {
    size_t leaves, nodes;
    uint64_t counts[2 * HUFFMAN_SYMBOLS_MAX];
    uint16_t parents[2 * HUFFMAN_SYMBOLS_MAX];
    uint16_t symbols[HUFFMAN_SYMBOLS_MAX]; /* of the leaves */
};

/* ---- leaves ---- */

/* A count, and its symbol to tell equal ones apart: the same counts always give the same code. */
#define KEY(count, symbol) ((uint64_t)(count) << 16 | (symbol))

static int compare_keys(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

static void plant(struct tree *tree, const uint32_t *counts, size_t symbols)
{
    uint64_t keys[HUFFMAN_SYMBOLS_MAX];
    size_t leaves = 0;

    for (size_t i = 0; i < symbols; i++)
        if (counts[i] > 0)
            keys[leaves++] = KEY(counts[i], i);
    for (size_t i = 0; leaves < 2; i++)
        if (counts[i] == 0)
            keys[leaves++] = KEY(0, i);
    qsort(keys, leaves, sizeof(keys[0]), compare_keys);
    for (size_t i = 0; i < leaves; i++) {
        tree->counts[i] = keys[i] >> 16;
        tree->symbols[i] = (uint16_t)keys[i];
    }
    tree->leaves = tree->nodes = leaves;
}

/* ---- growing ---- */

/* The rarest node that has no parent yet: the next leaf, or the next pair. */
static size_t take_rarest(const struct tree *tree, size_t *leaf, size_t *pair)
{
    bool is_leaf = *leaf < tree->leaves &&
                   (*pair == tree->nodes || tree->counts[*leaf] <= tree->counts[*pair]);

    return is_leaf ? (*leaf)++ : (*pair)++;
}

static void grow(struct tree *tree)
{
    size_t leaf = 0, pair = tree->leaves;

    while (tree->nodes < 2 * tree->leaves - 1) {
        size_t first = take_rarest(tree, &leaf, &pair), second = take_rarest(tree, &leaf, &pair);
        tree->parents[first] = tree->parents[second] = (uint16_t)tree->nodes;
        tree->counts[tree->nodes++] = tree->counts[first] + tree->counts[second];
    }
}

/* ---- lengths ---- */

/* How many leaves are how deep; deeper ones than allowed count as just so deep. */
static void count_depths(const struct tree *tree, unsigned bits_max, unsigned *ret_counts)
{
    uint16_t depths[2 * HUFFMAN_SYMBOLS_MAX];

    memset(ret_counts, 0, (HUFFMAN_BITS_MAX + 1) * sizeof(*ret_counts));
    depths[tree->nodes - 1] = 0;
    for (size_t i = tree->nodes - 1; i-- > 0;) {
        depths[i] = (uint16_t)(depths[tree->parents[i]] + 1);
        if (i < tree->leaves)
            ret_counts[depths[i] < bits_max ? depths[i] : bits_max]++;
    }
}

/*
 * Leaves that were cut short take more of the code space than there is. A leaf that goes one step down
 * makes room beside it for one from the deepest level, until all fit.
 */
static void make_fit(unsigned *counts, unsigned bits_max)
{
    uint32_t used = 0;

    for (unsigned bits = 1; bits <= bits_max; bits++)
        used += counts[bits] << (bits_max - bits);
    for (; used > UINT32_C(1) << bits_max; used--) {
        unsigned bits = bits_max - 1;
        while (counts[bits] == 0)
            bits--;
        counts[bits]--;
        counts[bits + 1] += 2;
        counts[bits_max]--;
    }
}

/* ---- codes ---- */

static uint16_t reversed(unsigned code, unsigned bits)
{
    unsigned result = 0;

    for (; bits > 0; bits--, code >>= 1)
        result = result << 1 | (code & 1);
    return (uint16_t)result;
}

/* Codes of one length are numbered in the order of their symbols. */
static void number_codes(const unsigned *counts, size_t symbols, struct huffman_code *codes)
{
    unsigned next[HUFFMAN_BITS_MAX + 1] = {0};

    for (unsigned bits = 2; bits <= HUFFMAN_BITS_MAX; bits++)
        next[bits] = (next[bits - 1] + counts[bits - 1]) << 1;
    for (size_t i = 0; i < symbols; i++)
        if (codes[i].bits > 0)
            codes[i].code = reversed(next[codes[i].bits]++, codes[i].bits);
}

void evj_huffman_make(const uint32_t *counts, size_t symbols, unsigned bits_max,
                      struct huffman_code *ret_codes)
{
    unsigned of_length[HUFFMAN_BITS_MAX + 1];
    struct tree tree;

    plant(&tree, counts, symbols);
    grow(&tree);
    count_depths(&tree, bits_max, of_length);
    make_fit(of_length, bits_max);
    memset(ret_codes, 0, symbols * sizeof(*ret_codes));
    for (size_t i = 0, bits = bits_max; i < tree.leaves; bits--)
        for (unsigned left = of_length[bits]; left > 0; left--)
            ret_codes[tree.symbols[i++]].bits = (uint8_t)bits;
    number_codes(of_length, symbols, ret_codes);
}
