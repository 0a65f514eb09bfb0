/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/series.h"

#include "evj/completion.h"
#include "evj/limits.h"
#include "evj/reader.h"
#include "recorder/serialise.h"
#include "tests/recorder/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct evj_spool *spool;
static struct evj_state *state_of_all;
static struct series *series;
static char spool_path[256], first[300];
static unsigned offered;

/* ---- the disk: this program's own pwrite() and fstat() ---- */

static int write_error;      /* errno of each write that is refused; 0: none is */
static bool recovers;        /* as soon as another file is written to */
static ino_t refused_file;   /* 0: all are refused */
static size_t refused_size;  /* … and shorter writes are not */
static bool stale;           /* a server does not know the files that are watched any more */
static size_t files_written; /* journals in the folder, at most, while there was a write */

static bool is_refused(int fd, size_t len)
{
    struct stat st;

    return write_error != 0 && len >= refused_size &&
           (refused_file == 0 || (fstat(fd, &st) == 0 && st.st_ino == refused_file));
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    size_t files = fixture_count_files(fixture_journals(), ".evj.gz");

    if (files > files_written)
        files_written = files;
    bool refused = is_refused(fd, len);

    if (recovers && write_error != 0 && !refused)
        write_error = 0;
    if (!refused)
        return syscall(SYS_pwrite64, fd, bytes, len, at);
    errno = write_error;
    return -1;
}

int fstat(int fd, struct stat *st)
{
    if (!stale || !(fcntl(fd, F_GETFL) & O_PATH))
        return fstatat(fd, "", st, AT_EMPTY_PATH);
    errno = ESTALE;
    return -1;
}

static ino_t file_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_ino;
}

/* ---- a recording ---- */

static int setup(void **state)
{
    struct evj_header header;

    if (fixture_setup(state) < 0 || evj_header_init(&header, NULL) < 0)
        return -1;
    offered = 0;
    if (evj_spool_create(fixture_spools(), header.id, "", EVJ_SPOOL_MIN, &spool, NULL) < 0)
        return -1;
    snprintf(spool_path, sizeof(spool_path), "%s", evj_spool_path(spool));
    snprintf(header.spool, sizeof(header.spool), "%s", spool_path);
    snprintf(header.emitter, sizeof(header.emitter), "gw");
    snprintf(header.events, sizeof(header.events), "all");
    state_of_all = evj_state_new(EVJ_STATE_FULL, 1u << 20);
    struct series_task task = {
        .spool = spool, .folder = fixture_journals(), .header = &header, .state = state_of_all};
    write_error = 0;
    recovers = false;
    refused_file = 0;
    refused_size = 0;
    stale = false;
    files_written = 0;
    if (series_begin(&task, &series, NULL) < 0)
        return -1;
    snprintf(first, sizeof(first), "%s", series_path(series));
    return 0;
}

static int teardown(void **state)
{
    series_free(series);
    series = NULL;
    evj_spool_remove(spool);
    spool = NULL;
    evj_state_free(state_of_all);
    return fixture_teardown(state);
}

static void offer_event(json_t *event)
{
    size_t room, len = 0;
    int64_t mono_us = evj_clock_mono_us();
    char *text = evj_spool_begin(spool, mono_us, &room);

    assert_int_equal(serialise_event(event, text, text ? room : 0, &len), EVJ_OK);
    if (text && len <= room)
        evj_spool_commit(spool, len);
    else
        evj_spool_drop(spool, mono_us, 32, len, EVJ_LOSS_BUFFER_FULL);
    offered++;
}

static void offer(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        json_auto_t *event = fixture_event(offered, 300);
        offer_event(event);
    }
}

static void write_all(void)
{
    struct evj_error err = {0};

    if (series_write_all(series, &err) < 0)
        fail_msg("%s", err.text);
}

static void turn(void)
{
    write_all();
    assert_int_equal(series_prepare(series, NULL), EVJ_OK);
    assert_int_equal(series_turn(series, NULL), EVJ_OK);
}

static void finish(void)
{
    write_all();
    assert_int_equal(series_finish(series, NULL), EVJ_OK);
}

/* The recorder dies here; the next start completes what it left. */
static void crash_and_complete(void)
{
    struct evj_completion completion;
    struct evj_error err = {0};

    series_free(series);
    series = NULL;
    evj_spool_free(spool);
    spool = NULL;
    if (evj_complete(spool_path, &completion, &err) != EVJ_OK)
        fail_msg("%s", err.text);
    assert_int_equal(access(spool_path, F_OK), -1);
}

static void assert_complete(size_t files)
{
    struct tally tally = fixture_tally_all();

    assert_int_equal(tally.files, files);
    assert_int_equal(tally.events + tally.lost, offered);
    assert_true(tally.in_order);
    assert_true(tally.closed);
}

static void files_follow_one_another_without_a_hole(void **state)
{
    (void)state;
    offer(20);
    turn();
    assert_string_not_equal(series_path(series), first);
    offer(20);
    turn();
    turn(); /* nothing in it is no reason to refuse */
    offer(5);
    finish();
    assert_complete(4);
    assert_int_equal(fixture_tally(first).events, 20);
    assert_int_equal(series_totals(series).files, 4);
}

static void a_next_file_names_the_one_before(void **state)
{
    EVJ_AUTO(reader) *old = NULL, *next = NULL;

    (void)state;
    offer(3);
    turn();
    finish();
    assert_int_equal(evj_reader_open(first, &old, NULL), EVJ_OK);
    assert_int_equal(evj_reader_open(series_path(series), &next, NULL), EVJ_OK);
    const struct evj_header *a = evj_reader_header(old), *b = evj_reader_header(next);
    assert_string_equal(b->previous, strrchr(first, '/') + 1);
    assert_string_equal(a->previous, "");
    assert_string_equal(a->id, b->id);
    assert_string_equal(b->emitter, "gw");
    assert_string_equal(b->spool, spool_path);
    assert_string_equal(b->events, "all");
    assert_true(b->started_mono_us > a->started_mono_us);
}

/* Killed at any moment, it leaves no file that is empty, or that does not stand alone. */
static void a_file_appears_with_all_that_it_begins_with(void **state)
{
    json_auto_t *created =
        json_pack("{s:i, s:i, s:{s:s}}", "type", 1, "session_id", 7, "event", "name", "created");

    (void)state;
    assert_int_equal(files_written, 0);
    offer_event(created);
    write_all();
    assert_int_equal(files_written, 1);
    assert_int_equal(series_prepare(series, NULL), EVJ_OK);
    assert_int_equal(files_written, 1);
    assert_int_equal(fixture_count_files(fixture_journals(), ".evj.gz"), 2);
    assert_int_equal(fixture_tally_all().states, 0); /* the file before tells it */
    assert_int_equal(series_turn(series, NULL), EVJ_OK);
    assert_int_equal(fixture_tally(series_path(series)).states, 1);
    finish();
}

static void growth_counts_what_is_recorded_only(void **state)
{
    (void)state;
    assert_int_equal(series_growth(series), 0);
    assert_false(series_has_events(series));
    offer(1);
    write_all();
    assert_true(series_growth(series) > 0);
    assert_true(series_has_events(series));
    turn();
    assert_int_equal(series_growth(series), 0);
    assert_false(series_has_events(series));
    finish();
}

/* ---- a crash at each step ---- */

static void a_crash_before_the_next_file_is_begun_loses_nothing(void **state)
{
    (void)state;
    offer(20);
    write_all();
    offer(7);
    crash_and_complete();
    assert_complete(1);
}

static void a_crash_before_the_old_file_is_ended_loses_nothing(void **state)
{
    (void)state;
    offer(20);
    write_all();
    assert_int_equal(series_prepare(series, NULL), EVJ_OK);
    offer(7);
    struct tally live = fixture_tally_all();
    assert_int_equal(live.events, offered);
    assert_true(live.in_order);
    crash_and_complete();
    assert_complete(2);
    assert_int_equal(fixture_tally(first).events, 20);
}

/* The old file has its end, and the spool still tells of it: not even the moment in between counts. */
static void a_crash_before_the_spool_knows_loses_nothing(void **state)
{
    (void)state;
    offer(20);
    turn();
    evj_spool_set_journal(spool, first);
    offer(7);
    assert_int_equal(fixture_tally_all().events, offered);
    crash_and_complete();
    assert_complete(2);
}

static void a_crash_after_the_turn_loses_nothing(void **state)
{
    (void)state;
    offer(20);
    turn();
    offer(7);
    crash_and_complete();
    assert_complete(2);
}

static void what_belongs_into_a_file_that_is_gone_stays_in_the_spool(void **state)
{
    struct evj_completion completion;
    struct evj_error err = {0};

    (void)state;
    offer(20);
    turn();
    offer(7);
    unlink(series_path(series));
    evj_spool_set_journal(spool, first);
    series_free(series);
    series = NULL;
    evj_spool_free(spool);
    spool = NULL;
    assert_true(evj_complete(spool_path, &completion, &err) < 0);
    assert_int_equal(access(spool_path, F_OK), 0);
}

/* ---- disks ---- */

static void a_next_file_that_cannot_be_begun_changes_nothing(void **state)
{
    struct evj_error err = {0};

    (void)state;
    offer(20);
    write_all();
    fixture_limit_files(64);
    assert_int_equal(series_prepare(series, &err), EVJ_ERR_IO);
    fixture_unlimit_files();
    assert_false(series_is_turning(series));
    assert_string_equal(series_path(series), first);
    assert_int_equal(fixture_count_files(fixture_journals(), ".evj.gz"), 1);
    offer(5);
    finish();
    assert_complete(1);
}

static void an_old_file_that_cannot_be_ended_is_tried_again(void **state)
{
    struct evj_error err = {0};

    (void)state;
    offer(20);
    write_all();
    assert_int_equal(series_prepare(series, NULL), EVJ_OK);
    fixture_limit_files(64);
    assert_int_equal(series_turn(series, &err), EVJ_ERR_IO);
    assert_true(series_is_turning(series));
    offer(5);
    assert_int_equal(series_write_all(series, &err), EVJ_ERR_IO);
    fixture_unlimit_files();
    offer(5);
    finish();
    assert_complete(2);
    assert_int_equal(fixture_tally(first).events, 20);
}

/* What was written is gone with it, and nothing else. */
static void a_file_that_was_deleted_is_followed_by_another(void **state)
{
    (void)state;
    offer(20);
    write_all();
    offer(10);
    assert_int_equal(series_take(series, NULL), EVJ_OK); /* its writer holds them */
    unlink(first);
    finish();
    assert_int_equal(fixture_tally(fixture_only_journal()).events, 10);
}

static void a_folder_that_was_deleted_is_made_again(void **state)
{
    (void)state;
    offer(20);
    unlink(first);
    rmdir(fixture_journals());
    finish();
    assert_int_equal(fixture_tally(fixture_only_journal()).events, 20);
}

static void a_folder_that_cannot_be_made_again_costs_nothing(void **state)
{
    struct evj_error err = {0};

    (void)state;
    offer(20);
    unlink(first);
    rmdir(fixture_journals());
    FILE *file = fopen(fixture_journals(), "w");
    assert_non_null(file);
    fclose(file);
    assert_true(series_write_all(series, &err) < 0);
    assert_true(series_take(series, &err) < 0);
    assert_non_null(strstr(err.text, fixture_journals()));
    unlink(fixture_journals());
    finish();
    assert_int_equal(fixture_tally(fixture_only_journal()).events, 20);
}

static void a_folder_that_was_moved_keeps_a_whole_file(void **state)
{
    char moved[300], path[700];

    (void)state;
    offer(20);
    write_all();
    offer(10);
    snprintf(moved, sizeof(moved), "%s/moved", fixture_folder());
    assert_int_equal(rename(fixture_journals(), moved), 0);
    write_all();
    offer(10);
    finish();
    assert_int_equal(fixture_tally(fixture_only_journal()).events, 10);
    snprintf(path, sizeof(path), "%s%s", moved, strrchr(first, '/'));
    assert_int_equal(fixture_tally(path).events, 30);
    assert_true(fixture_tally(path).closed);
}

/* ---- a descriptor that is of no use any more ---- */

static void refuse(const char *path, int error)
{
    write_error = error;
    refused_file = file_of(path);
}

/* Try until all is written. Returns how often that failed. */
static unsigned write_until_it_works(void)
{
    unsigned failures = 0;

    while (series_write_all(series, NULL) < 0)
        assert_in_range(++failures, 1, 20);
    return failures;
}

/* All that was offered can be read, though the first file has no end. */
static void assert_left(const char *why)
{
    assert_string_equal(series_why_left(series), why);
    assert_string_not_equal(series_path(series), first);
    offer(5);
    write_all();
    offer(5);
    assert_int_equal(fixture_tally_all().events, offered);
    assert_true(fixture_tally_all().in_order);
    finish();
    struct tally tally = fixture_tally_all();
    assert_int_equal(tally.files, 2);
    assert_int_equal(tally.events, offered);
    assert_true(tally.in_order);
    assert_false(fixture_tally(first).closed);
}

static void a_file_that_refuses_for_good_is_left_for_a_new_one(void **state)
{
    (void)state;
    offer(20);
    write_all();
    refuse(first, EIO);
    offer(10);
    assert_int_equal(write_until_it_works(), 2);
    assert_left("cannot be written any more");
    assert_int_equal(fixture_tally(first).events, 20);
}

static void a_file_that_cannot_be_ended_is_left_in_the_end(void **state)
{
    (void)state;
    offer(20);
    write_all();
    assert_int_equal(series_prepare(series, NULL), EVJ_OK);
    refuse(first, ENOTCONN);
    offer(10);
    assert_int_equal(write_until_it_works(), 2);
    assert_left("cannot be written any more");
}

static void a_file_that_its_server_does_not_know_is_left_at_once(void **state)
{
    (void)state;
    offer(20);
    write_all();
    stale = true;
    refuse(first, ESTALE);
    offer(10);
    assert_int_equal(write_until_it_works(), 0);
    stale = false;
    assert_left("is not there any more");
}

static void a_file_that_was_moved_with_its_disk_is_left_at_once(void **state)
{
    char elsewhere[300];

    (void)state;
    offer(20);
    write_all();
    snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", fixture_folder());
    refuse(first, EIO);
    assert_int_equal(rename(first, elsewhere), 0);
    offer(10);
    assert_int_equal(write_until_it_works(), 0);
    assert_int_equal(rename(elsewhere, first), 0);
    assert_left("is not there any more");
}

static void a_file_that_cannot_be_ended_where_it_was_moved_is_left_at_once(void **state)
{
    char elsewhere[300];

    (void)state;
    offer(20);
    write_all();
    assert_int_equal(series_prepare(series, NULL), EVJ_OK);
    snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", fixture_folder());
    refuse(first, EIO);
    assert_int_equal(rename(first, elsewhere), 0);
    offer(10);
    assert_int_equal(write_until_it_works(), 0);
    assert_int_equal(rename(elsewhere, first), 0);
    assert_left("is not there any more");
}

/* Its end, and nothing else: the rest is the next file's. */
static void a_file_that_was_moved_when_it_was_to_be_ended_gets_its_end(void **state)
{
    char elsewhere[300];

    (void)state;
    offer(20);
    write_all();
    assert_int_equal(series_prepare(series, NULL), EVJ_OK);
    snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", fixture_folder());
    assert_int_equal(rename(first, elsewhere), 0);
    offer(10);
    finish();
    assert_int_equal(rename(elsewhere, first), 0);
    assert_complete(2);
    assert_int_equal(fixture_tally(first).events, 20);
}

static void assert_it_stays(int error, bool only_this_file)
{
    write_error = error;
    refused_file = only_this_file ? file_of(first) : 0;
    offer(5);
    for (int i = 0; i < 10; i++)
        assert_int_equal(series_write_all(series, NULL), EVJ_ERR_IO);
    assert_string_equal(series_path(series), first);
    assert_int_equal(fixture_count_files(fixture_journals(), ""), 3); /* with . and .. */
    write_error = 0;
    write_all();
    assert_null(series_why_left(series));
}

static void a_disk_that_refuses_all_files_is_waited_for(void **state)
{
    (void)state;
    offer(20);
    write_all();
    assert_it_stays(EIO, false);
    assert_it_stays(EROFS, false);
    finish();
    assert_complete(1);
}

static void a_disk_that_recovers_just_then_costs_no_file(void **state)
{
    (void)state;
    offer(20);
    write_all();
    refuse(first, EIO);
    recovers = true;
    offer(10);
    assert_int_equal(write_until_it_works(), 3);
    assert_null(series_why_left(series));
    finish();
    assert_complete(1);
}

/* A next file begins with little, and would find room for that. */
static void a_full_disk_is_waited_for(void **state)
{
    (void)state;
    offer(20);
    write_all();
    assert_it_stays(ENOSPC, true);
    assert_it_stays(EDQUOT, true);
    finish();
    assert_complete(1);
}

/* After 3, 6, 12, 24 and 48 times. */
static void files_that_are_no_better_are_begun_ever_more_rarely(void **state)
{
    (void)state;
    write_error = EIO;
    refused_size = 800; /* there is room for what a file begins with */
    offer(20);
    for (int i = 0; i < 100; i++)
        assert_int_equal(series_write_all(series, NULL), EVJ_ERR_IO);
    assert_int_equal(fixture_count_files(fixture_journals(), ".evj.gz"), 6);
    write_error = 0;
    finish();
    assert_int_equal(fixture_tally_all().events, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)
        TEST(files_follow_one_another_without_a_hole),
        TEST(a_next_file_names_the_one_before),
        TEST(a_file_appears_with_all_that_it_begins_with),
        TEST(growth_counts_what_is_recorded_only),
        TEST(a_crash_before_the_next_file_is_begun_loses_nothing),
        TEST(a_crash_before_the_old_file_is_ended_loses_nothing),
        TEST(a_crash_before_the_spool_knows_loses_nothing),
        TEST(a_crash_after_the_turn_loses_nothing),
        TEST(what_belongs_into_a_file_that_is_gone_stays_in_the_spool),
        TEST(a_next_file_that_cannot_be_begun_changes_nothing),
        TEST(an_old_file_that_cannot_be_ended_is_tried_again),
        TEST(a_file_that_was_deleted_is_followed_by_another),
        TEST(a_folder_that_was_deleted_is_made_again),
        TEST(a_folder_that_cannot_be_made_again_costs_nothing),
        TEST(a_folder_that_was_moved_keeps_a_whole_file),
        TEST(a_file_that_refuses_for_good_is_left_for_a_new_one),
        TEST(a_file_that_cannot_be_ended_is_left_in_the_end),
        TEST(a_file_that_its_server_does_not_know_is_left_at_once),
        TEST(a_file_that_was_moved_with_its_disk_is_left_at_once),
        TEST(a_file_that_cannot_be_ended_where_it_was_moved_is_left_at_once),
        TEST(a_file_that_was_moved_when_it_was_to_be_ended_gets_its_end),
        TEST(a_disk_that_refuses_all_files_is_waited_for),
        TEST(a_disk_that_recovers_just_then_costs_no_file),
        TEST(a_full_disk_is_waited_for),
        TEST(files_that_are_no_better_are_begun_ever_more_rarely),
    };

    return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
