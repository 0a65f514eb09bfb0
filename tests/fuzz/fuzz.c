/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fuzz_fail(const char *file, int line, const char *claim)
{
    fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, claim);
    abort();
}

void *fuzz_alloc(size_t size)
{
    void *bytes = malloc(size > 0 ? size : 1);

    REQUIRE(bytes);
    return bytes;
}

void *fuzz_copy(const void *bytes, size_t size)
{
    void *copy = fuzz_alloc(size);

    if (size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

bool fuzz_lies_within(struct evj_slice slice, const char *text, size_t len)
{
    if (!slice.text)
        return slice.len == 0;
    return slice.text >= text && slice.len <= len && (size_t)(slice.text - text) <= len - slice.len;
}

json_t *fuzz_parse(const char *text, size_t len)
{
    if (memchr(text, '\0', len))
        return NULL;
    return json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
}

bool fuzz_is_value(struct evj_slice slice, json_t *value)
{
    if (!slice.text || !value)
        return !slice.text && !value;
    json_auto_t *own = json_loadb(slice.text, slice.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    return own && json_equal(own, value);
}

uint64_t fuzz_u64(const json_t *value, uint64_t greatest, uint64_t otherwise)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return otherwise;
    uint64_t number = (uint64_t)json_integer_value(value);
    return number <= greatest ? number : otherwise;
}
