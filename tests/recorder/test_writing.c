/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/writing.h"

#include "evj/header.h"
#include "evj/limits.h"
#include "recorder/drain.h"
#include "recorder/serialise.h"
#include "tests/recorder/fixture.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

static struct evj_spool *spool;
static struct evj_writer *writer;
static struct writing *writing;
static char path[200];
static unsigned offered;

static int setup(void **state)
{
    struct evj_header header;

    if (fixture_setup(state) < 0 || evj_header_init(&header, NULL) < 0)
        return -1;
    offered = 0;
    snprintf(path, sizeof(path), "%s/test.evj.gz", fixture_journals());
    if (evj_spool_create(fixture_spools(), header.id, EVJ_SPOOL_MIN, &spool, NULL) < 0)
        return -1;
    return evj_writer_open(path, &header, NULL, &writer, NULL);
}

static int teardown(void **state)
{
    evj_writer_free(writer);
    evj_spool_remove(spool);
    return fixture_teardown(state);
}

static void start(int64_t flush_interval_us)
{
    struct writing_task task = {
        .spool = spool,
        .writer = writer,
        .path = path,
        .block_text = drain_block_text(evj_spool_capacity(spool)),
        .flush_interval_us = flush_interval_us,
        .notice = fixture_notice,
    };

    assert_int_equal(writing_start(&task, &writing, NULL), EVJ_OK);
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
    };

    return cmocka_run_group_tests_name("writing", tests, NULL, NULL);
}
