/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/leftovers.h"
#include "recorder/recording.h"

#include "evj/limits.h"
#include "evj/spool.h"
#include "tests/recorder/fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A spool as a recorder holds it while it lives. */
static struct evj_spool *held_spool(const char *id, const char *journal)
{
    struct evj_spool *spool;

    assert_int_equal(evj_spool_create(fixture_spools(), id, "", EVJ_SPOOL_MIN, &spool, NULL),
                     EVJ_OK);
    evj_spool_set_journal(spool, journal);
    return spool;
}

/* A spool whose recorder is gone, and whose journal with it. */
static void left_spool(const char *id, const char *journal)
{
    evj_spool_free(held_spool(id, journal));
}

static const char *journal_path(const char *below)
{
    static char path[200];

    snprintf(path, sizeof(path), "%s/%s", fixture_folder(), below);
    return path;
}

static void complete(void)
{
    leftovers_complete(fixture_spools(), fixture_journals(), fixture_notice);
}

/* A recorder that dies with one event in its spool. Returns the path of its journal. */
static const char *crash(void)
{
    json_auto_t *event = fixture_event(1, 10);
    struct config config = fixture_config();
    struct recording *recording;
    pid_t child = fork();
    int status;

    if (child == 0) {
        if (recording_start(&config, "gw", NULL, &recording, NULL) < 0)
            _exit(1);
        recording_offer(recording, event);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    return fixture_only_journal();
}

static void a_journal_that_a_crash_left_is_completed_and_told_of(void **state)
{
    (void)state;
    char journal[200];
    snprintf(journal, sizeof(journal), "%s", crash());
    assert_int_equal(fixture_count_files(fixture_spools(), ".spool"), 1);
    complete();
    assert_int_equal(fixture_notices(), 1);
    assert_true(fixture_noticed(journal));
    assert_true(fixture_noticed("with 1 events out of its spool"));
    assert_int_equal(fixture_count_files(fixture_spools(), ".spool"), 0);
    complete();
    assert_int_equal(fixture_notices(), 1);
}

static void each_journal_that_cannot_be_completed_is_named_with_its_spool(void **state)
{
    (void)state;
    left_spool("one", journal_path("journals/one.evj.gz"));
    left_spool("two", journal_path("journals/two.evj.gz"));
    complete();
    assert_int_equal(fixture_notices(), 2);
    assert_true(fixture_noticed("/journals/one.evj.gz was never closed"));
    assert_true(fixture_noticed("/journals/two.evj.gz was never closed"));
    assert_true(fixture_noticed("/spools/evj-one.spool"));
}

static void a_recorder_that_runs_is_no_leftover(void **state)
{
    struct evj_spool *spool = held_spool("live", journal_path("journals/live.evj.gz"));

    (void)state;
    complete();
    assert_int_equal(fixture_notices(), 0);
    evj_spool_remove(spool);
}

static void a_spool_of_another_folder_is_another_recorders_affair(void **state)
{
    (void)state;
    left_spool("near", journal_path("journals-of-others/near.evj.gz"));
    left_spool("far", "/elsewhere/far.evj.gz");
    complete();
    assert_int_equal(fixture_notices(), 0);
}

static void a_trailing_slash_makes_no_difference(void **state)
{
    char folder[100];

    (void)state;
    left_spool("one", journal_path("journals/one.evj.gz"));
    snprintf(folder, sizeof(folder), "%s//", fixture_journals());
    leftovers_complete(fixture_spools(), folder, fixture_notice);
    assert_int_equal(fixture_notices(), 1);
}

static void foreign_files_and_a_missing_folder_are_passed_by(void **state)
{
    char path[100];

    (void)state;
    snprintf(path, sizeof(path), "%s/evj-foreign.spool", fixture_spools());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("not a spool", file);
    fclose(file);
    complete();
    leftovers_complete("/no/such/folder", fixture_journals(), fixture_notice);
    assert_int_equal(fixture_notices(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, fixture_setup, fixture_teardown)
        TEST(a_journal_that_a_crash_left_is_completed_and_told_of),
        TEST(each_journal_that_cannot_be_completed_is_named_with_its_spool),
        TEST(a_recorder_that_runs_is_no_leftover),
        TEST(a_spool_of_another_folder_is_another_recorders_affair),
        TEST(a_trailing_slash_makes_no_difference),
        TEST(foreign_files_and_a_missing_folder_are_passed_by),
    };

    return cmocka_run_group_tests_name("leftovers", tests, NULL, NULL);
}
