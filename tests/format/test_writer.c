/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/limits.h"
#include "evj/writer.h"
#include "tests/support/blocks.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static void a_file_is_a_journal_from_its_first_moment(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);
    struct reading reading = reading_of(path);

    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.count, 0);
    assert_int_equal(reading.ending, EVJ_ENDING_OPEN);
    reading_done(&reading);
    evj_writer_free(writer);
    free(path);
}

/* What shall be in a file when it appears: a recorder's state, say. */
static void a_file_may_appear_with_more_than_its_first_line(void **state)
{
    char *path = temp_path(*state, "j.evj.gz"), *taken = temp_path(*state, "taken.evj.gz");
    struct evj_header header;
    EVJ_AUTO(writer) *writer = NULL;
    struct evj_error err = {0};

    journal_header(&header);
    temp_write(taken, "precious", 8);
    assert_int_equal(evj_writer_begin(*state, &header, NULL, &writer, NULL), EVJ_OK);
    journal_events(writer, 20);
    assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(evj_writer_publish(writer, taken, &err), EVJ_ERR_IO);
    assert_int_equal(err.sys_errno, EEXIST);
    assert_int_equal(evj_writer_publish(writer, path, NULL), EVJ_OK);
    struct reading reading = reading_of(path);
    assert_int_equal(reading.count, 20);
    reading_done(&reading);
    journal_end(EVJ_TAKE(writer));
    reading = reading_of(path);
    assert_int_equal(reading.ending, EVJ_ENDING_CLOSED);
    reading_done(&reading);
    free(taken);
    free(path);
}

static void a_file_that_is_not_published_was_never_there(void **state)
{
    struct evj_header header;
    struct evj_writer *writer = NULL;

    journal_header(&header);
    assert_int_equal(evj_writer_begin(*state, &header, NULL, &writer, NULL), EVJ_OK);
    journal_events(writer, 20);
    evj_writer_free(writer);
    assert_int_equal(rmdir(*state), 0); /* it is empty */
    assert_int_equal(mkdir(*state, 0700), 0);
}

/* What zcat, jq and every data tool sees: the lines, and nothing but the lines. */
static void a_journal_is_plain_gzip_of_its_lines(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    char *back = malloc(1 << 20), *at = back;

    journal_make(path, 500, 4096);
    gzFile file = gzopen(path, "rb");
    assert_non_null(file);
    int len = gzread(file, back, 1 << 20);
    assert_int_equal(gzclose(file), Z_OK);
    assert_true(len > 0);

    assert_int_equal(strncmp(at, "{\"journal\":{", 12), 0);
    at = strchr(at, '\n') + 1;
    struct reading reading = reading_of(path);
    assert_int_equal(reading.count, 501);
    for (size_t i = 0; i < reading.count; i++) {
        size_t line_len = strlen(reading.lines[i]);
        assert_memory_equal(at, reading.lines[i], line_len);
        assert_int_equal(at[line_len], '\n');
        at += line_len + 1;
    }
    assert_ptr_equal(at, back + len);
    reading_done(&reading);
    free(back);
    free(path);
}

static void a_journal_is_never_overwritten(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_header header;
    struct evj_writer *writer = NULL;
    struct evj_error err = {0};
    size_t size;

    temp_write(path, "precious", 8);
    journal_header(&header);
    assert_int_equal(evj_writer_open(path, &header, NULL, &writer, &err), EVJ_ERR_IO);
    assert_int_equal(err.sys_errno, EEXIST);
    assert_non_null(strstr(err.text, path));
    assert_null(writer);
    char *bytes = temp_read(path, &size);
    assert_string_equal(bytes, "precious");
    free(bytes);
    free(path);
}

static void a_missing_folder_is_named(void **state)
{
    char *path = temp_path(*state, "missing/j.evj.gz");
    struct evj_header header;
    struct evj_writer *writer = NULL;
    struct evj_error err = {0};

    journal_header(&header);
    assert_int_equal(evj_writer_open(path, &header, NULL, &writer, &err), EVJ_ERR_IO);
    assert_int_equal(err.sys_errno, ENOENT);
    assert_non_null(strstr(err.text, path));
    free(path);
}

/* events read + events in gaps = events offered, and the next seq follows from both. */
static void events_and_gaps_add_up_to_what_was_offered(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);

    journal_events(writer, 10);
    journal_line(writer,
                 "{\"seq\":10,\"mono\":9,\"gap\":{\"events\":118,\"bytes\":1,\"until\":9}}");
    journal_line(writer, "{\"seq\":128,\"mono\":9,\"mark\":{}}");
    journal_line(writer, "{\"seq\":3,\"mono\":9,\"state\":{}}");
    journal_events(writer, 1);
    const struct evj_writer_totals *totals = evj_writer_totals(writer);
    assert_int_equal(totals->events, 11);
    assert_int_equal(totals->dropped, 118);
    assert_int_equal(totals->records, 14);
    assert_int_equal(totals->next_seq, 130);
    journal_end(writer);

    struct reading reading = reading_of(path);
    assert_int_equal(reading_assert_whole(&reading), 130);
    assert_non_null(strstr(reading.lines[14], "\"records\":14,\"events\":11,\"dropped\":118,"
                                              "\"reason\":\"shutdown\","));
    reading_done(&reading);
    free(path);
}

/* Hop from header to header, as any reader may; calls back for each. */
static unsigned for_each_block(const char *path, size_t block_text,
                               void (*see)(const struct evj_block_info *, size_t block_text))
{
    size_t size, at = 0, header_size;
    unsigned blocks = 0;
    struct evj_block_info info;
    unsigned char *bytes = (unsigned char *)temp_read(path, &size);

    for (; at < size; at += info.member_size, blocks++) {
        assert_int_equal(
            evj_block_decode_header(bytes + at, size - at, at, &info, &header_size, NULL), EVJ_OK);
        see(&info, block_text);
    }
    assert_int_equal(at, size);
    free(bytes);
    return blocks;
}

static void assert_not_too_long(const struct evj_block_info *info, size_t block_text)
{
    if (info->records > 1)
        assert_in_range(info->text_size, 1, block_text);
}

static void a_block_holds_no_more_text_than_asked_for(void **state)
{
    static const size_t sizes[] = {1, 300, 1000, 20000, EVJ_BLOCK_TEXT};

    for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char name[32];
        snprintf(name, sizeof(name), "j%u.evj.gz", i);
        char *path = temp_path(*state, name);
        journal_make(path, 100, sizes[i]);
        unsigned blocks = for_each_block(path, sizes[i], assert_not_too_long);
        if (sizes[i] == 1)
            assert_int_equal(blocks, 102);
        if (sizes[i] == EVJ_BLOCK_TEXT)
            assert_int_equal(blocks, 2);
        struct reading reading = reading_of(path);
        assert_int_equal(reading_assert_whole(&reading), 100);
        assert_int_equal(reading.ending, EVJ_ENDING_CLOSED);
        reading_done(&reading);
        free(path);
    }
}

/* An event of just the limit, and the end record behind it, still make blocks that can be read. */
static void the_longest_line_can_be_read_again(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer =
        journal_begin(path, &(struct evj_writer_options){.level = 1, .block_text = SIZE_MAX});
    char *text = malloc(EVJ_LINE_MAX);
    size_t len = EVJ_LINE_MAX - EVJ_PREFIX_MAX - 1;

    memset(text, ' ', EVJ_LINE_MAX);
    memcpy(text, "{\"type\":1", 9);
    text[len - 1] = '}';
    for (int i = 0; i < 2; i++)
        assert_int_equal(evj_writer_add_event(writer, JOURNAL_MONO_US, text, len, NULL), EVJ_OK);
    text[len - 1] = ' ', text[len] = '}';
    assert_int_equal(evj_writer_add_event(writer, 0, text, len + 1, NULL), EVJ_ERR_LIMIT);
    journal_end(writer);
    struct reading reading = reading_of(path);
    if (reading.status != EVJ_END)
        fail_msg("%s", reading.err.text);
    assert_int_equal(reading_kinds(&reading, EVJ_RECORD_EVENT), 2);
    assert_int_equal(reading.ending, EVJ_ENDING_CLOSED);
    reading_done(&reading);
    free(text);
    free(path);
}

/* The text comes from whoever posts to us: it must be one object, and cannot reach out of it. */
static void what_is_no_event_is_not_added(void **state)
{
    static const char *const odd[] = {
        "",
        " ",
        "7",
        "[]",
        "null",
        "{",
        "{}}",
        "{\"a\":1",
        "{\"a\":1},\"seq\":5,\"x\":{}",
        "{\"a\":1},\"event\":{\"b\":2}",
        "{\"a\":1},\"end\":{}",
        "{\"a\":\"x}",
        "{\"a\":1}\n{\"b\":2}",
        "{\"a\":\n1}",
    };
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);

    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        if (evj_writer_add_event(writer, 1, odd[i], strlen(odd[i]), NULL) != EVJ_ERR_CORRUPT)
            fail_msg("%s was added", odd[i]);
    }
    assert_int_equal(evj_writer_add_event(writer, 1, "{\"a\":1}", 7, NULL), EVJ_OK);
    assert_int_equal(evj_writer_totals(writer)->events, 1);
    assert_int_equal(evj_writer_totals(writer)->next_seq, 1);
    journal_end(writer);
    struct reading reading = reading_of(path);
    assert_int_equal(reading.count, 2);
    reading_assert_line(&reading, 0, "{\"seq\":0,\"mono\":1,\"event\":{\"a\":1}}");
    reading_done(&reading);
    free(path);
}

static void nothing_to_write_writes_nothing(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = journal_begin(path, NULL);
    struct stat before, after;

    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(evj_writer_totals(writer)->file_bytes, before.st_size);
    assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    evj_writer_free(writer);
    free(path);
}

static void what_was_flushed_is_read_at_once(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer =
        journal_begin(path, &(struct evj_writer_options){.sync_block = true});

    for (unsigned n = 1; n <= 3; n++) {
        journal_events(writer, 5);
        assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
        struct reading reading = reading_of(path);
        assert_int_equal(reading.count, 5 * n);
        assert_int_equal(reading.ending, EVJ_ENDING_OPEN);
        reading_done(&reading);
    }
    evj_writer_free(writer);
    free(path);
}

/* The end of an imported file is on its own clock, not on that of the day it was imported. */
static void the_end_of_an_import_is_the_time_of_its_last_event(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_header header;
    struct evj_writer *writer = NULL;

    journal_header(&header);
    snprintf(header.clock, sizeof(header.clock), "%s", EVJ_CLOCK_TIMESTAMP);
    assert_int_equal(evj_writer_open(path, &header, NULL, &writer, NULL), EVJ_OK);
    assert_int_equal(evj_writer_add_event(writer, JOURNAL_MONO_US + 5, "{}", 2, NULL), EVJ_OK);
    assert_int_equal(evj_writer_finish(writer, "end of input", NULL), EVJ_OK);
    evj_writer_free(writer);
    struct reading reading = reading_of(path);
    reading_assert_line(&reading, 1,
                        "{\"end\":{\"wall\":1795335330000005,\"mono\":3600000005,\"records\":1,"
                        "\"events\":1,\"dropped\":0,\"reason\":\"end of input\","
                        "\"types\":{\"other\":1},\"sessions\":0,\"handles\":0,\"emitters\":[],"
                        "\"first\":{\"seq\":0,\"mono\":3600000005},"
                        "\"last\":{\"seq\":0,\"mono\":3600000005}}}");
    reading_done(&reading);
    free(path);
}

/* What a reader that passes all events by would not know otherwise. */
static void the_end_tells_what_the_events_are(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer =
        journal_begin(path, &(struct evj_writer_options){.block_text = 900});

    journal_line(writer, "{\"seq\":0,\"mono\":9,\"state\":{\"type\":1,\"session_id\":9}}");
    journal_events(writer, 20);
    journal_end(writer);
    struct reading reading = reading_of(path);
    assert_non_null(strstr(
        reading.lines[21],
        "\"reason\":\"shutdown\",\"types\":{\"sessions\":3,\"handles\":3,\"external\":2,\"jsep\":2,"
        "\"webrtc\":2,\"media\":2,\"plugins\":2,\"transports\":2,\"core\":2},\"sessions\":3,"
        "\"handles\":3,\"emitters\":[\"gw-alpha\"],\"first\":{\"seq\":0,\"mono\":3600000000},"
        "\"last\":{\"seq\":19,\"mono\":3600019000},\"lag\":{\"least\":0,\"greatest\":0}}}"));
    reading_done(&reading);
    free(path);
}

static void a_level_changes_the_size_and_not_the_records(void **state)
{
    uint64_t sizes[10] = {0};

    for (int level = 1; level <= 9; level++) {
        char name[32];
        snprintf(name, sizeof(name), "l%d.evj.gz", level);
        char *path = temp_path(*state, name);
        struct evj_writer *writer =
            journal_begin(path, &(struct evj_writer_options){.level = level});
        journal_events(writer, 300);
        journal_end(writer);
        struct reading reading = reading_of(path);
        assert_int_equal(reading_assert_whole(&reading), 300);
        sizes[level] = reading.totals.file_bytes;
        reading_done(&reading);
        free(path);
    }
    assert_true(sizes[9] < sizes[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_a_journal_from_its_first_moment, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(a_file_may_appear_with_more_than_its_first_line, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(a_file_that_is_not_published_was_never_there, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(a_journal_is_plain_gzip_of_its_lines, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(a_journal_is_never_overwritten, temp_setup, temp_teardown),
        cmocka_unit_test_setup_teardown(a_missing_folder_is_named, temp_setup, temp_teardown),
        cmocka_unit_test_setup_teardown(events_and_gaps_add_up_to_what_was_offered, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(a_block_holds_no_more_text_than_asked_for, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(the_longest_line_can_be_read_again, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_event_is_not_added, temp_setup, temp_teardown),
        cmocka_unit_test_setup_teardown(nothing_to_write_writes_nothing, temp_setup, temp_teardown),
        cmocka_unit_test_setup_teardown(what_was_flushed_is_read_at_once, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(the_end_of_an_import_is_the_time_of_its_last_event,
                                        temp_setup, temp_teardown),
        cmocka_unit_test_setup_teardown(the_end_tells_what_the_events_are, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(a_level_changes_the_size_and_not_the_records, temp_setup,
                                        temp_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
