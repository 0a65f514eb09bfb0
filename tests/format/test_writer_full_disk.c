/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk that has no room, first as the limit of a process on the size of its files, then as a real
 * file system of a few pages where the system lets us mount one.
 */
#include "tests/support/test.h"

#include "evj/writer.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EVENTS = 60 };

/* From here on no file grows beyond `size`; RLIM_INFINITY takes that back. */
static void set_file_limit(rlim_t size)
{
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = size;
    setrlimit(RLIMIT_FSIZE, &limit);
}

static int ignore_the_signal(void **state)
{
    signal(SIGXFSZ, SIG_IGN);
    return temp_setup(state);
}

static struct evj_writer *begin(const char *path)
{
    struct evj_header header;
    struct evj_writer *writer = NULL;

    journal_header(&header);
    /* With this clock the end record is the same every time. */
    snprintf(header.clock, sizeof(header.clock), "%s", EVJ_CLOCK_TIMESTAMP);
    assert_int_equal(evj_writer_open(path, &header,
                                     &(struct evj_writer_options){.block_text = 1500}, &writer,
                                     NULL),
                     EVJ_OK);
    return writer;
}

static int add(struct evj_writer *writer, unsigned number, struct evj_error *err)
{
    char *text =
        event_text(&(struct event_spec){.type = 1, .session_id = number, .padding = 40}, number);
    int status = evj_writer_add_event(writer, JOURNAL_MONO_US + number, text, strlen(text), err);

    free(text);
    return status;
}

static char *undisturbed(const char *folder, size_t *ret_size)
{
    char *path = temp_path(folder, "undisturbed.evj.gz");
    struct evj_writer *writer = begin(path);

    for (unsigned i = 0; i < EVENTS; i++)
        assert_int_equal(add(writer, i, NULL), EVJ_OK);
    journal_end(writer);
    char *bytes = temp_read(path, ret_size);
    free(path);
    return bytes;
}

/* The file holds whole blocks, as many as the totals say, and a reader takes it for sound. */
static void assert_cut_back(const char *path, const struct evj_writer *writer)
{
    struct stat st;
    struct reading reading = reading_of(path);

    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, evj_writer_totals(writer)->file_bytes);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.ending, EVJ_ENDING_OPEN);
    reading_assert_whole(&reading);
    reading_done(&reading);
}

/* Write under a limit until the disk refuses; returns how many events were taken. */
static unsigned add_until_refused(struct evj_writer *writer, rlim_t limit)
{
    unsigned taken = 0;
    int status = EVJ_OK;
    struct evj_error err = {0};

    set_file_limit(limit);
    while (taken < EVENTS && (status = add(writer, taken, &err)) == EVJ_OK)
        taken++;
    set_file_limit(RLIM_INFINITY);
    if (status != EVJ_OK) {
        assert_int_equal(status, EVJ_ERR_IO);
        assert_int_equal(err.sys_errno, EFBIG);
    }
    return taken;
}

/* Wherever the disk ends: nothing is lost, and the file is at last as if it never had. */
static void a_full_disk_at_any_byte_changes_nothing_in_the_end(void **state)
{
    size_t size, got;
    char *expected = undisturbed(*state, &size);
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *first = begin(path);
    uint64_t first_block = evj_writer_totals(first)->file_bytes;

    evj_writer_free(first);
    for (rlim_t limit = first_block; limit <= size; limit += 7) {
        unlink(path);
        struct evj_writer *writer = begin(path);
        unsigned taken = add_until_refused(writer, limit);
        assert_cut_back(path, writer);
        while (taken < EVENTS)
            assert_int_equal(add(writer, taken++, NULL), EVJ_OK);
        journal_end(writer);
        char *bytes = temp_read(path, &got);
        assert_int_equal(got, size);
        assert_memory_equal(bytes, expected, size);
        free(bytes);
    }
    free(expected);
    free(path);
}

static void refused_again_and_again_nothing_is_added_twice(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = begin(path);
    unsigned taken = add_until_refused(writer, evj_writer_totals(writer)->file_bytes + 10);
    struct evj_writer_totals before = *evj_writer_totals(writer);

    assert_in_range(taken, 1, EVENTS - 1);
    set_file_limit(before.file_bytes + 20);
    for (int i = 0; i < 5; i++)
        assert_int_equal(add(writer, taken, NULL), EVJ_ERR_IO);
    set_file_limit(RLIM_INFINITY);
    assert_memory_equal(&before, evj_writer_totals(writer), sizeof(before));
    assert_int_equal(add(writer, taken, NULL), EVJ_OK);
    journal_end(writer);
    struct reading reading = reading_of(path);
    assert_int_equal(reading_assert_whole(&reading), taken + 1);
    reading_done(&reading);
    free(path);
}

static void a_finish_that_was_refused_can_be_called_again(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_writer *writer = begin(path);
    struct evj_error err = {0};

    assert_int_equal(add(writer, 0, NULL), EVJ_OK);
    set_file_limit(evj_writer_totals(writer)->file_bytes + 100);
    for (int i = 0; i < 3; i++)
        assert_int_equal(evj_writer_finish(writer, "shutdown", &err), EVJ_ERR_IO);
    set_file_limit(RLIM_INFINITY);
    assert_cut_back(path, writer);
    journal_end(writer);
    struct reading reading = reading_of(path);
    assert_int_equal(reading.count, 2);
    assert_int_equal(reading_kinds(&reading, EVJ_RECORD_END), 1);
    assert_int_equal(reading.ending, EVJ_ENDING_CLOSED);
    reading_done(&reading);
    free(path);
}

static void a_disk_without_room_for_the_first_block_is_left_without_a_file(void **state)
{
    char *path = temp_path(*state, "j.evj.gz");
    struct evj_header header;
    struct evj_writer *writer = NULL;
    struct evj_error err = {0};

    journal_header(&header);
    set_file_limit(50);
    int status = evj_writer_open(path, &header, NULL, &writer, &err);
    set_file_limit(RLIM_INFINITY);
    assert_int_equal(status, EVJ_ERR_IO);
    assert_int_equal(err.sys_errno, EFBIG);
    assert_null(writer);
    assert_int_equal(access(path, F_OK), -1);
    free(path);
}

/* ---- a real one: runs in a child, which alone sees the mount ---- */

enum { PASSED = 0, FAILED = 1, NO_MOUNT = 77 };

/* Fill the disk but for `leave` bytes. */
static void fill_disk(const char *path, off_t leave)
{
    static const char zeros[4096];
    FILE *file = fopen(path, "w");

    while (file && fwrite(zeros, sizeof(zeros), 1, file) == 1 && fflush(file) == 0)
        ;
    if (!file)
        return;
    fclose(file);
    struct stat st;
    if (stat(path, &st) == 0 && st.st_size > leave && truncate(path, st.st_size - leave) < 0)
        unlink(path);
}

static int child_on_a_small_disk(const char *folder)
{
    char *path = temp_path(folder, "j.evj.gz"), *filler = temp_path(folder, "filler");
    struct evj_error err = {0};
    unsigned taken = 0;
    int status = EVJ_OK;

    if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("evj-test", folder, "tmpfs", 0, "size=64k") < 0)
        return NO_MOUNT;
    struct evj_writer *writer = begin(path);
    fill_disk(filler, 8192);
    while (taken < 1000 && (status = add(writer, taken, &err)) == EVJ_OK)
        taken++;
    if (status != EVJ_ERR_IO || err.sys_errno != ENOSPC)
        return FAILED;
    struct stat st;
    if (stat(path, &st) < 0 || (uint64_t)st.st_size != evj_writer_totals(writer)->file_bytes)
        return FAILED;
    unlink(filler);
    for (unsigned end = taken + 100; taken < end; taken++)
        if (add(writer, taken, &err) != EVJ_OK)
            return FAILED;
    if (evj_writer_finish(writer, "shutdown", &err) != EVJ_OK)
        return FAILED;
    struct reading reading = reading_of(path);
    return reading.status == EVJ_END && reading_kinds(&reading, EVJ_RECORD_EVENT) == taken ? PASSED
                                                                                           : FAILED;
}

static void a_disk_that_is_really_full_is_survived(void **state)
{
    fflush(NULL);
    pid_t child = fork();
    int status;

    if (child == 0)
        _exit(child_on_a_small_disk(*state));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_MOUNT)
        skip();
    assert_int_equal(WEXITSTATUS(status), PASSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_disk_at_any_byte_changes_nothing_in_the_end,
                                        ignore_the_signal, temp_teardown),
        cmocka_unit_test_setup_teardown(refused_again_and_again_nothing_is_added_twice,
                                        ignore_the_signal, temp_teardown),
        cmocka_unit_test_setup_teardown(a_finish_that_was_refused_can_be_called_again,
                                        ignore_the_signal, temp_teardown),
        cmocka_unit_test_setup_teardown(
            a_disk_without_room_for_the_first_block_is_left_without_a_file, ignore_the_signal,
            temp_teardown),
        cmocka_unit_test_setup_teardown(a_disk_that_is_really_full_is_survived, ignore_the_signal,
                                        temp_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
