/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/error.h"
#include "format/codec_internal.h"
#include "tests/support/temp.h"

#include <stdlib.h>
#include <string.h>

/* codec_zlib.c: the same interface, built without libdeflate. */
struct zlib_deflater;
struct zlib_deflater *zlib_deflater_new(int level);
void zlib_deflater_free(struct zlib_deflater *deflater);
size_t zlib_deflate_bound(struct zlib_deflater *deflater, size_t len);
size_t zlib_deflate(struct zlib_deflater *deflater, const char *text, size_t len,
                    unsigned char *out, size_t room);
int zlib_inflate(const unsigned char *data, size_t len, char *text, size_t text_len);
uint32_t zlib_crc32(const void *data, size_t len);

typedef size_t compress_fn(int level, const char *text, size_t len, unsigned char **ret_data);
typedef int inflate_fn(const unsigned char *data, size_t len, char *text, size_t text_len);

static size_t compress_built(int level, const char *text, size_t len, unsigned char **ret_data)
{
    struct evj_deflater *deflater = evj_deflater_new(level);
    size_t room = evj_deflate_bound(deflater, len);

    *ret_data = malloc(room);
    size_t size = evj_deflate(deflater, text, len, *ret_data, room);
    evj_deflater_free(deflater);
    return size;
}

static size_t compress_zlib(int level, const char *text, size_t len, unsigned char **ret_data)
{
    struct zlib_deflater *deflater = zlib_deflater_new(level);
    size_t room = zlib_deflate_bound(deflater, len);

    *ret_data = malloc(room);
    size_t size = zlib_deflate(deflater, text, len, *ret_data, room);
    zlib_deflater_free(deflater);
    return size;
}

static compress_fn *const compressors[] = {compress_built, compress_zlib};
static inflate_fn *const inflaters[] = {evj_inflate, zlib_inflate};

static void assert_crosses(int level, const char *text, size_t len)
{
    char *back = malloc(len + 1);

    for (int c = 0; c < 2; c++) {
        unsigned char *data;
        size_t size = compressors[c](level, text, len, &data);
        assert_true(size > 0);
        for (int i = 0; i < 2; i++) {
            memset(back, 0, len + 1);
            assert_int_equal(inflaters[i](data, size, back, len), EVJ_OK);
            assert_memory_equal(back, text, len);
        }
        free(data);
    }
    free(back);
}

static void each_reads_what_the_other_wrote(void **state)
{
    size_t size;
    char *text = temp_read_data("events/echo1.ndjson", &size);

    (void)state;
    for (int level = 1; level <= 9; level++)
        assert_crosses(level, text, size);
    free(text);
    assert_crosses(6, "\n", 1);
}

static void what_does_not_compress_fits_the_bound(void **state)
{
    enum { SIZE = 1 << 20 };
    char *text = malloc(SIZE);
    uint64_t x = 88172645463325252u;

    (void)state;
    for (size_t i = 0; i < SIZE; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        text[i] = (char)(x >> 56);
    }
    assert_crosses(1, text, SIZE);
    assert_crosses(9, text, SIZE);
    free(text);
}

/* One byte of data or text too few or too many is a fault, not a shorter text. */
static void sizes_must_be_exact(void **state)
{
    static const char text[] = "{\"seq\":0}\n{\"seq\":1}\n{\"seq\":2}\n";
    const size_t len = sizeof(text) - 1;
    unsigned char data[128] = {0}, *packed;
    char back[128];

    (void)state;
    size_t size = compress_built(6, text, len, &packed);
    assert_in_range(size, 1, sizeof(data) - 1);
    memcpy(data, packed, size);
    free(packed);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(inflaters[i](data, size, back, len), EVJ_OK);
        assert_int_equal(inflaters[i](data, size - 1, back, len), EVJ_ERR_CORRUPT);
        assert_int_equal(inflaters[i](data, size + 1, back, len), EVJ_ERR_CORRUPT);
        assert_int_equal(inflaters[i](data, size, back, len - 1), EVJ_ERR_CORRUPT);
        assert_int_equal(inflaters[i](data, size, back, len + 1), EVJ_ERR_CORRUPT);
        assert_int_equal(inflaters[i](data, 0, back, len), EVJ_ERR_CORRUPT);
    }
}

static void both_know_the_crc_of_gzip(void **state)
{
    (void)state;
    assert_int_equal(evj_crc32("123456789", 9), 0xcbf43926);
    assert_int_equal(zlib_crc32("123456789", 9), 0xcbf43926);
    assert_int_equal(evj_crc32("", 0), 0);
    assert_int_equal(zlib_crc32("", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reads_what_the_other_wrote),
        cmocka_unit_test(what_does_not_compress_fits_the_bound),
        cmocka_unit_test(sizes_must_be_exact),
        cmocka_unit_test(both_know_the_crc_of_gzip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
