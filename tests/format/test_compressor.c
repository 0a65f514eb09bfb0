/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/error.h"
#include "format/codec_internal.h"
#include "format/compressor_internal.h"

#include <stdlib.h>
#include <string.h>

#define LONG_TEXT (100u * 1024)
#define SHORT_TEXT (10u * 1024)

static char *new_text(size_t len)
{
    static const char line[] =
        "{\"seq\":1000,\"mono\":98453000,\"event\":{\"rtt\":39,\"lost\":0}}\n";
    char *text = calloc(1, len + EVJ_COMPRESSOR_SLACK);
    unsigned seed = 19;

    for (size_t i = 0; i < len; i++) {
        text[i] = line[i % (sizeof(line) - 1)];
        if (text[i] == '0')
            text[i] = (char)('0' + rand_r(&seed) % 10);
    }
    return text;
}

static size_t by_library(int level, const char *text, size_t len, unsigned char *out, size_t room)
{
    struct evj_deflater *library = evj_deflater_new(level);
    size_t size = evj_deflate(library, text, len, out, room);

    evj_deflater_free(library);
    return size;
}

/* Does this level leave a text of this length to the library? Also, whoever does it, it comes back. */
static bool leaves_to_library(struct evj_compressor *compressor, size_t len)
{
    size_t room = evj_compress_bound(len);
    unsigned char *out = malloc(room), *library = malloc(room);
    char *text = new_text(len), *back = malloc(len);

    size_t size = evj_compress(compressor, text, len, out, room);
    assert_int_equal(evj_inflate(out, size, back, len), EVJ_OK);
    assert_memory_equal(back, text, len);
    bool same = by_library(compressor->level, text, len, library, room) == size &&
                memcmp(out, library, size) == 0;
    free(text);
    free(back);
    free(out);
    free(library);
    return same;
}

static void long_texts_are_lines_at_the_middle_levels(void **state)
{
    (void)state;
    for (int level = 1; level <= 9; level++) {
        struct evj_compressor compressor = {.level = level};
        assert_int_equal(leaves_to_library(&compressor, LONG_TEXT), level < 2 || level > 7);
        evj_compressor_rest(&compressor);
    }
}

static void short_texts_are_left_to_the_library(void **state)
{
    (void)state;
    for (int level = 1; level <= 9; level++) {
        struct evj_compressor compressor = {.level = level};
        assert_true(leaves_to_library(&compressor, SHORT_TEXT));
        evj_compressor_rest(&compressor);
    }
}

/* A recorder has long blocks, or short ones: it never has the memory for both. */
static void only_what_is_used_has_memory(void **state)
{
    struct evj_compressor compressor = {.level = 6};

    (void)state;
    for (unsigned round = 0; round < 2; round++) {
        assert_true(leaves_to_library(&compressor, SHORT_TEXT));
        assert_true(compressor.library && !compressor.lines);
        assert_false(leaves_to_library(&compressor, LONG_TEXT));
        assert_true(!compressor.library && compressor.lines);
    }
    evj_compressor_rest(&compressor);
    assert_true(!compressor.library && !compressor.lines);
}

/* Noise has no room for codes that help nothing: a block may be little longer than its text. */
static void noise_fits_the_bound(void **state)
{
    struct evj_compressor compressor = {.level = 6};
    size_t room = evj_compress_bound(LONG_TEXT);
    unsigned char *out = malloc(room);
    char *text = new_text(LONG_TEXT), *back = malloc(LONG_TEXT);
    unsigned seed = 23;

    (void)state;
    for (size_t i = 0; i < LONG_TEXT; i++)
        text[i] = (char)(rand_r(&seed) >> 5);
    size_t size = evj_compress(&compressor, text, LONG_TEXT, out, room);
    assert_in_range(size, 1, LONG_TEXT + LONG_TEXT / 1024 + 100);
    assert_int_equal(evj_inflate(out, size, back, LONG_TEXT), EVJ_OK);
    assert_memory_equal(back, text, LONG_TEXT);
    evj_compressor_rest(&compressor);
    free(text);
    free(back);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_texts_are_lines_at_the_middle_levels),
        cmocka_unit_test(short_texts_are_left_to_the_library),
        cmocka_unit_test(only_what_is_used_has_memory),
        cmocka_unit_test(noise_fits_the_bound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
