/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/timeline.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <stdlib.h>
#include <string.h>

static struct evj_journal *open_journal(const char *path)
{
    struct evj_journal *journal;

    assert_int_equal(evj_journal_open(&path, 1, &journal, NULL), 0);
    return journal;
}

static int64_t end_of(const char *path)
{
    EVJ_AUTO(journal) *journal = open_journal(path);
    int64_t end_us = 0;

    assert_int_equal(timeline_end(journal, &end_us, NULL), 0);
    return end_us;
}

/* The time of the last record, by reading all of them. */
static int64_t last_of(const char *path)
{
    EVJ_AUTO(journal) *journal = open_journal(path);
    struct timeline timeline = timeline_of(journal);
    const struct evj_record *record;
    int64_t last_us = INT64_MIN;

    while (evj_journal_next(journal, &record, NULL) == 0)
        if (record->has_seq && timeline_record_us(&timeline, record) > last_us)
            last_us = timeline_record_us(&timeline, record);
    return last_us;
}

static void headers_tell_the_end_of_many_blocks(void **state)
{
    char *path = temp_path(*state, "many.evj.gz");

    journal_make(path, 5000, 2000);
    assert_int_equal(end_of(path), last_of(path));
    free(path);
}

/* Blocks with a mark or a gap are read. */
static void a_last_mark_or_gap_is_the_end(void **state)
{
    static const char *const lines[] = {
        "{\"seq\":2,\"mono\":3700000000,\"mark\":{}}",
        "{\"seq\":2,\"mono\":3700000001,\"gap\":{\"events\":3,\"until\":3700000005}}",
    };

    for (size_t i = 0; i < 2; i++) {
        char *path = temp_path(*state, i ? "gap.evj.gz" : "mark.evj.gz");
        struct evj_writer *writer = journal_begin(path, NULL);

        journal_events(writer, 2);
        journal_line(writer, lines[i]);
        journal_end(writer);
        assert_int_equal(end_of(path), 3700000000 + (int64_t)i);
        free(path);
    }
}

static void write_file(const char *path, const char *id, int64_t wall_us, int64_t mono_us)
{
    EVJ_AUTO(writer) *writer = NULL;
    struct evj_header header;

    journal_header(&header);
    memcpy(header.id, id, strlen(id));
    header.started_wall_us = wall_us;
    header.started_mono_us = mono_us;
    assert_int_equal(evj_writer_open(path, &header, NULL, &writer, NULL), 0);
    assert_int_equal(evj_writer_add_event(writer, mono_us + 7, "{\"type\":1}", 10, NULL), 0);
    assert_int_equal(evj_writer_finish(writer, "shutdown", NULL), 0);
}

/* Of two servers, the later of both ends, on the wall clock. */
static void several_files_end_with_the_last(void **state)
{
    char *first = temp_path(*state, "a.evj.gz"), *second = temp_path(*state, "b.evj.gz");

    write_file(first, "1111", 9000000, 5);
    write_file(second, "2222", 8000000, 100);
    assert_int_equal(end_of(*state), 9000007);
    free(first);
    free(second);
}

static void a_journal_without_records_has_no_end(void **state)
{
    char *path = temp_path(*state, "empty.evj.gz");
    int64_t end_us = 42;

    journal_make(path, 0, 0);
    EVJ_AUTO(journal) *journal = open_journal(path);
    assert_int_equal(timeline_end(journal, &end_us, NULL), EVJ_END);
    assert_int_equal(end_us, 42);
    free(path);
}

#define TIMELINE_TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TIMELINE_TEST(headers_tell_the_end_of_many_blocks),
        TIMELINE_TEST(a_last_mark_or_gap_is_the_end),
        TIMELINE_TEST(several_files_end_with_the_last),
        TIMELINE_TEST(a_journal_without_records_has_no_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
