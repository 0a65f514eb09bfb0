/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_DEFLATE_PLACES_INTERNAL_H
#define FORMAT_DEFLATE_PLACES_INTERNAL_H

/*
 * The places of a text where it is worth looking for what was there before. Lines of one kind differ
 * in their values: that is where a match ends, and behind the value is where the next one begins. In
 * 670 bytes of statistics there are 35 such places. Pure functions; any thread.
 *
 * Define EVJ_PORTABLE_PLACES to do without SSE2 where the compiler has it (the tests run both).
 */

#include <stdbool.h>
#include <stdint.h>

#if defined(__SSE2__) && !defined(EVJ_PORTABLE_PLACES)
#include <emmintrin.h>
#endif

/* Bytes that are looked at together: one bit each. */
#define PLACES_STRIDE 64u

struct places {
    uint64_t ends;   /* behind a value, but not behind a key */
    uint64_t starts; /* anywhere, but not within a number */
};

/* Of the last byte of the stride before, in bit 0. */
struct places_before {
    uint64_t word, digit;
};

struct places_marks {
    uint64_t separators, colons, digits;
};

#if defined(__SSE2__) && !defined(EVJ_PORTABLE_PLACES)
static inline uint64_t places_mask(__m128i found, unsigned shift)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(found) << shift;
}

static inline struct places_marks places_marks_of(const char *at)
{
    struct places_marks marks = {0};

    for (unsigned i = 0; i < PLACES_STRIDE; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
        __m128i colons = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(':'));
        __m128i commas = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(','));
        /* As signed bytes: blanks, the quote, and all that is not ASCII. */
        __m128i low = _mm_cmplt_epi8(bytes, _mm_set1_epi8('"' + 1));
        /* The brackets of both shapes, and the backslash between them. */
        __m128i high = _mm_cmpgt_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('z'));
        __m128i digits = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('0' - 1)),
                                       _mm_cmplt_epi8(bytes, _mm_set1_epi8('9' + 1)));
        marks.separators |=
            places_mask(_mm_or_si128(_mm_or_si128(low, high), _mm_or_si128(colons, commas)), i);
        marks.colons |= places_mask(colons, i);
        marks.digits |= places_mask(digits, i);
    }
    return marks;
}
#else
static inline struct places_marks places_marks_of(const char *at)
{
    struct places_marks marks = {0};

    for (unsigned i = 0; i < PLACES_STRIDE; i++) {
        signed char byte = (signed char)at[i];
        bool separates =
            byte <= '"' || byte == ',' || byte == ':' || (signed char)(byte | 0x20) > 'z';
        marks.separators |= (uint64_t)separates << i;
        marks.colons |= (uint64_t)(byte == ':') << i;
        marks.digits |= (uint64_t)(byte >= '0' && byte <= '9') << i;
    }
    return marks;
}
#endif

/* The places among the stride at `at`. One byte behind it is looked at, too. */
static inline struct places places_of(const char *at, struct places_before *before)
{
    struct places_marks marks = places_marks_of(at);
    uint64_t words = ~marks.separators;
    uint64_t before_colon = marks.colons >> 1 | (uint64_t)(at[PLACES_STRIDE] == ':') << 63;
    struct places places = {
        .ends = marks.separators & (words << 1 | before->word) & ~before_colon,
        .starts = ~(marks.digits & (marks.digits << 1 | before->digit)),
    };

    *before = (struct places_before){.word = words >> 63, .digit = marks.digits >> 63};
    return places;
}

#endif
