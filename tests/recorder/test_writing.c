/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/writing.h"

#include "evj/header.h"
#include "evj/limits.h"
#include "recorder/serialise.h"
#include "tests/recorder/fixture.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

static struct evj_spool *spool;
static struct series *series;
static struct upkeep *upkeep;
static struct instance nobody = {.lock_fd = -1};
static struct writing *writing;
static char path[300];
static unsigned offered;

static int setup(void **state)
{
    struct evj_header header;

    if (fixture_setup(state) < 0 || evj_header_init(&header, NULL) < 0)
        return -1;
    offered = 0;
    if (evj_spool_create(fixture_spools(), header.id, "", EVJ_SPOOL_MIN, &spool, NULL) < 0)
        return -1;
    snprintf(header.spool, sizeof(header.spool), "%s", evj_spool_path(spool));
    struct series_task task = {.spool = spool, .folder = fixture_journals(), .header = &header};
    if (series_begin(&task, &series, NULL) < 0)
        return -1;
    snprintf(path, sizeof(path), "%s", series_path(series));
    upkeep = upkeep_new(fixture_journals(), "gw", &nobody, fixture_notice);
    return 0;
}

static int teardown(void **state)
{
    series_free(series);
    upkeep_free(upkeep);
    evj_spool_remove(spool);
    return fixture_teardown(state);
}

static void start_with(struct writing_tuning tuning)
{
    struct writing_task task = {
        .spool = spool,
        .series = series,
        .upkeep = upkeep,
        .tuning = tuning,
        .notice = fixture_notice,
    };

    assert_int_equal(writing_start(&task, &writing, NULL), EVJ_OK);
}

static void start(int64_t flush_interval_us)
{
    start_with((struct writing_tuning){.flush_interval_us = flush_interval_us});
}

static void offer(size_t size)
{
    json_auto_t *event = fixture_event(offered, size);
    size_t room, len = 0;
    char *text = evj_spool_begin(spool, offered++, &room);

    assert_int_equal(serialise_event(event, text, text ? room : 0, &len), EVJ_OK);
    if (!text || len > room)
        evj_spool_drop(spool, offered, 32, len, EVJ_LOSS_BUFFER_FULL);
    else if (evj_spool_commit(spool, len))
        writing_wake(writing);
}

/* Do something that must soon change the journal's file, and wait for that. */
static void await_written(void (*cause)(void))
{
    struct pollfd change = {.fd = inotify_init1(IN_CLOEXEC), .events = POLLIN};

    assert_true(inotify_add_watch(change.fd, path, IN_MODIFY) >= 0);
    cause();
    assert_int_equal(poll(&change, 1, 30000), 1);
    close(change.fd);
}

static void assert_complete(void)
{
    struct tally tally = fixture_tally(path);

    assert_true(tally.closed);
    assert_true(tally.in_order);
    assert_int_equal(tally.events + tally.lost, offered);
}

static void offer_one(void)
{
    offer(100);
}

static void offer_a_block(void)
{
    for (unsigned i = 0; i < 40; i++)
        offer(1000);
}

static void a_lone_event_is_written_after_the_interval(void **state)
{
    (void)state;
    start(10000);
    await_written(offer_one);
    assert_int_equal(writing_finish(writing, NULL), EVJ_OK);
    assert_complete();
}

static void a_full_block_is_written_before_the_interval_is_over(void **state)
{
    (void)state;
    start(INT64_C(3600) * 1000000);
    await_written(offer_a_block);
    assert_int_equal(writing_finish(writing, NULL), EVJ_OK);
    assert_complete();
}

static void finishing_writes_what_waits_at_once(void **state)
{
    (void)state;
    start(INT64_C(3600) * 1000000);
    offer(100);
    assert_int_equal(writing_finish(writing, NULL), EVJ_OK);
    assert_complete();
    assert_int_equal(fixture_tally(path).events, 1);
}

static void a_gap_at_the_end_is_written_too(void **state)
{
    (void)state;
    start(INT64_C(3600) * 1000000);
    offer(200000);
    assert_int_equal(writing_finish(writing, NULL), EVJ_OK);
    assert_complete();
    assert_int_equal(fixture_tally(path).lost, 1);
}

static void a_failing_disk_is_told_once_and_so_is_its_recovery(void **state)
{
    struct writing_report report;

    (void)state;
    fixture_limit_files(64);
    start(1000);
    offer(100);
    fixture_await_notice("cannot write");
    assert_true(fixture_noticed(path));
    assert_true(fixture_noticed(evj_spool_path(spool)));
    for (unsigned i = 0; i < 200; i++)
        offer(1000);
    writing_report(writing, &report);
    assert_true(report.failing);
    assert_non_null(strstr(report.error, "File too large"));
    assert_int_equal(fixture_notices(), 1);

    fixture_unlimit_files();
    fixture_await_notice("can be written again");
    offer(100);
    assert_int_equal(writing_finish(writing, NULL), EVJ_OK);
    assert_int_equal(fixture_notices(), 2);
    assert_complete();
    assert_true(fixture_tally(path).lost > 0);
}

/* The ring has no room for the gap then until something else was written. */
static void a_disk_that_recovers_in_the_last_moment_gets_everything(void **state)
{
    (void)state;
    fixture_limit_files(64);
    start(INT64_C(3600) * 1000000);
    for (unsigned i = 0; i < 1000; i++)
        offer(100);
    fixture_await_notice("cannot write");
    assert_false(evj_spool_close_gap(spool));
    fixture_unlimit_files();
    assert_int_equal(writing_finish(writing, NULL), EVJ_OK);
    assert_complete();
    assert_true(fixture_tally(path).lost > 0);
}

/* File and spool together are complete: the reader sees to that. */
static void a_disk_that_fails_to_the_end_leaves_the_rest_in_the_spool(void **state)
{
    struct evj_error err = {0};
    const char *text;

    (void)state;
    fixture_limit_files(64);
    start(1000);
    for (unsigned i = 0; i < 10; i++)
        offer(100);
    assert_int_equal(writing_finish(writing, &err), EVJ_ERR_IO);
    assert_int_equal(err.status, EVJ_ERR_IO);
    size_t len = evj_spool_pending(spool, &text);
    assert_true(len > 1000);
    for (unsigned lines = 0; lines < 10; lines++) {
        const char *newline = memchr(text, '\n', len);
        assert_non_null(newline);
        len -= (size_t)(newline + 1 - text);
        text = newline + 1;
    }
    assert_int_equal(len, 0);
}

/* ---- the next file ---- */

#define HOUR_US (INT64_C(3600) * 1000000)

static struct tally assert_all_complete(void)
{
    struct tally tally = fixture_tally_all();

    assert_true(tally.closed);
    assert_true(tally.in_order);
    assert_int_equal(tally.events + tally.lost, offered);
    return tally;
}

static void await_files(uint64_t files)
{
    int64_t deadline_us = evj_clock_mono_us() + 30 * INT64_C(1000000);
    struct writing_report report;

    do {
        writing_report(writing, &report);
        assert_true(evj_clock_mono_us() < deadline_us);
    } while (report.totals.files < files);
}

static void a_file_that_has_grown_enough_is_followed_by_the_next(void **state)
{
    struct writing_report report;

    (void)state;
    start_with((struct writing_tuning){.flush_interval_us = HOUR_US, .rotate_size = 20000});
    for (unsigned i = 0; i < 3; i++) {
        writing_report(writing, &report);
        uint64_t files = report.totals.files;
        while (report.totals.files == files) {
            offer(1000);
            writing_report(writing, &report);
        }
    }
    assert_string_not_equal(report.path, path);
    assert_int_equal(writing_finish(writing, NULL), EVJ_OK);
    assert_true(assert_all_complete().files >= 4);
}

static void a_file_that_is_old_enough_is_followed_by_the_next(void **state)
{
    (void)state;
    start_with((struct writing_tuning){.flush_interval_us = 5000, .rotate_interval_us = 20000});
    for (uint64_t files = 2; files <= 4; files++) {
        offer(100);
        await_files(files);
    }
    assert_int_equal(writing_finish(writing, NULL), EVJ_OK);
    assert_all_complete();
}

/* Both are due after 20 ms, but only one of the two files has an event. */
static void an_old_file_without_events_stays(void **state)
{
    (void)state;
    start_with((struct writing_tuning){.flush_interval_us = 1000, .rotate_interval_us = 20000});
    offer(100);
    await_files(2);
    int64_t until_us = evj_clock_mono_us() + 100000;
    while (evj_clock_mono_us() < until_us)
        writing_wake(writing);
    assert_int_equal(writing_finish(writing, NULL), EVJ_OK);
    assert_int_equal(assert_all_complete().files, 2);
}

static void limit_descriptors(rlim_t count)
{
    struct rlimit files;

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = count < files.rlim_max ? count : files.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
}

/* What is open may be written, and nothing more be opened. */
static void without_a_next_file_all_goes_into_the_old_one_and_that_is_told_once(void **state)
{
    (void)state;
    start_with((struct writing_tuning){.flush_interval_us = 1000, .rotate_size = 1000});
    limit_descriptors(0);
    offer(2000);
    fixture_await_notice("no next file can be begun");
    offer(2000);
    assert_int_equal(writing_finish(writing, NULL), EVJ_OK);
    limit_descriptors(1024);
    assert_int_equal(fixture_notices(), 1);
    assert_int_equal(assert_all_complete().files, 1);
}

static void an_order_begins_a_next_file_even_without_events(void **state)
{
    (void)state;
    start(HOUR_US);
    assert_true(writing_order(writing, WRITING_TURN, ""));
    await_files(2);
    offer(100);
    assert_true(writing_order(writing, WRITING_TURN, ""));
    await_files(3);
    assert_int_equal(writing_finish(writing, NULL), EVJ_OK);
    assert_int_equal(assert_all_complete().files, 3);
}

static void a_file_that_is_gone_is_told_of(void **state)
{
    (void)state;
    start(1000);
    assert_int_equal(unlink(path), 0);
    offer(100);
    fixture_await_notice("is not there any more: going on in");
    assert_true(fixture_noticed(path));
    assert_int_equal(writing_finish(writing, NULL), EVJ_OK);
    assert_int_equal(fixture_notices(), 1);
    assert_int_equal(assert_all_complete().files, 1);
}

static void a_disk_floor_that_is_reached_is_a_disk_that_fails(void **state)
{
    struct writing_tuning tuning = {.flush_interval_us = 1000};

    (void)state;
    tuning.keep.disk_floor = UINT64_MAX / 2;
    start_with(tuning);
    offer(100);
    fixture_await_notice("disk_floor keeps");
    tuning.keep.disk_floor = 0;
    writing_tune(writing, &tuning);
    fixture_await_notice("can be written again");
    offer(100);
    assert_int_equal(writing_finish(writing, NULL), EVJ_OK);
    assert_int_equal(fixture_notices(), 2);
    assert_all_complete();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)
        TEST(a_lone_event_is_written_after_the_interval),
        TEST(a_full_block_is_written_before_the_interval_is_over),
        TEST(finishing_writes_what_waits_at_once),
        TEST(a_gap_at_the_end_is_written_too),
        TEST(a_failing_disk_is_told_once_and_so_is_its_recovery),
        TEST(a_disk_that_recovers_in_the_last_moment_gets_everything),
        TEST(a_disk_that_fails_to_the_end_leaves_the_rest_in_the_spool),
        TEST(a_file_that_has_grown_enough_is_followed_by_the_next),
        TEST(a_file_that_is_old_enough_is_followed_by_the_next),
        TEST(an_old_file_without_events_stays),
        TEST(without_a_next_file_all_goes_into_the_old_one_and_that_is_told_once),
        TEST(an_order_begins_a_next_file_even_without_events),
        TEST(a_file_that_is_gone_is_told_of),
        TEST(a_disk_floor_that_is_reached_is_a_disk_that_fails),
    };

    return cmocka_run_group_tests_name("writing", tests, NULL, NULL);
}
