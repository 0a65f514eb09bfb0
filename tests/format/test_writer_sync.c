/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a power cut leaves, as far as a writer sees to it: this program keeps count of which bytes, and
 * which name, the disk was told to have for good.
 */
#include "tests/support/test.h"

#include "evj/writer.h"
#include "tests/support/journals.h"
#include "tests/support/temp.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the disk ---- */

static uint64_t written, kept; /* bytes of the file: handed to the kernel, and on the disk */
static unsigned writes;
static bool name_is_kept;
static int sync_error;
static char *path;

ssize_t __real_pwrite64(int fd, const void *bytes, size_t len, off_t at);
ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t len, off_t at);
int __wrap_fdatasync(int fd);
int __wrap_fsync(int fd);

ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t len, off_t at)
{
    writes++;
    written = (uint64_t)at + len;
    return __real_pwrite64(fd, bytes, len, at);
}

/* After an error the kernel takes those bytes for written, and they are not: only other writes help. */
int __wrap_fdatasync(int fd)
{
    (void)fd;
    if (sync_error == 0) {
        kept = written;
        return 0;
    }
    written = kept;
    errno = sync_error;
    return -1;
}

int __wrap_fsync(int fd)
{
    struct stat st;

    assert_int_equal(fstat(fd, &st), 0);
    if (!S_ISDIR(st.st_mode))
        return __wrap_fdatasync(fd);
    name_is_kept = access(path, F_OK) == 0;
    return 0;
}

/* ---- a journal on it ---- */

static int setup(void **state)
{
    temp_setup(state);
    path = temp_path(*state, "j.evj.gz");
    written = kept = 0;
    writes = 0;
    name_is_kept = false;
    sync_error = 0;
    return 0;
}

static int teardown(void **state)
{
    free(path);
    return temp_teardown(state);
}

static struct evj_writer *begin(bool sync_block)
{
    const struct evj_writer_options options = {.sync_block = sync_block, .block_text = 900};

    return journal_begin(path, &options);
}

static void assert_kept(const struct evj_writer *writer)
{
    assert_int_equal(kept, evj_writer_totals(writer)->file_bytes);
    assert_true(name_is_kept);
}

/* A name without bytes would be no journal; bytes without a name would be found by nobody. */
static void with_sync_a_file_is_on_the_disk_when_it_appears(void **state)
{
    struct evj_writer *writer = begin(true);

    (void)state;
    assert_true(kept > 0);
    assert_kept(writer);
    evj_writer_free(writer);
}

static void with_sync_each_block_is_on_the_disk_before_the_next(void **state)
{
    struct evj_writer *writer = begin(true);

    (void)state;
    for (unsigned i = 0; i < 60; i++) {
        journal_events(writer, 1);
        assert_kept(writer);
    }
    assert_true(writes > 5);
    journal_end(writer);
    assert_int_equal(kept, written);
}

static void a_block_that_was_not_synced_is_written_once_more(void **state)
{
    struct evj_writer *writer = begin(true);
    struct evj_error err = {0};

    (void)state;
    journal_events(writer, 3);
    struct evj_writer_totals before = *evj_writer_totals(writer);
    sync_error = EIO;
    for (unsigned tries = 1; tries <= 3; tries++) {
        unsigned seen = writes;
        assert_int_equal(evj_writer_flush(writer, &err), EVJ_ERR_IO);
        assert_int_equal(err.sys_errno, EIO);
        assert_int_equal(writes, seen + 1);
        assert_int_equal(evj_writer_totals(writer)->file_bytes, before.file_bytes);
    }
    sync_error = 0;
    assert_int_equal(evj_writer_flush(writer, NULL), EVJ_OK);
    assert_true(kept > before.file_bytes);
    assert_kept(writer);
    journal_end(writer);
    struct reading reading = reading_of(path);
    assert_int_equal(reading_assert_whole(&reading), 3);
    reading_done(&reading);
}

static void without_sync_only_the_end_waits_for_the_disk(void **state)
{
    struct evj_writer *writer = begin(false);

    (void)state;
    journal_events(writer, 60);
    assert_true(writes > 5);
    assert_int_equal(kept, 0);
    journal_end(writer);
    assert_int_equal(kept, written);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)
        TEST(with_sync_a_file_is_on_the_disk_when_it_appears),
        TEST(with_sync_each_block_is_on_the_disk_before_the_next),
        TEST(a_block_that_was_not_synced_is_written_once_more),
        TEST(without_sync_only_the_end_waits_for_the_disk),
    };

    return cmocka_run_group_tests_name("writer_sync", tests, NULL, NULL);
}
