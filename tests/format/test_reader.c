/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/limits.h"
#include "evj/reader.h"
#include "tests/support/blocks.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A journal's bytes, and where its blocks end. */
struct blocks {
    char *path;
    unsigned char *bytes;
    size_t size, count;
    size_t ends[64];
    size_t records[64]; /* in the blocks up to there, but for the first line */
    struct reading whole;
};

static void blocks_init(struct blocks *blocks, const char *folder, unsigned events,
                        size_t block_text)
{
    struct evj_block_info info;
    size_t header_size, records = 0;

    *blocks = (struct blocks){.path = temp_path(folder, "j.evj.gz")};
    journal_make(blocks->path, events, block_text);
    blocks->bytes = (unsigned char *)temp_read(blocks->path, &blocks->size);
    blocks->whole = reading_of(blocks->path);
    for (size_t at = 0; at < blocks->size; at += info.member_size) {
        assert_int_equal(evj_block_decode_header(blocks->bytes + at, blocks->size - at, at, &info,
                                                 &header_size, NULL),
                         EVJ_OK);
        assert_in_range(blocks->count, 0, 63);
        records += info.records - (at == 0);
        blocks->ends[blocks->count] = at + info.member_size;
        blocks->records[blocks->count++] = records;
    }
}

static void blocks_done(struct blocks *blocks)
{
    reading_done(&blocks->whole);
    free(blocks->bytes);
    free(blocks->path);
}

/* The first records of `whole`, and nothing else. */
static void assert_begins(const struct reading *reading, const struct reading *whole)
{
    assert_in_range(reading->count, 0, whole->count);
    for (size_t i = 0; i < reading->count; i++)
        assert_string_equal(reading->lines[i], whole->lines[i]);
}

static void records_come_as_they_were_written(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);

    journal_line(writer, "{\"seq\":0,\"mono\":3600000007,\"event\":{\"type\":1}}");
    journal_line(writer,
                 "{\"seq\":1,\"mono\":3600000009,\"gap\":{\"events\":2,\"until\":3600000010}}");
    journal_line(writer, "{\"seq\":3,\"mono\":3600000011,\"mark\":{\"text\":\"here\"}}");
    journal_line(writer, "{\"later\":[true]}");
    journal_end(writer);

    struct reading reading = reading_of(path);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.count, 5);
    assert_int_equal(reading.records[0].kind, EVJ_RECORD_EVENT);
    assert_int_equal(reading.records[0].wall_us, JOURNAL_WALL_US + 7);
    assert_int_equal(reading.records[1].gap.events, 2);
    assert_int_equal(reading.records[2].kind, EVJ_RECORD_MARK);
    reading_assert_line(&reading, 3, "{\"later\":[true]}");
    assert_int_equal(reading.records[4].kind, EVJ_RECORD_END);
    assert_int_equal(reading.ending, EVJ_ENDING_CLOSED);
    reading_done(&reading);
    free(path);
}

static void real_events_come_back_byte_for_byte(void **state)
{
    size_t size;
    char *text = temp_read_data("events/room1.ndjson", &size), *rest = text, *line;
    char *path = temp_path(*state, "j.evj.gz"), expected[16384];
    struct evj_writer *writer =
        journal_begin(path, &(struct evj_writer_options){.block_text = 10000});
    struct reading reading;

    while ((line = strsep(&rest, "\n")) && line[0] != '\0')
        assert_int_equal(evj_writer_add_event(writer, 5, line, strlen(line), NULL), EVJ_OK);
    journal_end(writer);
    free(text);

    reading = reading_of(path);
    rest = text = temp_read_data("events/room1.ndjson", &size);
    for (size_t i = 0; (line = strsep(&rest, "\n")) && line[0] != '\0'; i++) {
        snprintf(expected, sizeof(expected), "{\"seq\":%zu,\"mono\":5,\"event\":%s}", i, line);
        reading_assert_line(&reading, i, expected);
    }
    assert_int_equal(reading.records[reading.count - 1].kind, EVJ_RECORD_END);
    reading_done(&reading);
    free(text);
    free(path);
}

/* The number of whole blocks in the first `cut` bytes. */
static size_t whole_blocks(const struct blocks *blocks, size_t cut)
{
    size_t whole = 0;

    while (whole < blocks->count && blocks->ends[whole] <= cut)
        whole++;
    return whole;
}

/* What stands behind the last whole block: records of the torn one, then the gap of the rest. */
static void assert_torn(const struct blocks *blocks, size_t whole, const struct reading *reading)
{
    /* Of a block with nothing but the end record, nothing is lost. */
    bool has_gap = reading_kinds(reading, EVJ_RECORD_GAP) > 0;
    size_t last = reading->count - has_gap;

    assert_int_equal(has_gap, !(reading->damage.lost == 0 && reading->damage.lost_is_certain));
    assert_int_equal(reading->ending, EVJ_ENDING_TRUNCATED);
    assert_int_equal(reading->damages, 1);
    assert_int_equal(reading->damage.from, blocks->ends[whole - 1]);
    assert_int_equal(reading->damage.salvaged, last - blocks->records[whole - 1]);
    if (has_gap)
        assert_int_equal(reading->records[last].seq, last);
    for (size_t i = 0; i < last; i++)
        assert_string_equal(reading->lines[i], blocks->whole.lines[i]);
}

static void assert_cut(const struct blocks *blocks, size_t cut)
{
    size_t whole = whole_blocks(blocks, cut);
    bool at_an_end = whole > 0 && blocks->ends[whole - 1] == cut;
    struct reading reading = reading_of(blocks->path);

    if (whole == 0) {
        assert_int_equal(reading.status, EVJ_ERR_FOREIGN);
    } else if (at_an_end) {
        assert_int_equal(reading.status, EVJ_END);
        assert_int_equal(reading.count, blocks->records[whole - 1]);
        assert_begins(&reading, &blocks->whole);
        assert_int_equal(reading.ending, cut == blocks->size ? EVJ_ENDING_CLOSED : EVJ_ENDING_OPEN);
    } else {
        assert_torn(blocks, whole, &reading);
    }
    reading_done(&reading);
}

/* A power cut at any byte may cost the block in flight, never an earlier one. */
static void cut_anywhere_every_whole_record_is_read(void **state)
{
    struct blocks blocks;

    blocks_init(&blocks, *state, 30, 900);
    assert_in_range(blocks.count, 5, 63);
    for (size_t cut = blocks.size;; cut--) {
        assert_int_equal(truncate(blocks.path, (off_t)cut), 0);
        assert_cut(&blocks, cut);
        if (cut == 0)
            break;
    }
    blocks_done(&blocks);
}

static void bytes_behind_the_last_block_are_damage(void **state)
{
    struct blocks blocks;

    blocks_init(&blocks, *state, 3, 0);
    blocks.bytes = realloc(blocks.bytes, blocks.size + 8);
    memcpy(blocks.bytes + blocks.size, "trailing", 8);
    temp_write(blocks.path, blocks.bytes, blocks.size + 8);
    struct reading reading = reading_of(blocks.path);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.ending, EVJ_ENDING_CLOSED);
    assert_int_equal(reading.damages, 1);
    assert_int_equal(reading.damage.from, blocks.size);
    assert_int_equal(reading.damage.to, blocks.size + 8);
    assert_true(reading.damage.lost_is_certain);
    assert_int_equal(reading.count, blocks.whole.count);
    reading_done(&reading);
    blocks_done(&blocks);
}

static void assert_refused(const char *path, int status, const char *words)
{
    struct reading reading = reading_of(path);

    assert_int_equal(reading.status, status);
    if (!strstr(reading.err.text, words))
        fail_msg("\"%s\" does not say \"%s\"", reading.err.text, words);
    reading_done(&reading);
}

static void what_is_no_journal_is_refused_with_a_reason(void **state)
{
    char *path = temp_path(*state, "odd");
    struct member later =
        block_of((const char *const[]){"{\"journal\":{\"version\":2,\"started\":{}}}", NULL});

    assert_refused(path, EVJ_ERR_IO, "cannot open: No such file");
    assert_refused(*state, EVJ_ERR_IO, "cannot open: Is a directory");
    temp_write(path, "", 0);
    assert_refused(path, EVJ_ERR_FOREIGN, "empty");
    temp_write(path, "{\"type\":1}\n", 11);
    assert_refused(path, EVJ_ERR_FOREIGN, "not a journal");
    temp_write(path, later.bytes, later.size);
    assert_refused(path, EVJ_ERR_VERSION, "later evj");
    member_done(&later);
    free(path);
}

/* The block that has the first line is lost: what is left can be read, and says that it is. */
static void blocks_without_a_first_line_are_read(void **state)
{
    struct blocks blocks;

    blocks_init(&blocks, *state, 30, 900);
    temp_write(blocks.path, blocks.bytes + blocks.ends[0], blocks.size - blocks.ends[0]);
    struct reading reading = reading_of(blocks.path);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.damages, 1);
    assert_int_equal(reading.count, blocks.whole.count + 1);
    assert_int_equal(reading.records[0].kind, EVJ_RECORD_GAP);
    for (size_t i = 0; i < blocks.whole.count; i++)
        assert_string_equal(reading.lines[i + 1], blocks.whole.lines[i]);
    reading_done(&reading);
    blocks_done(&blocks);
}

/* Bytes that are no block between two that are: nothing is lost, and it is told. */
static void what_stands_between_blocks_is_passed_over(void **state)
{
    struct blocks blocks;

    blocks_init(&blocks, *state, 30, 900);
    for (size_t i = 0; i < blocks.count; i++) {
        size_t at = i > 0 ? blocks.ends[i - 1] : 0;
        unsigned char *odd = malloc(blocks.size + 1000);
        memcpy(odd, blocks.bytes, at);
        memset(odd + at, 0x1f, 1000);
        memcpy(odd + at + 1000, blocks.bytes + at, blocks.size - at);
        temp_write(blocks.path, odd, blocks.size + 1000);
        struct reading reading = reading_of(blocks.path);
        assert_int_equal(reading.damages, 1);
        assert_int_equal(reading.damage.from, at);
        assert_int_equal(reading.damage.to, at + 1000);
        assert_int_equal(reading.damage.lost, 0);
        assert_int_equal(reading.count, blocks.whole.count);
        assert_begins(&reading, &blocks.whole);
        reading_done(&reading);
        free(odd);
    }
    blocks_done(&blocks);
}

/* A block that is not there leaves no byte behind that is wrong: only the seqs tell. */
static void a_block_that_was_taken_out_is_told(void **state)
{
    struct blocks blocks;

    blocks_init(&blocks, *state, 30, 900);
    for (size_t i = 1; i + 2 < blocks.count; i++) {
        unsigned char *odd = malloc(blocks.size);
        memcpy(odd, blocks.bytes, blocks.ends[i - 1]);
        memcpy(odd + blocks.ends[i - 1], blocks.bytes + blocks.ends[i],
               blocks.size - blocks.ends[i]);
        temp_write(blocks.path, odd, blocks.size - (blocks.ends[i] - blocks.ends[i - 1]));
        struct reading reading = reading_of(blocks.path);
        assert_int_equal(reading.damages, 1);
        assert_int_equal(reading.damage.lost, blocks.records[i] - blocks.records[i - 1]);
        assert_int_equal(reading_kinds(&reading, EVJ_RECORD_GAP), 1);
        assert_int_equal(reading_assert_continuous(&reading), 30);
        reading_done(&reading);
        free(odd);
    }
    blocks_done(&blocks);
}

/* `cat a b > c`: each is read with its own first line. */
static void files_one_behind_the_other_are_read(void **state)
{
    struct blocks blocks;

    blocks_init(&blocks, *state, 30, 900);
    blocks.bytes = realloc(blocks.bytes, 2 * blocks.size);
    memcpy(blocks.bytes + blocks.size, blocks.bytes, blocks.size);
    temp_write(blocks.path, blocks.bytes, 2 * blocks.size);
    struct reading reading = reading_of(blocks.path);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.ending, EVJ_ENDING_CLOSED);
    assert_int_equal(reading.damages, 0);
    assert_int_equal(reading.count, 2 * blocks.whole.count);
    for (size_t i = 0; i < reading.count; i++)
        assert_string_equal(reading.lines[i], blocks.whole.lines[i % blocks.whole.count]);
    reading_done(&reading);
    blocks_done(&blocks);
}

static void a_block_of_a_later_version_is_named_as_such(void **state)
{
    char *path = temp_path(*state, "later");
    struct member member = block_of((const char *const[]){"{\"journal\":{\"version\":2}}", NULL});

    member.bytes[16] = 2;
    member_fix_crc(&member);
    temp_write(path, member.bytes, member.size);
    assert_refused(path, EVJ_ERR_VERSION, "later evj");
    member_done(&member);
    free(path);
}

/* The block's own checks are good, but its line is none: say so, after what came before it. */
static void a_line_that_is_no_record_is_damage(void **state)
{
    static const char *const odd[] = {"{\"seq\":0,\"mono\":0,\"event\":{}}", "{\"seq\":1,\"x\"",
                                      NULL};
    struct blocks blocks;
    EVJ_AUTO(block_builder) *builder = NULL;
    struct evj_record record = {.line = {odd[1], strlen(odd[1])}};

    blocks_init(&blocks, *state, 0, 0);
    assert_int_equal(evj_block_builder_new(6, &builder, NULL), EVJ_OK);
    block_add_lines(builder, (const char *const[]){odd[0], NULL});
    assert_int_equal(evj_block_builder_add(builder, &record, NULL), EVJ_OK);
    struct member member = block_finish(builder);
    blocks.bytes = realloc(blocks.bytes, blocks.size + member.size);
    memcpy(blocks.bytes + blocks.ends[0], member.bytes, member.size);
    temp_write(blocks.path, blocks.bytes, blocks.ends[0] + member.size);

    struct reading reading = reading_of(blocks.path);
    assert_int_equal(reading.count, 2);
    assert_int_equal(reading.damages, 1);
    assert_int_equal(reading.damage.from, blocks.ends[0]);
    assert_int_equal(reading.records[1].kind, EVJ_RECORD_GAP);
    reading_done(&reading);
    member_done(&member);
    blocks_done(&blocks);
}

/* All numbers as large and as small as a line can hold them. */
static void absurd_numbers_overflow_nothing(void **state)
{
    static const char later[] =
        "{\"seq\":18446744073709551615,\"mono\":9223372036854775807,\"event\":{\"timestamp\":1}}";
    static const char gap[] = "{\"seq\":18446744073709551615,\"mono\":-9223372036854775808,\"gap\":"
                              "{\"events\":18446744073709551615,\"until\":9223372036854775807}}";
    static const char before[] = "{\"seq\":0,\"mono\":-9223372036854775808,\"state\":{"
                                 "\"timestamp\":-9223372036854775808}}";
    static const char *const lines[] = {later, gap, before};
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);

    for (unsigned i = 0; i < 3; i++)
        journal_line(writer, lines[i]);
    journal_end(writer);
    struct reading reading = reading_of(path);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.damage.lost, UINT64_MAX);
    for (unsigned i = 0; i < 3; i++)
        reading_assert_line(&reading, i + 1, lines[i]);
    assert_true(reading.records[1].wall_us == INT64_MAX);
    reading_done(&reading);
    free(path);
}

/* ---- passing blocks by ---- */

static bool wants_none(const struct evj_header *header, const struct evj_block_info *info,
                       void *context)
{
    assert_string_equal(header->id, JOURNAL_ID);
    assert_true(info->records > 0);
    ++*(unsigned *)context;
    return false;
}

/* Every byte of the data of blocks that nobody wants is broken: who does not look, does not see. */
static void a_block_that_is_passed_by_is_never_inflated(void **state)
{
    struct blocks blocks;
    unsigned asked = 0;

    blocks_init(&blocks, *state, 30, 900);
    for (size_t i = 1; i + 1 < blocks.count; i++) {
        size_t at = blocks.ends[i - 1];
        size_t data = at + 12 + le_at(blocks.bytes + at + 10, 2);
        memset(blocks.bytes + data, 0xff, blocks.ends[i] - data);
    }
    temp_write(blocks.path, blocks.bytes, blocks.size);
    struct reading reading = reading_of(blocks.path);
    assert_int_equal(reading.damages, 1);
    assert_int_equal(reading.damage.lost, 30);
    assert_int_equal(reading_assert_continuous(&reading), 30);
    reading_done(&reading);

    reading = reading_with_filter(blocks.path, wants_none, &asked);
    assert_int_equal(reading.damages, 0);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.ending, EVJ_ENDING_CLOSED);
    assert_int_equal(asked, blocks.count - 2);
    assert_int_equal(reading.totals.blocks_skipped, blocks.count - 2);
    assert_int_equal(reading.totals.blocks, blocks.count);
    assert_int_equal(reading.totals.file_bytes, blocks.size);
    reading_done(&reading);
    blocks_done(&blocks);
}

/* What was lost, what a person marked and what was alive is told whatever was asked for. */
static void blocks_with_gaps_marks_states_and_ends_are_always_read(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);
    unsigned asked = 0;

    journal_events(writer, 5);
    evj_writer_flush(writer, NULL);
    journal_line(writer, "{\"seq\":5,\"mono\":1,\"gap\":{\"events\":2}}");
    evj_writer_flush(writer, NULL);
    journal_events(writer, 5);
    evj_writer_flush(writer, NULL);
    journal_line(writer, "{\"seq\":12,\"mono\":1,\"mark\":{}}");
    evj_writer_flush(writer, NULL);
    journal_line(writer, "{\"seq\":2,\"mono\":1,\"state\":{}}");
    evj_writer_flush(writer, NULL);
    journal_end(writer);
    struct reading reading = reading_with_filter(path, wants_none, &asked);
    assert_int_equal(asked, 2);
    assert_int_equal(reading.count, 4);
    assert_int_equal(reading.records[0].kind, EVJ_RECORD_GAP);
    assert_int_equal(reading.records[1].kind, EVJ_RECORD_MARK);
    assert_int_equal(reading.records[2].kind, EVJ_RECORD_STATE);
    assert_int_equal(reading.records[3].kind, EVJ_RECORD_END);
    reading_done(&reading);
    free(path);
}

static void a_cut_inside_a_block_that_nobody_wants_is_told(void **state)
{
    struct blocks blocks;
    unsigned asked = 0;

    blocks_init(&blocks, *state, 30, 900);
    size_t from = blocks.ends[blocks.count - 3], to = blocks.ends[blocks.count - 2];
    for (size_t cut = to - 1; cut > from; cut--) {
        assert_int_equal(truncate(blocks.path, (off_t)cut), 0);
        struct reading reading = reading_with_filter(blocks.path, wants_none, &asked);
        assert_int_equal(reading.status, EVJ_END);
        assert_int_equal(reading.ending, EVJ_ENDING_TRUNCATED);
        assert_int_equal(reading.damages, 1);
        assert_int_equal(reading.damage.from, from);
        reading_done(&reading);
    }
    blocks_done(&blocks);
}

/* Members larger than what is read ahead are passed by with a seek. */
static void large_blocks_are_passed_by_too(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);
    unsigned asked = 0;

    for (unsigned i = 0; i < 6; i++) {
        journal_event(writer, &(struct event_spec){.type = 1, .session_id = i, .padding = 400000});
        assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    }
    journal_end(writer);
    struct reading reading = reading_of(path);
    assert_int_equal(reading_assert_whole(&reading), 6);
    assert_true(reading.totals.file_bytes > 6 * 250000);
    reading_done(&reading);
    reading = reading_with_filter(path, wants_none, &asked);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.ending, EVJ_ENDING_CLOSED);
    assert_int_equal(reading.totals.blocks_skipped, 6);
    reading_done(&reading);
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_come_as_they_were_written),
        TEST(real_events_come_back_byte_for_byte),
        TEST(cut_anywhere_every_whole_record_is_read),
        TEST(bytes_behind_the_last_block_are_damage),
        TEST(what_is_no_journal_is_refused_with_a_reason),
        TEST(blocks_without_a_first_line_are_read),
        TEST(what_stands_between_blocks_is_passed_over),
        TEST(a_block_that_was_taken_out_is_told),
        TEST(files_one_behind_the_other_are_read),
        TEST(a_block_of_a_later_version_is_named_as_such),
        TEST(a_line_that_is_no_record_is_damage),
        TEST(absurd_numbers_overflow_nothing),
        TEST(a_block_that_is_passed_by_is_never_inflated),
        TEST(blocks_with_gaps_marks_states_and_ends_are_always_read),
        TEST(a_cut_inside_a_block_that_nobody_wants_is_told),
        TEST(large_blocks_are_passed_by_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
