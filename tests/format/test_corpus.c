/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/reader.h"
#include "evj/select.h"
#include "format/workers_internal.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The journals of tests/data/valid, which tests/data/make_corpus.py makes. */
static int corpus_setup(void **state)
{
    static glob_t corpus;
    char pattern[4096];

    snprintf(pattern, sizeof(pattern), "%s/valid/*/journal.evj.gz", getenv("EVJ_TEST_DATA"));
    *state = &corpus;
    return glob(pattern, 0, NULL, &corpus) == 0 && corpus.gl_pathc > 40 ? 0 : -1;
}

static int corpus_teardown(void **state)
{
    globfree(*state);
    return 0;
}

/* The next line of what a case's records.jsonl holds; NULL at its end. */
static char *next_line(char **rest)
{
    char *line = strsep(rest, "\n");

    return line && *line ? line : NULL;
}

/* The text of `path`'s neighbour records.jsonl; the caller frees it. */
static char *expected_text(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *records = malloc(strlen(path) + sizeof("records.jsonl"));
    size_t size;

    sprintf(records, "%.*s/records.jsonl", (int)(slash - path), path);
    char *text = temp_read(records, &size);
    free(records);
    return text;
}

static void assert_next(const char *path, char **expected, const char *line)
{
    const char *due = next_line(expected);

    if (!due || strcmp(due, line) != 0)
        fail_msg("%s\n gives    %.200s\n instead of %.200s", path, line, due ? due : "the end");
}

static void assert_at_end(const char *path, char **expected)
{
    const char *due = next_line(expected);

    if (due)
        fail_msg("%s\n ends before %.200s", path, due);
}

/* What the format promises to everybody who opens a file in three years. */
static void every_record_is_given_byte_for_byte(void **state)
{
    const glob_t *corpus = *state;

    for (size_t i = 0; i < corpus->gl_pathc; i++) {
        const char *path = corpus->gl_pathv[i];
        struct reading reading = reading_of(path);
        char *text = expected_text(path), *rest = text;

        if (reading.status != EVJ_END || reading.totals.damages > 0)
            fail_msg("%s: %s", path, reading.err.text);
        for (size_t k = 0; k < reading.count; k++)
            if (reading.records[k].kind != EVJ_RECORD_UNKNOWN)
                assert_next(path, &rest, reading.lines[k]);
        assert_at_end(path, &rest);
        free(text);
        reading_done(&reading);
    }
}

/* Many threads, and the same records in the same order. */
static void reading_ahead_gives_the_same(void **state)
{
    const glob_t *corpus = *state;
    EVJ_AUTO(workers) *workers = evj_workers_new();

    for (size_t i = 0; i < corpus->gl_pathc; i++) {
        const char *path = corpus->gl_pathv[i];
        EVJ_AUTO(reader) *reader = NULL;
        const struct evj_record *record;
        char *text = expected_text(path), *rest = text;
        int status;

        assert_int_equal(evj_reader_open(path, &reader, NULL), EVJ_OK);
        evj_reader_set_ahead(reader, workers, 1024 * 1024);
        while ((status = evj_reader_next(reader, &record, NULL)) == EVJ_OK) {
            char *line = strndup(record->line.text, record->line.len);
            if (record->kind != EVJ_RECORD_UNKNOWN)
                assert_next(path, &rest, line);
            free(line);
        }
        assert_int_equal(status, EVJ_END);
        assert_at_end(path, &rest);
        free(text);
    }
}

static struct evj_select *select_session(const char *path, uint64_t session_id)
{
    struct evj_select *select = evj_select_new();
    EVJ_AUTO(reader) *reader = NULL;
    char text[24];

    snprintf(text, sizeof(text), "%" PRIu64, session_id);
    assert_int_equal(evj_select_add_session(select, text, NULL), EVJ_OK);
    assert_int_equal(evj_reader_open(path, &reader, NULL), EVJ_OK);
    evj_select_anchor(select, evj_reader_header(reader));
    return select;
}

/* The lines of one session, of a reading that may have passed blocks by. Lines of unknown kinds may
 * go with them. */
static char *session_text(struct reading *reading, struct evj_select *select)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    for (size_t i = 0; i < reading->count; i++) {
        struct evj_record record;
        const char *line = reading->lines[i];

        assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), EVJ_OK);
        if (record.kind != EVJ_RECORD_UNKNOWN && evj_select_matches(select, &record))
            fprintf(out, "%s\n", line);
    }
    fclose(out);
    return text;
}

static void assert_filter_loses_nothing(const char *path, struct reading *whole,
                                        uint64_t session_id)
{
    EVJ_AUTO(select) *select = select_session(path, session_id);
    struct reading filtered = reading_with_filter(path, evj_select_wants_block, select);
    char *expected = session_text(whole, select), *given = session_text(&filtered, select);

    assert_int_equal(filtered.status, EVJ_END);
    assert_int_equal(filtered.totals.damages, 0);
    if (strcmp(expected, given) != 0)
        fail_msg("%s: session %" PRIu64 " is not what it is without the filter", path, session_id);
    free(expected);
    free(given);
    reading_done(&filtered);
}

/* Filters of any size and number of hashes, and none: what they leave out is not of the session. */
static void passing_blocks_by_loses_nothing(void **state)
{
    const glob_t *corpus = *state;

    for (size_t i = 0; i < corpus->gl_pathc; i++) {
        struct reading whole = reading_of(corpus->gl_pathv[i]);
        uint64_t last = 0;
        unsigned tried = 0;

        for (size_t k = 0; k < whole.count && tried < 8; k++) {
            uint64_t session_id = whole.records[k].event.session_id;
            if (session_id == last || session_id == 0)
                continue;
            assert_filter_loses_nothing(corpus->gl_pathv[i], &whole, session_id);
            last = session_id;
            tried++;
        }
        assert_filter_loses_nothing(corpus->gl_pathv[i], &whole, 1234567);
        reading_done(&whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_is_given_byte_for_byte),
        cmocka_unit_test(reading_ahead_gives_the_same),
        cmocka_unit_test(passing_blocks_by_loses_nothing),
    };

    return cmocka_run_group_tests(tests, corpus_setup, corpus_teardown);
}
