/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told of files that are damaged, cut off, copies, or no journals at all. */
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

/* ---- damage ---- */

static void cut_off(const char *folder, const char *name, off_t bytes)
{
    char *path = temp_path(folder, name);
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size - bytes), 0);
    free(path);
}

/* A power cut in one file is no reason to withhold the others. */
static void a_truncated_file_is_told_after_all_others_were_read(void **state)
{
    struct evj_writer *a = begin_file(*state, &(struct file_spec){.name = "a.evj.gz"});
    struct evj_writer *b = begin_file(*state, &(struct file_spec){.name = "b.evj.gz", .id = "b"});

    put(a, "event", 0, 1, "a1");
    evj_writer_flush(a, NULL);
    put(a, "event", 1, 2, "a2");
    put(b, "event", 0, 3, "b3");
    journal_end(a);
    journal_end(b);
    cut_off(*state, "a.evj.gz", 20);

    struct reading reading = READ(*state, "a.evj.gz", "b.evj.gz");
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.damages, 1);
    assert_non_null(strstr(reading.damage_err.text, "/a.evj.gz: it stops inside"));
    reading_done(&reading);
}

static void a_damaged_file_is_named(void **state)
{
    char *path = temp_path(*state, "a.evj.gz");
    struct evj_writer *writer = begin_file(*state, &(struct file_spec){.name = "a.evj.gz"});
    size_t size;

    put(writer, "event", 0, 1, "a1");
    journal_end(writer);
    char *bytes = temp_read(path, &size);
    bytes[size - 1] ^= 1;
    temp_write(path, bytes, size);
    struct reading reading = READ(*state, "a.evj.gz");
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.damages, 1);
    assert_non_null(strstr(reading.damage_err.text, "/a.evj.gz: bytes "));
    assert_non_null(strstr(reading.damage_err.text, "block's text does not match its CRC"));
    reading_done(&reading);
    free(bytes);
    free(path);
}

static int read_all(struct evj_journal *journal, unsigned *ret_records, struct evj_error *err)
{
    const struct evj_record *record;
    int status;

    *ret_records = 0;
    while ((status = evj_journal_next(journal, &record, err)) == EVJ_OK)
        ++*ret_records;
    return status;
}

/* Neither damage in one file nor a stranger in the folder hides the others. */
static void each_faulty_file_of_a_folder_is_told_after_all_others_were_read(void **state)
{
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;
    struct evj_error err = {0};
    unsigned records;
    char *foreign = temp_path(folder, "0.evj.gz");

    temp_write(foreign, "", 0);
    write_one(folder, &(struct file_spec){.name = "a.evj.gz"}, "a");
    write_one(folder, &(struct file_spec){.name = "b.evj.gz", .id = "b", .wall_s = 1}, "b");
    write_one(folder, &(struct file_spec){.name = "c.evj.gz", .id = "c", .wall_s = 2}, "c");
    change_byte(folder, "b.evj.gz", 1);

    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    assert_int_equal(evj_journal_files(journal), 3);
    assert_int_equal(read_all(journal, &records, &err), EVJ_ERR_FOREIGN);
    assert_int_equal(records, 5); /* two whole files, and of the other its gap */
    assert_int_equal(evj_journal_faults(journal), 2);
    assert_non_null(strstr(evj_journal_fault(journal, 0)->err.text, "/0.evj.gz: not a journal"));
    assert_non_null(strstr(evj_journal_fault(journal, 1)->err.text, "/b.evj.gz: "));
    assert_int_equal(evj_journal_fault(journal, 1)->err.status, EVJ_DAMAGED);
    assert_int_equal(evj_journal_ending(journal, 1), EVJ_ENDING_DAMAGED);
    assert_int_equal(evj_journal_ending(journal, 2), EVJ_ENDING_CLOSED);
    assert_true(evj_journal_size(journal, 1) > evj_journal_totals(journal, 1)->file_bytes / 2);
    assert_string_equal(err.text, evj_journal_fault(journal, 0)->err.text);
    free(foreign);
}

/* A folder with a backup in it: the longer one is the whole one. */
static void a_copy_of_a_file_is_not_read_again(void **state)
{
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;
    unsigned records, once;
    char *from = temp_path(folder, "b.evj.gz"), *to = temp_path(folder, "a.evj.gz");
    size_t size;

    write_one(folder, &(struct file_spec){.name = "b.evj.gz"}, "b");
    char *bytes = temp_read(from, &size);
    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    assert_int_equal(read_all(journal, &once, NULL), EVJ_END);
    evj_journal_free(EVJ_TAKE(journal));
    temp_write(to, bytes, size - 1);

    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    assert_int_equal(evj_journal_files(journal), 1);
    assert_string_equal(evj_journal_path(journal, 0), from);
    assert_int_equal(read_all(journal, &records, NULL), EVJ_END);
    assert_int_equal(records, once);
    assert_int_equal(evj_journal_faults(journal), 1);
    assert_int_equal(evj_journal_fault(journal, 0)->err.status, EVJ_OK);
    assert_non_null(strstr(evj_journal_fault(journal, 0)->err.text, "/a.evj.gz: a copy of "));
    free(bytes);
    free(from);
    free(to);
}

static void each_file_tells_how_it_ended(void **state)
{
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;
    const struct evj_record *record;
    struct evj_writer *closed = begin_file(folder, &(struct file_spec){.name = "a.evj.gz"});
    struct evj_writer *open =
        begin_file(folder, &(struct file_spec){.name = "b.evj.gz", .id = "b", .wall_s = 1});
    struct evj_writer *cut =
        begin_file(folder, &(struct file_spec){.name = "c.evj.gz", .id = "c", .wall_s = 2});

    put(closed, "event", 0, 1, "a");
    journal_end(closed);
    put(open, "event", 0, 1, "b");
    evj_writer_flush(open, NULL);
    evj_writer_free(open);
    put(cut, "event", 0, 1, "c");
    journal_end(cut);
    cut_off(folder, "c.evj.gz", 1);

    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    while (evj_journal_next(journal, &record, NULL) == EVJ_OK)
        ;
    assert_int_equal(evj_journal_ending(journal, 0), EVJ_ENDING_CLOSED);
    assert_int_equal(evj_journal_ending(journal, 1), EVJ_ENDING_OPEN);
    assert_int_equal(evj_journal_ending(journal, 2), EVJ_ENDING_TRUNCATED);
    assert_int_equal(evj_journal_totals(journal, 0)->blocks, 2);
    assert_int_equal(evj_journal_totals(journal, 2)->blocks, 1);
    assert_string_equal(evj_journal_spool_note(journal, 0), "");
    assert_string_equal(evj_ending_name(EVJ_ENDING_TRUNCATED), "truncated");
}

/* It has no end, and no spool tells any more: but a file goes on where it stops. */
static void a_file_that_was_left_is_told_by_the_next(void **state)
{
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;
    const struct evj_record *record;
    struct evj_writer *left = begin_file(folder, &(struct file_spec){.name = "1.evj.gz"});
    struct evj_writer *next = begin_file(
        folder, &(struct file_spec){.name = "2.evj.gz", .previous = "1.evj.gz", .mono_s = 1});

    evj_writer_free(left);
    journal_end(next);
    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    while (evj_journal_next(journal, &record, NULL) == EVJ_OK)
        ;
    assert_int_equal(evj_journal_ending(journal, 0), EVJ_ENDING_LEFT);
    assert_int_equal(evj_journal_ending(journal, 1), EVJ_ENDING_CLOSED);
    assert_string_equal(evj_ending_name(EVJ_ENDING_LEFT), "left");
}

/* ---- damage in several files ---- */

static void each_damage_is_a_fault_of_its_file(void **state)
{
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;
    const struct evj_record *record;
    unsigned records = 0;

    write_three(folder);
    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    while (evj_journal_next(journal, &record, NULL) == EVJ_OK) {
        records++;
        /* The fault is there before the gap that stands for what it cost. */
        if (record->kind == EVJ_RECORD_GAP)
            assert_int_equal(evj_journal_faults(journal), record->source == 0 ? 1 : 2);
    }
    assert_int_equal(records, 4 + 2 + 4);
    assert_int_equal(evj_journal_faults(journal), 2);
    for (unsigned i = 0; i < 2; i++) {
        const struct evj_journal_fault *fault = evj_journal_fault(journal, i);
        assert_int_equal(fault->err.status, EVJ_DAMAGED);
        assert_int_equal(fault->file, 2 * i);
        assert_int_equal(fault->records, 1);
        assert_int_equal(fault->damage.lost, 4);
        assert_true(fault->damage.lost_is_certain);
        assert_non_null(strstr(fault->err.text, i ? "/c.evj.gz: bytes " : "/a.evj.gz: bytes "));
        assert_int_equal(evj_journal_totals(journal, 2 * i)->lost, 4);
        assert_int_equal(evj_journal_ending(journal, 2 * i), EVJ_ENDING_CLOSED);
    }
    assert_int_equal(evj_journal_more_faults(journal), 0);
}

static void strictly_the_first_damage_is_a_failure_at_once(void **state)
{
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;
    struct evj_error err = {0};
    unsigned records;

    write_three(folder);
    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    evj_journal_set_strict(journal);
    assert_int_equal(read_all(journal, &records, &err), EVJ_ERR_CORRUPT);
    assert_int_equal(records, 1);
    assert_int_equal(err.status, EVJ_ERR_CORRUPT);
    assert_non_null(strstr(err.text, "/a.evj.gz: bytes "));
    assert_non_null(strstr(err.text, "4 events are lost, from seq 1 on"));
}

static void strictly_what_is_whole_is_read_whole(void **state)
{
    const char *folder = *state;
    EVJ_AUTO(journal) *journal = NULL;
    struct evj_error err = {0};
    unsigned records;

    write_rotated(folder);
    assert_int_equal(evj_journal_open(&folder, 1, &journal, NULL), EVJ_OK);
    evj_journal_set_strict(journal);
    assert_int_equal(read_all(journal, &records, &err), EVJ_END);
    assert_int_equal(records, 4 + 3);
}

enum { DAMAGES = EVJ_FAULTS_MAX + 7 };

/* Every other block is damaged. */
static void write_much_damaged(const char *path)
{
    size_t size, at = 0;

    journal_make(path, 2 * DAMAGES, 1);
    unsigned char *bytes = (unsigned char *)temp_read(path, &size);
    for (unsigned block = 0; block <= 2 * DAMAGES; block++) {
        struct evj_block_info info;
        size_t header_size;
        assert_int_equal(
            evj_block_decode_header(bytes + at, size - at, at, &info, &header_size, NULL), EVJ_OK);
        at += info.member_size;
        if (block % 2 == 1)
            bytes[at - 1] ^= 1;
    }
    temp_write(path, bytes, size);
    free(bytes);
}

/* A thousand and more damages of one file are not all kept, but counted; none costs a record that
 * can be read. */
static void of_many_damages_the_first_are_kept(void **state)
{
    char *path = temp_path(*state, "a.evj.gz");
    const char *paths[] = {path};
    EVJ_AUTO(journal) *journal = NULL;
    unsigned records;

    write_much_damaged(path);
    assert_int_equal(evj_journal_open(paths, 1, &journal, NULL), EVJ_OK);
    assert_int_equal(read_all(journal, &records, NULL), EVJ_END);
    assert_int_equal(records, 2 * DAMAGES + 1); /* a gap for each that is lost */
    assert_int_equal(evj_journal_faults(journal), EVJ_FAULTS_MAX);
    assert_int_equal(evj_journal_more_faults(journal), 7);
    assert_int_equal(evj_journal_totals(journal, 0)->damages, DAMAGES);
    assert_int_equal(evj_journal_totals(journal, 0)->lost, DAMAGES);
    free(path);
}

/* The other file is gone before its time comes. */
static void many_damages_hide_no_file_that_cannot_be_read(void **state)
{
    char *path = temp_path(*state, "a.evj.gz"), *gone = temp_path(*state, "b.evj.gz");
    const char *paths[] = {path, gone};
    EVJ_AUTO(journal) *journal = NULL;
    struct evj_error err = {0};
    unsigned records;

    write_much_damaged(path);
    write_one(*state, &(struct file_spec){.name = "b.evj.gz", .id = "b", .wall_s = 999}, "b");
    assert_int_equal(evj_journal_open(paths, 2, &journal, NULL), EVJ_OK);
    assert_int_equal(unlink(gone), 0);
    assert_int_equal(read_all(journal, &records, &err), EVJ_ERR_IO);
    assert_int_equal(records, 2 * DAMAGES + 1);
    assert_non_null(strstr(err.text, "/b.evj.gz: "));
    assert_int_equal(evj_journal_more_faults(journal), 8);
    free(gone);
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_truncated_file_is_told_after_all_others_were_read),
        TEST(a_damaged_file_is_named),
        TEST(each_faulty_file_of_a_folder_is_told_after_all_others_were_read),
        TEST(a_copy_of_a_file_is_not_read_again),
        TEST(each_file_tells_how_it_ended),
        TEST(a_file_that_was_left_is_told_by_the_next),
        TEST(each_damage_is_a_fault_of_its_file),
        TEST(strictly_the_first_damage_is_a_failure_at_once),
        TEST(strictly_what_is_whole_is_read_whole),
        TEST(of_many_damages_the_first_are_kept),
        TEST(many_damages_hide_no_file_that_cannot_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
