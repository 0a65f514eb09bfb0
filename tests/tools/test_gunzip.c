/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tools/gunzip.h"

#include <string.h>
#include <zlib.h>

static GByteArray *gzip(const void *text, size_t len)
{
    GByteArray *out = g_byte_array_new();
    z_stream stream = {.next_in = (Bytef *)text, .avail_in = (uInt)len};

    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    g_byte_array_set_size(out, (guint)deflateBound(&stream, (uLong)len));
    stream.next_out = out->data;
    stream.avail_out = out->len;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    g_byte_array_set_size(out, (guint)stream.total_out);
    deflateEnd(&stream);
    return out;
}

static void a_body_comes_out_as_it_was(void **state)
{
    size_t len = 300 * 1000;
    g_autofree char *text = g_malloc(len);
    g_autoptr(GByteArray) packed = NULL, out = g_byte_array_new();

    (void)state;
    for (size_t i = 0; i < len; i++)
        text[i] = (char)(i * i >> 7);
    packed = gzip(text, len);
    assert_int_equal(gunzip(packed->data, packed->len, len, out, NULL), 0);
    assert_int_equal(out->len, len);
    assert_memory_equal(out->data, text, len);
}

/* A thousand bytes may claim to be a million. */
static void a_body_stops_at_the_limit(void **state)
{
    g_autofree char *text = g_malloc0(1000 * 1000);
    g_autoptr(GByteArray) packed = gzip(text, 1000 * 1000), out = g_byte_array_new();

    (void)state;
    assert_int_equal(gunzip(packed->data, packed->len, 1000 * 1000 - 1, out, NULL), EVJ_ERR_LIMIT);
    assert_int_equal(out->len, 1000 * 1000 - 1);
}

static void broken_bodies_are_refused(void **state)
{
    g_autoptr(GByteArray) packed = gzip("some text", 9), out = g_byte_array_new();

    (void)state;
    for (guint len = 0; len < packed->len; len++)
        assert_int_equal(gunzip(packed->data, len, 1000, out, NULL), EVJ_ERR_CORRUPT);
    packed->data[packed->len - 8] ^= 1; /* in its CRC */
    assert_int_equal(gunzip(packed->data, packed->len, 1000, out, NULL), EVJ_ERR_CORRUPT);
    assert_int_equal(gunzip((const unsigned char *)"{\"type\":1}", 10, 1000, out, NULL),
                     EVJ_ERR_CORRUPT);
}

static void all_members_of_a_body_are_taken(void **state)
{
    g_autoptr(GByteArray) packed = gzip("some ", 5), more = gzip("text", 4);
    g_autoptr(GByteArray) out = g_byte_array_new();

    (void)state;
    g_byte_array_append(packed, more->data, more->len);
    assert_int_equal(gunzip(packed->data, packed->len, 1000, out, NULL), 0);
    assert_int_equal(out->len, 9);
    assert_memory_equal(out->data, "some text", 9);
    assert_int_equal(gunzip(packed->data, packed->len - 1, 1000, out, NULL), EVJ_ERR_CORRUPT);
    g_byte_array_append(packed, (const guint8 *)"x", 1);
    assert_int_equal(gunzip(packed->data, packed->len, 1000, out, NULL), EVJ_ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_comes_out_as_it_was),
        cmocka_unit_test(a_body_stops_at_the_limit),
        cmocka_unit_test(broken_bodies_are_refused),
        cmocka_unit_test(all_members_of_a_body_are_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
