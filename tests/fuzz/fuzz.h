/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

/*
 * What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput(); libFuzzer calls
 * it with inputs of its own making, main.c with those of the corpus. A claim that does not hold
 * aborts, which is how libFuzzer learns of it.
 */

#include "evj/json.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void fuzz_fail(const char *file, int line, const char *claim) __attribute__((noreturn));

#define REQUIRE(claim)                               \
    do {                                             \
        if (!(claim))                                \
            fuzz_fail(__FILE__, __LINE__, (#claim)); \
    } while (0)

/* malloc() that cannot fail; 0 bytes have an address too. */
void *fuzz_alloc(size_t size);

/* A copy with nothing behind it, so that ASan sees a step beyond its end. The caller frees it. */
void *fuzz_copy(const void *bytes, size_t size);

/* Does it lie within text[0 … len)? An absent one does. */
bool fuzz_lies_within(struct evj_slice slice, const char *text, size_t len);

/* jansson's opinion: the tree, or NULL. Keys that come twice are refused, and so are NUL bytes:
 * jansson 2.14 loses them behind a number. */
json_t *fuzz_parse(const char *text, size_t len);

/* Is `slice` the JSON text of just this value (NULL: is it absent)? */
bool fuzz_is_value(struct evj_slice slice, json_t *value);

/* What evj_json_to_u64() must make of a value that jansson read: `otherwise` if it is none. */
uint64_t fuzz_u64(const json_t *value, uint64_t greatest, uint64_t otherwise);

#endif
