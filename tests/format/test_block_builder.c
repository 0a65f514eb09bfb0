/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/limits.h"
#include "tests/support/blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define EVENT(seq, mono, type, timestamp, session)                                                 \
    "{\"seq\":" #seq ",\"mono\":" #mono ",\"event\":{\"type\":" #type ",\"timestamp\":" #timestamp \
    ",\"session_id\":" #session "}}"

static struct evj_block_info info_of(const struct member *member)
{
    struct evj_block_info info = {0};
    size_t header_size;

    assert_int_equal(
        evj_block_decode_header(member->bytes, member->size, 0, &info, &header_size, NULL), EVJ_OK);
    return info;
}

static const char *const three_events[] = {EVENT(70, 1000, 8, 5000, 11),
                                           EVENT(71, 1001, 32, 4000, 12),
                                           EVENT(72, 1005, 8, 6000, 11), NULL};

/* The gzip header of RFC 1952 with one subfield; no time and no name, so equal lines make equal
 * bytes. */
static void a_block_begins_as_gzip_with_an_ej_subfield(void **state)
{
    static const unsigned char start[] = {0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255};
    struct member member = block_of(three_events);
    uint64_t extra_len = le_at(member.bytes + 10, 2);
    uint64_t ej_len = le_at(member.bytes + 14, 2);

    (void)state;
    assert_memory_equal(member.bytes, start, sizeof(start));
    assert_int_equal(extra_len, ej_len + 4);
    assert_memory_equal(member.bytes + 12, "EJ", 2);
    assert_int_equal(ej_len, 64 + le_at(member.bytes + 16 + 60, 2) + 4);
    member_done(&member);
}

/* Offsets as the table of the format specification has them. */
static void header_bytes_stand_where_the_format_says(void **state)
{
    struct member member = block_of(three_events);
    const unsigned char *ej = member.bytes + 16;
    size_t text_size = 3;

    (void)state;
    for (unsigned i = 0; i < 3; i++)
        text_size += strlen(three_events[i]);
    assert_int_equal(ej[0], 1);
    assert_int_equal(ej[1], 0);
    assert_int_equal(le_at(ej + 2, 2), 0);
    assert_int_equal(le_at(ej + 4, 4), member.size);
    assert_int_equal(le_at(ej + 8, 4), text_size);
    assert_int_equal(le_at(ej + 12, 4), 3);
    assert_int_equal(le_at(ej + 16, 8), 70);
    assert_int_equal(le_at(ej + 24, 8), 1000);
    assert_int_equal(le_at(ej + 32, 8), 1005);
    assert_int_equal(le_at(ej + 40, 8), 4000);
    assert_int_equal(le_at(ej + 48, 8), 6000);
    assert_int_equal(le_at(ej + 56, 4), 8 | 32);
    assert_int_equal(le_at(ej + 60, 2), 8);
    assert_int_equal(le_at(ej + 62, 2), 4);
    assert_int_equal(le_at(ej + 72, 4), crc32(0, ej, 72));
    member_done(&member);
}

static void the_trailer_is_that_of_gzip(void **state)
{
    struct member member = block_of((const char *const[]){"{\"a\":1}", "{}", NULL});
    const unsigned char *trailer = member.bytes + member.size - 8;
    const char *text = "{\"a\":1}\n{}\n";

    (void)state;
    assert_int_equal(le_at(trailer, 4), crc32(0, (const Bytef *)text, (uInt)strlen(text)));
    assert_int_equal(le_at(trailer + 4, 4), strlen(text));
    member_done(&member);
}

static void equal_lines_make_equal_blocks(void **state)
{
    struct member a = block_of(three_events), b = block_of(three_events);

    (void)state;
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.bytes, b.bytes, a.size);
    member_done(&a);
    member_done(&b);
}

static void each_kind_sets_its_flag(void **state)
{
    static const struct {
        const char *line;
        unsigned flags;
    } kinds[] = {
        {"{\"journal\":{}}", EVJ_BLOCK_FIRST},
        {"{\"end\":{}}", EVJ_BLOCK_LAST},
        {"{\"seq\":1,\"mono\":1,\"gap\":{\"events\":2}}", EVJ_BLOCK_GAP},
        {"{\"seq\":1,\"mono\":1,\"mark\":{}}", EVJ_BLOCK_MARK},
        {"{\"seq\":1,\"mono\":1,\"state\":{}}", EVJ_BLOCK_STATE},
        {"{\"seq\":1,\"mono\":1,\"event\":{}}", 0},
        {"{\"seq\":1,\"mono\":1,\"later\":{}}", EVJ_BLOCK_OTHER},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct member member = block_of(
            (const char *const[]){kinds[i].line, "{\"seq\":2,\"mono\":1,\"event\":{}}", NULL});
        assert_int_equal(info_of(&member).flags, kinds[i].flags);
        member_done(&member);
    }
}

/* A state record keeps the seq and time of long ago; its type and session still count. */
static void state_records_do_not_move_a_blocks_place(void **state)
{
    struct member member = block_of(
        (const char *const[]){"{\"seq\":5,\"mono\":50,\"state\":{\"type\":2,\"session_id\":"
                              "77,\"timestamp\":9}}",
                              EVENT(800, 9000, 8, 10, 11), NULL});
    struct evj_block_info info = info_of(&member);

    (void)state;
    assert_int_equal(info.first_seq, 800);
    assert_int_equal(info.first_mono_us, 9000);
    assert_int_equal(info.last_mono_us, 9000);
    assert_int_equal(info.types, 2 | 8);
    assert_true(evj_block_may_have_session(&info, 77));
    assert_true(evj_block_may_have_session(&info, 11));
    member_done(&member);
}

static void a_gap_reaches_to_its_last_lost_event(void **state)
{
    struct member member = block_of((const char *const[]){
        "{\"seq\":5,\"mono\":50,\"gap\":{\"events\":10,\"until\":90}}", NULL});
    struct evj_block_info info = info_of(&member);

    (void)state;
    assert_int_equal(info.first_seq, 5);
    assert_int_equal(info.first_mono_us, 50);
    assert_int_equal(info.last_mono_us, 90);
    assert_int_equal(info.least_timestamp_us, 0);
    assert_int_equal(info.greatest_timestamp_us, 0);
    member_done(&member);
}

/* Clocks may step: the bounds are those of all records, not of the first and the last. */
static void bounds_hold_for_times_out_of_order(void **state)
{
    struct member member = block_of((const char *const[]){
        EVENT(1, 20, 1, -5, 1), EVENT(2, 10, 1, 7, 1), EVENT(3, 15, 1, 0, 1), NULL});
    struct evj_block_info info = info_of(&member);

    (void)state;
    assert_int_equal(info.first_mono_us, 10);
    assert_int_equal(info.last_mono_us, 20);
    assert_int_equal(info.least_timestamp_us, -5);
    assert_int_equal(info.greatest_timestamp_us, 7);
    member_done(&member);
}

static void numbers_of_64_bits_are_kept(void **state)
{
    struct member member =
        block_of((const char *const[]){EVENT(18446744073709551615, -9223372036854775808, 4294967295,
                                             9223372036854775807, 18446744073709551615),
                                       NULL});
    struct evj_block_info info = info_of(&member);

    (void)state;
    assert_true(info.first_seq == UINT64_MAX);
    assert_true(info.first_mono_us == INT64_MIN);
    assert_true(info.greatest_timestamp_us == INT64_MAX);
    assert_true(info.types == UINT32_MAX);
    assert_true(evj_block_may_have_session(&info, UINT64_MAX));
    member_done(&member);
}

/* 256 KiB of the smallest events have more sessions than any filter may tell. */
static void a_block_of_very_many_sessions_tells_none(void **state)
{
    EVJ_AUTO(block_builder) *builder = NULL;
    char line[128];

    (void)state;
    assert_int_equal(evj_block_builder_new(1, &builder, NULL), EVJ_OK);
    for (unsigned i = 0; i < 3000; i++) {
        snprintf(line, sizeof(line), "{\"seq\":%u,\"mono\":1,\"event\":{\"session_id\":%u}}", i,
                 1000 + i);
        block_add_lines(builder, (const char *const[]){line, NULL});
    }
    struct member member = block_finish(builder);
    struct evj_block_info info = info_of(&member);
    assert_int_equal(info.records, 3000);
    assert_int_equal(info.filter.len, 0);
    assert_true(evj_block_may_have_session(&info, 5));
    member_done(&member);
}

/* A write that failed is tried again with the same block. */
static void what_was_collected_stays_until_reset(void **state)
{
    EVJ_AUTO(block_builder) *builder = NULL;

    (void)state;
    assert_int_equal(evj_block_builder_new(6, &builder, NULL), EVJ_OK);
    block_add_lines(builder, three_events);
    struct member first = block_finish(builder), again = block_finish(builder);
    assert_int_equal(first.size, again.size);
    assert_memory_equal(first.bytes, again.bytes, first.size);
    assert_int_equal(evj_block_builder_records(builder), 3);
    evj_block_builder_reset(builder);
    assert_int_equal(evj_block_builder_records(builder), 0);
    assert_int_equal(evj_block_builder_text_size(builder), 0);
    member_done(&first);
    member_done(&again);
}

static void nothing_of_a_block_reaches_the_next(void **state)
{
    EVJ_AUTO(block_builder) *builder = NULL;

    (void)state;
    assert_int_equal(evj_block_builder_new(6, &builder, NULL), EVJ_OK);
    block_add_lines(builder, three_events);
    block_add_lines(builder, (const char *const[]){"{\"seq\":73,\"mono\":1006,\"mark\":{}}", NULL});
    evj_block_builder_reset(builder);
    block_add_lines(builder, (const char *const[]){EVENT(74, 2000, 1, 1, 99), NULL});
    struct member member = block_finish(builder);
    struct evj_block_info info = info_of(&member);
    assert_int_equal(info.flags, 0);
    assert_int_equal(info.records, 1);
    assert_int_equal(info.types, 1);
    assert_int_equal(info.first_seq, 74);
    assert_int_equal(info.first_mono_us, 2000);
    assert_int_equal(info.greatest_timestamp_us, 1);
    assert_false(evj_block_may_have_session(&info, 11));
    member_done(&member);
}

/* The last block, with nothing but the end record, still says where in the recording it stands. */
static void a_block_without_seqs_stands_where_the_last_one_ended(void **state)
{
    EVJ_AUTO(block_builder) *builder = NULL;

    (void)state;
    assert_int_equal(evj_block_builder_new(6, &builder, NULL), EVJ_OK);
    block_add_lines(builder, three_events);
    evj_block_builder_reset(builder);
    block_add_lines(builder, (const char *const[]){"{\"end\":{}}", NULL});
    struct member member = block_finish(builder);
    assert_int_equal(info_of(&member).first_seq, 73);
    assert_int_equal(info_of(&member).first_mono_us, 1005);
    assert_int_equal(info_of(&member).last_mono_us, 1005);
    member_done(&member);
}

static struct evj_record long_line(char *text, size_t len)
{
    struct evj_record record;

    memset(text, ' ', len);
    memcpy(text, "{\"x\":1", 6);
    text[len - 1] = '}';
    assert_int_equal(evj_record_parse(text, len, &record, NULL), EVJ_OK);
    return record;
}

static void a_line_of_the_limit_is_held_and_one_beyond_is_refused(void **state)
{
    EVJ_AUTO(block_builder) *builder = NULL;
    char *text = malloc(EVJ_LINE_MAX + 1);

    (void)state;
    assert_int_equal(evj_block_builder_new(1, &builder, NULL), EVJ_OK);
    struct evj_record record = long_line(text, EVJ_LINE_MAX + 1);
    assert_int_equal(evj_block_builder_add(builder, &record, NULL), EVJ_ERR_LIMIT);
    assert_int_equal(evj_block_builder_records(builder), 0);
    record = long_line(text, EVJ_LINE_MAX);
    assert_int_equal(evj_block_builder_add(builder, &record, NULL), EVJ_OK);
    struct member member = block_finish(builder);
    assert_int_equal(info_of(&member).text_size, EVJ_LINE_MAX + 1);
    member_done(&member);
    free(text);
}

static void what_was_collected_outlives_a_rest(void **state)
{
    EVJ_AUTO(block_builder) *builder = NULL;
    struct member expected = block_of(three_events);

    (void)state;
    assert_int_equal(evj_block_builder_new(6, &builder, NULL), EVJ_OK);
    for (unsigned round = 0; round < 2; round++) {
        evj_block_builder_rest(builder);
        block_add_lines(builder, three_events);
        evj_block_builder_rest(builder);
        struct member member = block_finish(builder);
        assert_int_equal(member.size, expected.size);
        assert_memory_equal(member.bytes, expected.bytes, member.size);
        member_done(&member);
        evj_block_builder_reset(builder);
    }
    member_done(&expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_begins_as_gzip_with_an_ej_subfield),
        cmocka_unit_test(header_bytes_stand_where_the_format_says),
        cmocka_unit_test(the_trailer_is_that_of_gzip),
        cmocka_unit_test(equal_lines_make_equal_blocks),
        cmocka_unit_test(each_kind_sets_its_flag),
        cmocka_unit_test(state_records_do_not_move_a_blocks_place),
        cmocka_unit_test(a_gap_reaches_to_its_last_lost_event),
        cmocka_unit_test(bounds_hold_for_times_out_of_order),
        cmocka_unit_test(numbers_of_64_bits_are_kept),
        cmocka_unit_test(a_block_of_very_many_sessions_tells_none),
        cmocka_unit_test(what_was_collected_stays_until_reset),
        cmocka_unit_test(nothing_of_a_block_reaches_the_next),
        cmocka_unit_test(a_block_without_seqs_stands_where_the_last_one_ended),
        cmocka_unit_test(a_line_of_the_limit_is_held_and_one_beyond_is_refused),
        cmocka_unit_test(what_was_collected_outlives_a_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
