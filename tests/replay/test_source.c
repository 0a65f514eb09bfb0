/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/writer.h"
#include "replay/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Two journals in a temporary folder; a test writes what it needs. */
struct files {
    char folder[32];
    char paths[2][64];
};

static int set_up(void **state)
{
    struct files *files = calloc(1, sizeof(*files));

    strcpy(files->folder, "/tmp/evj-source-XXXXXX");
    assert_non_null(mkdtemp(files->folder));
    snprintf(files->paths[0], sizeof(files->paths[0]), "%s/a.evj.gz", files->folder);
    snprintf(files->paths[1], sizeof(files->paths[1]), "%s/b.evj.gz", files->folder);
    *state = files;
    return 0;
}

static int tear_down(void **state)
{
    struct files *files = *state;

    unlink(files->paths[0]);
    unlink(files->paths[1]);
    rmdir(files->folder);
    free(files);
    return 0;
}

static void add(struct evj_writer *writer, const char *line)
{
    struct evj_record record;

    assert_int_equal(evj_record_parse(line, strlen(line), &record, NULL), 0);
    assert_int_equal(evj_writer_add(writer, &record, NULL), 0);
}

static void write_journal(const char *path, const struct evj_header *header,
                          const char *const *lines, size_t count)
{
    EVJ_AUTO(writer) *writer = NULL;

    assert_int_equal(evj_writer_open(path, header, NULL, &writer, NULL), 0);
    for (size_t i = 0; i < count; i++)
        add(writer, lines[i]);
    assert_int_equal(evj_writer_finish(writer, "shutdown", NULL), 0);
}

static struct evj_header new_header(int64_t wall_us, int64_t mono_us)
{
    struct evj_header header;

    assert_int_equal(evj_header_init(&header, NULL), 0);
    header.started_wall_us = wall_us;
    header.started_mono_us = mono_us;
    /* Its seqs do not begin at 0. */
    strcpy(header.previous, "before.evj.gz");
    return header;
}

/* A source over the files, and what it reads from. */
struct reading_source {
    struct evj_journal *journal;
    struct evj_select *select;
    struct source *source;
};

static struct reading_source open_files(const struct files *files, size_t count, const char *types)
{
    const char *paths[] = {files->paths[0], files->paths[1]};
    struct reading_source rs = {.select = evj_select_new()};

    if (types != NULL)
        assert_int_equal(evj_select_add_types(rs.select, types, NULL), 0);
    assert_int_equal(evj_journal_open(paths, count, &rs.journal, NULL), 0);
    evj_select_anchor(rs.select, evj_journal_header(rs.journal, 0));
    rs.source = source_journal_new(rs.journal, rs.select);
    assert_non_null(rs.source);
    return rs;
}

static void close_source(struct reading_source *rs)
{
    source_free(rs->source);
    evj_select_free(rs->select);
    evj_journal_free(rs->journal);
}

static void assert_next(struct reading_source *rs, enum evj_record_kind kind, uint64_t seq,
                        int64_t time_us)
{
    struct source_item item;

    assert_int_equal(rs->source->ops->next(rs->source, &item, NULL), 0);
    assert_int_equal(item.record->kind, kind);
    assert_int_equal(item.record->seq, seq);
    assert_int_equal(item.time_us, time_us);
}

static void assert_end(struct reading_source *rs)
{
    struct source_item item;

    assert_int_equal(rs->source->ops->next(rs->source, &item, NULL), EVJ_END);
}

static const char *const one_of_each[] = {
    "{\"seq\":3,\"mono\":100,\"state\":{\"type\":1,\"timestamp\":1,\"session_id\":7,\"event\":{}}}",
    "{\"seq\":10,\"mono\":1000,\"event\":{\"type\":1,\"timestamp\":1,\"session_id\":7,\"event\":{}}"
    "}",
    "{\"seq\":11,\"mono\":1100,\"mark\":{\"text\":\"here\",\"source\":\"admin\"}}",
    "{\"seq\":12,\"mono\":1200,\"gap\":{\"events\":5,\"bytes\":9,\"reason\":\"buffer-full\","
    "\"until\":1300,\"types\":{\"media\":5}}}",
    "{\"seq\":17,\"mono\":1400,\"event\":{\"type\":8,\"timestamp\":2,\"session_id\":7,\"event\":{}}"
    "}",
};

static void events_gaps_and_marks_come_and_states_do_not(void **state)
{
    const struct files *files = *state;
    const struct evj_header header = new_header(5000000, 1000);
    struct reading_source rs;

    write_journal(files->paths[0], &header, one_of_each, 5);
    rs = open_files(files, 1, NULL);
    assert_next(&rs, EVJ_RECORD_EVENT, 10, 1000);
    assert_next(&rs, EVJ_RECORD_MARK, 11, 1100);
    assert_next(&rs, EVJ_RECORD_GAP, 12, 1200);
    assert_next(&rs, EVJ_RECORD_EVENT, 17, 1400);
    assert_end(&rs);
    assert_int_equal(rs.source->states_skipped, 1);
    assert_int_equal(rs.source->gap_events, 5);
    close_source(&rs);
}

static void the_selection_decides(void **state)
{
    const struct files *files = *state;
    const struct evj_header header = new_header(5000000, 1000);
    struct reading_source rs;

    write_journal(files->paths[0], &header, one_of_each, 5);
    rs = open_files(files, 1, "jsep");
    assert_next(&rs, EVJ_RECORD_MARK, 11, 1100);
    assert_next(&rs, EVJ_RECORD_GAP, 12, 1200);
    assert_next(&rs, EVJ_RECORD_EVENT, 17, 1400);
    assert_end(&rs);
    assert_int_equal(rs.source->matched, 3);
    close_source(&rs);
}

static const char *const first_half[] = {
    "{\"seq\":0,\"mono\":1000,\"event\":{\"type\":1,\"timestamp\":1,\"event\":{}}}"};
static const char *const second_half[] = {
    "{\"seq\":1,\"mono\":2000,\"event\":{\"type\":1,\"timestamp\":1,\"event\":{}}}"};

/* The wall clock was set ahead by an hour between the two files: nobody wants to wait for that. */
static void files_of_one_boot_go_by_its_clock(void **state)
{
    const struct files *files = *state;
    struct evj_header header = new_header(5000000, 1000);
    struct reading_source rs;

    write_journal(files->paths[0], &header, first_half, 1);
    header.started_wall_us = 5000000 + INT64_C(3600000000);
    header.started_mono_us = 2000;
    write_journal(files->paths[1], &header, second_half, 1);
    rs = open_files(files, 2, NULL);
    assert_next(&rs, EVJ_RECORD_EVENT, 0, 1000);
    assert_next(&rs, EVJ_RECORD_EVENT, 1, 2000);
    assert_end(&rs);
    close_source(&rs);
}

static void files_of_two_boots_go_by_the_wall_clock(void **state)
{
    const struct files *files = *state;
    struct evj_header header = new_header(5000000, 1000);
    struct reading_source rs;

    write_journal(files->paths[0], &header, second_half, 1);
    header = new_header(8000000, 500);
    strcpy(header.boot_id, "00000000-0000-4000-8000-000000000000");
    write_journal(files->paths[1], &header, first_half, 1);
    rs = open_files(files, 2, NULL);
    assert_next(&rs, EVJ_RECORD_EVENT, 1, 5001000);
    assert_next(&rs, EVJ_RECORD_EVENT, 0, 8000500);
    assert_end(&rs);
    close_source(&rs);
}

/* Their mono is wall time of the events, whatever machine read them in. */
static void imported_files_go_by_the_wall_clock(void **state)
{
    const struct files *files = *state;
    struct evj_header header = new_header(5000000, 1000);
    struct reading_source rs;

    write_journal(files->paths[0], &header, first_half, 1);
    header = new_header(8000000, 1000);
    strcpy(header.clock, EVJ_CLOCK_TIMESTAMP);
    write_journal(files->paths[1], &header, second_half, 1);
    rs = open_files(files, 2, NULL);
    assert_next(&rs, EVJ_RECORD_EVENT, 0, 5000000);
    assert_next(&rs, EVJ_RECORD_EVENT, 1, 8001000);
    close_source(&rs);
}

#define SOURCE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SOURCE_TEST(events_gaps_and_marks_come_and_states_do_not),
        SOURCE_TEST(the_selection_decides),
        SOURCE_TEST(files_of_one_boot_go_by_its_clock),
        SOURCE_TEST(files_of_two_boots_go_by_the_wall_clock),
        SOURCE_TEST(imported_files_go_by_the_wall_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
