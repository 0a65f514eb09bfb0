/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/limits.h"
#include "format/block_search_internal.h"
#include "tests/support/blocks.h"
#include "tests/support/feeding.h"
#include "tests/support/temp.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* How much the search looks at in one go: what must not make a difference. */
enum { WINDOW = 64 * 1024 };

static struct member a_block(void)
{
    return block_of((const char *const[]){"{\"seq\":0,\"mono\":0,\"event\":{\"session_id\":7}}",
                                          "{\"seq\":1,\"mono\":5,\"event\":{\"session_id\":8}}",
                                          NULL});
}

/* Bytes that are no block, and with 0x1f all over them, as a block begins. */
static unsigned char *odd_bytes(size_t size)
{
    unsigned char *bytes = malloc(size > 0 ? size : 1);

    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)(i % 5 == 0 ? 0x1f : i * 31 + i / 253);
    return bytes;
}

/* ---- searching ---- */

struct found {
    int status;
    uint64_t at;
};

static struct found search_file(const char *path, uint64_t from)
{
    struct evj_input *input = NULL;
    struct evj_error err = {0};
    struct found found = {0};

    assert_int_equal(evj_input_open(path, &input, &err), EVJ_OK);
    found.status = evj_block_search(input, from, from, &found.at, &err);
    evj_input_free(input);
    return found;
}

static struct found search_bytes(const char *folder, const void *bytes, size_t size, uint64_t from)
{
    char *path = temp_path(folder, "bytes");

    temp_write(path, bytes, size);
    struct found found = search_file(path, from);
    free(path);
    return found;
}

static struct found search_pipe(const void *bytes, size_t size, size_t step, uint64_t from)
{
    struct feeding feeding;

    feeding_begin(&feeding, bytes, size, step, 1);
    struct found found = search_file("-", from);
    feeding_done(&feeding);
    return found;
}

static void assert_found(struct found found, uint64_t at)
{
    assert_int_equal(found.status, EVJ_OK);
    assert_int_equal(found.at, at);
}

static void assert_none(struct found found, uint64_t end)
{
    assert_int_equal(found.status, EVJ_END);
    assert_int_equal(found.at, end);
}

/* ---- any distance ---- */

/* `size` odd bytes, a block, and some more. */
static unsigned char *hide(const struct member *member, size_t at, size_t *ret_size)
{
    unsigned char *bytes = odd_bytes(at + member->size + 100);

    memcpy(bytes + at, member->bytes, member->size);
    *ret_size = at + member->size + 100;
    return bytes;
}

static void assert_found_behind(const char *folder, const struct member *member, size_t at)
{
    size_t size;
    unsigned char *bytes = hide(member, at, &size);

    assert_found(search_bytes(folder, bytes, size, 0), at);
    if (at > 0)
        assert_found(search_bytes(folder, bytes, size, at / 2), at);
    assert_found(search_bytes(folder, bytes, size, at), at);
    assert_none(search_bytes(folder, bytes, size, at + 1), size);
    free(bytes);
}

static void a_block_is_found_behind_any_number_of_bytes(void **state)
{
    struct member member = a_block();

    for (size_t at = 0; at < 400; at++)
        assert_found_behind(*state, &member, at);
    member_done(&member);
}

/* Where its header begins in one window and ends in the next one. */
static void a_block_is_found_across_the_edge_of_what_is_searched_at_once(void **state)
{
    struct member member = a_block();

    for (size_t window = 1; window <= 3; window++)
        for (size_t at = window * WINDOW - member.size - 5; at < window * WINDOW + 5; at++)
            assert_found_behind(*state, &member, at);
    member_done(&member);
}

static void a_pipe_is_searched_like_a_file(void **state)
{
    static const size_t places[] = {0,           1,          300,        WINDOW - 200,
                                    WINDOW - 90, WINDOW - 1, WINDOW,     WINDOW + 1,
                                    2 * WINDOW,  200000,     4 * WINDOW, 1000000};
    struct member member = a_block();

    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        size_t size;
        unsigned char *bytes = hide(&member, places[i], &size);
        assert_found(search_pipe(bytes, size, 3000, 0), places[i]);
        assert_found(search_pipe(bytes, size, 65536, places[i] / 2), places[i]);
        assert_none(search_pipe(bytes, size, 65536, places[i] + 1), size);
        free(bytes);
    }
    member_done(&member);
}

/* The last block of a file, cut off anywhere within its header: there is no block. */
static void a_header_that_is_not_all_there_is_none(void **state)
{
    struct member member = a_block();
    size_t header = 12 + le_at(member.bytes + 10, 2), size;
    unsigned char *bytes = hide(&member, 1000, &size);

    for (size_t cut = 1000; cut < 1000 + header; cut++)
        assert_none(search_bytes(*state, bytes, cut, 0), cut);
    assert_found(search_bytes(*state, bytes, 1000 + header, 0), 1000);
    free(bytes);
    member_done(&member);
}

static void nothing_is_found_in_nothing(void **state)
{
    assert_none(search_bytes(*state, "", 0, 0), 0);
    assert_none(search_pipe("", 0, 1, 0), 0);
    for (size_t size = WINDOW - 1; size <= WINDOW + 1; size++) {
        unsigned char *bytes = odd_bytes(size);
        assert_none(search_bytes(*state, bytes, size, 0), size);
        assert_none(search_pipe(bytes, size, 4096, 0), size);
        free(bytes);
    }
}

/* ---- what only looks like a block ---- */

/* Each of these is passed by for the right one behind it. */
static void false_headers_are_passed_by(void **state)
{
    struct member member = a_block();
    size_t header = 12 + le_at(member.bytes + 10, 2), size;

    for (size_t at = 3 * header; at < WINDOW + 4 * header; at += at < 600 ? 101 : 8009) {
        unsigned char *bytes = hide(&member, at, &size);
        unsigned char *wrong = bytes + at - 2 * header;
        memcpy(wrong, member.bytes, header);
        wrong[40] ^= 1; /* a number of it: its CRC says so */
        memcpy(bytes + at - header, "\x1f\x8b\x08\x04\0\0\0\0\0\xff\x10\0EJ\x0c\0", 16);
        assert_found(search_bytes(*state, bytes, size, 0), at);
        assert_found(search_pipe(bytes, size, 10000, 0), at);
        free(bytes);
    }
    member_done(&member);
}

/* The right one begins where the false one's magic still goes on. */
static void a_false_beginning_does_not_swallow_the_right_one(void **state)
{
    struct member member = a_block();
    size_t size;

    for (size_t lead = 1; lead <= 16; lead++) {
        unsigned char *bytes = hide(&member, 50, &size);
        memcpy(bytes + 50 - lead, member.bytes, lead);
        assert_found(search_bytes(*state, bytes, size, 0), 50);
        free(bytes);
    }
    member_done(&member);
}

static void gzip_of_other_programs_is_no_block(void **state)
{
    static const unsigned char plain[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0";
    static const unsigned char named[] =
        "\x1f\x8b\x08\x08\0\0\0\0\0\x03name\0\x03\0\0\0\0\0\0\0\0\0";
    static const unsigned char bgzf[] = "\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0\x1b\0\x03\0";
    struct member member = a_block();
    unsigned char bytes[4096] = {0};

    memcpy(bytes, plain, sizeof(plain));
    memcpy(bytes + 500, named, sizeof(named));
    memcpy(bytes + 1000, bgzf, sizeof(bgzf));
    assert_none(search_bytes(*state, bytes, sizeof(bytes), 0), sizeof(bytes));
    memcpy(bytes + 1500, member.bytes, member.size);
    assert_found(search_bytes(*state, bytes, sizeof(bytes), 0), 1500);
    member_done(&member);
}

/* ---- headers with more in them ---- */

/* The same block with another subfield of `len` bytes behind, or before, its own one. */
static struct member with_subfield(const struct member *member, size_t len, bool is_behind)
{
    size_t extra = le_at(member->bytes + 10, 2), more = 4 + len;
    size_t at = is_behind ? 12 + extra : 12;
    struct member longer = {calloc(1, member->size + more), member->size + more};

    memcpy(longer.bytes, member->bytes, at);
    memcpy(longer.bytes + at, "XX", 2);
    put_le_at(longer.bytes + at + 2, 2, len);
    memcpy(longer.bytes + at + more, member->bytes + at, member->size - at);
    put_le_at(longer.bytes + 10, 2, extra + more);
    if (is_behind) {
        put_le_at(longer.bytes + 20, 4, longer.size);
        member_fix_crc(&longer);
    }
    return longer;
}

/* Of a later minor version, say. Where it stands makes no difference. */
static void a_long_header_is_found_wherever_it_stands(void **state)
{
    static const size_t lengths[] = {10, 4000, 4200, 9000, 65000};
    struct member member = a_block();

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct member longer = with_subfield(&member, lengths[i], true);
        for (size_t at = 0; at <= 2 * WINDOW; at += WINDOW / 8) {
            assert_found_behind(*state, &longer, at + 3);
            assert_found_behind(*state, &longer, at + WINDOW / 8 - 1);
        }
        member_done(&longer);
    }
    member_done(&member);
}

/* Else each byte of a hostile file could cost a walk over all of its subfields. */
static void only_a_header_that_begins_with_its_own_subfield_is_found(void **state)
{
    struct member member = a_block();
    struct member longer = with_subfield(&member, 10, false);

    assert_none(search_bytes(*state, longer.bytes, longer.size, 0), longer.size);
    member_done(&longer);
    member_done(&member);
}

/* ---- memory ---- */

/* Gigabytes that are no journal may come out of a pipe: no member is so long that its beginning
 * would still be wanted. */
static void a_pipe_of_odd_bytes_takes_no_more_memory_than_a_block(void **state)
{
    enum { SIZE = 1 << 20, TIMES = 48 };
    unsigned char *bytes = odd_bytes(SIZE);
    struct evj_input *input = NULL;
    struct feeding feeding;
    struct mallinfo2 before = mallinfo2();
    uint64_t at;

    (void)state;
    feeding_begin(&feeding, bytes, SIZE, SIZE, TIMES);
    assert_int_equal(evj_input_open("-", &input, NULL), EVJ_OK);
    assert_int_equal(evj_block_search(input, 1, 0, &at, NULL), EVJ_END);
    assert_int_equal(at, (uint64_t)SIZE * TIMES);
    struct mallinfo2 after = mallinfo2();
    size_t grown = after.uordblks + after.hblkhd - before.uordblks - before.hblkhd;
    assert_in_range(grown, 0, EVJ_MEMBER_MAX + 1024 * 1024);
    evj_input_free(input);
    feeding_done(&feeding);
    free(bytes);
}

/* What is kept is there: a torn block is salvaged when its end was found. */
static void what_must_be_kept_of_a_pipe_is_kept(void **state)
{
    struct member member = a_block();
    struct evj_input *input = NULL;
    struct feeding feeding;
    const unsigned char *seen;
    size_t size, have;
    unsigned char *bytes = hide(&member, 300000, &size);
    uint64_t at;

    (void)state;
    feeding_begin(&feeding, bytes, size, 5000, 1);
    assert_int_equal(evj_input_open("-", &input, NULL), EVJ_OK);
    assert_int_equal(evj_block_search(input, 1001, 1000, &at, NULL), EVJ_OK);
    assert_int_equal(at, 300000);
    assert_int_equal(evj_input_view(input, 1000, 299000, &seen, &have, NULL), EVJ_OK);
    assert_int_equal(have, 299000);
    assert_memory_equal(seen, bytes + 1000, have);
    evj_input_free(input);
    feeding_done(&feeding);
    free(bytes);
    member_done(&member);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_block_is_found_behind_any_number_of_bytes),
        TEST(a_block_is_found_across_the_edge_of_what_is_searched_at_once),
        TEST(a_pipe_is_searched_like_a_file),
        TEST(a_header_that_is_not_all_there_is_none),
        TEST(nothing_is_found_in_nothing),
        TEST(false_headers_are_passed_by),
        TEST(a_false_beginning_does_not_swallow_the_right_one),
        TEST(gzip_of_other_programs_is_no_block),
        TEST(a_long_header_is_found_wherever_it_stands),
        TEST(only_a_header_that_begins_with_its_own_subfield_is_found),
        TEST(a_pipe_of_odd_bytes_takes_no_more_memory_than_a_block),
        TEST(what_must_be_kept_of_a_pipe_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
