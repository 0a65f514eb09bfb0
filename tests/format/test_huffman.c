/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "format/huffman_internal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static uint64_t bits_of(const uint32_t *counts, size_t symbols, const struct huffman_code *codes)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < symbols; i++)
        bits += (uint64_t)counts[i] * codes[i].bits;
    return bits;
}

/* The fewest bits that any prefix code needs: the sum of all pairs' counts, however slowly found. */
static uint64_t fewest_bits(const uint32_t *counts, size_t symbols)
{
    uint64_t left[HUFFMAN_SYMBOLS_MAX], bits = 0;
    size_t n = 0;

    for (size_t i = 0; i < symbols; i++)
        if (counts[i] > 0)
            left[n++] = counts[i];
    while (n > 1) {
        uint64_t rarest[2];
        for (size_t k = 0; k < 2; k++) {
            size_t least = 0;
            for (size_t i = 1; i < n; i++)
                if (left[i] < left[least])
                    least = i;
            rarest[k] = left[least];
            left[least] = left[--n];
        }
        left[n++] = rarest[0] + rarest[1];
        bits += rarest[0] + rarest[1];
    }
    return bits;
}

static bool begins_like(struct huffman_code a, struct huffman_code b)
{
    unsigned bits = a.bits < b.bits ? a.bits : b.bits;

    return ((a.code ^ b.code) & ((1u << bits) - 1)) == 0;
}

/* No code begins another, and no room is left between them: inflate() takes nothing else. */
static void assert_complete(const struct huffman_code *codes, size_t symbols, unsigned bits_max)
{
    uint32_t used = 0;

    for (size_t i = 0; i < symbols; i++) {
        assert_true(codes[i].bits <= bits_max);
        if (codes[i].bits == 0)
            continue;
        used += UINT32_C(1) << (bits_max - codes[i].bits);
        for (size_t j = 0; j < i; j++)
            assert_false(codes[j].bits > 0 && begins_like(codes[i], codes[j]));
    }
    assert_int_equal(used, UINT32_C(1) << bits_max);
}

static void no_code_needs_fewer_bits(void **state)
{
    struct huffman_code codes[HUFFMAN_SYMBOLS_MAX];
    uint32_t counts[HUFFMAN_SYMBOLS_MAX];
    unsigned seed = 3;

    (void)state;
    for (unsigned round = 0; round < 200; round++) {
        size_t symbols = 2 + (size_t)rand_r(&seed) % (HUFFMAN_SYMBOLS_MAX - 1);
        for (size_t i = 0; i < symbols; i++)
            counts[i] = (uint32_t)rand_r(&seed) % (round % 2 ? 4 : 90);
        counts[0] = counts[1] = 1;
        evj_huffman_make(counts, symbols, 15, codes);
        assert_complete(codes, symbols, 15);
        assert_int_equal(bits_of(counts, symbols, codes), fewest_bits(counts, symbols));
    }
}

/* Each as often as the two before together: without a limit, each has one bit more. */
static void codes_are_no_longer_than_allowed(void **state)
{
    struct huffman_code codes[40];
    uint32_t counts[40] = {1, 1};

    (void)state;
    for (size_t i = 2; i < 40; i++)
        counts[i] = counts[i - 1] + counts[i - 2];
    for (unsigned bits_max = 6; bits_max <= 15; bits_max++) {
        evj_huffman_make(counts, 40, bits_max, codes);
        assert_complete(codes, 40, bits_max);
        for (size_t i = 1; i < 40; i++)
            assert_true(codes[i].bits <= codes[i - 1].bits);
    }
}

static void symbols_that_do_not_occur_have_no_code(void **state)
{
    const uint32_t counts[5] = {0, 7, 0, 7, 9};
    struct huffman_code codes[5];

    (void)state;
    evj_huffman_make(counts, 5, 15, codes);
    assert_int_equal(codes[0].bits, 0);
    assert_int_equal(codes[2].bits, 0);
    assert_int_equal(codes[1].bits, 2);
    assert_int_equal(codes[3].bits, 2);
    assert_int_equal(codes[4].bits, 1);
}

static void two_symbols_have_a_code_whatever_occurs(void **state)
{
    struct huffman_code codes[30];
    uint32_t counts[30] = {0};

    (void)state;
    evj_huffman_make(counts, 30, 15, codes);
    assert_complete(codes, 30, 15);
    counts[29] = 5;
    evj_huffman_make(counts, 30, 15, codes);
    assert_complete(codes, 30, 15);
    assert_int_equal(codes[29].bits, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_code_needs_fewer_bits),
        cmocka_unit_test(codes_are_no_longer_than_allowed),
        cmocka_unit_test(symbols_that_do_not_occur_have_no_code),
        cmocka_unit_test(two_symbols_have_a_code_whatever_occurs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
