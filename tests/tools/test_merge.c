/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/limits.h"
#include "tools/merge.h"

#include <glib.h>
#include <string.h>

/* Files are only their headers here: records come as an evj_journal would give them. */
struct fixture {
    struct merge *merge;
    struct evj_header headers[8];
    unsigned files;
    GPtrArray *lines; /* of the new journal */
    unsigned room;    /* records that merge_put() takes before it says no */
};

static bool put(const struct evj_record *record, void *context)
{
    struct fixture *fixture = context;

    if (fixture->lines->len == fixture->room)
        return false;
    g_ptr_array_add(fixture->lines, g_strndup(record->line.text, record->line.len));
    return true;
}

static int set_up(void **state)
{
    struct fixture *fixture = g_new0(struct fixture, 1);

    fixture->room = G_MAXUINT;
    fixture->lines = g_ptr_array_new_with_free_func(g_free);
    fixture->merge = merge_new(put, fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    merge_free(fixture->merge);
    g_ptr_array_unref(fixture->lines);
    g_free(fixture);
    return 0;
}

/* A file of the recording with this id, of an emitter of the same name. */
static struct evj_header *add_file(struct fixture *fixture, const char *id, const char *sources)
{
    struct evj_header *header = &fixture->headers[fixture->files++];

    header->version = EVJ_FORMAT_MAJOR;
    g_strlcpy(header->id, id, sizeof(header->id));
    g_strlcpy(header->emitter, id, sizeof(header->emitter));
    g_strlcpy(header->host, "h", sizeof(header->host));
    g_strlcpy(header->clock, EVJ_CLOCK_MONOTONIC, sizeof(header->clock));
    g_strlcpy(header->spool, "/dev/shm/x", sizeof(header->spool));
    header->started_wall_us = 1000 * fixture->files;
    header->started_mono_us = 1;
    header->sources = sources != NULL ? 2 : 0;
    merge_file(fixture->merge, "x.evj.gz", header, sources);
    return header;
}

static void add_cut(struct fixture *fixture, const char *id, const char *cut)
{
    struct evj_header *header = &fixture->headers[fixture->files];

    g_strlcpy(header->cut, cut, sizeof(header->cut));
    add_file(fixture, id, NULL);
}

static int add_line(struct fixture *fixture, unsigned file, int64_t wall_us, const char *line,
                    struct evj_error *err)
{
    g_autofree char *copy = g_strdup(line); /* borrowed for the call only */
    struct evj_record record;

    assert_int_equal(evj_record_parse(copy, strlen(copy), &record, NULL), 0);
    record.source = file;
    record.wall_us = wall_us;
    return merge_add(fixture->merge, &record, err);
}

/* An event of this seq at this mono, `wall_us` on the wall clock. */
static void add(struct fixture *fixture, unsigned file, int64_t wall_us, uint64_t seq)
{
    g_autofree char *line =
        g_strdup_printf("{\"seq\":%" G_GUINT64_FORMAT ",\"mono\":%" G_GINT64_FORMAT
                        ",\"event\":{\"n\":\"%u.%" G_GUINT64_FORMAT "\"}}",
                        seq, wall_us - 1000, file, seq);

    assert_int_equal(add_line(fixture, file, wall_us, line, NULL), 0);
}

static void finish(struct fixture *fixture)
{
    assert_int_equal(merge_finish(fixture->merge, NULL), 0);
}

/* All of them, each without its braces, and a blank between two. */
static void assert_lines(const struct fixture *fixture, const char *const *lines)
{
    for (guint i = 0; i < fixture->lines->len && lines[i] != NULL; i++)
        assert_string_equal(g_ptr_array_index(fixture->lines, i), lines[i]);
    assert_int_equal(fixture->lines->len, g_strv_length((char **)lines));
}

/* "0 1 4": the seqs of the lines. */
static void assert_seqs(const struct fixture *fixture, const char *expected)
{
    g_autoptr(GString) seqs = g_string_new(NULL);

    for (guint i = 0; i < fixture->lines->len; i++) {
        const char *line = g_ptr_array_index(fixture->lines, i);
        struct evj_record record;

        assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), 0);
        g_string_append_printf(seqs, "%s%s%" G_GUINT64_FORMAT, i > 0 ? " " : "",
                               record.kind == EVJ_RECORD_GAP     ? "gap "
                               : record.kind == EVJ_RECORD_STATE ? "state "
                                                                 : "",
                               record.seq);
    }
    assert_string_equal(seqs->str, expected);
}

/* ---- one recording ---- */

static void the_records_of_one_recording_stay_as_they_are(void **state)
{
    struct fixture *fixture = *state;

    add_file(fixture, "a", NULL);
    add_file(fixture, "a", NULL);
    add(fixture, 0, 1000, 0);
    assert_int_equal(
        add_line(fixture, 0, 1001, "{\"x\":1, \"mono\":1,\"seq\":1,\"mark\":{}}", NULL), 0);
    add(fixture, 1, 1002, 2);
    finish(fixture);
    assert_false(merge_is_of_several(fixture->merge));
    assert_lines(fixture,
                 (const char *const[]){"{\"seq\":0,\"mono\":0,\"event\":{\"n\":\"0.0\"}}",
                                       "{\"x\":1, \"mono\":1,\"seq\":1,\"mark\":{}}",
                                       "{\"seq\":2,\"mono\":2,\"event\":{\"n\":\"1.2\"}}", NULL});
}

static void its_header_is_that_of_its_first_file(void **state)
{
    struct fixture *fixture = *state;
    struct evj_header header;
    g_autofree char *sources = NULL;

    g_strlcpy(add_file(fixture, "a", NULL)->previous, "before.evj.gz", 100);
    add_file(fixture, "a", NULL);
    assert_int_equal(merge_header(fixture->merge, &header, &sources, NULL), 0);
    assert_string_equal(header.id, "a");
    assert_string_equal(header.previous, "before.evj.gz");
    assert_string_equal(header.spool, "");
    assert_int_equal(header.started_wall_us, 1000);
    assert_int_equal(header.started_mono_us, 1);
    assert_null(sources);
}

static void what_is_missing_between_two_files_becomes_a_gap(void **state)
{
    struct fixture *fixture = *state;

    add_file(fixture, "a", NULL);
    add_file(fixture, "a", NULL);
    add(fixture, 0, 1000, 4);
    add(fixture, 1, 1009, 9);
    finish(fixture);
    assert_lines(fixture,
                 (const char *const[]){"{\"seq\":4,\"mono\":0,\"event\":{\"n\":\"0.4\"}}",
                                       "{\"seq\":5,\"mono\":0,\"gap\":{\"events\":4,"
                                       "\"reason\":\"missing\",\"until\":9}}",
                                       "{\"seq\":9,\"mono\":9,\"event\":{\"n\":\"1.9\"}}", NULL});
    assert_int_equal(merge_totals(fixture->merge)->missing, 4);
}

/* Two selections of one journal: each has holes, and both may have the same record. */
static void cuts_of_one_recording_are_joined(void **state)
{
    struct fixture *fixture = *state;
    struct evj_header header;
    g_autofree char *sources = NULL;

    add_cut(fixture, "a", "--session 1");
    add_cut(fixture, "a", "--session 2");
    add(fixture, 0, 1000, 1);
    add(fixture, 0, 1000, 3);
    add(fixture, 0, 1000, 5);
    add(fixture, 1, 1000, 2);
    add(fixture, 1, 1000, 3);
    add(fixture, 0, 1007, 7);
    add(fixture, 1, 1007, 7);
    add(fixture, 1, 1008, 9);
    finish(fixture);
    assert_seqs(fixture, "1 2 3 5 7 9");
    assert_int_equal(merge_totals(fixture->merge)->repeated, 2);
    assert_int_equal(merge_totals(fixture->merge)->missing, 0);
    assert_int_equal(merge_header(fixture->merge, &header, &sources, NULL), 0);
    assert_string_equal(header.cut, "--session 1 + --session 2");
}

/* A gap of unknown size has the seq of what follows it. */
static void a_gap_of_unknown_size_stays_before_what_follows(void **state)
{
    struct fixture *fixture = *state;
    static const char gap[] =
        "{\"seq\":1,\"mono\":0,\"gap\":{\"events\":0,\"reason\":\"damaged\"}}";

    add_cut(fixture, "a", "x");
    add_cut(fixture, "a", "y");
    for (unsigned file = 0; file < 2; file++) {
        assert_int_equal(add_line(fixture, file, 1000, gap, NULL), 0);
        add(fixture, file, 1000, 1);
    }
    finish(fixture);
    assert_seqs(fixture, "gap 1 1");
}

static void lines_without_a_place_stay_behind_their_neighbour(void **state)
{
    struct fixture *fixture = *state;

    add_file(fixture, "a", NULL);
    add(fixture, 0, 1000, 0);
    assert_int_equal(add_line(fixture, 0, 1000, "{\"new\":1}", NULL), 0);
    assert_int_equal(add_line(fixture, 0, 1000, "{\"new\":1}", NULL), 0);
    add(fixture, 0, 1000, 1);
    finish(fixture);
    assert_string_equal(g_ptr_array_index(fixture->lines, 1), "{\"new\":1}");
    assert_string_equal(g_ptr_array_index(fixture->lines, 2), "{\"new\":1}");
    assert_int_equal(fixture->lines->len, 4);
}

/* Else a record would be lost, or told twice. */
static void files_that_contradict_each_other_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct evj_error err = {0};

    add_file(fixture, "a", NULL);
    add_file(fixture, "a", NULL);
    add(fixture, 0, 1000, 5);
    add(fixture, 1, 1001, 2);
    assert_int_equal(merge_finish(fixture->merge, &err), EVJ_ERR_INVALID);
    assert_non_null(strstr(err.text, "x.evj.gz"));
    assert_non_null(strstr(err.text, "seq 2 "));
    assert_non_null(strstr(err.text, "seq 5 "));
}

#define STATE(seq) "{\"seq\":" seq ",\"mono\":-5,\"state\":{\"type\":1}}"

static void state_that_the_files_before_have_told_is_left_out(void **state)
{
    struct fixture *fixture = *state;

    add_file(fixture, "a", NULL);
    add_file(fixture, "a", NULL);
    add_file(fixture, "a", NULL);
    assert_int_equal(add_line(fixture, 0, 900, STATE("1"), NULL), 0);
    add(fixture, 0, 1000, 3);
    assert_int_equal(add_line(fixture, 1, 900, STATE("1"), NULL), 0);
    assert_int_equal(add_line(fixture, 1, 1000, STATE("3"), NULL), 0);
    add(fixture, 1, 1004, 4);
    /* A file is missing here: the state tells of it. */
    assert_int_equal(add_line(fixture, 2, 900, STATE("3"), NULL), 0);
    assert_int_equal(add_line(fixture, 2, 1005, STATE("5"), NULL), 0);
    add(fixture, 2, 1006, 7);
    finish(fixture);
    assert_seqs(fixture, "state 1 3 4 state 5 gap 5 7");
}

/* ---- several recordings ---- */

static void records_of_two_recordings_go_by_time_and_then_by_source(void **state)
{
    struct fixture *fixture = *state;

    add_file(fixture, "a", NULL);
    add_file(fixture, "b", NULL);
    add(fixture, 0, 1000, 5);
    add(fixture, 1, 1001, 0);
    add(fixture, 1, 1002, 1);
    add(fixture, 0, 1002, 6);
    finish(fixture);
    assert_true(merge_is_of_several(fixture->merge));
    assert_lines(fixture,
                 (const char *const[]){
                     "{\"seq\":0,\"mono\":1000,\"source\":0,\"event\":{\"n\":\"0.5\"}}",
                     "{\"seq\":1,\"mono\":1001,\"source\":1,\"event\":{\"n\":\"1.0\"}}",
                     "{\"seq\":2,\"mono\":1002,\"source\":0,\"event\":{\"n\":\"0.6\"}}",
                     "{\"seq\":3,\"mono\":1002,\"source\":1,\"event\":{\"n\":\"1.1\"}}", NULL});
}

static void the_first_line_tells_of_each(void **state)
{
    struct fixture *fixture = *state;
    struct evj_header header;
    g_autofree char *sources = NULL;

    add_file(fixture, "a", NULL);
    add_file(fixture, "b", NULL);
    add_file(fixture, "a", NULL);
    assert_int_equal(merge_header(fixture->merge, &header, &sources, NULL), 0);
    assert_int_equal(strlen(header.id), 36);
    assert_string_equal(header.clock, EVJ_CLOCK_MERGED);
    assert_string_equal(header.emitter, "");
    assert_string_equal(header.host, "h");
    assert_string_equal(header.spool, "");
    assert_int_equal(header.started_wall_us, 1000);
    assert_int_equal(header.started_mono_us, 1000);
    assert_string_equal(sources,
                        "[{\"id\":\"a\",\"emitter\":\"a\",\"host\":\"h\",\"clock\":\"monotonic\","
                        "\"started\":{\"wall\":1000,\"mono\":1}},"
                        "{\"id\":\"b\",\"emitter\":\"b\",\"host\":\"h\",\"clock\":\"monotonic\","
                        "\"started\":{\"wall\":2000,\"mono\":1}}]");
    assert_int_equal(merge_totals(fixture->merge)->recordings, 2);
}

static void time_never_goes_back(void **state)
{
    struct fixture *fixture = *state;

    add_file(fixture, "a", NULL);
    add_file(fixture, "b", NULL);
    add(fixture, 0, 1010, 0);
    add(fixture, 0, 1005, 1);
    add(fixture, 1, 1006, 0);
    finish(fixture);
    assert_lines(fixture,
                 (const char *const[]){
                     "{\"seq\":0,\"mono\":1010,\"source\":0,\"event\":{\"n\":\"0.0\"}}",
                     "{\"seq\":1,\"mono\":1010,\"source\":0,\"event\":{\"n\":\"0.1\"}}",
                     "{\"seq\":2,\"mono\":1010,\"source\":1,\"event\":{\"n\":\"1.0\"}}", NULL});
}

static void a_gap_takes_its_numbers_and_a_state_none(void **state)
{
    struct fixture *fixture = *state;

    add_file(fixture, "a", NULL);
    add_file(fixture, "b", NULL);
    assert_int_equal(add_line(fixture, 0, 900, STATE("3"), NULL), 0);
    assert_int_equal(add_line(fixture, 0, 1000,
                              "{\"seq\":9,\"mono\":0,\"gap\":{\"events\":4,\"until\":3}}", NULL),
                     0);
    add(fixture, 1, 1001, 0);
    add(fixture, 1, 1002, 3); /* its 1 and 2 are missing */
    finish(fixture);
    assert_lines(fixture,
                 (const char *const[]){
                     "{\"seq\":3,\"mono\":900,\"source\":0,\"state\":{\"type\":1}}",
                     "{\"seq\":0,\"mono\":1000,\"source\":0,\"gap\":{\"events\":4,\"until\":1003}}",
                     "{\"seq\":4,\"mono\":1001,\"source\":1,\"event\":{\"n\":\"1.0\"}}",
                     "{\"seq\":5,\"mono\":1002,\"source\":1,\"gap\":{\"events\":2,"
                     "\"reason\":\"missing\",\"until\":1002}}",
                     "{\"seq\":7,\"mono\":1002,\"source\":1,\"event\":{\"n\":\"1.3\"}}", NULL});
}

/* ---- merging what was merged ---- */

#define TWO_SOURCES "[{\"id\":\"b\",\"new\":1}, {\"id\":\"c\"}]"

static void the_sources_of_a_merged_journal_are_sources_of_the_new_one(void **state)
{
    struct fixture *fixture = *state;
    struct evj_header header;
    g_autofree char *sources = NULL;

    add_file(fixture, "a", NULL);
    add_file(fixture, "m", TWO_SOURCES);
    add(fixture, 0, 1000, 0);
    assert_int_equal(
        add_line(fixture, 1, 1001, "{\"seq\":0,\"mono\":1,\"source\":1,\"event\":{}}", NULL), 0);
    assert_int_equal(
        add_line(fixture, 1, 1002, "{\"seq\":1,\"mono\":2,\"source\":0,\"event\":{}}", NULL), 0);
    assert_int_equal(
        add_line(fixture, 1, 1003, "{\"seq\":2,\"mono\":3,\"source\":77,\"event\":{}}", NULL), 0);
    finish(fixture);
    assert_lines(fixture, (const char *const[]){
                              "{\"seq\":0,\"mono\":1000,\"source\":0,\"event\":{\"n\":\"0.0\"}}",
                              "{\"seq\":1,\"mono\":1001,\"source\":2,\"event\":{}}",
                              "{\"seq\":2,\"mono\":1002,\"source\":1,\"event\":{}}",
                              "{\"seq\":3,\"mono\":1003,\"source\":1,\"event\":{}}", NULL});
    assert_int_equal(merge_header(fixture->merge, &header, &sources, NULL), 0);
    assert_non_null(strstr(sources, "},{\"id\":\"b\",\"new\":1},{\"id\":\"c\"}]"));
    assert_int_equal(merge_totals(fixture->merge)->recordings, 3);
}

/* The recording itself, and a journal that it was merged into. */
static void what_was_merged_before_is_told_once(void **state)
{
    struct fixture *fixture = *state;

    add_file(fixture, "b", NULL);
    add_file(fixture, "m", TWO_SOURCES);
    assert_int_equal(add_line(fixture, 0, 1000, "{\"seq\":5,\"mono\":1,\"event\":{\"a\":1}}", NULL),
                     0);
    assert_int_equal(
        add_line(fixture, 1, 1000, "{\"seq\":0,\"mono\":1,\"source\":0,\"event\":{\"a\":1}}", NULL),
        0);
    assert_int_equal(
        add_line(fixture, 1, 1000, "{\"seq\":1,\"mono\":1,\"source\":1,\"event\":{\"a\":1}}", NULL),
        0);
    finish(fixture);
    assert_lines(fixture, (const char *const[]){
                              "{\"seq\":0,\"mono\":1000,\"source\":0,\"event\":{\"a\":1}}",
                              "{\"seq\":1,\"mono\":1000,\"source\":1,\"event\":{\"a\":1}}", NULL});
    assert_int_equal(merge_totals(fixture->merge)->repeated, 1);
}

static void cuts_of_a_merged_journal_stay_one_recording(void **state)
{
    struct fixture *fixture = *state;
    struct evj_header header;
    g_autofree char *sources = NULL;

    add_file(fixture, "m", TWO_SOURCES);
    add_file(fixture, "m", TWO_SOURCES);
    assert_int_equal(
        add_line(fixture, 0, 1000, "{\"seq\":0,\"mono\":1,\"source\":1,\"event\":{}}", NULL), 0);
    finish(fixture);
    assert_lines(fixture,
                 (const char *const[]){"{\"seq\":0,\"mono\":1,\"source\":1,\"event\":{}}", NULL});
    assert_int_equal(merge_header(fixture->merge, &header, &sources, NULL), 0);
    assert_string_equal(sources, TWO_SOURCES);
    assert_string_equal(header.id, "m");
}

/* A file whose beginning was damaged has lost its id. */
static void files_without_an_id_are_recordings_of_their_own(void **state)
{
    struct fixture *fixture = *state;

    add_file(fixture, "", NULL);
    add_file(fixture, "", NULL);
    assert_true(merge_is_of_several(fixture->merge));
    assert_int_equal(merge_totals(fixture->merge)->recordings, 2);
}

/* ---- limits ---- */

static void a_line_that_would_be_too_long_becomes_a_gap(void **state)
{
    struct fixture *fixture = *state;
    const int padding = EVJ_LINE_MAX;
    g_autofree char *line =
        g_strdup_printf("{\"seq\":0,\"mono\":0,\"event\":{\"x\":\"%*s\"}}", padding, "");

    line[EVJ_LINE_MAX] = '\0';
    memcpy(line + EVJ_LINE_MAX - 3, "\"}}", 3);
    add_file(fixture, "a", NULL);
    add_file(fixture, "b", NULL);
    assert_int_equal(add_line(fixture, 0, 1000, line, NULL), 0);
    add(fixture, 1, 1001, 0);
    finish(fixture);
    assert_seqs(fixture, "gap 0 1");
    assert_non_null(strstr(g_ptr_array_index(fixture->lines, 0), "\"reason\":\"too-long\""));
    assert_int_equal(merge_totals(fixture->merge)->too_long, 1);
}

static void gaps_beyond_all_numbers_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct evj_error err = {0};

    add_file(fixture, "a", NULL);
    add_file(fixture, "b", NULL);
    add(fixture, 0, 1000, 0);
    assert_int_equal(add_line(fixture, 1, 1001,
                              "{\"seq\":9,\"mono\":0,\"gap\":{\"events\":18446744073709551615}}",
                              NULL),
                     0);
    assert_int_equal(merge_finish(fixture->merge, &err), EVJ_ERR_INVALID);
    assert_non_null(strstr(err.text, "more events than can be numbered"));
}

static void a_put_that_says_no_ends_it(void **state)
{
    struct fixture *fixture = *state;

    fixture->room = 1;
    add_file(fixture, "a", NULL);
    add(fixture, 0, 1000, 0);
    add(fixture, 0, 1001, 1);
    assert_int_equal(add_line(fixture, 0, 1002, STATE("0"), NULL), EVJ_END);
}

/* A hostile journal in which nothing but one moment happens. */
static void one_endless_moment_is_not_held_back_for_ever(void **state)
{
    struct fixture *fixture = *state;
    const unsigned count = 200000;

    add_file(fixture, "a", NULL);
    for (unsigned i = 0; i < count; i++)
        add(fixture, 0, 1000, i);
    assert_in_range(fixture->lines->len, 1, count);
    finish(fixture);
    assert_int_equal(fixture->lines->len, count);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_records_of_one_recording_stay_as_they_are),
        TEST(its_header_is_that_of_its_first_file),
        TEST(what_is_missing_between_two_files_becomes_a_gap),
        TEST(cuts_of_one_recording_are_joined),
        TEST(a_gap_of_unknown_size_stays_before_what_follows),
        TEST(lines_without_a_place_stay_behind_their_neighbour),
        TEST(files_that_contradict_each_other_are_refused),
        TEST(state_that_the_files_before_have_told_is_left_out),
        TEST(records_of_two_recordings_go_by_time_and_then_by_source),
        TEST(the_first_line_tells_of_each),
        TEST(time_never_goes_back),
        TEST(a_gap_takes_its_numbers_and_a_state_none),
        TEST(the_sources_of_a_merged_journal_are_sources_of_the_new_one),
        TEST(what_was_merged_before_is_told_once),
        TEST(cuts_of_a_merged_journal_stay_one_recording),
        TEST(files_without_an_id_are_recordings_of_their_own),
        TEST(a_line_that_would_be_too_long_becomes_a_gap),
        TEST(gaps_beyond_all_numbers_are_refused),
        TEST(a_put_that_says_no_ends_it),
        TEST(one_endless_moment_is_not_held_back_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
