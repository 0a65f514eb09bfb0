/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "format/codec_internal.h"
#include "format/line_deflate_internal.h"
#include "tests/support/temp.h"

#include "evj/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* A text with what must be readable behind it, and nothing more, so that ASan sees a step too far. */
static char *with_slack(const char *text, size_t len)
{
    char *copy = malloc(len + EVJ_LINE_DEFLATE_SLACK);

    memcpy(copy, text, len);
    memset(copy + len, 0, EVJ_LINE_DEFLATE_SLACK);
    return copy;
}

static void assert_zlib_reads(const unsigned char *data, size_t size, const char *text, size_t len)
{
    char *back = malloc(len + 1);
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)data,
                       .avail_in = (uInt)size,
                       .next_out = (Bytef *)back,
                       .avail_out = (uInt)len + 1};

    assert_int_equal(inflateInit2(&stream, -15), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.avail_in, 0);
    assert_int_equal(stream.total_out, len);
    assert_memory_equal(back, text, len);
    inflateEnd(&stream);
    free(back);
}

/* There and back, by zlib and by what evj reads with. Returns the size. */
static size_t assert_returns(struct evj_line_deflater *deflater, const char *text, size_t len)
{
    size_t room = 2 * len + 1000;
    char *copy = with_slack(text, len), *back = malloc(len + 1);
    unsigned char *data = malloc(room);

    size_t size = evj_line_deflate(deflater, copy, len, data, room);
    assert_in_range(size, 1, room);
    assert_zlib_reads(data, size, text, len);
    assert_int_equal(evj_inflate(data, size, back, len), EVJ_OK);
    assert_memory_equal(back, text, len);
    free(data);
    free(back);
    free(copy);
    return size;
}

static int set_up(void **state)
{
    *state = evj_line_deflater_new();
    return 0;
}

static int tear_down(void **state)
{
    evj_line_deflater_free(*state);
    return 0;
}

/* Statistics, about as Janus sends them. Returns how long the text is. */
static size_t put_statistics(char *text, size_t room)
{
    static const char line[] =
        "{\"seq\":%u,\"mono\":%u,\"event\":{\"emitter\":\"gw\",\"type\":32,\"subtype\":3,"
        "\"timestamp\":17953344%u,\"session_id\":%u,\"handle_id\":%u,\"event\":{\"mid\":\"%u\","
        "\"mindex\":%u,\"media\":\"audio\",\"codec\":\"opus\",\"base\":48000,\"rtt\":%u,\"lost\":0,"
        "\"lost-by-remote\":0,\"jitter-local\":%u,\"jitter-remote\":0,\"in-link-quality\":100,"
        "\"packets-received\":%u,\"packets-sent\":%u,\"bytes-received\":%u,\"bytes-sent\":%u,"
        "\"nacks-received\":0,\"nacks-sent\":0,\"retransmissions-received\":0}}}\n";
    unsigned seed = 5;
    size_t len = 0;

    for (unsigned i = 0; len + 1000 < room; i++) {
        unsigned handle = (unsigned)rand_r(&seed) % 40, r = (unsigned)rand_r(&seed);
        len += (size_t)snprintf(text + len, room - len, line, i, 98453000 + i * 50 + r % 30,
                                9000000 + i * 50, 1000003 * handle, 7000003 * handle, i % 2, i % 2,
                                r % 90, r % 4, i * 3 + r % 999, i * 7, i * 400 + r % 9999, i * 900);
    }
    return len;
}

#define STATISTICS_SIZE (256u * 1024)

static void real_events_come_back(void **state)
{
    static const char *const names[] = {"echo1", "echo2", "room1", "mute", "dtlsfail"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[64];
        size_t len;
        snprintf(path, sizeof(path), "events/%s.ndjson", names[i]);
        char *text = temp_read_data(path, &len);
        assert_returns(*state, text, len);
        free(text);
    }
}

/* Where a text ends, matches and looks at the tables must end, too. */
static void a_text_may_end_anywhere(void **state)
{
    static char text[STATISTICS_SIZE];

    put_statistics(text, sizeof(text));
    for (size_t len = 0; len < 1500; len++)
        assert_returns(*state, text, len);
}

static void any_bytes_come_back(void **state)
{
    static const unsigned of[] = {1, 2, 3, 10, 100, 256};
    enum { SIZE = 300000 };
    char *text = malloc(SIZE);
    unsigned seed = 11;

    for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
        for (size_t k = 0; k < SIZE; k++)
            text[k] = (char)((unsigned)rand_r(&seed) % of[i]);
        assert_returns(*state, text, SIZE);
    }
    free(text);
}

/* More sequences than one of deflate's blocks holds, and places than a stretch has. */
static void words_come_back(void **state)
{
    enum { SIZE = 1000000 };
    char *text = malloc(SIZE);
    unsigned seed = 13;

    for (size_t i = 0; i < SIZE; i++)
        text[i] = (char)(i % 7 ? 'a' + rand_r(&seed) % 5 : ' ');
    assert_returns(*state, text, SIZE);
    free(text);
}

/* What is repeated farther away than deflate reaches must not be taken for what is near: offsets in
 * the tables have only 16 bits. */
static void what_is_too_far_away_is_not_used(void **state)
{
    static const size_t distances[] = {32766, 32767, 32768, 32769, 65535, 65536, 65537, 131072};
    enum { SIZE = 400000 };
    char *text = malloc(SIZE);
    unsigned seed = 17;

    for (size_t i = 0; i < sizeof(distances) / sizeof(distances[0]); i++) {
        size_t distance = distances[i];
        for (size_t k = 0; k < SIZE; k++)
            text[k] = k < distance   ? (char)('a' + rand_r(&seed) % 26)
                      : k % 100 == 0 ? ','
                                     : text[k - distance];
        size_t size = assert_returns(*state, text, SIZE);
        /* Near enough, it is found: a text that returns every 32 KiB is a tenth of its length. */
        assert_int_equal(size < SIZE / 3, distance < 32768);
    }
    free(text);
}

/* The same on every run, whatever was compressed before: equal lines make equal blocks. */
static void equal_texts_are_written_equally(void **state)
{
    static char text[STATISTICS_SIZE], other[STATISTICS_SIZE];
    static unsigned char first[STATISTICS_SIZE], second[STATISTICS_SIZE];
    size_t len = put_statistics(text, sizeof(text) - EVJ_LINE_DEFLATE_SLACK);

    size_t size = evj_line_deflate(*state, text, len, first, sizeof(first));
    memset(other, 'x', sizeof(other));
    evj_line_deflate(*state, other, sizeof(other) - EVJ_LINE_DEFLATE_SLACK, second, sizeof(second));
    assert_int_equal(evj_line_deflate(*state, text, len, second, sizeof(second)), size);
    assert_memory_equal(first, second, size);
}

static void nothing_is_written_beyond_the_room(void **state)
{
    static char text[STATISTICS_SIZE];
    size_t len = put_statistics(text, 9000);

    for (size_t room = 0; room < 3000; room++) {
        unsigned char *data = malloc(room ? room : 1);
        size_t size = evj_line_deflate(*state, text, len, data, room);
        assert_true(size <= room);
        if (size > 0)
            assert_zlib_reads(data, size, text, len);
        free(data);
    }
}

/* What it is for. The library's level 6 has twice the time. */
static void statistics_get_smaller_than_by_the_library(void **state)
{
    static char text[STATISTICS_SIZE];
    static unsigned char data[2 * STATISTICS_SIZE];
    size_t len = put_statistics(text, sizeof(text) - EVJ_LINE_DEFLATE_SLACK);
    struct evj_deflater *library = evj_deflater_new(6);

    size_t by_library = evj_deflate(library, text, len, data, sizeof(data));
    assert_true(assert_returns(*state, text, len) < by_library);
    evj_deflater_free(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_events_come_back),
        cmocka_unit_test(a_text_may_end_anywhere),
        cmocka_unit_test(any_bytes_come_back),
        cmocka_unit_test(words_come_back),
        cmocka_unit_test(what_is_too_far_away_is_not_used),
        cmocka_unit_test(equal_texts_are_written_equally),
        cmocka_unit_test(nothing_is_written_beyond_the_room),
        cmocka_unit_test(statistics_get_smaller_than_by_the_library),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
