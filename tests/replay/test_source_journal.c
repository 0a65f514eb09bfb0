/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/writer.h"
#include "replay/source_journal.h"

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
    const struct files *files;
    size_t count;
    struct evj_journal *journal;
    struct evj_select *select;
    struct source *source;
};

static struct evj_journal *open_journal(const struct reading_source *rs)
{
    const char *paths[] = {rs->files->paths[0], rs->files->paths[1]};
    struct evj_journal *journal;

    assert_int_equal(evj_journal_open(paths, rs->count, &journal, NULL), 0);
    return journal;
}

static int reopen(void *context, struct evj_journal **ret_journal, struct evj_error *err)
{
    struct reading_source *rs = context;

    (void)err;
    evj_journal_free(rs->journal);
    *ret_journal = rs->journal = open_journal(rs);
    return 0;
}

static void select_nothing(struct evj_select *select)
{
    (void)select;
}

/* `choose` adds to the selection. */
static struct reading_source *open_source(const struct files *files, size_t count,
                                          void (*choose)(struct evj_select *select), bool no_state)
{
    struct reading_source *rs = calloc(1, sizeof(*rs));

    *rs = (struct reading_source){.files = files, .count = count, .select = evj_select_new()};
    rs->journal = open_journal(rs);
    choose(rs->select);
    evj_select_anchor(rs->select, evj_journal_header(rs->journal, 0));
    rs->source = source_journal_new(&(struct source_journal_options){
        .journal = rs->journal,
        .select = rs->select,
        .no_state = no_state,
        .reopen = reopen,
        .context = rs,
    });
    assert_non_null(rs->source);
    return rs;
}

static struct reading_source *open_files(const struct files *files, size_t count)
{
    return open_source(files, count, select_nothing, false);
}

static void close_source(struct reading_source *rs)
{
    source_free(rs->source);
    evj_select_free(rs->select);
    evj_journal_free(rs->journal);
    free(rs);
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

/* Of all that is left, the kinds and seqs, "s3 e10 m11 g12"; or the kinds and recordings. */
static void assert_all(struct reading_source *rs, bool recordings, const char *expected)
{
    static const char kinds[] = {[EVJ_RECORD_EVENT] = 'e',
                                 [EVJ_RECORD_STATE] = 's',
                                 [EVJ_RECORD_GAP] = 'g',
                                 [EVJ_RECORD_MARK] = 'm'};
    struct source_item item;
    char text[512] = "";
    size_t at = 0;

    while (rs->source->ops->next(rs->source, &item, NULL) == 0)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%c%d", at > 0 ? " " : "",
                               kinds[item.record->kind],
                               recordings ? (int)item.record->recording : (int)item.record->seq);
    assert_string_equal(text, expected);
}

static void assert_rest(struct reading_source *rs, const char *expected)
{
    assert_all(rs, false, expected);
}

static void assert_recordings(struct reading_source *rs, const char *expected)
{
    assert_all(rs, true, expected);
}

static void assert_seek(struct reading_source *rs, int64_t time_us)
{
    assert_int_equal(rs->source->ops->seek(rs->source, time_us, NULL), 0);
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

static void all_that_a_replay_does_or_tells_comes(void **state)
{
    const struct files *files = *state;
    const struct evj_header header = new_header(5000000, 1000);
    struct reading_source *rs;

    write_journal(files->paths[0], &header, one_of_each, 5);
    rs = open_files(files, 1);
    assert_next(rs, EVJ_RECORD_STATE, 3, 100);
    assert_next(rs, EVJ_RECORD_EVENT, 10, 1000);
    assert_next(rs, EVJ_RECORD_MARK, 11, 1100);
    assert_next(rs, EVJ_RECORD_GAP, 12, 1200);
    assert_next(rs, EVJ_RECORD_EVENT, 17, 1400);
    assert_end(rs);
    assert_int_equal(rs->source->matched, 4);
    close_source(rs);
}

static void who_wants_no_state_gets_none(void **state)
{
    const struct files *files = *state;
    const struct evj_header header = new_header(5000000, 1000);
    struct reading_source *rs;

    write_journal(files->paths[0], &header, one_of_each, 5);
    rs = open_source(files, 1, select_nothing, true);
    assert_rest(rs, "e10 m11 g12 e17");
    assert_int_equal(rs->source->states_skipped, 1);
    close_source(rs);
}

static void select_jsep(struct evj_select *select)
{
    assert_int_equal(evj_select_add_types(select, "jsep", NULL), 0);
}

static void the_selection_decides(void **state)
{
    const struct files *files = *state;
    const struct evj_header header = new_header(5000000, 1000);
    struct reading_source *rs;

    write_journal(files->paths[0], &header, one_of_each, 5);
    rs = open_source(files, 1, select_jsep, false);
    assert_rest(rs, "m11 g12 e17");
    assert_int_equal(rs->source->matched, 3);
    close_source(rs);
}

/* ---- beginning inside a recording ---- */

#define EVENT(seq, mono, type, session, handle, body)                                             \
    "{\"seq\":" #seq ",\"mono\":" #mono ",\"event\":{\"type\":" #type ",\"session_id\":" #session \
    ",\"handle_id\":" #handle ",\"event\":" body "}}"

/* Two calls; at 3000 µs the first is over, and the second is up. */
static const char *const two_calls[] = {
    EVENT(0, 1000, 1, 7, 0, "{\"name\":\"created\"}"),
    EVENT(1, 1100, 2, 7, 70, "{\"name\":\"attached\",\"plugin\":\"janus.plugin.sip\"}"),
    EVENT(2, 1200, 1, 8, 0, "{\"name\":\"created\"}"),
    EVENT(3, 1300, 2, 8, 80, "{\"name\":\"attached\",\"plugin\":\"janus.plugin.echotest\"}"),
    EVENT(4, 1400, 8, 8, 80, "{\"owner\":\"remote\",\"jsep\":{\"type\":\"offer\"}}"),
    EVENT(5, 1500, 32, 8, 80, "{\"media\":\"audio\",\"receiving\":true}"),
    EVENT(6, 2000, 2, 7, 70, "{\"name\":\"detached\",\"plugin\":\"janus.plugin.sip\"}"),
    EVENT(7, 2100, 1, 7, 0, "{\"name\":\"destroyed\"}"),
    EVENT(8, 3000, 32, 8, 80, "{\"media\":\"video\",\"receiving\":true}"),
    EVENT(9, 4000, 2, 8, 80, "{\"name\":\"detached\",\"plugin\":\"janus.plugin.echotest\"}"),
    EVENT(10, 4100, 1, 8, 0, "{\"name\":\"destroyed\"}"),
};

static void write_two_calls(const struct files *files)
{
    struct evj_header header = new_header(5000000, 1000);

    header.previous[0] = '\0';
    write_journal(files->paths[0], &header, two_calls, 11);
}

static void select_from_8(struct evj_select *select)
{
    assert_int_equal(evj_select_set_from(select, "@8", NULL), 0);
}

static void what_is_live_where_it_begins_comes_first(void **state)
{
    const struct files *files = *state;
    struct reading_source *rs;

    write_two_calls(files);
    rs = open_source(files, 1, select_from_8, false);
    assert_next(rs, EVJ_RECORD_STATE, 2, 1200);
    assert_rest(rs, "s3 s4 s5 e8 e9 e10");
    assert_int_equal(rs->source->matched, 3);
    close_source(rs);
    rs = open_source(files, 1, select_from_8, true);
    assert_rest(rs, "e8 e9 e10");
    close_source(rs);
}

static void select_late_time(struct evj_select *select)
{
    assert_int_equal(evj_select_set_from(select, "1970-01-01T00:00:05.000500Z", NULL), 0);
}

static void a_time_is_as_good_as_a_seq(void **state)
{
    const struct files *files = *state;
    struct reading_source *rs;

    write_two_calls(files);
    rs = open_source(files, 1, select_late_time, false);
    assert_rest(rs, "s0 s1 s2 s3 s4 e5 e6 e7 e8 e9 e10");
    close_source(rs);
}

static void select_7_from_5(struct evj_select *select)
{
    assert_int_equal(evj_select_set_from(select, "@5", NULL), 0);
    assert_int_equal(evj_select_add_session(select, "7", NULL), 0);
}

static void select_offers_from_8(struct evj_select *select)
{
    select_jsep(select);
    select_from_8(select);
}

/* Whose event it was, and of which type, but not when. */
static void the_selection_decides_what_is_live_too(void **state)
{
    const struct files *files = *state;
    struct reading_source *rs;

    write_two_calls(files);
    rs = open_source(files, 1, select_7_from_5, false);
    assert_rest(rs, "s0 s1 e6 e7");
    close_source(rs);
    rs = open_source(files, 1, select_offers_from_8, false);
    assert_rest(rs, "s4");
    assert_int_equal(rs->source->matched, 0);
    close_source(rs);
}

static void select_echotest_from_8(struct evj_select *select)
{
    assert_int_equal(evj_select_add_plugin(select, "echotest", NULL), 0);
    select_from_8(select);
}

/* Which handles are attached to it is told by events before the beginning. */
static void a_plugins_handles_are_known_behind_the_beginning(void **state)
{
    const struct files *files = *state;
    struct reading_source *rs;

    write_two_calls(files);
    rs = open_source(files, 1, select_echotest_from_8, false);
    assert_rest(rs, "s3 s4 s5 e8 e9");
    close_source(rs);
    rs = open_source(files, 1, select_echotest_from_8, true);
    assert_rest(rs, "e8 e9");
    close_source(rs);
}

static void select_from_20(struct evj_select *select)
{
    assert_int_equal(evj_select_set_from(select, "@20", NULL), 0);
}

static void behind_the_end_nothing_is_live(void **state)
{
    const struct files *files = *state;
    struct reading_source *rs;

    write_two_calls(files);
    rs = open_source(files, 1, select_from_20, false);
    assert_rest(rs, "");
    close_source(rs);
}

static void a_seek_goes_back_and_forward_with_what_is_live_there(void **state)
{
    const struct files *files = *state;
    struct reading_source *rs;

    write_two_calls(files);
    rs = open_files(files, 1);
    assert_next(rs, EVJ_RECORD_EVENT, 0, 1000);
    assert_seek(rs, 2100);
    assert_rest(rs, "s0 s2 s3 s4 s5 e7 e8 e9 e10");
    assert_seek(rs, 1250);
    assert_next(rs, EVJ_RECORD_STATE, 0, 1000);
    assert_rest(rs, "s1 s2 e3 e4 e5 e6 e7 e8 e9 e10");
    assert_seek(rs, SOURCE_BEGINNING);
    assert_rest(rs, "e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 e10");
    close_source(rs);
}

static void a_seek_stays_within_the_selection(void **state)
{
    const struct files *files = *state;
    struct reading_source *rs;

    write_two_calls(files);
    rs = open_source(files, 1, select_from_8, false);
    assert_seek(rs, 1000);
    assert_rest(rs, "s2 s3 s4 s5 e8 e9 e10");
    close_source(rs);
}

static void what_can_be_read_only_once_cannot_be_sought_in(void **state)
{
    const struct files *files = *state;
    struct reading_source *rs;
    struct source *once;

    write_two_calls(files);
    rs = open_files(files, 1);
    once = source_journal_new(
        &(struct source_journal_options){.journal = rs->journal, .select = rs->select});
    assert_int_equal(once->ops->seek(once, 1250, NULL), EVJ_ERR_INVALID);
    source_free(once);
    close_source(rs);
}

/* Two servers may give the same id to two sessions. */
static void each_recording_has_a_state_of_its_own(void **state)
{
    static const char *const destroyed[] = {
        EVENT(0, 1000, 1, 7, 0, "{\"name\":\"created\"}"),
        EVENT(1, 1600, 1, 7, 0, "{\"name\":\"destroyed\"}"),
        EVENT(2, 2500, 1, 9, 0, "{\"name\":\"created\"}"),
    };
    const struct files *files = *state;
    struct evj_header header = new_header(5000000, 1000);
    struct reading_source *rs;

    header.previous[0] = '\0';
    write_journal(files->paths[0], &header, two_calls, 11);
    header = new_header(5000000, 1000);
    header.previous[0] = '\0';
    write_journal(files->paths[1], &header, destroyed, 3);
    rs = open_files(files, 2);
    assert_seek(rs, 2600);
    assert_recordings(rs, "s0 s0 s0 s0 s1 e0 e0 e0");
    assert_seek(rs, 1700);
    assert_rest(rs, "s0 s1 s2 s3 s4 s5 e6 e7 e2 e8 e9 e10");
    close_source(rs);
}

/* ---- one time line ---- */

static const char *const first_half[] = {
    "{\"seq\":0,\"mono\":1000,\"event\":{\"type\":1,\"timestamp\":1,\"event\":{}}}"};
static const char *const second_half[] = {
    "{\"seq\":1,\"mono\":2000,\"event\":{\"type\":1,\"timestamp\":1,\"event\":{}}}"};

/* The wall clock was set ahead by an hour between the two files: nobody wants to wait for that. */
static void files_of_one_boot_go_by_its_clock(void **state)
{
    const struct files *files = *state;
    struct evj_header header = new_header(5000000, 1000);
    struct reading_source *rs;

    write_journal(files->paths[0], &header, first_half, 1);
    header.started_wall_us = 5000000 + INT64_C(3600000000);
    header.started_mono_us = 2000;
    write_journal(files->paths[1], &header, second_half, 1);
    rs = open_files(files, 2);
    assert_next(rs, EVJ_RECORD_EVENT, 0, 1000);
    assert_next(rs, EVJ_RECORD_EVENT, 1, 2000);
    assert_end(rs);
    close_source(rs);
}

static void files_of_two_boots_go_by_the_wall_clock(void **state)
{
    const struct files *files = *state;
    struct evj_header header = new_header(5000000, 1000);
    struct reading_source *rs;

    write_journal(files->paths[0], &header, second_half, 1);
    header = new_header(8000000, 500);
    strcpy(header.boot_id, "00000000-0000-4000-8000-000000000000");
    write_journal(files->paths[1], &header, first_half, 1);
    rs = open_files(files, 2);
    assert_next(rs, EVJ_RECORD_EVENT, 1, 5001000);
    assert_next(rs, EVJ_RECORD_EVENT, 0, 8000500);
    assert_end(rs);
    close_source(rs);
}

/* Their mono is wall time of the events, whatever machine read them in. */
static void imported_files_go_by_the_wall_clock(void **state)
{
    const struct files *files = *state;
    struct evj_header header = new_header(5000000, 1000);
    struct reading_source *rs;

    write_journal(files->paths[0], &header, first_half, 1);
    header = new_header(8000000, 1000);
    strcpy(header.clock, EVJ_CLOCK_TIMESTAMP);
    write_journal(files->paths[1], &header, second_half, 1);
    rs = open_files(files, 2);
    assert_next(rs, EVJ_RECORD_EVENT, 0, 5000000);
    assert_next(rs, EVJ_RECORD_EVENT, 1, 8001000);
    close_source(rs);
}

#define SOURCE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SOURCE_TEST(all_that_a_replay_does_or_tells_comes),
        SOURCE_TEST(who_wants_no_state_gets_none),
        SOURCE_TEST(the_selection_decides),
        SOURCE_TEST(what_is_live_where_it_begins_comes_first),
        SOURCE_TEST(a_time_is_as_good_as_a_seq),
        SOURCE_TEST(the_selection_decides_what_is_live_too),
        SOURCE_TEST(a_plugins_handles_are_known_behind_the_beginning),
        SOURCE_TEST(behind_the_end_nothing_is_live),
        SOURCE_TEST(a_seek_goes_back_and_forward_with_what_is_live_there),
        SOURCE_TEST(a_seek_stays_within_the_selection),
        SOURCE_TEST(what_can_be_read_only_once_cannot_be_sought_in),
        SOURCE_TEST(each_recording_has_a_state_of_its_own),
        SOURCE_TEST(files_of_one_boot_go_by_its_clock),
        SOURCE_TEST(files_of_two_boots_go_by_the_wall_clock),
        SOURCE_TEST(imported_files_go_by_the_wall_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
