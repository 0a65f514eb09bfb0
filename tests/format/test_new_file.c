/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that appear whole: on a file system that has files without names, on one that lacks them (here
 * open() refuses O_TMPFILE), and on one without links.
 */
#include "tests/support/test.h"

#include "format/new_file_internal.h"
#include "tests/support/temp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define TEXT "all of it"

/* ---- what this file system refuses ---- */

static bool has_unnamed, has_links, answers_get_lost, has_room;
static int sync_error;

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, mode_t mode);
int __real_link(const char *from, const char *to);
int __wrap_link(const char *from, const char *to);
int __real_linkat(int from_fd, const char *from, int to_fd, const char *to, int flags);
int __wrap_linkat(int from_fd, const char *from, int to_fd, const char *to, int flags);
ssize_t __real_sendfile64(int to, int from, off_t *at, size_t len);
ssize_t __wrap_sendfile64(int to, int from, off_t *at, size_t len);
int __real_fsync(int fd);
int __wrap_fsync(int fd);

static int refuse(int error)
{
    errno = error;
    return -1;
}

int __wrap_open64(const char *path, int flags, mode_t mode)
{
    if ((flags & O_TMPFILE) == O_TMPFILE && !has_unnamed)
        return refuse(EOPNOTSUPP);
    return __real_open64(path, flags, mode);
}

int __wrap_link(const char *from, const char *to)
{
    int status = has_links ? __real_link(from, to) : refuse(EPERM);

    return answers_get_lost ? refuse(EEXIST) : status;
}

int __wrap_linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
    return has_links ? __real_linkat(from_fd, from, to_fd, to, flags) : refuse(ENOENT);
}

ssize_t __wrap_sendfile64(int to, int from, off_t *at, size_t len)
{
    return has_room ? __real_sendfile64(to, from, at, len) : refuse(ENOSPC);
}

int __wrap_fsync(int fd)
{
    return sync_error != 0 ? refuse(sync_error) : __real_fsync(fd);
}

/* ---- a folder, and a file for it ---- */

static char *folder, *path;

static int setup(void **state)
{
    has_unnamed = has_links = has_room = true;
    answers_get_lost = false;
    sync_error = 0;
    temp_setup(state);
    folder = *state;
    path = temp_path(folder, "j.evj.gz");
    return 0;
}

static int teardown(void **state)
{
    free(path);
    return temp_teardown(state);
}

static bool is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* How many files there are, and how many of them a reader would take for journals. */
static void assert_files(unsigned files, unsigned journals)
{
    DIR *dir = opendir(folder);
    unsigned found = 0, named = 0;

    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        const char *suffix = strstr(entry->d_name, ".evj.gz");
        found += !is_dot(entry->d_name);
        named += suffix && strcmp(suffix, ".evj.gz") == 0;
    }
    closedir(dir);
    assert_int_equal(found, files);
    assert_int_equal(named, journals);
}

static struct evj_new_file create(void)
{
    struct evj_new_file file;

    assert_int_equal(evj_new_file_create(folder, &file), 0);
    assert_int_equal(pwrite(file.fd, TEXT, sizeof(TEXT), 0), sizeof(TEXT));
    return file;
}

static void assert_content(const char *of, const char *text)
{
    size_t size;
    char *bytes = temp_read(of, &size);

    assert_string_equal(bytes, text);
    free(bytes);
}

/* It is there, and what is written to it from now on goes into it. */
static void assert_published(struct evj_new_file *file)
{
    assert_files(1, 1);
    assert_content(path, TEXT);
    assert_int_equal(pwrite(file->fd, "A", 1, 0), 1);
    assert_content(path, "All of it");
    evj_new_file_drop(file);
    assert_files(1, 1);
}

static void publish(void)
{
    struct evj_new_file file = create();

    assert_int_equal(evj_new_file_publish(&file, path, false), 0);
    assert_published(&file);
}

/* ---- a file system that has all ---- */

static void a_file_that_is_being_made_is_in_no_folder(void **state)
{
    struct evj_new_file file = create();

    (void)state;
    assert_files(0, 0);
    evj_new_file_drop(&file);
    assert_int_equal(file.fd, -1);
    assert_files(0, 0);
}

static void a_file_appears_with_all_that_was_written(void **state)
{
    (void)state;
    publish();
}

static void a_file_is_for_owner_and_group(void **state)
{
    mode_t before = umask(0);
    struct stat st;

    (void)state;
    for (int i = 0; i < 2; i++) {
        has_unnamed = i == 0;
        struct evj_new_file file = create();
        assert_int_equal(evj_new_file_publish(&file, path, false), 0);
        evj_new_file_drop(&file);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0640);
        unlink(path);
    }
    umask(before);
}

static void assert_not_overwritten(void)
{
    struct evj_new_file file = create();

    assert_int_equal(evj_new_file_publish(&file, path, false), -1);
    assert_int_equal(errno, EEXIST);
    char *other = temp_path(folder, "k.evj.gz");
    assert_int_equal(evj_new_file_publish(&file, other, false), 0);
    evj_new_file_drop(&file);
    assert_content(other, TEXT);
    unlink(other);
    free(other);
}

static void nothing_is_overwritten_and_another_name_may_be_tried(void **state)
{
    (void)state;
    temp_write(path, "precious", 9);
    for (int i = 0; i < 4; i++) {
        has_unnamed = i % 2 == 0;
        has_links = i / 2 == 0;
        assert_not_overwritten();
        assert_files(1, 1);
        assert_content(path, "precious");
    }
}

static void a_link_that_leads_nowhere_is_not_followed(void **state)
{
    char *target = temp_path(folder, "target");

    (void)state;
    assert_int_equal(symlink(target, path), 0);
    assert_not_overwritten();
    assert_int_equal(access(target, F_OK), -1);
    free(target);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    char *missing = temp_path(folder, "missing");
    struct evj_new_file file;

    (void)state;
    assert_int_equal(evj_new_file_create(missing, &file), -1);
    assert_int_equal(errno, ENOENT);
    free(missing);
}

/* ---- one that lacks something ---- */

static void without_files_without_names_no_reader_finds_it_either(void **state)
{
    (void)state;
    has_unnamed = false;
    struct evj_new_file file = create();
    assert_files(1, 0);
    evj_new_file_drop(&file);
    assert_files(0, 0);
    publish();
}

/* A process that was killed: its lock is gone with it. */
static void leave_one_behind(void)
{
    struct evj_new_file file = create();

    close(file.fd);
    free(file.other);
}

static void what_a_killed_process_left_is_cleaned_up_and_nothing_else(void **state)
{
    char *journal = temp_path(folder, ".evj-1-0.new.evj.gz");

    (void)state;
    has_unnamed = false;
    leave_one_behind();
    struct evj_new_file living = create();
    leave_one_behind();
    temp_write(journal, TEXT, sizeof(TEXT));
    assert_files(4, 1);
    evj_new_file_clean(folder);
    assert_files(2, 1);
    assert_int_equal(access(living.other, F_OK), 0);
    evj_new_file_drop(&living);
    evj_new_file_clean("/not/there");
    free(journal);
}

/* As many as one process makes, and one that another process with its number left behind. */
static void other_names_do_not_meet(void **state)
{
    (void)state;
    has_unnamed = false;
    struct evj_new_file one = create(), two = create();
    assert_files(2, 0);
    assert_string_not_equal(one.other, two.other);
    evj_new_file_drop(&one);
    assert_int_equal(evj_new_file_publish(&two, path, false), 0);
    assert_published(&two);
}

static void without_links_the_content_is_copied(void **state)
{
    (void)state;
    has_links = false;
    publish();
    unlink(path);
    has_unnamed = false;
    publish();
}

static void a_copy_without_room_leaves_nothing(void **state)
{
    struct evj_new_file file = create();

    (void)state;
    has_links = has_room = false;
    assert_int_equal(evj_new_file_publish(&file, path, false), -1);
    assert_int_equal(errno, ENOSPC);
    assert_files(0, 0);
    has_room = true;
    assert_int_equal(evj_new_file_publish(&file, path, false), 0);
    assert_published(&file);
}

static void a_link_whose_answer_got_lost_is_found(void **state)
{
    (void)state;
    has_unnamed = false;
    answers_get_lost = true;
    publish();
}

/* ---- a name that lasts ---- */

static void a_name_that_may_not_last_is_taken_back(void **state)
{
    struct evj_new_file file = create();

    (void)state;
    sync_error = EIO;
    assert_int_equal(evj_new_file_publish(&file, path, true), -1);
    assert_int_equal(errno, EIO);
    assert_files(0, 0);
    evj_new_file_drop(&file);
    file = create();
    assert_int_equal(evj_new_file_publish(&file, path, false), 0); /* nobody asked */
    assert_published(&file);
}

static void a_file_system_that_syncs_no_folders_is_no_fault(void **state)
{
    struct evj_new_file file = create();

    (void)state;
    sync_error = EINVAL;
    assert_int_equal(evj_new_file_publish(&file, path, true), 0);
    assert_published(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)
        TEST(a_file_that_is_being_made_is_in_no_folder),
        TEST(a_file_appears_with_all_that_was_written),
        TEST(a_file_is_for_owner_and_group),
        TEST(nothing_is_overwritten_and_another_name_may_be_tried),
        TEST(a_link_that_leads_nowhere_is_not_followed),
        TEST(a_folder_that_is_not_there_is_an_error),
        TEST(without_files_without_names_no_reader_finds_it_either),
        TEST(what_a_killed_process_left_is_cleaned_up_and_nothing_else),
        TEST(other_names_do_not_meet),
        TEST(without_links_the_content_is_copied),
        TEST(a_copy_without_room_leaves_nothing),
        TEST(a_link_whose_answer_got_lost_is_found),
        TEST(a_name_that_may_not_last_is_taken_back),
        TEST(a_file_system_that_syncs_no_folders_is_no_fault),
    };

    return cmocka_run_group_tests_name("new_file", tests, NULL, NULL);
}
