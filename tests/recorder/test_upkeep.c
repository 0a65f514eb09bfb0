/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/upkeep.h"

#include "evj/header.h"
#include "evj/writer.h"
#include "tests/recorder/fixture.h"
#include "tests/support/fake_disk.h"
#include "tests/support/journals.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define A "gw-20261122T081530Z-0.evj.gz"
#define B "gw-20261122T091530Z-0.evj.gz"

static struct upkeep *upkeep;
static struct instance instance;

static void make(const char *name)
{
    EVJ_AUTO(writer) *writer = NULL;
    struct evj_header header;
    char path[400];

    journal_header(&header);
    snprintf(header.emitter, sizeof(header.emitter), "gw");
    snprintf(header.instance, sizeof(header.instance), "%s", instance.name);
    snprintf(path, sizeof(path), "%s/%s", fixture_journals(), name);
    assert_int_equal(evj_writer_open(path, &header, NULL, &writer, NULL), 0);
    assert_int_equal(evj_writer_finish(writer, "rotate", NULL), 0);
}

static int setup(void **state)
{
    if (fixture_setup(state) < 0)
        return -1;
    fake_disk_mount(fixture_journals());
    if (instance_claim(fixture_journals(), "/etc/janus", "gw", &instance, NULL) < 0)
        return -1;
    upkeep = upkeep_new(fixture_journals(), "gw", &instance, fixture_notice);
    make(A);
    make(B);
    return 0;
}

static int teardown(void **state)
{
    upkeep_free(upkeep);
    instance_release(&instance);
    fake_disk_mount(NULL);
    return fixture_teardown(state);
}

/* Returns how many journals there are then. */
static size_t run(const struct upkeep_rules *rules, struct upkeep_report *ret_report)
{
    struct upkeep_report report;

    upkeep_run(upkeep, rules, B, &report);
    g_free(report.files);
    report.files = NULL;
    if (ret_report)
        *ret_report = report;
    return report.count;
}

static const struct upkeep_rules no_rules, little = {.keep_size = 1};

static void journals_are_listed_oldest_first_and_the_open_one_is_told(void **state)
{
    struct upkeep_report report;

    (void)state;
    upkeep_run(upkeep, &no_rules, B, &report);
    assert_int_equal(report.count, 2);
    assert_string_equal(report.files[0].name, A);
    assert_false(report.files[0].open);
    assert_string_equal(report.files[1].name, B);
    assert_true(report.files[1].open);
    assert_true(report.files[0].bytes > 0);
    assert_true(report.disk_free > 0 && report.disk_free < UINT64_MAX);
    g_free(report.files);
    assert_int_equal(fixture_notices(), 0);
}

static void a_pin_is_there_until_it_is_taken_away(void **state)
{
    (void)state;
    assert_int_equal(upkeep_pin(upkeep, A, true, NULL), 0);
    assert_int_equal(upkeep_pin(upkeep, A, true, NULL), 0);
    assert_int_equal(run(&little, NULL), 2);
    assert_int_equal(upkeep_pin(upkeep, A, false, NULL), 0);
    assert_int_equal(upkeep_pin(upkeep, A, false, NULL), 0);
    assert_int_equal(run(&little, NULL), 1);
    assert_true(fixture_noticed("deleted 1 old journals"));
}

static void a_pin_that_cannot_be_made_says_why(void **state)
{
    struct evj_error err = {0};

    (void)state;
    fake_disk_fail(EROFS);
    assert_int_equal(upkeep_pin(upkeep, A, true, &err), EVJ_ERR_IO);
    assert_non_null(strstr(err.text, A ": Read-only file system"));
    assert_int_equal(upkeep_pin(upkeep, A, false, &err), EVJ_ERR_IO);
    assert_non_null(strstr(err.text, "cannot unpin"));
}

/* Not at each run, and not for each file. */
static void what_cannot_be_deleted_is_told_once_until_it_can(void **state)
{
    (void)state;
    fake_disk()->error[FAKE_NAME] = EROFS;
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(run(&little, NULL), 2);
    assert_int_equal(fixture_notices(), 1);
    assert_true(fixture_noticed("cannot delete " A ": Read-only file system"));
    fake_disk()->error[FAKE_NAME] = 0;
    assert_int_equal(run(&little, NULL), 1);
    assert_int_equal(fixture_notices(), 2);
    make(A);
    fake_disk()->error[FAKE_NAME] = EIO;
    run(&little, NULL);
    assert_int_equal(fixture_notices(), 3);
}

static void a_folder_that_cannot_be_read_matters_only_where_something_should_go(void **state)
{
    struct upkeep_report report;

    (void)state;
    fake_disk()->error[FAKE_OPEN] = EACCES;
    assert_int_equal(run(&no_rules, &report), 0);
    assert_true(report.disk_free == UINT64_MAX);
    assert_int_equal(fixture_notices(), 0);
    run(&little, NULL);
    run(&little, NULL);
    assert_int_equal(fixture_notices(), 1);
    assert_true(fixture_noticed("no old journal can be deleted: cannot"));
}

static void move_folder_away(void)
{
    char away[300];

    snprintf(away, sizeof(away), "%s/away", fixture_folder());
    assert_int_equal(rename(fixture_journals(), away), 0);
    assert_int_equal(mkdir(fixture_journals(), 0700), 0);
}

/* A recorder with the same name that begins there would take our journals for its own, and delete them. */
static void in_a_folder_that_was_made_again_the_name_is_locked_again(void **state)
{
    struct instance other;

    (void)state;
    move_folder_away();
    make(A);
    assert_int_equal(run(&little, NULL), 0);
    assert_int_equal(instance_claim(fixture_journals(), "/etc/janus", "gw", &other, NULL), 0);
    assert_string_not_equal(other.name, instance.name);
    instance_release(&other);
}

static void a_name_that_somebody_else_has_by_now_deletes_nothing(void **state)
{
    struct instance other;

    (void)state;
    move_folder_away();
    make(A);
    assert_int_equal(instance_claim(fixture_journals(), "/etc/janus", "gw", &other, NULL), 0);
    assert_string_equal(other.name, instance.name);
    run(&little, NULL);
    assert_int_equal(run(&little, NULL), 1);
    assert_int_equal(fixture_notices(), 1);
    assert_true(fixture_noticed("no old journal can be deleted: cannot lock"));
    instance_release(&other);
    assert_int_equal(run(&little, NULL), 0);
}

static void a_floor_above_what_is_free_is_told_with_both_figures(void **state)
{
    const struct upkeep_rules high = {.disk_floor = UINT64_C(1) << 62}, low = {.disk_floor = 1};
    struct evj_error err = {0};

    (void)state;
    assert_int_equal(upkeep_check_floor(upkeep, &no_rules, &err), EVJ_OK);
    assert_int_equal(upkeep_check_floor(upkeep, &low, &err), EVJ_OK);
    assert_int_equal(upkeep_check_floor(upkeep, &high, &err), EVJ_ERR_IO);
    assert_non_null(strstr(err.text, "disk_floor keeps 4398046511104 MiB free"));
}

/* A disk that does not tell is not taken for full. */
static void a_floor_that_cannot_be_checked_stops_nothing(void **state)
{
    const struct upkeep_rules high = {.disk_floor = UINT64_C(1) << 62};

    (void)state;
    fake_disk()->error[FAKE_LOOK] = EIO;
    assert_int_equal(upkeep_check_floor(upkeep, &high, NULL), EVJ_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)
        TEST(journals_are_listed_oldest_first_and_the_open_one_is_told),
        TEST(a_pin_is_there_until_it_is_taken_away),
        TEST(a_pin_that_cannot_be_made_says_why),
        TEST(what_cannot_be_deleted_is_told_once_until_it_can),
        TEST(a_folder_that_cannot_be_read_matters_only_where_something_should_go),
        TEST(in_a_folder_that_was_made_again_the_name_is_locked_again),
        TEST(a_name_that_somebody_else_has_by_now_deletes_nothing),
        TEST(a_floor_above_what_is_free_is_told_with_both_figures),
        TEST(a_floor_that_cannot_be_checked_stops_nothing),
    };

    return cmocka_run_group_tests_name("upkeep", tests, NULL, NULL);
}
