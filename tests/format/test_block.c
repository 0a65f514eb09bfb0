/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/limits.h"
#include "tests/support/blocks.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const char *const lines[] = {
    "{\"seq\":0,\"mono\":1,\"event\":{\"type\":1,\"session_id\":7}}",
    "{\"seq\":1,\"mono\":2,\"event\":{\"type\":2,\"session_id\":7,\"handle_id\":8}}", NULL};
static const char text[] =
    "{\"seq\":0,\"mono\":1,\"event\":{\"type\":1,\"session_id\":7}}\n"
    "{\"seq\":1,\"mono\":2,\"event\":{\"type\":2,\"session_id\":7,\"handle_id\":8}}\n";

static int decode(const struct member *member, struct evj_block_info *ret_info,
                  struct evj_error *err)
{
    size_t header_size;

    return evj_block_decode_header(member->bytes, member->size, 0, ret_info, &header_size, err);
}

/* Header and text. The text's room is exact. */
static int decode_all(const struct member *member, char **ret_text)
{
    struct evj_block_info info;
    size_t header_size;
    int status = evj_block_decode_header(member->bytes, member->size, 0, &info, &header_size, NULL);

    *ret_text = NULL;
    if (status != EVJ_OK)
        return status;
    if (info.member_size > member->size)
        return EVJ_TRUNCATED;
    *ret_text = malloc(info.text_size ? info.text_size : 1);
    return evj_block_decode_text(member->bytes, &info, header_size, 0, *ret_text, NULL);
}

static void a_block_gives_its_lines_back(void **state)
{
    struct member member = block_of(lines);
    char *back;

    (void)state;
    assert_int_equal(decode_all(&member, &back), EVJ_OK);
    assert_memory_equal(back, text, sizeof(text) - 1);
    free(back);
    member_done(&member);
}

/* Whoever has only gunzip needs nothing of ours. */
static void zlib_inflates_a_block_as_any_gzip_member(void **state)
{
    struct member member = block_of(lines);
    z_stream stream = {.next_in = member.bytes, .avail_in = (uInt)member.size};
    char back[sizeof(text)];

    (void)state;
    stream.next_out = (Bytef *)back;
    stream.avail_out = sizeof(back);
    assert_int_equal(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, sizeof(text) - 1);
    assert_memory_equal(back, text, sizeof(text) - 1);
    inflateEnd(&stream);
    member_done(&member);
}

static void a_header_that_stops_is_truncated_at_every_byte(void **state)
{
    struct member whole = block_of(lines);
    uint64_t header_size = 12 + le_at(whole.bytes + 10, 2);

    (void)state;
    for (size_t len = 1; len < header_size; len++) {
        struct member part = {malloc(len), len};
        struct evj_block_info info;
        memcpy(part.bytes, whole.bytes, len);
        assert_int_equal(decode(&part, &info, NULL), EVJ_TRUNCATED);
        member_done(&part);
    }
    member_done(&whole);
}

static void assert_foreign(const void *bytes, size_t len)
{
    struct member member = {malloc(len), len};
    struct evj_block_info info;
    struct evj_error err;

    memcpy(member.bytes, bytes, len);
    assert_int_equal(decode(&member, &info, &err), EVJ_ERR_FOREIGN);
    assert_non_null(strstr(err.text, "not a journal"));
    member_done(&member);
}

static void what_is_no_block_is_foreign(void **state)
{
    static const unsigned char plain_gzip[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0};
    static const unsigned char bgzf[] = {0x1f, 0x8b, 8,   4,   0, 0, 0, 0, 0, 255,
                                         6,    0,    'B', 'C', 2, 0, 9, 0, 3, 0};
    static const unsigned char named[] = {0x1f, 0x8b, 8, 12, 0,   0,   0, 0,
                                          0,    3,    4, 0,  'E', 'J', 0, 0};
    static const unsigned char reserved[] = {0x1f, 0x8b, 8, 0x24, 0, 0, 0, 0, 0, 3, 0, 0};

    (void)state;
    assert_foreign("{\"seq\":0}\n", 10);
    assert_foreign("x", 1);
    assert_foreign("\x1f\x8b\x07", 3);
    assert_foreign("(\xb5/\xfd zstd", 9);
    assert_foreign(plain_gzip, sizeof(plain_gzip));
    assert_foreign(bgzf, sizeof(bgzf));
    assert_foreign(named, sizeof(named));
    assert_foreign(reserved, sizeof(reserved));
}

/* Bytes of a gzip member that say nothing about its text: MTIME, XFL and OS in its header, and the
 * last byte of the deflate data, where bits may be left over. */
static bool may_mean_nothing(const struct member *member, size_t at)
{
    return (at >= 4 && at < 10) || at == member->size - 9;
}

/* A change of one byte anywhere is told, or changes nothing. */
static void no_changed_byte_goes_unnoticed(void **state)
{
    struct member member = block_of(lines);

    (void)state;
    for (size_t at = 0; at < member.size; at++) {
        for (unsigned change = 1; change < 256; change++) {
            char *back;
            member.bytes[at] ^= (unsigned char)change;
            int status = decode_all(&member, &back);
            member.bytes[at] ^= (unsigned char)change;
            if (status == EVJ_OK)
                assert_memory_equal(back, text, sizeof(text) - 1);
            if (status == EVJ_OK && !may_mean_nothing(&member, at))
                fail_msg("byte %zu ^ %u is not noticed", at, change);
            free(back);
        }
    }
    member_done(&member);
}

/* Another program's subfields may stand beside ours, in front and behind. */
static void other_subfields_are_passed(void **state)
{
    static const unsigned char before[] = {'A', 'B', 3, 0, 1, 2, 3}, behind[] = {'Z', 'Z', 0, 0};
    struct member plain = block_of(lines);
    struct member more = {NULL, plain.size + sizeof(before) + sizeof(behind)};
    size_t ours = 4 + le_at(plain.bytes + 14, 2);
    struct evj_block_info info;
    char *back;

    (void)state;
    unsigned char *at = more.bytes = malloc(more.size);
    at = mempcpy(at, plain.bytes, 12);
    at = mempcpy(at, before, sizeof(before));
    at = mempcpy(at, plain.bytes + 12, ours);
    at = mempcpy(at, behind, sizeof(behind));
    memcpy(at, plain.bytes + 12 + ours, plain.size - 12 - ours);
    put_le_at(more.bytes + 10, 2, ours + sizeof(before) + sizeof(behind));
    /* The member is longer now, and its size is told in EJ. */
    unsigned char *ej = more.bytes + 16 + sizeof(before);
    put_le_at(ej + 4, 4, more.size);
    put_le_at(ej + 72, 4, crc32(0, ej, 72));
    assert_int_equal(decode(&more, &info, NULL), EVJ_OK);
    assert_int_equal(decode_all(&more, &back), EVJ_OK);
    assert_memory_equal(back, text, sizeof(text) - 1);
    free(back);
    member_done(&plain);
    member_done(&more);
}

/* A later minor version may put more behind the CRC, and flags that we do not know. */
static void a_later_minor_version_is_read(void **state)
{
    struct member plain = block_of(lines);
    struct member more = {malloc(plain.size + 5), plain.size + 5};
    size_t header = 16 + le_at(plain.bytes + 14, 2);
    char *back;

    (void)state;
    memcpy(more.bytes, plain.bytes, header);
    memcpy(more.bytes + header, "later", 5);
    memcpy(more.bytes + header + 5, plain.bytes + header, plain.size - header);
    put_le_at(more.bytes + 10, 2, le_at(plain.bytes + 10, 2) + 5);
    put_le_at(more.bytes + 14, 2, le_at(plain.bytes + 14, 2) + 5);
    more.bytes[17] = 9;
    put_le_at(more.bytes + 18, 2, 0x8000);
    put_le_at(more.bytes + 20, 4, more.size);
    member_fix_crc(&more);
    assert_int_equal(decode_all(&more, &back), EVJ_OK);
    assert_memory_equal(back, text, sizeof(text) - 1);
    free(back);
    member_done(&plain);
    member_done(&more);
}

static void assert_patched(unsigned place, unsigned size, uint64_t value, int status)
{
    struct member member = block_of(lines);
    struct evj_block_info info = {.records = 99};
    char *back;

    put_le_at(member.bytes + 16 + place, size, value);
    member_fix_crc(&member);
    int got = decode(&member, &info, NULL);
    assert_int_equal(info.records, got == EVJ_OK ? 2 : 99);
    if (got == EVJ_OK)
        got = decode_all(&member, &back), free(back);
    if (got != status)
        fail_msg("%llu at %u gives %d", (unsigned long long)value, place, got);
    member_done(&member);
}

/* Somebody made the CRC right as well: every size is still held against what is there. */
static void lies_with_a_good_crc_are_refused(void **state)
{
    (void)state;
    assert_patched(0, 1, 2, EVJ_ERR_VERSION);
    assert_patched(0, 1, 0, EVJ_ERR_VERSION);
    assert_patched(4, 4, 0, EVJ_ERR_CORRUPT);
    assert_patched(4, 4, 12 + 72 + 8, EVJ_ERR_CORRUPT);
    assert_patched(4, 4, UINT32_MAX, EVJ_ERR_LIMIT);
    assert_patched(4, 4, EVJ_MEMBER_MAX + 1, EVJ_ERR_LIMIT);
    assert_patched(4, 4, EVJ_MEMBER_MAX, EVJ_TRUNCATED);
    assert_patched(8, 4, 0, EVJ_ERR_CORRUPT);
    assert_patched(8, 4, sizeof(text) - 2, EVJ_ERR_CORRUPT);
    assert_patched(8, 4, sizeof(text), EVJ_ERR_CORRUPT);
    assert_patched(8, 4, EVJ_LINE_MAX + 2, EVJ_ERR_LIMIT);
    assert_patched(8, 4, UINT32_MAX, EVJ_ERR_LIMIT);
}

static void a_filter_beyond_its_subfield_is_corrupt(void **state)
{
    struct member member = block_of(lines);
    struct evj_block_info info;

    (void)state;
    put_le_at(member.bytes + 16 + 60, 2, 9);
    assert_int_equal(decode(&member, &info, NULL), EVJ_ERR_CORRUPT);
    put_le_at(member.bytes + 16 + 60, 2, 0xffff);
    assert_int_equal(decode(&member, &info, NULL), EVJ_ERR_CORRUPT);
    member_done(&member);
}

/* Small data that claims to be a lot of text may cost the text's room, and no more. */
static void an_empty_text_or_one_without_a_newline_is_corrupt(void **state)
{
    struct member member = block_of((const char *const[]){"{}", NULL});
    unsigned char *data = member.bytes + 12 + le_at(member.bytes + 10, 2);
    size_t room = member.size - (size_t)(data - member.bytes);
    /* A stored block of "{}" and a letter: not a whole line. */
    static const unsigned char stored[] = {1, 3, 0, 0xfc, 0xff, '{', '}', 'x'};
    struct member odd = {malloc(member.size - room + sizeof(stored) + 8),
                         member.size - room + sizeof(stored) + 8};
    char *back;

    (void)state;
    memcpy(odd.bytes, member.bytes, member.size - room);
    memcpy(odd.bytes + member.size - room, stored, sizeof(stored));
    put_le_at(odd.bytes + odd.size - 8, 4, crc32(0, (const Bytef *)"{}x", 3));
    put_le_at(odd.bytes + odd.size - 4, 4, 3);
    put_le_at(odd.bytes + 20, 4, odd.size);
    put_le_at(odd.bytes + 24, 4, 3);
    member_fix_crc(&odd);
    assert_int_equal(decode_all(&odd, &back), EVJ_ERR_CORRUPT);
    free(back);
    member_done(&odd);
    member_done(&member);
}

static void a_block_denies_only_sessions_that_it_lacks(void **state)
{
    struct member member = block_of(lines);
    struct evj_block_info info;
    unsigned passed = 0;

    (void)state;
    assert_int_equal(decode(&member, &info, NULL), EVJ_OK);
    assert_true(evj_block_may_have_session(&info, 7));
    for (uint64_t id = 1000; id < 2000; id++)
        passed += evj_block_may_have_session(&info, id);
    assert_in_range(passed, 0, 20);
    info.filter.len = 0;
    assert_true(evj_block_may_have_session(&info, 1000));
    member_done(&member);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_gives_its_lines_back),
        cmocka_unit_test(zlib_inflates_a_block_as_any_gzip_member),
        cmocka_unit_test(a_header_that_stops_is_truncated_at_every_byte),
        cmocka_unit_test(what_is_no_block_is_foreign),
        cmocka_unit_test(no_changed_byte_goes_unnoticed),
        cmocka_unit_test(other_subfields_are_passed),
        cmocka_unit_test(a_later_minor_version_is_read),
        cmocka_unit_test(lies_with_a_good_crc_are_refused),
        cmocka_unit_test(a_filter_beyond_its_subfield_is_corrupt),
        cmocka_unit_test(an_empty_text_or_one_without_a_newline_is_corrupt),
        cmocka_unit_test(a_block_denies_only_sessions_that_it_lacks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
