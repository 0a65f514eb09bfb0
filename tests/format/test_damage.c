/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything that one byte can do to a journal: changed to any other value, lost, added, or the last
 * one that is left. Whatever happens, no wrong record is given, none is missing without a word, and
 * the blocks that the byte is not in are read.
 */
#include "tests/support/test.h"

#include "evj/reader.h"
#include "evj/verify.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BLOCKS_MAX = 8, RECORDS_MAX = 32 };

/*
 * Which of the 255 other values a byte is given, and which of these evj_verify() sees too. A sanitizer
 * makes all of this slow.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { VALUE_STEP = 5, VERIFY_STEP = 1 };
#else
enum { VALUE_STEP = 1, VERIFY_STEP = 5 };
#endif

/* ---- the journal ---- */

struct original {
    char *line;
    unsigned block;
};

/* A journal as it was written, and the altered one: a file that exists in memory only. */
struct journal {
    int fd;
    char path[64];
    unsigned char *bytes;
    size_t size;
    size_t ends[BLOCKS_MAX]; /* where its blocks end */
    unsigned records[BLOCKS_MAX];
    unsigned block_count;
    struct original originals[RECORDS_MAX];
    size_t count;
};

#define EVENT(seq, session) \
    "{\"seq\":" #seq ",\"mono\":10" #seq ",\"event\":{\"session_id\":" #session "}}"

/* As small as a journal with everything can be. */
static const char *const blocks[][5] = {
    {EVENT(0, 7), EVENT(1, 7), EVENT(2, 8)},
    {"{\"seq\":0,\"mono\":100,\"state\":{\"session_id\":7}}",
     "{\"seq\":3,\"mono\":103,\"gap\":{\"events\":2,\"reason\":\"buffer-full\",\"until\":104}}",
     "{\"seq\":5,\"mono\":105,\"mark\":{}}"},
    {EVENT(6, 9), EVENT(7, 9)},
    {EVENT(8, 7), "{\"end\":{\"records\":9,\"events\":6,\"dropped\":2}}"},
};

static void write_journal(const char *path)
{
    struct evj_writer *writer = NULL;
    const struct evj_header header = {
        .version = 1, .id = JOURNAL_ID, .clock = EVJ_CLOCK_MONOTONIC, .started_wall_us = 5};

    assert_int_equal(evj_writer_open(path, &header, NULL, &writer, NULL), EVJ_OK);
    for (unsigned i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        for (unsigned line = 0; blocks[i][line]; line++)
            journal_line(writer, blocks[i][line]);
        assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    }
    evj_writer_free(writer);
}

static void see_block(const struct evj_block_info *info, uint64_t offset, const char *text,
                      void *context)
{
    struct journal *journal = context;

    (void)text;
    assert_in_range(journal->block_count, 0, BLOCKS_MAX - 1);
    journal->ends[journal->block_count++] = (size_t)offset + info->member_size;
}

/* What the reader gives for the journal as it was written, and which block it is from. */
static void read_originals(struct journal *journal)
{
    EVJ_AUTO(reader) *reader = NULL;
    const struct evj_record *record;

    assert_int_equal(evj_reader_open(journal->path, &reader, NULL), EVJ_OK);
    evj_reader_set_observer(reader, see_block, journal);
    while (evj_reader_next(reader, &record, NULL) == EVJ_OK) {
        assert_in_range(journal->count, 0, RECORDS_MAX - 1);
        unsigned block = journal->block_count - 1;
        journal->originals[journal->count++] =
            (struct original){strndup(record->line.text, record->line.len), block};
        journal->records[block]++;
    }
    assert_int_equal(evj_reader_ending(reader), EVJ_ENDING_CLOSED);
}

/* Make the altered file these bytes. */
static void set_bytes(const struct journal *journal, const unsigned char *bytes, size_t size)
{
    assert_int_equal(ftruncate(journal->fd, (off_t)size), 0);
    assert_int_equal(pwrite(journal->fd, bytes, size, 0), (ssize_t)size);
}

static void set_byte(const struct journal *journal, size_t at, unsigned char value)
{
    assert_int_equal(pwrite(journal->fd, &value, 1, (off_t)at), 1);
}

/* The file without the bytes from here to there. */
static void set_without(const struct journal *journal, size_t from, size_t to)
{
    set_bytes(journal, journal->bytes, from);
    assert_int_equal(pwrite(journal->fd, journal->bytes + to, journal->size - to, (off_t)from),
                     (ssize_t)(journal->size - to));
}

static int journal_setup(void **state)
{
    struct journal *journal = calloc(1, sizeof(*journal));
    char *folder = temp_folder_new(), *path = temp_path(folder, "j.evj.gz");

    write_journal(path);
    journal->bytes = (unsigned char *)temp_read(path, &journal->size);
    journal->fd = memfd_create("altered", MFD_CLOEXEC);
    snprintf(journal->path, sizeof(journal->path), "/proc/self/fd/%d", journal->fd);
    set_bytes(journal, journal->bytes, journal->size);
    read_originals(journal);
    free(path);
    temp_folder_free(folder);
    *state = journal;
    return 0;
}

static int journal_teardown(void **state)
{
    struct journal *journal = *state;

    for (size_t i = 0; i < journal->count; i++)
        free(journal->originals[i].line);
    free(journal->bytes);
    close(journal->fd);
    free(journal);
    return 0;
}

/* ---- reading it ---- */

/* How the altered file was read. */
struct outcome {
    const struct journal *journal;
    const char *alteration;
    size_t at; /* where it was altered */
    unsigned value;

    int opened;  /* evj_reader_open() */
    size_t next; /* of the originals, behind the last that was given */
    unsigned given[BLOCKS_MAX], count;
    uint64_t next_seq;
    bool passes_by; /* blocks are passed by, and their numbers with them */
    bool knows_seq, gap_may_follow;
    uint64_t damages;
    enum evj_ending ending;
};

/* Says what was altered where, beside what came of it. */
static void fail_of(const struct outcome *outcome, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void fail_of(const struct outcome *outcome, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    fail_msg("%s at byte %zu (0x%02x): %s", outcome->alteration, outcome->at, outcome->value, text);
}

static bool is_line(const struct evj_record *record, const char *line)
{
    return strlen(line) == record->line.len && memcmp(line, record->line.text, strlen(line)) == 0;
}

/* It must be one of the originals, behind the one that was given last. */
static void find_original(struct outcome *outcome, const struct evj_record *record)
{
    const struct journal *journal = outcome->journal;

    while (outcome->next < journal->count &&
           !is_line(record, journal->originals[outcome->next].line))
        outcome->next++;
    if (outcome->next == journal->count)
        fail_of(outcome, "a record that nobody wrote, or that comes late: %.*s",
                (int)record->line.len, record->line.text);
    outcome->given[journal->originals[outcome->next++].block]++;
    outcome->count++;
}

/* The reader's own: our journal's gap has another reason. */
static bool stands_for_damage(const struct evj_record *record)
{
    return record->kind == EVJ_RECORD_GAP && (evj_json_string_is(record->gap.reason, "damaged") ||
                                              evj_json_string_is(record->gap.reason, "missing"));
}

/* What is given and what is told to be lost leaves no number out, and tells none twice. */
static void check_seq(struct outcome *outcome, const struct evj_record *record)
{
    uint64_t span = evj_record_seq_span(record);

    if (span == 0)
        return;
    if (outcome->knows_seq && record->seq != outcome->next_seq &&
        !(outcome->passes_by && record->seq > outcome->next_seq))
        fail_of(outcome, "seq %" PRIu64 " comes where %" PRIu64 " is due", record->seq,
                outcome->next_seq);
    outcome->next_seq = record->seq + span;
    outcome->knows_seq = true;
}

static void take_record(struct outcome *outcome, const struct evj_record *record)
{
    if (!stands_for_damage(record))
        find_original(outcome, record);
    else if (!outcome->gap_may_follow)
        fail_of(outcome, "a gap of damage that was not told before");
    outcome->gap_may_follow = false;
    check_seq(outcome, record);
}

static void take_damage(struct outcome *outcome, const struct evj_reader *reader,
                        const struct evj_error *err)
{
    const struct evj_damage *damage = evj_reader_damage(reader);

    if (err->text[0] == '\0' || err->status != EVJ_DAMAGED)
        fail_of(outcome, "damage without a word");
    if (damage->from > damage->to)
        fail_of(outcome, "damage from %" PRIu64 " to %" PRIu64, damage->from, damage->to);
    outcome->damages++;
    outcome->gap_may_follow = true;
}

static void read_to_the_end(struct outcome *outcome, struct evj_reader *reader)
{
    const struct evj_record *record;
    struct evj_error err;
    int status;

    while ((status = evj_reader_next(reader, &record, &err)) != EVJ_END) {
        if (status == EVJ_OK)
            take_record(outcome, record);
        else if (status == EVJ_DAMAGED)
            take_damage(outcome, reader, &err);
        else
            fail_of(outcome, "failure: %s", err.text);
    }
    outcome->ending = evj_reader_ending(reader);
    if (evj_reader_totals(reader)->damages != outcome->damages)
        fail_of(outcome, "damages are not counted");
}

static struct outcome outcome_of(const struct journal *journal, const char *alteration, size_t at,
                                 unsigned value, evj_block_wanted *wants)
{
    EVJ_AUTO(reader) *reader = NULL;
    struct outcome outcome = {.journal = journal,
                              .alteration = alteration,
                              .at = at,
                              .value = value,
                              .passes_by = wants != NULL};
    struct evj_error err = {0};

    outcome.opened = evj_reader_open(journal->path, &reader, &err);
    if (outcome.opened < 0 && err.text[0] == '\0')
        fail_of(&outcome, "refused without a word");
    if (outcome.opened < 0)
        return outcome;
    /* Without a first line nobody knows where the numbers begin. */
    outcome.knows_seq = evj_reader_header(reader)->id[0] != '\0';
    evj_reader_set_filter(reader, wants, NULL);
    read_to_the_end(&outcome, reader);
    return outcome;
}

/* ---- what must be so ---- */

static bool is_fault(const struct outcome *outcome)
{
    return outcome->opened < 0 || outcome->damages > 0 || outcome->ending != EVJ_ENDING_CLOSED;
}

/* The block that this byte is in; that of the last byte for those behind it. */
static unsigned block_of_byte(const struct journal *journal, size_t at)
{
    unsigned block = 0;

    while (block + 1 < journal->block_count && journal->ends[block] <= at)
        block++;
    return block;
}

static void assert_block_is_read(const struct outcome *outcome, unsigned block)
{
    if (outcome->given[block] != outcome->journal->records[block])
        fail_of(outcome, "of block %u, which is whole, %u records of %u are given", block,
                outcome->given[block], outcome->journal->records[block]);
}

static void assert_nothing_is_missing_silently(const struct outcome *outcome)
{
    if (outcome->count < outcome->journal->count && !is_fault(outcome))
        fail_of(outcome, "%zu records are missing without a word",
                outcome->journal->count - outcome->count);
}

/* All blocks but this one are read, and if of this one anything is missing, that is said. */
static void assert_honest(const struct outcome *outcome, unsigned altered)
{
    if (outcome->opened < 0)
        fail_of(outcome, "refused, though blocks of it are whole");
    for (unsigned block = 0; block < outcome->journal->block_count; block++)
        if (block != altered)
            assert_block_is_read(outcome, block);
    assert_nothing_is_missing_silently(outcome);
}

/* What evj_verify() calls sound is what was written; what the reader complains of, it does too. */
static void assert_verified(const struct outcome *outcome)
{
    struct evj_verification v;
    struct evj_error err;

    assert_int_equal(evj_verify(outcome->journal->path, NULL, NULL, &v, &err), EVJ_OK);
    bool is_sound = v.faults == 0 && v.verdict == EVJ_VERDICT_CLOSED;
    if (is_sound && outcome->count < outcome->journal->count)
        fail_of(outcome, "records are missing, and it is called sound");
    if (is_sound != !is_fault(outcome))
        fail_of(outcome, "%s by the reader, but %s by evj_verify(): %s",
                is_fault(outcome) ? "doubted" : "trusted", is_sound ? "trusted" : "doubted",
                v.findings[0].text);
    const struct evj_verify_totals *totals = &v.totals;
    if (totals->has_seq &&
        totals->offered != totals->events + totals->dropped + totals->marks + totals->lost)
        fail_of(outcome, "offered is not what was read and lost");
}

static void assert_as_written(const struct journal *journal)
{
    struct outcome outcome = outcome_of(journal, "nothing", 0, 0, NULL);

    assert_int_equal(outcome.count, journal->count);
    assert_false(is_fault(&outcome));
    assert_honest(&outcome, 0);
    assert_verified(&outcome);
}

/* ---- alterations ---- */

typedef void check_altered(const struct journal *journal, const char *alteration, size_t at,
                           unsigned value);

static void for_each_changed_byte(const struct journal *journal, check_altered *check)
{
    for (size_t at = 0; at < journal->size; at++) {
        for (unsigned change = 1; change < 256; change += VALUE_STEP) {
            unsigned char value = (unsigned char)(journal->bytes[at] ^ change);
            set_byte(journal, at, value);
            check(journal, "a changed byte", at, value);
        }
        set_byte(journal, at, journal->bytes[at]);
    }
}

static void check_changed(const struct journal *journal, const char *alteration, size_t at,
                          unsigned value)
{
    struct outcome outcome = outcome_of(journal, alteration, at, value, NULL);

    assert_honest(&outcome, block_of_byte(journal, at));
    if ((at + value) % VERIFY_STEP == 0)
        assert_verified(&outcome);
}

static void no_changed_byte_costs_a_record_silently(void **state)
{
    const struct journal *journal = *state;

    assert_in_range(journal->size, 400, 1024);
    assert_in_range(journal->block_count, 5, BLOCKS_MAX);
    assert_as_written(journal);
    for_each_changed_byte(journal, check_changed);
    assert_as_written(journal);
}

/* ---- passing blocks by ---- */

static bool wants_session_9(const struct evj_header *header, const struct evj_block_info *info,
                            void *context)
{
    (void)header, (void)context;
    return evj_block_may_have_session(info, 9);
}

/* Blocks that the filter leaves, by what it leaves of the journal as it was written. */
static void assert_honest_with_filter(const struct outcome *outcome, const struct outcome *whole,
                                      unsigned altered)
{
    if (outcome->opened < 0)
        fail_of(outcome, "refused, though blocks of it are whole");
    for (unsigned block = 0; block < outcome->journal->block_count; block++)
        if (block != altered && whole->given[block] > 0)
            assert_block_is_read(outcome, block);
    if (whole->given[altered] > outcome->given[altered] && !is_fault(outcome))
        fail_of(outcome, "records that were wanted are missing without a word");
}

static struct outcome filtered;

static void check_filtered(const struct journal *journal, const char *alteration, size_t at,
                           unsigned value)
{
    struct outcome outcome = outcome_of(journal, alteration, at, value, wants_session_9);

    assert_honest_with_filter(&outcome, &filtered, block_of_byte(journal, at));
}

static void with_a_filter_nothing_that_is_wanted_is_missing_silently(void **state)
{
    const struct journal *journal = *state;

    filtered = outcome_of(journal, "nothing", 0, 0, wants_session_9);
    assert_false(is_fault(&filtered));
    assert_int_equal(filtered.given[1], 0);
    assert_int_equal(filtered.given[3], 2);
    for_each_changed_byte(journal, check_filtered);
}

/* ---- bytes that are gone, or come in between ---- */

/* Every whole block before the cut is read, and a whole file is told from one that is not. */
static void every_truncation_keeps_the_whole_blocks(void **state)
{
    const struct journal *journal = *state;

    for (size_t cut = journal->size; cut-- > 0;) {
        assert_int_equal(ftruncate(journal->fd, (off_t)cut), 0);
        struct outcome outcome = outcome_of(journal, "a cut", cut, 0, NULL);
        if (!is_fault(&outcome))
            fail_of(&outcome, "it is taken for a closed journal");
        assert_verified(&outcome);
        for (unsigned block = 0; block < journal->block_count; block++)
            if (journal->ends[block] <= cut)
                assert_block_is_read(&outcome, block);
    }
}

static void a_lost_byte_costs_its_block_at_most(void **state)
{
    const struct journal *journal = *state;

    for (size_t at = 0; at < journal->size; at++) {
        set_without(journal, at, at + 1);
        struct outcome outcome = outcome_of(journal, "a lost byte", at, 0, NULL);
        assert_honest(&outcome, block_of_byte(journal, at));
        if (!is_fault(&outcome))
            fail_of(&outcome, "nobody noticed");
        assert_verified(&outcome);
    }
}

/* Between two blocks, or behind the last, it costs nothing at all, but it is told. */
static void an_added_byte_costs_its_block_at_most(void **state)
{
    static const unsigned char values[] = {0, 'x', '\n', 0x1f, 0xff};
    const struct journal *journal = *state;

    for (size_t at = 0; at <= journal->size; at++) {
        set_bytes(journal, journal->bytes, at);
        assert_int_equal(
            pwrite(journal->fd, journal->bytes + at, journal->size - at, (off_t)at + 1),
            (ssize_t)(journal->size - at));
        bool is_between = at == 0 || journal->ends[block_of_byte(journal, at - 1)] == at;
        for (unsigned i = 0; i < sizeof(values); i++) {
            set_byte(journal, at, values[i]);
            struct outcome outcome = outcome_of(journal, "an added byte", at, values[i], NULL);
            assert_honest(&outcome, is_between ? BLOCKS_MAX : block_of_byte(journal, at));
            if (!is_fault(&outcome))
                fail_of(&outcome, "nobody noticed");
            assert_verified(&outcome);
        }
    }
}

/* ---- more than a byte ---- */

static void assert_others_are_read(const struct outcome *outcome, size_t from, size_t to)
{
    const struct journal *journal = outcome->journal;

    for (unsigned block = 0; block < journal->block_count; block++)
        if (journal->ends[block] <= from || (block > 0 && journal->ends[block - 1] >= to))
            assert_block_is_read(outcome, block);
}

/* Whatever two halves of blocks are pieced together so. */
static void a_stretch_that_is_gone_leaves_no_wrong_record(void **state)
{
    const struct journal *journal = *state;

    for (size_t from = 0; from < journal->size; from += 3) {
        for (size_t to = from + 2; to <= journal->size; to += 13) {
            set_without(journal, from, to);
            struct outcome outcome =
                outcome_of(journal, "a lost stretch", from, (unsigned)(to - from), NULL);
            if (!is_fault(&outcome))
                fail_of(&outcome, "up to %zu: nobody noticed", to);
            if (outcome.opened == EVJ_OK)
                assert_others_are_read(&outcome, from, to);
        }
    }
}

/* A page that never reached the disk reads as zeros. */
static void zeros_cost_the_blocks_that_they_are_in(void **state)
{
    const struct journal *journal = *state;
    unsigned char *bytes = malloc(journal->size);

    for (size_t from = 0; from < journal->size; from += 7) {
        for (size_t to = from + 5; to < journal->size + 40; to += 41) {
            size_t end = to < journal->size ? to : journal->size;
            memcpy(bytes, journal->bytes, journal->size);
            memset(bytes + from, 0, end - from);
            set_bytes(journal, bytes, journal->size);
            struct outcome outcome =
                outcome_of(journal, "zeros", from, (unsigned)(end - from), NULL);
            assert_nothing_is_missing_silently(&outcome);
            assert_verified(&outcome);
            if (outcome.opened == EVJ_OK)
                assert_others_are_read(&outcome, from, end);
        }
    }
    free(bytes);
}

/* Nothing in a file without one of its blocks contradicts itself, but for the sequence numbers. */
static void a_block_that_is_gone_is_missed(void **state)
{
    const struct journal *journal = *state;

    for (unsigned gone = 0; gone < journal->block_count; gone++) {
        size_t from = gone > 0 ? journal->ends[gone - 1] : 0, to = journal->ends[gone];
        set_without(journal, from, to);
        struct outcome outcome = outcome_of(journal, "a block is gone", from, gone, NULL);
        assert_honest(&outcome, gone);
        if (!is_fault(&outcome))
            fail_of(&outcome, "nobody noticed");
        assert_verified(&outcome);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, journal_setup, journal_teardown)

int main(void)
{
    /* Else each reader's buffer is mapped and unmapped: that takes longer than reading. */
    mallopt(M_MMAP_THRESHOLD, 1 << 25);
    mallopt(M_TRIM_THRESHOLD, 1 << 26);

    const struct CMUnitTest tests[] = {
        TEST(no_changed_byte_costs_a_record_silently),
        TEST(with_a_filter_nothing_that_is_wanted_is_missing_silently),
        TEST(every_truncation_keeps_the_whole_blocks),
        TEST(a_lost_byte_costs_its_block_at_most),
        TEST(an_added_byte_costs_its_block_at_most),
        TEST(a_stretch_that_is_gone_leaves_no_wrong_record),
        TEST(zeros_cost_the_blocks_that_they_are_in),
        TEST(a_block_that_is_gone_is_missed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
