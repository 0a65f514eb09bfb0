/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reader gives where a file is damaged: what it says, the gap record, and what it salvages. */
#include "tests/support/test.h"

#include "evj/reader.h"
#include "tests/support/blocks.h"
#include "tests/support/feeding.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- a journal of ten blocks ---- */

enum { BLOCKS = 10, EVENTS = 5 };

/* A first line, eight blocks of five events, an end record. Block b, 1 … 8, has the seqs from
 * 5 × (b − 1); its events' mono is JOURNAL_MONO_US plus a thousand for each seq. */
struct journal {
    char *path;
    unsigned char *bytes;
    size_t size;
    size_t from[BLOCKS + 1];
};

static void note_block(const struct evj_block_info *info, uint64_t offset, const char *text,
                       void *context)
{
    size_t **next = context;

    (void)text, (void)info;
    *(*next)++ = (size_t)offset;
}

static void find_blocks(struct journal *journal)
{
    EVJ_AUTO(reader) *reader = NULL;
    const struct evj_record *record;
    size_t *next = journal->from;

    assert_int_equal(evj_reader_open(journal->path, &reader, NULL), EVJ_OK);
    evj_reader_set_observer(reader, note_block, &next);
    while (evj_reader_next(reader, &record, NULL) == EVJ_OK)
        ;
    assert_ptr_equal(next, journal->from + BLOCKS);
    *next = journal->size;
}

static void journal_begin_of_ten(struct journal *journal, const char *folder)
{
    journal->path = temp_path(folder, "j.evj.gz");
    unlink(journal->path);
    struct evj_writer *writer = journal_begin(journal->path, NULL);

    for (unsigned seq = 0; seq < 8 * EVENTS; seq++) {
        journal_event(writer, &(struct event_spec){
                                  .type = 1, .session_id = 7, .mono_us = (int64_t)seq * 1000});
        if (seq % EVENTS == EVENTS - 1)
            assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    }
    journal_end(writer);
    journal->bytes = (unsigned char *)temp_read(journal->path, &journal->size);
    find_blocks(journal);
}

static void journal_done(struct journal *journal)
{
    free(journal->bytes);
    free(journal->path);
}

/* Overwrite a part of the file, from block `block` on, with 0. */
static void wipe(struct journal *journal, unsigned block, size_t skip, size_t len)
{
    memset(journal->bytes + journal->from[block] + skip, 0, len);
}

/* ---- what was given ---- */

enum { TOLD_MAX = 12 };

/* Records in their order, with damage where it was told. */
struct story {
    struct reading reading;
    struct evj_damage damages[TOLD_MAX];
    struct evj_error errs[TOLD_MAX];
    size_t before[TOLD_MAX]; /* how many records were given before it */
    size_t damage_count;
    enum evj_ending ending;
};

static struct story story_of(const char *path)
{
    EVJ_AUTO(reader) *reader = NULL;
    struct story story = {0};
    const struct evj_record *record;
    struct evj_error err = {0};
    int status;

    if (evj_reader_open(path, &reader, &err) != EVJ_OK)
        fail_msg("%s", err.text);
    while ((status = evj_reader_next(reader, &record, &err)) == EVJ_OK || status == EVJ_DAMAGED) {
        if (status == EVJ_OK) {
            reading_add(&story.reading, record);
            continue;
        }
        assert_in_range(story.damage_count, 0, TOLD_MAX - 1);
        story.damages[story.damage_count] = *evj_reader_damage(reader);
        story.before[story.damage_count] = story.reading.count;
        story.errs[story.damage_count++] = err;
    }
    assert_int_equal(status, EVJ_END);
    story.ending = evj_reader_ending(reader);
    return story;
}

static struct story story_of_journal(const struct journal *journal)
{
    temp_write(journal->path, journal->bytes, journal->size);
    return story_of(journal->path);
}

static void story_done(struct story *story)
{
    reading_done(&story->reading);
}

static void assert_damage(const struct story *story, size_t index, uint64_t from, uint64_t to,
                          uint64_t lost)
{
    assert_in_range(index, 0, story->damage_count - 1);
    const struct evj_damage *damage = &story->damages[index];
    assert_int_equal(damage->from, from);
    assert_int_equal(damage->to, to);
    assert_int_equal(damage->lost, lost);
    assert_true(damage->lost_is_certain);
}

/* The gap follows the damage at once, and is all that there is of what was lost. */
static void assert_gap_line(const struct story *story, size_t index, const char *format, ...)
{
    char line[EVJ_GAP_LINE_MAX];
    va_list values;

    va_start(values, format);
    vsnprintf(line, sizeof(line), format, values);
    va_end(values);
    reading_assert_line(&story->reading, story->before[index], line);
}

/* ---- stretches ---- */

static void two_damages_are_two_stretches(void **state)
{
    struct journal journal;

    journal_begin_of_ten(&journal, *state);
    wipe(&journal, 2, 0, 30);
    wipe(&journal, 5, 0, 30);
    struct story story = story_of_journal(&journal);
    assert_int_equal(story.damage_count, 2);
    assert_damage(&story, 0, journal.from[2], journal.from[3], 5);
    assert_damage(&story, 1, journal.from[5], journal.from[6], 5);
    assert_int_equal(story.before[0], 5);
    assert_int_equal(story.before[1], 16);
    assert_int_equal(reading_assert_continuous(&story.reading), 40);
    assert_int_equal(story.ending, EVJ_ENDING_CLOSED);
    story_done(&story);
    journal_done(&journal);
}

/* Whatever is wrong with each: no header, a wrong CRC, a lost end. */
static void damages_that_meet_are_one_stretch(void **state)
{
    struct journal journal;

    journal_begin_of_ten(&journal, *state);
    journal.bytes[journal.from[3] - 1] ^= 1;
    wipe(&journal, 3, 0, 30);
    journal.bytes[journal.from[4] + 30] ^= 1;
    wipe(&journal, 5, 60, journal.from[6] - journal.from[5] - 60);
    struct story story = story_of_journal(&journal);
    assert_int_equal(story.damage_count, 1);
    assert_damage(&story, 0, journal.from[2], journal.from[6], 20);
    assert_non_null(strstr(story.errs[0].text, "block's text does not match its CRC"));
    assert_gap_line(&story, 0,
                    "{\"seq\":5,\"mono\":%" PRId64 ",\"gap\":{\"events\":20,\"reason\":\"damaged\","
                    "\"until\":%" PRId64 ",\"from\":%zu,\"to\":%zu}}",
                    JOURNAL_MONO_US + 4000, JOURNAL_MONO_US + 25000, journal.from[2],
                    journal.from[6]);
    assert_int_equal(reading_assert_continuous(&story.reading), 40);
    story_done(&story);
    journal_done(&journal);
}

/* Two wrong blocks in a row: each is a piece of its own, and they are one stretch. */
static void wrong_blocks_in_a_row_are_one_stretch(void **state)
{
    struct journal journal;

    journal_begin_of_ten(&journal, *state);
    for (unsigned block = 3; block <= 6; block++)
        journal.bytes[journal.from[block] - 1] ^= 1;
    struct story story = story_of_journal(&journal);
    assert_int_equal(story.damage_count, 1);
    assert_damage(&story, 0, journal.from[2], journal.from[6], 20);
    assert_int_equal(story.reading.records[5].gap.to, journal.from[6]);
    assert_int_equal(reading_assert_continuous(&story.reading), 40);
    story_done(&story);
    journal_done(&journal);
}

static void the_gap_stands_between_what_is_before_and_behind_it(void **state)
{
    struct journal journal;

    journal_begin_of_ten(&journal, *state);
    wipe(&journal, 1, 0, 30);
    struct story story = story_of_journal(&journal);
    assert_int_equal(story.before[0], 0);
    assert_gap_line(&story, 0,
                    "{\"seq\":0,\"mono\":%" PRId64 ",\"gap\":{\"events\":5,\"reason\":\"damaged\","
                    "\"until\":%" PRId64 ",\"from\":%zu,\"to\":%zu}}",
                    JOURNAL_MONO_US, JOURNAL_MONO_US + 5000, journal.from[1], journal.from[2]);
    const struct evj_record *gap = &story.reading.records[0];
    assert_int_equal(gap->kind, EVJ_RECORD_GAP);
    assert_int_equal(gap->gap.from, journal.from[1]);
    assert_int_equal(gap->gap.to, journal.from[2]);
    assert_true(gap->wall_us == JOURNAL_WALL_US);
    story_done(&story);
    journal_done(&journal);
}

/* Nothing in the file is wrong, but a block is not there. */
static void a_hole_is_told_as_missing(void **state)
{
    struct journal journal;

    journal_begin_of_ten(&journal, *state);
    size_t from = journal.from[4], len = journal.from[6] - from;
    memmove(journal.bytes + from, journal.bytes + from + len, journal.size - from - len);
    journal.size -= len;
    struct story story = story_of_journal(&journal);
    assert_int_equal(story.damage_count, 1);
    assert_damage(&story, 0, from, from, 10);
    assert_gap_line(&story, 0,
                    "{\"seq\":15,\"mono\":%" PRId64
                    ",\"gap\":{\"events\":10,\"reason\":\"missing\","
                    "\"until\":%" PRId64 "}}",
                    JOURNAL_MONO_US + 14000, JOURNAL_MONO_US + 25000);
    assert_int_equal(reading_assert_continuous(&story.reading), 40);
    assert_int_equal(story.ending, EVJ_ENDING_CLOSED);
    story_done(&story);
    journal_done(&journal);
}

/* The end record's own block is lost: what its header claims is that nothing else is. */
static void a_lost_end_loses_no_event(void **state)
{
    struct journal journal;

    journal_begin_of_ten(&journal, *state);
    journal.bytes[journal.size - 1] ^= 1;
    struct story story = story_of_journal(&journal);
    assert_int_equal(story.damage_count, 1);
    assert_damage(&story, 0, journal.from[9], journal.size, 0);
    assert_int_equal(story.reading.count, 40);
    assert_int_equal(story.ending, EVJ_ENDING_DAMAGED);
    story_done(&story);
    journal_done(&journal);
}

static void how_much_is_lost_at_the_end_is_not_known(void **state)
{
    struct journal journal;

    journal_begin_of_ten(&journal, *state);
    wipe(&journal, 8, 0, journal.size - journal.from[8]);
    struct story story = story_of_journal(&journal);
    assert_int_equal(story.damage_count, 1);
    assert_int_equal(story.damages[0].lost, 0);
    assert_false(story.damages[0].lost_is_certain);
    assert_non_null(strstr(story.errs[0].text, "how much is lost is not known"));
    assert_int_equal(story.reading.count, 36);
    assert_int_equal(story.reading.records[35].gap.events, 0);
    assert_int_equal(story.ending, EVJ_ENDING_DAMAGED);
    story_done(&story);

    /* But a header that is left claims five at least. */
    journal_done(&journal);
    journal_begin_of_ten(&journal, *state);
    journal.bytes[journal.from[9] - 1] ^= 1;
    wipe(&journal, 9, 0, journal.size - journal.from[9]);
    story = story_of_journal(&journal);
    assert_int_equal(story.damages[0].lost, 5);
    assert_false(story.damages[0].lost_is_certain);
    assert_non_null(strstr(story.errs[0].text, "at least 5 events are lost, from seq 35 on"));
    story_done(&story);
    journal_done(&journal);
}

/* ---- files one behind the other ---- */

/* Whose numbers begin anew: they tell nothing of what the file before has lost. */
static void what_the_first_of_two_files_lost_at_its_end_is_told(void **state)
{
    struct journal journal;
    struct evj_writer *writer = NULL;
    struct evj_header header;
    size_t size;

    journal_begin_of_ten(&journal, *state);
    char *path = temp_path(*state, "other.evj.gz");
    journal_header(&header);
    snprintf(header.id, sizeof(header.id), "another");
    assert_int_equal(evj_writer_open(path, &header, NULL, &writer, NULL), EVJ_OK);
    journal_events(writer, 3);
    journal_end(writer);
    char *other = temp_read(path, &size);
    journal.bytes[journal.from[9] - 1] ^= 1;
    wipe(&journal, 9, 0, journal.size - journal.from[9]);
    journal.bytes = realloc(journal.bytes, journal.size + size);
    memcpy(journal.bytes + journal.size, other, size);
    journal.size += size;

    struct story story = story_of_journal(&journal);
    assert_int_equal(story.damage_count, 1);
    assert_int_equal(story.before[0], 35);
    assert_int_equal(story.damages[0].lost, 5);
    assert_false(story.damages[0].lost_is_certain);
    assert_int_equal(story.reading.count, 35 + 1 + 3 + 1);
    assert_int_equal(story.reading.records[35].kind, EVJ_RECORD_GAP);
    assert_int_equal(story.reading.records[35].seq, 35);
    assert_int_equal(story.reading.records[36].seq, 0);
    assert_int_equal(story.ending, EVJ_ENDING_CLOSED);
    story_done(&story);
    free(other);
    free(path);
    journal_done(&journal);
}

/* ---- torn blocks ---- */

/* Block 4 is cut to `keep` bytes, and the others follow at once. */
static struct story story_torn(struct journal *journal, size_t keep, size_t *ret_gone)
{
    size_t from = journal->from[4], to = journal->from[5];
    unsigned char *bytes = malloc(journal->size);

    *ret_gone = to - from - keep;
    memcpy(bytes, journal->bytes, from + keep);
    memcpy(bytes + from + keep, journal->bytes + to, journal->size - to);
    temp_write(journal->path, bytes, journal->size - *ret_gone);
    free(bytes);
    return story_of(journal->path);
}

static void of_a_block_that_is_torn_in_the_middle_its_first_records_are_given(void **state)
{
    struct journal journal;
    size_t gone, most = 0;

    journal_begin_of_ten(&journal, *state);
    struct reading whole = reading_of(journal.path);
    for (size_t keep = journal.from[5] - journal.from[4] - 1; keep > 0; keep--) {
        struct story story = story_torn(&journal, keep, &gone);
        assert_int_equal(story.damage_count, 1);
        size_t salvaged = story.damages[0].salvaged;
        assert_damage(&story, 0, journal.from[4], journal.from[5] - gone, 5 - salvaged);
        assert_int_equal(story.before[0], 15 + salvaged);
        bool has_gap = salvaged < 5;
        assert_int_equal(story.reading.count, 41 + has_gap - (5 - salvaged));
        for (size_t i = 0; i < 15 + salvaged; i++)
            assert_string_equal(story.reading.lines[i], whole.lines[i]);
        assert_string_equal(story.reading.lines[15 + salvaged + has_gap], whole.lines[20]);
        assert_int_equal(reading_assert_continuous(&story.reading), 40);
        assert_int_equal(story.ending, EVJ_ENDING_CLOSED);
        most = salvaged > most ? salvaged : most;
        story_done(&story);
    }
    assert_int_equal(most, 5);
    reading_done(&whole);
    journal_done(&journal);
}

/* Torn behind damage: what is lost before it is told first, and its own loss after it. */
static void a_torn_block_behind_damage_is_told_on_its_own(void **state)
{
    struct journal journal;
    size_t gone;

    journal_begin_of_ten(&journal, *state);
    wipe(&journal, 3, 0, 40);
    struct story story = story_torn(&journal, journal.from[5] - journal.from[4] - 9, &gone);
    assert_int_equal(story.damage_count, 2);
    assert_damage(&story, 0, journal.from[3], journal.from[4], 5);
    assert_int_equal(story.before[0], 10);
    assert_true(story.damages[1].salvaged > 0);
    assert_damage(&story, 1, journal.from[4], journal.from[5] - gone,
                  5 - story.damages[1].salvaged);
    assert_int_equal(reading_assert_continuous(&story.reading), 40);
    story_done(&story);
    journal_done(&journal);
}

/* A journal of five events, and a block of one line that its header says to be event 5; of that block the
 * last byte is missing. */
static char *torn_journal(const char *folder, const char *line)
{
    EVJ_AUTO(block_builder) *builder = NULL;
    struct evj_record record = {.line = {line, strlen(line)},
                                .kind = EVJ_RECORD_EVENT,
                                .has_seq = true,
                                .seq = 5,
                                .mono_us = JOURNAL_MONO_US + 5,
                                .event = {.type = 1, .timestamp_us = 7}};
    char *path = temp_path(folder, "torn.evj.gz");
    size_t size;

    unlink(path);
    struct evj_writer *writer = journal_begin(path, NULL);
    for (unsigned seq = 0; seq < 5; seq++)
        journal_event(writer, &(struct event_spec){.type = 1, .mono_us = 5});
    assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    evj_writer_free(writer);
    assert_int_equal(evj_block_builder_new(6, &builder, NULL), EVJ_OK);
    assert_int_equal(evj_block_builder_add(builder, &record, NULL), EVJ_OK);
    struct member member = block_finish(builder);
    char *bytes = temp_read(path, &size);
    bytes = realloc(bytes, size + member.size);
    memcpy(bytes + size, member.bytes, member.size - 1);
    temp_write(path, bytes, size + member.size - 1);
    member_done(&member);
    free(bytes);
    return path;
}

static void assert_salvages(const char *folder, const char *line, size_t records)
{
    char *path = torn_journal(folder, line);
    struct story story = story_of(path);

    assert_int_equal(story.damage_count, 1);
    if (story.damages[0].salvaged != records)
        fail_msg("%s: %zu are given", line, (size_t)story.damages[0].salvaged);
    assert_int_equal(reading_kinds(&story.reading, EVJ_RECORD_EVENT), 5 + records);
    assert_int_equal(story.ending, EVJ_ENDING_TRUNCATED);
    story_done(&story);
    free(path);
}

/* Nothing but the header has checked what inflates: what it does not claim is not given. */
static void of_a_torn_block_nothing_is_given_that_is_not_due(void **state)
{
    static const char *const odd[] = {
        /* not the next seq, or one that was given already */
        "{\"seq\":6,\"mono\":3600000005,\"event\":{\"type\":1,\"timestamp\":7}}",
        "{\"seq\":4,\"mono\":3600000005,\"event\":{\"type\":1,\"timestamp\":7}}",
        /* before or behind the block's time */
        "{\"seq\":5,\"mono\":3600000004,\"event\":{\"type\":1,\"timestamp\":7}}",
        "{\"seq\":5,\"mono\":3600000006,\"event\":{\"type\":1,\"timestamp\":7}}",
        /* another type or timestamp than there is in it */
        "{\"seq\":5,\"mono\":3600000005,\"event\":{\"type\":2,\"timestamp\":7}}",
        "{\"seq\":5,\"mono\":3600000005,\"event\":{\"type\":1,\"timestamp\":8}}",
        "{\"seq\":5,\"mono\":3600000005,\"event\":{\"type\":1,\"timestamp\":6}}",
        /* no JSON, and no records */
        "{\"seq\":5,\"mono\":3600000005,\"event\":{\"type\":1,\"timestamp\":7,\"odd\":x}}",
        "{\"seq\":5,\"mono\":3600000005,\"state\":{\"type\":1,\"timestamp\":7}}",
        "{\"seq\":5,\"mono\":3600000005,\"later\":1}",
        "{\"later\":1}",
        "no record",
    };

    assert_salvages(*state,
                    "{\"seq\":5,\"mono\":3600000005,\"event\":{\"type\":1,\"timestamp\":7}}", 1);
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
        assert_salvages(*state, odd[i], 0);
}

/* ---- bad lines ---- */

/* Three of the six lines of block 2 are no records; those around them are given. */
static void a_bad_line_within_a_good_block_costs_itself(void **state)
{
    static const char *const lines[] = {
        "{\"seq\":0,\"mono\":3600000000,\"event\":{}}",
        "{\"seq\":1,\"mono\":3600000001,\"event\":{}",
        "{\"seq\":2,\"mono\":3600000002,\"event\":{}}",
        "",
        "{\"mark\":{}}",
        "{\"seq\":5,\"mono\":3600000005,\"event\":{}}",
    };
    char *path = temp_path(*state, "j.evj.gz");
    EVJ_AUTO(block_builder) *builder = NULL;
    size_t size;

    evj_writer_free(journal_begin(path, NULL));
    assert_int_equal(evj_block_builder_new(6, &builder, NULL), EVJ_OK);
    for (unsigned i = 0; i < 6; i++) {
        struct evj_record record = {.line = {lines[i], strlen(lines[i])},
                                    .has_seq = true,
                                    .kind = EVJ_RECORD_EVENT,
                                    .seq = i,
                                    .mono_us = JOURNAL_MONO_US + i};
        assert_int_equal(evj_block_builder_add(builder, &record, NULL), EVJ_OK);
    }
    struct member member = block_finish(builder);
    char *bytes = temp_read(path, &size);
    bytes = realloc(bytes, size + member.size);
    memcpy(bytes + size, member.bytes, member.size);
    temp_write(path, bytes, size + member.size);

    struct story story = story_of(path);
    assert_int_equal(story.damage_count, 2);
    assert_damage(&story, 0, size, size + member.size, 1);
    assert_damage(&story, 1, size, size + member.size, 2);
    assert_int_equal(story.before[0], 1);
    assert_int_equal(story.before[1], 3);
    assert_non_null(strstr(story.errs[0].text, "a line of the block is no record"));
    assert_int_equal(story.reading.count, 5);
    assert_int_equal(reading_assert_continuous(&story.reading), 6);
    assert_int_equal(story.ending, EVJ_ENDING_OPEN);
    story_done(&story);
    member_done(&member);
    free(bytes);
    free(path);
}

/* ---- pipes ---- */

static char *story_text(const struct story *story)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    for (size_t i = 0; i < story->reading.count; i++)
        fprintf(out, "%s\n", story->reading.lines[i]);
    for (size_t i = 0; i < story->damage_count; i++)
        fprintf(out, "%zu: %s, %" PRIu64 " salvaged\n", story->before[i], story->errs[i].text,
                story->damages[i].salvaged);
    fprintf(out, "%s\n", evj_ending_name(story->ending));
    fclose(out);
    return text;
}

static void assert_pipe_is_like_a_file(const char *path, const void *bytes, size_t size)
{
    struct feeding feeding;

    temp_write(path, bytes, size);
    struct story file = story_of(path);
    feeding_begin(&feeding, bytes, size, 777, 1);
    struct story pipe = story_of("-");
    feeding_done(&feeding);
    char *expected = story_text(&file), *text = story_text(&pipe);
    assert_string_equal(expected, text);
    free(expected);
    free(text);
    story_done(&file);
    story_done(&pipe);
}

/* Zeros, cuts and odd bytes of up to more than what is searched at once. */
static void a_damaged_journal_out_of_a_pipe_is_read_like_a_file(void **state)
{
    static const size_t odd_sizes[] = {1, 1000, 65536 - 50, 65536, 300000};
    struct journal journal;

    journal_begin_of_ten(&journal, *state);
    unsigned char *bytes = calloc(1, journal.size + 300000);
    for (size_t at = journal.from[1]; at < journal.size; at += 13) {
        memcpy(bytes, journal.bytes, journal.size);
        memset(bytes + at, 0xff, at + 40 < journal.size ? 40 : journal.size - at);
        assert_pipe_is_like_a_file(journal.path, bytes, journal.size);
        assert_pipe_is_like_a_file(journal.path, journal.bytes, at);
    }
    for (unsigned i = 0; i < 5; i++) {
        size_t from = journal.from[5] - 20, odd = odd_sizes[i];
        memcpy(bytes, journal.bytes, from);
        memset(bytes + from, 0x1f, odd);
        memcpy(bytes + from + odd, journal.bytes + from, journal.size - from);
        assert_pipe_is_like_a_file(journal.path, bytes, journal.size + odd);
    }
    free(bytes);
    journal_done(&journal);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(two_damages_are_two_stretches),
        TEST(damages_that_meet_are_one_stretch),
        TEST(wrong_blocks_in_a_row_are_one_stretch),
        TEST(the_gap_stands_between_what_is_before_and_behind_it),
        TEST(a_hole_is_told_as_missing),
        TEST(a_lost_end_loses_no_event),
        TEST(how_much_is_lost_at_the_end_is_not_known),
        TEST(what_the_first_of_two_files_lost_at_its_end_is_told),
        TEST(of_a_block_that_is_torn_in_the_middle_its_first_records_are_given),
        TEST(a_torn_block_behind_damage_is_told_on_its_own),
        TEST(of_a_torn_block_nothing_is_given_that_is_not_due),
        TEST(a_bad_line_within_a_good_block_costs_itself),
        TEST(a_damaged_journal_out_of_a_pipe_is_read_like_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
