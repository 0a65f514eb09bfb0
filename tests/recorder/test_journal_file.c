/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/journal_file.h"
#include "tests/recorder/fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 2026-11-22 08:15:30.9 UTC */
#define START_US (INT64_C(1795335330) * 1000000 + 900000)

static char path[JOURNAL_FILE_PATH_MAX];

static int open_next(const char *folder, const char *emitter, const char *previous,
                     struct evj_error *err)
{
    EVJ_AUTO(writer) *writer = NULL;
    struct evj_header header;

    assert_int_equal(evj_header_init(&header, NULL), EVJ_OK);
    header.started_wall_us = START_US;
    snprintf(header.emitter, sizeof(header.emitter), "%s", emitter);
    snprintf(header.previous, sizeof(header.previous), "%s", previous);
    int status = journal_file_begin(folder, &header, NULL, &writer, err);
    if (status == EVJ_OK)
        status = journal_file_publish(writer, folder, &header, path, err);
    return status;
}

static int open_journal(const char *folder, const char *emitter, struct evj_error *err)
{
    return open_next(folder, emitter, "", err);
}

static void assert_named(const char *emitter, const char *name)
{
    char expected[600];

    assert_int_equal(open_journal(fixture_journals(), emitter, NULL), EVJ_OK);
    snprintf(expected, sizeof(expected), "%s/%s", fixture_journals(), name);
    assert_string_equal(path, expected);
    assert_int_equal(access(path, R_OK), 0);
}

static void a_journal_is_named_by_emitter_start_and_number(void **state)
{
    (void)state;
    assert_named("gw-alpha", "gw-alpha-20261122T081530Z-0.evj.gz");
}

static void a_name_is_never_used_twice(void **state)
{
    (void)state;
    assert_named("gw", "gw-20261122T081530Z-0.evj.gz");
    assert_named("gw", "gw-20261122T081530Z-1.evj.gz");
    assert_named("gw", "gw-20261122T081530Z-2.evj.gz");
}

static void assert_next(const char *previous, const char *name)
{
    assert_int_equal(open_next(fixture_journals(), "gw", previous, NULL), EVJ_OK);
    assert_string_equal(strrchr(path, '/') + 1, name);
    assert_int_equal(unlink(path), 0);
}

/* Several in one second, each deleted at once: by their names they are sorted and told apart. */
static void a_next_file_has_a_greater_number_than_one_that_was_deleted(void **state)
{
    (void)state;
    assert_next("gw-20261122T081530Z-0.evj.gz", "gw-20261122T081530Z-1.evj.gz");
    assert_next("gw-20261122T081530Z-41.evj.gz", "gw-20261122T081530Z-42.evj.gz");
    assert_next("gw-20261122T081529Z-41.evj.gz", "gw-20261122T081530Z-0.evj.gz");
    assert_next("gw-2-20261122T081530Z-7.evj.gz", "gw-20261122T081530Z-0.evj.gz");
}

/* The emitter comes from a configuration, and must not lead out of the folder or break a shell. */
static void an_emitter_is_made_safe_for_a_file_name(void **state)
{
    (void)state;
    assert_named("../../etc/x y", "_._.._etc_x_y-20261122T081530Z-0.evj.gz");
    assert_named("-rf", "_rf-20261122T081530Z-0.evj.gz");
    assert_named("Zo\xc3\xab", "Zo__-20261122T081530Z-0.evj.gz");
    assert_named("", "janus-20261122T081530Z-0.evj.gz");
}

static void a_long_emitter_is_cut(void **state)
{
    char emitter[128] = "";

    (void)state;
    memset(emitter, 'e', sizeof(emitter) - 1);
    assert_int_equal(open_journal(fixture_journals(), emitter, NULL), EVJ_OK);
    assert_int_equal(strlen(path),
                     strlen(fixture_journals()) + 1 + 64 + strlen("-20261122T081530Z-0.evj.gz"));
}

static void a_missing_folder_is_created_for_owner_and_group_only(void **state)
{
    char folder[128];
    struct stat st;

    (void)state;
    snprintf(folder, sizeof(folder), "%s/new", fixture_journals());
    assert_int_equal(open_journal(folder, "gw", NULL), EVJ_OK);
    assert_int_equal(stat(folder, &st), 0);
    assert_int_equal(st.st_mode & 07, 0);
}

static void only_its_last_component_is_created(void **state)
{
    struct evj_error err = {0};
    char folder[128];

    (void)state;
    snprintf(folder, sizeof(folder), "%s/misspelt/journals", fixture_folder());
    assert_int_equal(open_journal(folder, "gw", &err), EVJ_ERR_IO);
    assert_int_equal(err.sys_errno, ENOENT);
    assert_non_null(strstr(err.text, folder));
}

static void a_file_in_place_of_the_folder_is_an_error_that_names_it(void **state)
{
    struct evj_error err = {0};
    char file[128], below[160];

    (void)state;
    snprintf(file, sizeof(file), "%s/file", fixture_folder());
    snprintf(below, sizeof(below), "%s/journals", file);
    fclose(fopen(file, "w"));
    assert_int_equal(open_journal(file, "gw", &err), EVJ_ERR_IO);
    assert_non_null(strstr(err.text, file));
    assert_int_equal(err.sys_errno, ENOTDIR);
    assert_int_equal(open_journal(below, "gw", &err), EVJ_ERR_IO);
    assert_non_null(strstr(err.text, below));
}

/* Half a first line would be no journal, only a riddle. */
static void a_disk_without_room_leaves_no_file(void **state)
{
    struct evj_error err = {0};

    (void)state;
    fixture_limit_files(10);
    assert_int_equal(open_journal(fixture_journals(), "gw", &err), EVJ_ERR_IO);
    fixture_unlimit_files();
    assert_int_equal(err.sys_errno, EFBIG);
    assert_int_equal(fixture_count_files(fixture_journals(), ".gz"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, fixture_setup, fixture_teardown)
        TEST(a_journal_is_named_by_emitter_start_and_number),
        TEST(a_name_is_never_used_twice),
        TEST(a_next_file_has_a_greater_number_than_one_that_was_deleted),
        TEST(an_emitter_is_made_safe_for_a_file_name),
        TEST(a_long_emitter_is_cut),
        TEST(a_missing_folder_is_created_for_owner_and_group_only),
        TEST(only_its_last_component_is_created),
        TEST(a_file_in_place_of_the_folder_is_an_error_that_names_it),
        TEST(a_disk_without_room_leaves_no_file),
    };

    return cmocka_run_group_tests_name("journal_file", tests, NULL, NULL);
}
