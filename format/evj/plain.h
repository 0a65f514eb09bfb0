/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_PLAIN_H
#define EVJ_PLAIN_H

/*
 * The part of a text that JSON needs no change of: ASCII without control characters, quote and
 * backslash. Nearly every string of an event is plain from end to end and shorter than 16 bytes, so
 * it is tested eight or sixteen bytes at a time, and on the way when it is copied. Pure functions;
 * any thread.
 *
 * Define EVJ_PORTABLE_PLAIN to do without SSE2 where the compiler has it (the tests run both).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__) && !defined(EVJ_PORTABLE_PLAIN)
#include <emmintrin.h>
#define EVJ_PLAIN_STRIDE 16u
#else
#define EVJ_PLAIN_STRIDE 8u
#endif

#define EVJ_PLAIN_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline bool evj_plain_byte(char c)
{
    unsigned char byte = (unsigned char)c;

    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/* Bytes before the first one that is not plain. */
static inline size_t evj_plain_count(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len && evj_plain_byte(text[i]))
        i++;
    return i;
}

/* Are all eight bytes plain? Subtracting borrows into bit 7 of a byte that was too small. */
static inline bool evj_plain_word(uint64_t word)
{
    uint64_t quote = word ^ EVJ_PLAIN_EACH('"'), slash = word ^ EVJ_PLAIN_EACH('\\');
    uint64_t found = word | ((word - EVJ_PLAIN_EACH(0x20)) & ~word) |
                     ((quote - EVJ_PLAIN_EACH(1)) & ~quote) |
                     ((slash - EVJ_PLAIN_EACH(1)) & ~slash);

    return (found & EVJ_PLAIN_EACH(0x80)) == 0;
}

/* How many of the next EVJ_PLAIN_STRIDE bytes are plain before the first that is not. The second
 * copies them, too. */
#if EVJ_PLAIN_STRIDE == 16
static inline size_t evj_plain_bytes(__m128i bytes)
{
    /* As signed bytes, both control characters and everything from 0x80 on are less than a blank.
     */
    __m128i odd = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)),
                               _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                            _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
    unsigned mask = (unsigned)_mm_movemask_epi8(odd);

    return mask ? (size_t)__builtin_ctz(mask) : EVJ_PLAIN_STRIDE;
}

static inline size_t evj_plain_stride(const char *text)
{
    return evj_plain_bytes(_mm_loadu_si128((const __m128i *)(const void *)text));
}

static inline size_t evj_plain_copy_stride(char *to, const char *text)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);

    _mm_storeu_si128((__m128i *)(void *)to, bytes);
    return evj_plain_bytes(bytes);
}
#else
static inline size_t evj_plain_stride(const char *text)
{
    uint64_t word;

    memcpy(&word, text, sizeof(word));
    return evj_plain_word(word) ? EVJ_PLAIN_STRIDE : evj_plain_count(text, EVJ_PLAIN_STRIDE);
}

static inline size_t evj_plain_copy_stride(char *to, const char *text)
{
    memcpy(to, text, EVJ_PLAIN_STRIDE);
    return evj_plain_stride(text);
}
#endif

/* Behind the plain bytes that begin at `at`; `end` if all are. */
static inline const char *evj_plain_skip(const char *at, const char *end)
{
    while (end - at >= (ptrdiff_t)EVJ_PLAIN_STRIDE) {
        size_t plain = evj_plain_stride(at);
        at += plain;
        if (plain < EVJ_PLAIN_STRIDE)
            return at;
    }
    return at + evj_plain_count(at, (size_t)(end - at));
}

/* The same for fewer bytes than 16: first and last half, which may overlap, tested as whole words.
 */
static inline size_t evj_plain_copy_short(char *to, const char *text, size_t len)
{
    uint64_t head = 0, tail = 0;
    uint32_t left, right;
    bool plain;

    if (len >= 8) {
        memcpy(&head, text, 8);
        memcpy(&tail, text + len - 8, 8);
        memcpy(to, &head, 8);
        memcpy(to + len - 8, &tail, 8);
        plain = evj_plain_word(head) && evj_plain_word(tail);
    } else if (len >= 4) {
        memcpy(&left, text, 4);
        memcpy(&right, text + len - 4, 4);
        memcpy(to, &left, 4);
        memcpy(to + len - 4, &right, 4);
        plain = evj_plain_word((uint64_t)left << 32 | right);
    } else {
        size_t i = 0;
        while (i < len && evj_plain_byte(text[i])) {
            to[i] = text[i];
            i++;
        }
        return i;
    }
    return plain ? len : evj_plain_count(text, len);
}

/*
 * Copy the plain bytes that `text` begins with, and return their number. `to` has room for `len`
 * bytes, all of which may be written.
 */
static inline size_t evj_plain_copy(char *to, const char *text, size_t len)
{
    size_t at = 0;

    if (len < EVJ_PLAIN_STRIDE)
        return evj_plain_copy_short(to, text, len);
    for (; at + EVJ_PLAIN_STRIDE <= len; at += EVJ_PLAIN_STRIDE) {
        size_t plain = evj_plain_copy_stride(to + at, text + at);
        if (plain < EVJ_PLAIN_STRIDE)
            return at + plain;
    }
    if (at == len)
        return len;
    /* The rest, together with bytes already copied and known as plain. */
    at = len - EVJ_PLAIN_STRIDE;
    return at + evj_plain_copy_stride(to + at, text + at);
}

#endif
