/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file: what is right with it, and each thing that can be wrong. */
#include "tests/support/test.h"

#include "evj/verify.h"
#include "tests/support/blocks.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct evj_verification verified(const char *path)
{
    struct evj_verification verification;
    struct evj_error err = {0};

    if (evj_verify(path, NULL, NULL, &verification, &err) != EVJ_OK)
        fail_msg("%s", err.text);
    return verification;
}

static void print_findings(const struct evj_verification *v)
{
    for (size_t i = 0; i < evj_verification_findings(v); i++)
        print_message("# %s: %s\n", evj_finding_name(v->findings[i].kind), v->findings[i].text);
}

static void assert_sound(const struct evj_verification *v, enum evj_verdict verdict)
{
    if (v->faults > 0)
        print_findings(v);
    assert_int_equal(v->faults, 0);
    assert_string_equal(evj_verdict_name(v->verdict), evj_verdict_name(verdict));
}

/* There is a finding of this kind whose text has these words. */
static const struct evj_finding *assert_found(const struct evj_verification *v,
                                              enum evj_finding_kind kind, const char *words)
{
    for (size_t i = 0; i < evj_verification_findings(v); i++)
        if (v->findings[i].kind == kind && strstr(v->findings[i].text, words))
            return &v->findings[i];
    print_findings(v);
    fail_msg("no finding of the kind \"%s\" says \"%s\"", evj_finding_name(kind), words);
    return NULL;
}

/* It is the only one, and what it makes of the file. */
static void assert_only(const char *path, enum evj_verdict verdict, enum evj_finding_kind kind,
                        const char *words)
{
    struct evj_verification v = verified(path);

    assert_found(&v, kind, words);
    if (v.finding_count != 1)
        print_findings(&v);
    assert_int_equal(v.finding_count, 1);
    assert_int_equal(v.faults, !evj_finding_is_harmless(kind));
    assert_string_equal(evj_verdict_name(v.verdict), evj_verdict_name(verdict));
}

/* ---- sound ---- */

static void a_journal_as_it_was_written_is_sound(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer =
        journal_begin(path, &(struct evj_writer_options){.block_text = 900});

    journal_events(writer, 30);
    journal_line(writer, "{\"seq\":12,\"mono\":3600000000,\"state\":{\"session_id\":5}}");
    journal_line(writer,
                 "{\"seq\":30,\"mono\":3600029000,\"gap\":{\"events\":7,\"until\":3600030000}}");
    journal_line(writer, "{\"seq\":37,\"mono\":3600030000,\"mark\":{\"text\":\"here\"}}");
    journal_line(writer, "{\"later\":[true]}");
    journal_event(writer, &(struct event_spec){.type = 1, .mono_us = 30000});
    journal_end(writer);
    struct evj_verification v = verified(path);
    assert_sound(&v, EVJ_VERDICT_CLOSED);
    assert_int_equal(v.finding_count, 0);
    assert_int_equal(v.totals.records, 35);
    assert_int_equal(v.totals.events, 31);
    assert_int_equal(v.totals.states, 1);
    assert_int_equal(v.totals.gaps, 1);
    assert_int_equal(v.totals.dropped, 7);
    assert_int_equal(v.totals.marks, 1);
    assert_int_equal(v.totals.offered, v.totals.events + v.totals.dropped + v.totals.marks);
    assert_int_equal(v.totals.first_seq, 0);
    assert_int_equal(v.totals.next_seq, 39);
    assert_true(v.totals.blocks > 5);
    assert_string_equal(v.header.id, JOURNAL_ID);
    free(path);
}

static void real_journals_are_sound(void **state)
{
    static const char *const names[] = {"calls/good.evj.gz", "calls/failing.evj.gz"};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        char *path = temp_path(getenv("EVJ_TEST_DATA"), names[i]);
        struct evj_verification v = verified(path);
        assert_sound(&v, EVJ_VERDICT_CLOSED);
        assert_true(v.totals.events > 20);
        free(path);
    }
}

static void an_empty_journal_is_sound(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");

    journal_make(path, 0, 0);
    struct evj_verification v = verified(path);
    assert_sound(&v, EVJ_VERDICT_CLOSED);
    assert_int_equal(v.totals.records, 0);
    assert_false(v.totals.has_seq);
    free(path);
}

static void without_an_end_record_a_journal_is_open(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);

    journal_events(writer, 3);
    evj_writer_flush(writer, NULL);
    evj_writer_free(writer);
    struct evj_verification v = verified(path);
    assert_sound(&v, EVJ_VERDICT_OPEN);
    assert_int_equal(v.totals.events, 3);
    free(path);
}

/* ---- blocks whose headers lie ---- */

/* Change a number in the header of the block at `at`, and make its CRC right again. */
static void change_claim(const char *path, size_t at, unsigned offset, unsigned size, uint64_t add)
{
    size_t file_size;
    unsigned char *bytes = (unsigned char *)temp_read(path, &file_size);
    struct member member = {bytes + at, file_size - at};
    unsigned char *number = member.bytes + 16 + offset;

    put_le_at(number, size, le_at(number, size) + add);
    member_fix_crc(&member);
    temp_write(path, bytes, file_size);
    free(bytes);
}

/* Where the block of this number begins. */
static size_t block_at(const char *path, unsigned number)
{
    size_t size, at = 0;
    unsigned char *bytes = (unsigned char *)temp_read(path, &size);

    for (; number > 0; number--)
        at += le_at(bytes + at + 16 + 4, 4);
    assert_in_range(at, 0, size - 1);
    free(bytes);
    return at;
}

static const struct {
    unsigned offset, size;
    uint64_t add;
    const char *words;
} lies[] = {
    {2, 2, 1, "a first line is in it, but there is none"},
    {2, 2, 2, "an end record is in it, but there is none"},
    {2, 2, 4, "a gap record is in it, but there is none"},
    {2, 2, 8, "a mark is in it, but there is none"},
    {2, 2, 16, "a state record is in it, but there is none"},
    {12, 4, 1, "number of lines"},
    {12, 4, (uint64_t)-1, "number of lines"},
    {16, 8, (uint64_t)-1, "first seq"},
    {24, 8, 1, "least mono"},
    {32, 8, (uint64_t)-1, "greatest mono"},
    {40, 8, (uint64_t)-1, "least timestamp"},
    {48, 8, 1, "greatest timestamp"},
    {56, 4, 512, "types"},
};

/* Who passes blocks by believes their headers: what they say must be so. */
static void what_a_blocks_header_says_is_held_against_its_lines(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");

    for (unsigned i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        journal_make(path, 30, 900);
        size_t at = block_at(path, 2);
        change_claim(path, at, lies[i].offset, lies[i].size, lies[i].add);
        struct evj_verification v = verified(path);
        assert_int_equal(v.verdict, EVJ_VERDICT_DAMAGED);
        assert_int_equal(assert_found(&v, EVJ_FINDING_BLOCK, lies[i].words)->from, at);
        unlink(path);
    }
    free(path);
}

/* Of the block with the first line too, which is read before anything else. */
static void the_first_blocks_header_is_looked_at_too(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");

    journal_make(path, 3, 0);
    change_claim(path, 0, 12, 4, 1);
    assert_only(path, EVJ_VERDICT_DAMAGED, EVJ_FINDING_BLOCK, "number of lines");
    free(path);
}

static void a_session_filter_must_hold_every_session(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    size_t size;

    journal_make(path, 30, 0);
    size_t at = block_at(path, 1);
    unsigned char *bytes = (unsigned char *)temp_read(path, &size);
    struct member member = {bytes + at, size - at};
    memset(bytes + at + 16 + 64, 0, le_at(bytes + at + 16 + 60, 2));
    member_fix_crc(&member);
    temp_write(path, bytes, size);
    assert_only(path, EVJ_VERDICT_DAMAGED, EVJ_FINDING_BLOCK, "session filter leaves out session");
    free(bytes);
    free(path);
}

/* The block of an end record alone stands where the one before ended; that is checked too. */
static void a_block_without_seqs_must_follow_the_one_before(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);

    journal_events(writer, 3);
    evj_writer_flush(writer, NULL);
    journal_end(writer);
    struct evj_verification v = verified(path);
    assert_sound(&v, EVJ_VERDICT_CLOSED);
    change_claim(path, block_at(path, 2), 32, 8, 5);
    assert_only(path, EVJ_VERDICT_DAMAGED, EVJ_FINDING_BLOCK, "greatest mono");
    free(path);
}

static void append(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "ab");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

/* ---- lines that contradict each other ---- */

#define EVENT(seq, mono) "{\"seq\":" #seq ",\"mono\":" #mono ",\"event\":{}}"

static char *journal_of(const char *folder, const struct evj_header *header,
                        const char *const *lines)
{
    char *path = temp_path(folder, "j.evj.gz");
    struct evj_writer *writer = NULL;

    unlink(path);
    assert_int_equal(evj_writer_open(path, header, NULL, &writer, NULL), EVJ_OK);
    for (; *lines; lines++)
        journal_line(writer, *lines);
    evj_writer_flush(writer, NULL);
    journal_end(writer);
    return path;
}

#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void assert_lines(const char *folder, const struct evj_header *header,
                         const char *const *lines, enum evj_finding_kind kind, const char *words)
{
    char *path = journal_of(folder, header, lines);

    if (words) {
        assert_only(path, EVJ_VERDICT_DAMAGED, kind, words);
    } else {
        struct evj_verification v = verified(path);
        assert_sound(&v, EVJ_VERDICT_CLOSED);
    }
    free(path);
}

static void a_hole_in_the_sequence_is_found(void **state)
{
    struct evj_header header;

    journal_header(&header);
    assert_lines(*state, &header, LINES(EVENT(0, 1), EVENT(1, 1), EVENT(4, 1)), EVJ_FINDING_HOLE,
                 "2 events are lost, from seq 2 on");
    assert_lines(*state, &header, LINES(EVENT(3, 1), EVENT(4, 1)), EVJ_FINDING_HOLE, "seq 0");
    snprintf(header.previous, sizeof(header.previous), "i.evj.gz");
    assert_lines(*state, &header, LINES(EVENT(3, 1), EVENT(4, 1)), EVJ_FINDING_HOLE, NULL);
    snprintf(header.cut, sizeof(header.cut), "--type jsep");
    assert_lines(*state, &header, LINES(EVENT(3, 1), EVENT(9, 1)), EVJ_FINDING_HOLE, NULL);
}

static void a_seq_that_comes_twice_or_goes_back_is_found(void **state)
{
    struct evj_header header;

    journal_header(&header);
    assert_lines(*state, &header, LINES(EVENT(0, 1), EVENT(1, 1), EVENT(1, 1), EVENT(2, 1)),
                 EVJ_FINDING_ORDER, "seq 1 comes where 2 is due");
    assert_lines(*state, &header, LINES(EVENT(0, 1), EVENT(1, 1), EVENT(2, 1), EVENT(0, 1)),
                 EVJ_FINDING_ORDER, "seq 0 comes where 3 is due");
    snprintf(header.cut, sizeof(header.cut), "--type jsep");
    assert_lines(*state, &header, LINES(EVENT(8, 1), EVENT(3, 1)), EVJ_FINDING_ORDER,
                 "seq 3 comes where 9 is due");
}

static void a_mono_that_goes_back_is_found(void **state)
{
    static const char *const clocks[] = {EVJ_CLOCK_MONOTONIC, EVJ_CLOCK_ARRIVAL,
                                         EVJ_CLOCK_TIMESTAMP};
    const char *const *lines = LINES(EVENT(0, 7), EVENT(1, 5), EVENT(2, 6));
    struct evj_header header;

    journal_header(&header);
    for (unsigned i = 0; i < 3; i++) {
        snprintf(header.clock, sizeof(header.clock), "%s", clocks[i]);
        assert_lines(*state, &header, lines, EVJ_FINDING_TIME, "mono goes back from 7 to 5");
    }
    assert_lines(*state, &header,
                 LINES("{\"seq\":0,\"mono\":1,\"gap\":{\"events\":2,\"until\":9}}", EVENT(2, 5)),
                 EVJ_FINDING_TIME, "mono goes back from 9 to 5");
    snprintf(header.clock, sizeof(header.clock), "sundial");
    assert_lines(*state, &header, lines, EVJ_FINDING_TIME, NULL);
}

/* Each server has its own monotonic clock. */
static void the_mono_of_a_merged_file_may_go_back(void **state)
{
    char *path = temp_path(*state, "merged.evj.gz");
    struct member first =
        block_of(LINES("{\"journal\":{\"version\":1,\"id\":\"" JOURNAL_ID
                       "\",\"clock\":\"monotonic\",\"sources\":[{\"id\":\"a\"},{\"id\":\"b\"}],"
                       "\"started\":{\"wall\":1,\"mono\":1}}}"));
    struct member rest = block_of(LINES(EVENT(0, 7), EVENT(1, 5), EVENT(2, 6)));

    temp_write(path, first.bytes, first.size);
    append(path, rest.bytes, rest.size);
    struct evj_verification v = verified(path);
    assert_sound(&v, EVJ_VERDICT_OPEN);
    assert_int_equal(v.header.sources, 2);
    member_done(&first);
    member_done(&rest);
    free(path);
}

/* Readers step over what they do not need by its brackets; who replays it will not. */
static void a_line_that_is_not_json_is_found(void **state)
{
    struct evj_header header;

    journal_header(&header);
    assert_lines(*state, &header,
                 LINES(EVENT(0, 1), "{\"seq\":1,\"mono\":1,\"event\":{\"type\":nil}}", EVENT(2, 1)),
                 EVJ_FINDING_JSON, "a value is missing at its byte 34");
}

static void records_behind_the_end_record_are_found(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);

    journal_events(writer, 2);
    journal_line(writer, "{\"end\":{}}");
    journal_line(writer, EVENT(2, 3600001000));
    journal_line(writer, EVENT(3, 3600001000));
    evj_writer_flush(writer, NULL);
    evj_writer_free(writer);
    assert_only(path, EVJ_VERDICT_DAMAGED, EVJ_FINDING_AFTER_END, "follow the end record");
    free(path);
}

static void the_end_record_tells_what_is_there(void **state)
{
    static const struct {
        const char *keys, *words;
    } ends[] = {
        {"\"records\":3", "says 3 for the number of records, but it is 2"},
        {"\"records\":2,\"events\":1", "says 1 for the number of events, but it is 2"},
        {"\"dropped\":9", "says 9 for the number of dropped events, but it is 0"},
        {"\"types\":{\"sessions\":1,\"handles\":2}",
         "says 2 for the number of events of the type handles"},
        {"\"sessions\":2", "says 2 for the number of sessions, but it is 1"},
        {"\"handles\":0", "says 0 for the number of handles, but it is 1"},
        {"\"emitters\":[\"gw-beta\"]", "other emitters"},
        {"\"emitters\":[]", "other emitters"},
        {"\"first\":{\"seq\":1,\"mono\":3600000000},\"last\":{\"seq\":1,\"mono\":3600001000}",
         "says 1 for the seq of the first event"},
        {"\"first\":{\"seq\":0,\"mono\":3600000000},\"last\":{\"seq\":1,\"mono\":3600001001}",
         "says 3600001001 for the mono of the last event"},
        {"\"lag\":{\"least\":0,\"greatest\":5}", "says 5 for the greatest lag"},
        {"\"records\":2,\"events\":2,\"dropped\":0,\"types\":{\"sessions\":1,\"handles\":1},"
         "\"sessions\":1,"
         "\"handles\":1,\"emitters\":[\"gw-alpha\"],\"lag\":{\"least\":0,\"greatest\":0}",
         NULL},
        {"\"reason\":\"shutdown\"", NULL},
    };
    char *path = temp_path(*state, "j.evj.gz");

    for (unsigned i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        struct evj_writer *writer = journal_begin(path, NULL);
        char line[512];
        snprintf(line, sizeof(line), "{\"end\":{%s}}", ends[i].keys);
        journal_events(writer, 2);
        journal_line(writer, line);
        evj_writer_flush(writer, NULL);
        evj_writer_free(writer);
        if (ends[i].words) {
            assert_only(path, EVJ_VERDICT_DAMAGED, EVJ_FINDING_END, ends[i].words);
        } else {
            struct evj_verification v = verified(path);
            assert_sound(&v, EVJ_VERDICT_CLOSED);
        }
        unlink(path);
    }
    free(path);
}

/* Of a hostile file there may be a finding in every line. */
static void findings_are_bounded_and_the_rest_is_counted(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);

    for (unsigned i = 0; i < 1000; i++)
        journal_line(writer, EVENT(0, 1));
    journal_end(writer);
    struct evj_verification v = verified(path);
    assert_int_equal(v.verdict, EVJ_VERDICT_DAMAGED);
    assert_int_equal(v.finding_count, 999);
    assert_int_equal(v.faults, 999);
    assert_int_equal(evj_verification_findings(&v), EVJ_FINDINGS_MAX);
    free(path);
}

/* ---- bytes ---- */

static void what_follows_the_last_block_is_damage(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");

    journal_make(path, 3, 0);
    append(path, "trailing", 8);
    assert_only(path, EVJ_VERDICT_DAMAGED, EVJ_FINDING_DAMAGE, "bytes");
    free(path);
}

/* `cat a b > c`: gzip calls that one file, and so do we. */
static void a_journal_behind_a_journal_is_noted(void **state)
{
    char *path = temp_path(*state, "j.evj.gz"), *other = temp_path(*state, "k.evj.gz");
    struct evj_header header;
    struct evj_writer *writer = NULL;
    size_t size;

    journal_make(path, 3, 0);
    assert_int_equal(evj_header_init(&header, NULL), EVJ_OK);
    assert_int_equal(evj_writer_open(other, &header, NULL, &writer, NULL), EVJ_OK);
    journal_events(writer, 5);
    journal_end(writer);
    char *bytes = temp_read(other, &size);
    append(path, bytes, size);
    assert_only(path, EVJ_VERDICT_CLOSED, EVJ_FINDING_JOINED, header.id);
    struct evj_verification v = verified(path);
    assert_int_equal(v.totals.events, 8);
    assert_int_equal(v.totals.offered, 8);
    free(bytes);
    free(other);
    free(path);
}

static void a_file_that_stops_inside_a_block_is_truncated(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");

    journal_make(path, 30, 900);
    size_t last = block_at(path, 4);
    assert_int_equal(truncate(path, (off_t)last + 100), 0);
    assert_only(path, EVJ_VERDICT_TRUNCATED, EVJ_FINDING_TRUNCATED, "stops inside the block");
    assert_int_equal(truncate(path, (off_t)last), 0);
    struct evj_verification v = verified(path);
    assert_sound(&v, EVJ_VERDICT_OPEN);
    free(path);
}

/* What else is wrong makes it damaged, whatever its end is. */
static void a_truncated_file_may_be_damaged_too(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");

    journal_make(path, 30, 900);
    size_t size, second = block_at(path, 2), last = block_at(path, 4);
    char *bytes = temp_read(path, &size);
    bytes[second + 120] ^= 1;
    temp_write(path, bytes, last + 100);
    struct evj_verification v = verified(path);
    assert_int_equal(v.verdict, EVJ_VERDICT_DAMAGED);
    assert_found(&v, EVJ_FINDING_DAMAGE, "bytes");
    assert_found(&v, EVJ_FINDING_TRUNCATED, "stops inside");
    assert_int_equal(v.finding_count, 2);
    free(bytes);
    free(path);
}

/* ---- no journal at all ---- */

static void what_is_no_journal_is_told_apart(void **state)
{
    char *path = temp_path(*state, "odd");
    struct member later = block_of(LINES("{\"journal\":{\"version\":2,\"started\":{}}}"));
    struct member nameless = block_of(LINES("{\"journal\":{\"version\":1}}"));

    assert_only(path, EVJ_VERDICT_UNREADABLE, EVJ_FINDING_UNREADABLE, "No such file");
    assert_only(*state, EVJ_VERDICT_UNREADABLE, EVJ_FINDING_UNREADABLE, "Is a directory");
    temp_write(path, "", 0);
    assert_only(path, EVJ_VERDICT_FOREIGN, EVJ_FINDING_UNREADABLE, "empty");
    temp_write(path, "{\"type\":1}\n", 11);
    assert_only(path, EVJ_VERDICT_FOREIGN, EVJ_FINDING_UNREADABLE, "not a journal");
    temp_write(path, later.bytes, later.size);
    assert_only(path, EVJ_VERDICT_LATER, EVJ_FINDING_UNREADABLE, "later evj");
    temp_write(path, nameless.bytes, nameless.size);
    assert_only(path, EVJ_VERDICT_DAMAGED, EVJ_FINDING_DAMAGE, "names no recording");
    member_done(&later);
    member_done(&nameless);
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_journal_as_it_was_written_is_sound),
        TEST(real_journals_are_sound),
        TEST(an_empty_journal_is_sound),
        TEST(without_an_end_record_a_journal_is_open),
        TEST(what_a_blocks_header_says_is_held_against_its_lines),
        TEST(the_first_blocks_header_is_looked_at_too),
        TEST(a_session_filter_must_hold_every_session),
        TEST(a_block_without_seqs_must_follow_the_one_before),
        TEST(a_hole_in_the_sequence_is_found),
        TEST(a_seq_that_comes_twice_or_goes_back_is_found),
        TEST(a_mono_that_goes_back_is_found),
        TEST(the_mono_of_a_merged_file_may_go_back),
        TEST(a_line_that_is_not_json_is_found),
        TEST(records_behind_the_end_record_are_found),
        TEST(the_end_record_tells_what_is_there),
        TEST(findings_are_bounded_and_the_rest_is_counted),
        TEST(what_follows_the_last_block_is_damage),
        TEST(a_journal_behind_a_journal_is_noted),
        TEST(a_file_that_stops_inside_a_block_is_truncated),
        TEST(a_truncated_file_may_be_damaged_too),
        TEST(what_is_no_journal_is_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
