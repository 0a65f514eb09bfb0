/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/journal.h"
#include "tests/support/journal_files.h"
#include "tests/support/temp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Two servers with different uptimes: only the wall clock says what came first. */
static void files_are_merged_by_the_wall_clock(void **state)
{
    struct evj_writer *a =
        begin_file(*state, &(struct file_spec){.name = "a.evj.gz", .mono_s = 5000});
    struct evj_writer *b = begin_file(
        *state, &(struct file_spec){.name = "b.evj.gz", .id = "b", .wall_s = 2, .mono_s = 10});

    put(a, "event", 0, 5000, "a0");
    put(a, "event", 1, 5003, "a3");
    put(a, "event", 2, 5005, "a5");
    put(b, "event", 0, 10, "b2");
    put(b, "event", 1, 12, "b4");
    put(b, "event", 2, 13, "b5");
    journal_end(a);
    journal_end(b);

    struct reading reading = READ(*state, "b.evj.gz", "a.evj.gz");
    assert_int_equal(reading.status, EVJ_END);
    assert_order(&reading, "a0 b2 a3 b4 a5 b5");
    assert_int_equal(reading.records[0].source, 0);
    assert_int_equal(reading.records[1].source, 1);
    for (size_t i = 1; i < reading.count; i++)
        assert_true(reading.records[i].wall_us >= reading.records[i - 1].wall_us);
    reading_done(&reading);
}

static void a_folder_is_its_journals(void **state)
{
    char *odd = temp_path(*state, "notes.txt"), *hidden = temp_path(*state, ".evj.gz");
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;

    temp_write(odd, "no journal", 10);
    temp_write(hidden, "no journal", 10);
    for (unsigned i = 0; i < 3; i++) {
        char name[20], text[20];
        snprintf(name, sizeof(name), "%u.evj.gz", 3 - i);
        snprintf(text, sizeof(text), "e%u", i);
        struct evj_writer *writer = begin_file(
            *state, &(struct file_spec){.name = name, .wall_s = 10 * i, .mono_s = 10 * i});
        put(writer, "event", i, 10 * i, text);
        journal_end(writer);
    }
    struct reading reading = reading_of_journal(&folder, 1);
    assert_order(&reading, "e0 e1 e2");
    reading_done(&reading);

    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    assert_int_equal(evj_journal_files(journal), 3);
    assert_non_null(strstr(evj_journal_path(journal, 0), "/3.evj.gz"));
    assert_true(evj_journal_header(journal, 2)->started_wall_us == JOURNAL_WALL_US + 20000000);
    free(odd);
    free(hidden);
}

static void assert_refused(const char *path, int status, const char *words)
{
    EVJ_AUTO(journal) *journal = NULL;
    struct evj_error err = {0};

    assert_int_equal(evj_journal_open(&path, 1, &journal, &err), status);
    assert_null(journal);
    assert_non_null(strstr(err.text, path));
    assert_non_null(strstr(err.text, words));
}

static void what_cannot_be_opened_is_named(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");

    assert_refused(*state, EVJ_ERR_INVALID, "no journal (*.evj.gz) in this folder");
    assert_refused(path, EVJ_ERR_IO, "No such file");
    temp_write(path, "foreign", 7);
    assert_refused(path, EVJ_ERR_FOREIGN, "not a journal");
    free(path);
}

/* A path may be longer than an error's text: its end, with the name, is what matters. */
static void a_long_path_is_named_by_its_end(void **state)
{
    char name[200];
    EVJ_AUTO(journal) *journal = NULL;
    struct evj_error err = {0};

    memset(name, 'n', sizeof(name) - 1);
    memcpy(name + 186, "last.evj.gz", 12);
    char *path = temp_path(*state, name);
    const char *paths[] = {path};
    assert_int_equal(evj_journal_open(paths, 1, &journal, &err), EVJ_ERR_IO);
    assert_non_null(strstr(err.text, "last.evj.gz: cannot open: No such file"));
    free(path);
}

/* ---- rotation ---- */

static void state_is_told_only_where_its_events_were_not_read(void **state)
{
    write_rotated(*state);
    struct reading reading = READ(*state, "1.evj.gz", "2.evj.gz", "3.evj.gz");
    assert_order(&reading, "e0 e1 e2 e3");
    reading_assert_whole(&reading);
    reading_done(&reading);
    reading = READ(*state, "3.evj.gz", "2.evj.gz");
    assert_order(&reading, "s0 e2 e3");
    reading_done(&reading);
    reading = READ(*state, "3.evj.gz");
    assert_order(&reading, "t0 t2 e3");
    reading_done(&reading);
    reading = READ(*state, "1.evj.gz", "3.evj.gz");
    assert_order(&reading, "e0 e1 t0 t2 e3");
    reading_done(&reading);
}

/* Two recordings may well have files of the same name, in folders of their own. */
/* The numbers go on from file to file: what is lost between two of them is told. */
static void a_hole_between_two_files_of_a_recording_is_told(void **state)
{
    struct evj_writer *first =
        begin_file(*state, &(struct file_spec){.name = "1.evj.gz", .mono_s = 100});
    struct evj_writer *second = begin_file(
        *state, &(struct file_spec){
                    .name = "2.evj.gz", .previous = "1.evj.gz", .wall_s = 10, .mono_s = 110});

    put(first, "event", 0, 100, "e0");
    put(second, "event", 5, 111, "e5");
    journal_end(first);
    journal_end(second);
    struct reading reading = READ(*state, "1.evj.gz", "2.evj.gz");
    assert_order(&reading, "e0 e5");
    assert_int_equal(reading.damages, 1);
    assert_int_equal(reading.damage.lost, 4);
    assert_int_equal(reading_assert_continuous(&reading), 6);
    reading_done(&reading);

    /* Of the second alone nobody knows what was before. */
    reading = READ(*state, "2.evj.gz");
    assert_int_equal(reading_assert_whole(&reading), 6);
    reading_done(&reading);
}

/* A spool that is read in the midst of a loss tells the first of it; its gap record is in the next file,
 * and whole. */
static void a_gap_that_goes_on_into_the_next_file_is_told_once(void **state)
{
    struct evj_writer *first =
        begin_file(*state, &(struct file_spec){.name = "1.evj.gz", .mono_s = 100});
    struct evj_writer *second = begin_file(
        *state, &(struct file_spec){
                    .name = "2.evj.gz", .previous = "1.evj.gz", .wall_s = 10, .mono_s = 110});

    put(first, "event", 0, 100, "e0");
    journal_line(first, "{\"seq\":1,\"mono\":101000000,\"gap\":{\"events\":4,\"reason\":"
                        "\"buffer-full\",\"until\":102000000}}");
    journal_line(second, "{\"seq\":1,\"mono\":101000000,\"gap\":{\"events\":7,\"reason\":"
                         "\"buffer-full\",\"until\":103000000}}");
    put(second, "event", 8, 111, "e8");
    journal_end(first);
    journal_end(second);
    struct reading reading = READ(*state, "1.evj.gz", "2.evj.gz");
    assert_order(&reading, "e0 e8");
    assert_int_equal(reading_assert_whole(&reading), 9);
    assert_int_equal(reading_kinds(&reading, EVJ_RECORD_GAP), 2);
    reading_done(&reading);
}

static void a_file_of_another_recording_is_no_predecessor(void **state)
{
    struct evj_writer *first =
        begin_file(*state, &(struct file_spec){.name = "1.evj.gz", .mono_s = 100});
    struct evj_writer *second = begin_file(*state, &(struct file_spec){.name = "2.evj.gz",
                                                                       .id = "another",
                                                                       .previous = "1.evj.gz",
                                                                       .wall_s = 10,
                                                                       .mono_s = 110});

    put(first, "event", 0, 100, "e0");
    put(second, "state", 0, 100, "s0");
    journal_end(first);
    journal_end(second);
    struct reading reading = READ(*state, "1.evj.gz", "2.evj.gz");
    assert_order(&reading, "e0 s0");
    reading_done(&reading);
}

/* The wall clock was set back between two files of one recording: mono still says what came first.
 */
static void a_step_of_the_wall_clock_does_not_shuffle_a_recording(void **state)
{
    struct evj_writer *first =
        begin_file(*state, &(struct file_spec){.name = "1.evj.gz", .wall_s = 50, .mono_s = 100});
    struct evj_writer *second = begin_file(
        *state, &(struct file_spec){
                    .name = "2.evj.gz", .previous = "1.evj.gz", .wall_s = 3, .mono_s = 110});

    put(first, "event", 0, 100, "e0");
    put(first, "event", 1, 105, "e1");
    put(second, "state", 0, 100, "s0");
    put(second, "event", 2, 111, "e2");
    journal_end(first);
    journal_end(second);
    struct reading reading = READ(*state, "2.evj.gz", "1.evj.gz");
    assert_order(&reading, "e0 e1 e2");
    reading_done(&reading);
}

/* ---- order within a file ---- */

/* mono may be odd in a stranger's file; its own order is never changed, nor are others held up. */
static void a_file_keeps_its_own_order(void **state)
{
    struct evj_writer *a = begin_file(*state, &(struct file_spec){.name = "a.evj.gz"});
    struct evj_writer *b = begin_file(*state, &(struct file_spec){.name = "b.evj.gz", .id = "b"});

    put(a, "event", 0, 5, "a5");
    put(a, "event", 1, 1, "a1");
    put(a, "event", 2, 9, "a9");
    put(b, "event", 0, 4, "b4");
    put(b, "event", 1, 6, "b6");
    journal_end(a);
    journal_end(b);
    struct reading reading = READ(*state, "a.evj.gz", "b.evj.gz");
    assert_order(&reading, "b4 a5 a1 b6 a9");
    reading_done(&reading);
}

static void many_files_are_one_sequence(void **state)
{
    enum { FILES = 40, EVENTS = 25 };
    const char *folder = *state;

    for (unsigned f = 0; f < FILES; f++) {
        char name[20], id[20];
        snprintf(name, sizeof(name), "%u.evj.gz", f * 7 % FILES);
        snprintf(id, sizeof(id), "%u", f);
        struct evj_writer *writer = begin_file(
            folder, &(struct file_spec){.name = name, .id = id, .wall_s = f, .mono_s = 3 * f});
        for (unsigned e = 0; e < EVENTS; e++)
            put(writer, "event", e, 3 * f + (e * e) / 4, "x");
        journal_end(writer);
    }
    struct reading reading = reading_of_journal(&folder, 1);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading_kinds(&reading, EVJ_RECORD_EVENT), FILES * EVENTS);
    for (size_t i = 1; i < reading.count; i++)
        assert_true(reading.records[i].wall_us >= reading.records[i - 1].wall_us);
    reading_done(&reading);
}

/* ---- places only ---- */

static struct reading read_folder(const char *folder, bool places_only)
{
    EVJ_AUTO(journal) *journal = NULL;
    const struct evj_record *record;
    struct reading reading = {0};

    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    if (places_only)
        evj_journal_set_parser(journal, evj_record_parse_place);
    while (evj_journal_next(journal, &record, NULL) == EVJ_OK)
        reading_add(&reading, record);
    return reading;
}

static void of_places_only_all_but_the_events_is_the_same(void **state)
{
    write_three(*state);
    struct evj_writer *writer =
        begin_file(*state, &(struct file_spec){.name = "d.evj.gz", .id = "d", .wall_s = 5});
    journal_line(writer, "{\"mono\":-3,\"seq\":0,\"event\":{\"emitter\":\"odd\"}}");
    journal_line(writer, "{\"seq\":1, \"mono\":7,\"mark\":{\"text\":\"here\"}}");
    journal_line(writer, "{\"seq\":2,\"mono\":7,\"gap\":{\"events\":3}}");
    journal_end(writer);

    struct reading whole = read_folder(*state, false), places = read_folder(*state, true);
    assert_int_equal(whole.count, places.count);
    bool is_quick = false;
    for (size_t i = 0; i < whole.count; i++) {
        const struct evj_record *a = &whole.records[i], *b = &places.records[i];
        assert_string_equal(whole.lines[i], places.lines[i]);
        assert_int_equal(a->kind, b->kind);
        assert_int_equal(a->has_seq, b->has_seq);
        assert_int_equal(a->seq, b->seq);
        assert_true(a->mono_us == b->mono_us);
        assert_true(a->wall_us == b->wall_us);
        assert_int_equal(a->source, b->source);
        assert_int_equal(a->recording, b->recording);
        assert_int_equal(a->gap.events, b->gap.events);
        is_quick |= a->event.emitter.len > 0 && b->event.emitter.len == 0;
    }
    assert_true(is_quick);
    reading_done(&whole);
    reading_done(&places);
}

/* ---- recordings ---- */

/* The numbers of all events' recordings, in their order. */
static void assert_recordings(const char *folder, const char *expected)
{
    struct reading reading = read_folder(folder, false);
    char got[100] = "";
    size_t at = 0;

    for (size_t i = 0; i < reading.count; i++)
        if (reading.records[i].kind == EVJ_RECORD_EVENT)
            at += (size_t)snprintf(got + at, sizeof(got) - at, "%u ", reading.records[i].recording);
    assert_string_equal(got, expected);
    reading_done(&reading);
}

static void files_of_one_recording_have_one_number(void **state)
{
    write_rotated(*state);
    write_one(*state, &(struct file_spec){.name = "x.evj.gz", .id = "x", .wall_s = 5}, "x");
    write_one(*state, &(struct file_spec){.name = "y.evj.gz", .id = "y", .wall_s = 15}, "y");
    assert_recordings(*state, "0 0 1 0 0 2 ");
}

/* A merged file is of several recordings: each of its sources has a number of its own, and the next
 * file's come behind them. */
static void the_sources_of_a_merged_file_are_recordings(void **state)
{
    static const char first[] =
        "{\"journal\":{\"version\":1,\"id\":\"merged\",\"clock\":\"merged\","
        "\"sources\":[{\"id\":\"p\"},{\"id\":\"q\"},{\"id\":\"r\"}],"
        "\"started\":{\"wall\":1795335335000000,\"mono\":0}}}";
    struct evj_header header;
    struct evj_record record;
    struct evj_writer *writer = NULL;
    const struct evj_writer_options options = {.first_line = {first, strlen(first)}};
    char *path = temp_path(*state, "m.evj.gz");

    assert_int_equal(evj_record_parse(first, strlen(first), &record, NULL), EVJ_OK);
    assert_int_equal(evj_header_parse(&record, &header, NULL), EVJ_OK);
    assert_int_equal(header.sources, 3);
    assert_int_equal(evj_writer_open(path, &header, &options, &writer, NULL), EVJ_OK);
    journal_line(writer, "{\"seq\":0,\"mono\":0,\"source\":2,\"event\":{}}");
    journal_line(writer, "{\"seq\":1,\"mono\":0,\"source\":0,\"event\":{}}");
    journal_line(writer, "{\"seq\":2,\"mono\":0,\"source\":1,\"event\":{}}");
    journal_end(writer);
    write_one(*state, &(struct file_spec){.name = "a.evj.gz", .id = "a"}, "a");
    write_one(*state, &(struct file_spec){.name = "z.evj.gz", .id = "z", .wall_s = 9}, "z");
    assert_recordings(*state, "0 3 1 2 4 ");
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_merged_by_the_wall_clock),
        TEST(a_folder_is_its_journals),
        TEST(what_cannot_be_opened_is_named),
        TEST(a_long_path_is_named_by_its_end),
        TEST(state_is_told_only_where_its_events_were_not_read),
        TEST(a_hole_between_two_files_of_a_recording_is_told),
        TEST(a_gap_that_goes_on_into_the_next_file_is_told_once),
        TEST(a_file_of_another_recording_is_no_predecessor),
        TEST(a_step_of_the_wall_clock_does_not_shuffle_a_recording),
        TEST(a_file_keeps_its_own_order),
        TEST(many_files_are_one_sequence),
        TEST(of_places_only_all_but_the_events_is_the_same),
        TEST(files_of_one_recording_have_one_number),
        TEST(the_sources_of_a_merged_file_are_recordings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
