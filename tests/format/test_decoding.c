/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "format/decoding_internal.h"
#include "tests/support/blocks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A block of `count` events, and its text; both malloc'ed to their size. */
struct sample {
    struct member member;
    char *text;
    size_t len;
};

static struct sample sample_of(unsigned count)
{
    EVJ_AUTO(block_builder) *builder = NULL;
    struct sample sample;
    FILE *out = open_memstream(&sample.text, &sample.len);

    assert_int_equal(evj_block_builder_new(1, &builder, NULL), EVJ_OK);
    for (unsigned i = 0; i < count; i++) {
        char line[100];
        snprintf(line, sizeof(line), "{\"seq\":%u,\"mono\":%u,\"event\":{\"session_id\":%u}}", i,
                 2 * i, i % 7 + 1);
        block_add_lines(builder, (const char *const[]){line, NULL});
        fprintf(out, "%s\n", line);
    }
    fclose(out);
    sample.member = block_finish(builder);
    return sample;
}

static void sample_done(struct sample *sample)
{
    member_done(&sample->member);
    free(sample->text);
}

static void decode_with(struct evj_decoding *decoding, const struct member *member,
                        evj_record_parser *parser)
{
    assert_int_equal(evj_decoding_set(decoding, member->bytes, member->size, 5000, NULL), EVJ_OK);
    decoding->parser = parser;
    evj_workers_submit(NULL, &decoding->job);
    evj_workers_wait(NULL, &decoding->job);
}

static struct evj_decoding *new_decoding(void)
{
    struct evj_decoding *decoding = evj_decoding_new();

    assert_non_null(decoding);
    return decoding;
}

/* The text, its first lines as records, and the rest behind them. */
static void assert_decoded(const struct evj_decoding *decoding, const struct sample *sample,
                           size_t records)
{
    const char *at = decoding->text;

    assert_int_equal(decoding->status, EVJ_OK);
    assert_int_equal(decoding->info.text_size, sample->len);
    assert_memory_equal(decoding->text, sample->text, sample->len);
    assert_int_equal(decoding->record_count, records);
    for (size_t i = 0; i < records; i++) {
        const struct evj_record *record = &decoding->records[i];
        assert_ptr_equal(record->line.text, at);
        assert_int_equal(record->seq, i);
        assert_int_equal(record->mono_us, 2 * i);
        at += record->line.len + 1;
    }
    assert_ptr_equal(decoding->rest, at);
}

static void a_block_becomes_its_text_and_its_records(void **state)
{
    EVJ_AUTO(decoding) *decoding = new_decoding();
    struct sample sample = sample_of(20);

    (void)state;
    decode_with(decoding, &sample.member, evj_record_parse);
    assert_decoded(decoding, &sample, 20);
    assert_int_equal(decoding->records[8].event.session_id, 2);
    sample_done(&sample);
}

/* Who parses its lines himself gets them all as the rest. */
static void without_a_parser_there_is_only_text(void **state)
{
    EVJ_AUTO(decoding) *decoding = new_decoding();
    struct sample sample = sample_of(20);

    (void)state;
    decode_with(decoding, &sample.member, NULL);
    assert_decoded(decoding, &sample, 0);
    decode_with(decoding, &sample.member, evj_record_parse);
    assert_decoded(decoding, &sample, 20);
    decode_with(decoding, &sample.member, NULL);
    assert_decoded(decoding, &sample, 0);
    sample_done(&sample);
}

static void the_parser_that_was_asked_for_is_used(void **state)
{
    EVJ_AUTO(decoding) *decoding = new_decoding();
    struct sample sample = sample_of(3);

    (void)state;
    decode_with(decoding, &sample.member, evj_record_parse_place);
    assert_decoded(decoding, &sample, 3);
    assert_int_equal(decoding->records[1].event.session_id, 0);
    sample_done(&sample);
}

/* A block may have any number of lines; the memory for them is bounded. */
static void lines_beyond_what_is_parsed_ahead_are_left_as_text(void **state)
{
    static const unsigned counts[] = {1023, 1024, 1025, 3000};
    EVJ_AUTO(decoding) *decoding = new_decoding();

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct sample sample = sample_of(counts[i]);
        decode_with(decoding, &sample.member, evj_record_parse);
        assert_decoded(decoding, &sample, counts[i] < 1024 ? counts[i] : 1024);
        sample_done(&sample);
    }
}

/* Its reader comes to that line, and says what is wrong with it. */
static void a_line_that_is_no_record_is_left_to_the_reader(void **state)
{
    static const char *const lines[] = {"{\"seq\":0,\"mono\":0,\"event\":{}}", "{\"seq\":1,",
                                        "{\"seq\":2,\"mono\":0,\"event\":{}}"};
    EVJ_AUTO(decoding) *decoding = new_decoding();
    EVJ_AUTO(block_builder) *builder = NULL;

    (void)state;
    assert_int_equal(evj_block_builder_new(1, &builder, NULL), EVJ_OK);
    for (unsigned i = 0; i < 3; i++) {
        struct evj_record record = {.line = {lines[i], strlen(lines[i])}};
        assert_int_equal(evj_block_builder_add(builder, &record, NULL), EVJ_OK);
    }
    struct member member = block_finish(builder);
    decode_with(decoding, &member, evj_record_parse);
    assert_int_equal(decoding->status, EVJ_OK);
    assert_int_equal(decoding->record_count, 1);
    assert_ptr_equal(decoding->rest, decoding->text + strlen(lines[0]) + 1);
    member_done(&member);
}

/* The bytes that the header was first looked at in are long gone. */
static void the_filter_stays_with_the_block(void **state)
{
    EVJ_AUTO(decoding) *decoding = new_decoding();
    struct sample sample = sample_of(20);

    (void)state;
    assert_int_equal(evj_decoding_set(decoding, sample.member.bytes, sample.member.size, 0, NULL),
                     EVJ_OK);
    memset(sample.member.bytes, 0, sample.member.size);
    evj_workers_submit(NULL, &decoding->job);
    evj_workers_wait(NULL, &decoding->job);
    assert_int_equal(decoding->status, EVJ_OK);
    for (unsigned id = 1; id <= 7; id++)
        assert_true(evj_block_may_have_session(&decoding->info, id));
    assert_false(evj_block_may_have_session(&decoding->info, 1000));
    sample_done(&sample);
}

static void assert_wrong(struct evj_decoding *decoding, const struct member *member,
                         const char *words)
{
    decode_with(decoding, member, evj_record_parse);
    assert_int_equal(decoding->status, EVJ_ERR_CORRUPT);
    assert_int_equal(decoding->record_count, 0);
    assert_int_equal(decoding->err.offset, 5000);
    if (!strstr(decoding->err.text, words))
        fail_msg("\"%s\" does not say \"%s\"", decoding->err.text, words);
}

static void flip(struct member *member, size_t at)
{
    member->bytes[at] ^= 0x55;
}

/* And what was wrong once leaves nothing behind for the next block. */
static void a_wrong_block_says_why(void **state)
{
    EVJ_AUTO(decoding) *decoding = new_decoding();
    struct sample sample = sample_of(20);
    struct member *member = &sample.member;

    (void)state;
    flip(member, member->size - 8);
    assert_wrong(decoding, member, "does not match its CRC");
    flip(member, member->size - 8);
    flip(member, member->size - 1);
    assert_wrong(decoding, member, "does not match its CRC");
    flip(member, member->size - 1);
    memset(member->bytes + member->size - 40, 0xff, 20);
    assert_wrong(decoding, member, "cannot be inflated");
    sample_done(&sample);

    sample = sample_of(20);
    decode_with(decoding, &sample.member, evj_record_parse);
    assert_decoded(decoding, &sample, 20);
    sample_done(&sample);
}

/* Its header was right when it was looked at: who cuts and writes meanwhile is told. */
static void a_header_that_changed_meanwhile_is_noticed(void **state)
{
    EVJ_AUTO(decoding) *decoding = new_decoding();
    struct sample sample = sample_of(20);
    struct member *member = &sample.member;

    (void)state;
    flip(member, 30);
    assert_wrong(decoding, member, "changed while it was read");
    flip(member, 30);
    put_le_at(member->bytes + 20, 4, member->size - 1);
    member_fix_crc(member);
    assert_wrong(decoding, member, "changed while it was read");
    put_le_at(member->bytes + 20, 4, member->size + 1000000);
    member_fix_crc(member);
    assert_wrong(decoding, member, "changed while it was read");
    sample_done(&sample);
}

static void one_decoding_serves_blocks_of_any_size(void **state)
{
    static const unsigned counts[] = {1, 2000, 5, 900, 2001, 1};
    EVJ_AUTO(decoding) *decoding = new_decoding();

    (void)state;
    for (unsigned i = 0; i < 6; i++) {
        struct sample sample = sample_of(counts[i]);
        decode_with(decoding, &sample.member, i % 2 ? evj_record_parse : NULL);
        size_t expected = counts[i] < 1024 ? counts[i] : 1024;
        assert_decoded(decoding, &sample, i % 2 ? expected : 0);
        sample_done(&sample);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_becomes_its_text_and_its_records),
        cmocka_unit_test(without_a_parser_there_is_only_text),
        cmocka_unit_test(the_parser_that_was_asked_for_is_used),
        cmocka_unit_test(lines_beyond_what_is_parsed_ahead_are_left_as_text),
        cmocka_unit_test(a_line_that_is_no_record_is_left_to_the_reader),
        cmocka_unit_test(the_filter_stays_with_the_block),
        cmocka_unit_test(a_wrong_block_says_why),
        cmocka_unit_test(a_header_that_changed_meanwhile_is_noticed),
        cmocka_unit_test(one_decoding_serves_blocks_of_any_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
