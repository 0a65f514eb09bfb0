/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/json_skip_internal.h"

#include "evj/error.h"
#include "evj/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__) && !defined(EVJ_PORTABLE_SKIP)
#include <emmintrin.h>
#endif

/*
 * Where the brackets and quotes of 64 bytes are, one bit a byte. Half of a journal's bytes are
 * skipped by these four numbers alone; without SSE2 the compiler makes the same of a plain loop.
 */
#define STRIDE 64u

struct marks {
    uint64_t quotes, slashes, opening, closing;
};

#if defined(__SSE2__) && !defined(EVJ_PORTABLE_SKIP)
static uint64_t equal_bytes(__m128i bytes, char c, unsigned shift)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c))) << shift;
}

static struct marks marks_of(const char *at)
{
    struct marks marks = {0};

    for (unsigned i = 0; i < STRIDE; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
        /* '[' and ']' with this bit are '{' and '}', and nothing else that JSON has outside of
         * strings is. */
        __m128i braces = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        marks.quotes |= equal_bytes(bytes, '"', i);
        marks.slashes |= equal_bytes(bytes, '\\', i);
        marks.opening |= equal_bytes(braces, '{', i);
        marks.closing |= equal_bytes(braces, '}', i);
    }
    return marks;
}
#else
static struct marks marks_of(const char *at)
{
    struct marks marks = {0};

    for (unsigned i = 0; i < STRIDE; i++) {
        marks.quotes |= (uint64_t)(at[i] == '"') << i;
        marks.slashes |= (uint64_t)(at[i] == '\\') << i;
        marks.opening |= (uint64_t)(at[i] == '{' || at[i] == '[') << i;
        marks.closing |= (uint64_t)(at[i] == '}' || at[i] == ']') << i;
    }
    return marks;
}
#endif

/* Of each bit, whether an odd number of bits up to and with it is set: from a quote up to the next.
 */
static uint64_t between(uint64_t quotes)
{
    for (unsigned shift = 1; shift < 64; shift *= 2)
        quotes ^= quotes << shift;
    return quotes;
}

/* Quotes behind an odd number of backslashes are none. `escaped`: the first byte is behind one. */
static uint64_t without_escaped(struct marks marks, bool *escaped)
{
    uint64_t quotes = marks.quotes;

    if (*escaped)
        quotes &= ~UINT64_C(1);
    uint64_t slashes = *escaped ? marks.slashes & ~UINT64_C(1) : marks.slashes;
    *escaped = false;
    while (slashes) {
        unsigned at = (unsigned)__builtin_ctzll(slashes);
        *escaped = at == STRIDE - 1;
        uint64_t behind = *escaped ? 0 : UINT64_C(2) << at;
        quotes &= ~behind;
        slashes &= ~(behind | UINT64_C(1) << at);
    }
    return quotes;
}

struct nesting {
    unsigned depth;
    bool in_string, escaped;
};

/* Where among these bytes the last bracket closes: its bit's number, or STRIDE. */
static unsigned follow(struct nesting *nesting, struct marks marks)
{
    uint64_t quotes = without_escaped(marks, &nesting->escaped);
    uint64_t inside = between(quotes) ^ (nesting->in_string ? ~UINT64_C(0) : 0);
    uint64_t brackets = (marks.opening | marks.closing) & ~inside;

    nesting->in_string = inside >> 63;
    for (; brackets; brackets &= brackets - 1) {
        uint64_t lowest = brackets & (0 - brackets);
        nesting->depth += marks.opening & lowest ? 1u : 0u - 1u;
        if (nesting->depth == 0)
            return (unsigned)__builtin_ctzll(lowest);
        if (nesting->depth > EVJ_DEPTH_MAX)
            return STRIDE;
    }
    return STRIDE;
}

int evj_json_skip_nested(const char *at, const char *end, const char **ret_after)
{
    struct nesting nesting = {0};

    for (; at < end; at += STRIDE) {
        char rest[STRIDE] = {0};
        size_t left = (size_t)(end - at);
        if (left < STRIDE)
            memcpy(rest, at, left);
        unsigned found = follow(&nesting, marks_of(left < STRIDE ? rest : at));
        if (found < STRIDE) {
            *ret_after = at + found + 1;
            return EVJ_OK;
        }
        if (nesting.depth > EVJ_DEPTH_MAX)
            return EVJ_ERR_LIMIT;
        if (left < STRIDE)
            break;
    }
    return EVJ_ERR_CORRUPT;
}
