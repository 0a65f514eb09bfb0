/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in the place of a value. */
#include "recorder/redact_internal.h"

#include "evj/decimal.h"

#include <string.h>

/* ---- the hash ---- */

static uint64_t rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

static void sip_take(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    sip_round(v);
    v[0] ^= word;
}

/* SipHash-2-4 (Aumasson and Bernstein, 2012), of little-endian words. */
uint64_t redact_hash(const struct redact *redact, const char *text, size_t len)
{
    const uint64_t *key = redact->key;
    uint64_t v[4] = {key[0] ^ UINT64_C(0x736f6d6570736575), key[1] ^ UINT64_C(0x646f72616e646f6d),
                     key[0] ^ UINT64_C(0x6c7967656e657261), key[1] ^ UINT64_C(0x7465646279746573)};
    uint64_t last = (uint64_t)len << 56;
    size_t whole = len & ~(size_t)7;

    for (size_t i = 0; i < whole; i += 8) {
        uint64_t word = 0;
        for (unsigned j = 0; j < 8; j++)
            word |= (uint64_t)(unsigned char)text[i + j] << (8 * j);
        sip_take(v, word);
    }
    for (size_t i = whole; i < len; i++)
        last |= (uint64_t)(unsigned char)text[i] << (8 * (i - whole));
    sip_take(v, last);
    v[2] ^= 0xff;
    for (unsigned i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* ---- placeholders ---- */

/* 40 bits: two of a million different values are equal once in two recordings. */
#define HASH_DIGITS 10u

size_t redact_put_placeholder(const struct redact *redact, struct sink *sink, size_t at,
                              const char *kind, const char *text, size_t len)
{
    static const char hex[] = "0123456789abcdef";
    char digits[1 + HASH_DIGITS] = {'-'};

    if (len == 0)
        return at;
    uint64_t hash = redact_hash(redact, text, len);
    for (unsigned i = 1; i <= HASH_DIGITS; i++, hash >>= 4)
        digits[i] = hex[hash & 0xf];
    at = sink_put_text(sink, at, kind, strlen(kind));
    return sink_put_text(sink, at, digits, sizeof(digits));
}

size_t redact_put_number(const struct redact *redact, struct sink *sink, size_t at,
                         const char *text, size_t len)
{
    char digits[EVJ_DECIMAL_MAX];
    char *end = digits + sizeof(digits);
    /* At most 31 bits, and not 0: fits whatever the number was. */
    uint64_t number = (redact_hash(redact, text, len) & 0x7ffffffe) + 1;
    char *first = evj_decimal_before(end, number);

    return sink_put_text(sink, at, first, (size_t)(end - first));
}
