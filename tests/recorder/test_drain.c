/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/drain.h"

#include "evj/header.h"
#include "evj/limits.h"
#include "recorder/serialise.h"
#include "tests/recorder/fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A spool, a journal, and the way between them; no thread. */
static struct drain drain;
static char path[200];

static int setup(void **state)
{
    struct evj_header header;

    if (fixture_setup(state) < 0 || evj_header_init(&header, NULL) < 0)
        return -1;
    memset(&drain, 0, sizeof(drain));
    snprintf(path, sizeof(path), "%s/test.evj.gz", fixture_journals());
    if (evj_spool_create(fixture_spools(), header.id, "", EVJ_SPOOL_MIN, &drain.spool, NULL) < 0)
        return -1;
    snprintf(header.spool, sizeof(header.spool), "%s", evj_spool_path(drain.spool));
    drain.block_text = drain_block_text(evj_spool_capacity(drain.spool));
    struct evj_writer_options options = {.block_text = drain.block_text};
    return evj_writer_open(path, &header, &options, &drain.writer, NULL);
}

static int teardown(void **state)
{
    evj_writer_free(drain.writer);
    evj_spool_remove(drain.spool);
    return fixture_teardown(state);
}

/* Put one event into the spool. Returns whether it found room. */
static bool offer(unsigned number, size_t size)
{
    json_auto_t *event = fixture_event(number, size);
    size_t room, len = 0;
    char *text = evj_spool_begin(drain.spool, number, &room);

    assert_int_equal(serialise_event(event, text, text ? room : 0, &len), EVJ_OK);
    if (text && len <= room)
        evj_spool_commit(drain.spool, len);
    else
        evj_spool_drop(drain.spool, number, 32, len, EVJ_LOSS_BUFFER_FULL);
    return text && len <= room;
}

static size_t pending(void)
{
    const char *text;

    return evj_spool_pending(drain.spool, &text);
}

static uint64_t file_size(void)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return (uint64_t)st.st_size;
}

static void finish(void)
{
    assert_int_equal(evj_writer_finish(drain.writer, "shutdown", NULL), EVJ_OK);
}

static void what_is_taken_stays_in_the_spool_until_it_is_in_the_file(void **state)
{
    uint64_t before = file_size();

    (void)state;
    assert_true(offer(0, 100));
    assert_true(offer(1, 100));
    size_t len = pending();
    assert_int_equal(drain_take(&drain, NULL), EVJ_OK);
    assert_int_equal(file_size(), before);
    assert_int_equal(pending(), len);
    assert_int_equal(drain_flush(&drain, NULL), EVJ_OK);
    assert_true(file_size() > before);
    assert_int_equal(pending(), 0);
}

static void nothing_is_taken_twice(void **state)
{
    (void)state;
    assert_true(offer(0, 100));
    assert_int_equal(drain_take(&drain, NULL), EVJ_OK);
    assert_int_equal(drain_take(&drain, NULL), EVJ_OK);
    assert_true(offer(1, 100));
    assert_int_equal(drain_take(&drain, NULL), EVJ_OK);
    assert_int_equal(drain_all(&drain, NULL), EVJ_OK);
    finish();
    assert_int_equal(fixture_tally(path).events, 2);
    assert_true(fixture_tally(path).in_order);
}

static void a_full_block_is_written_without_being_asked(void **state)
{
    uint64_t before = file_size();

    (void)state;
    for (unsigned i = 0; i < 5; i++)
        assert_true(offer(i, 10000));
    size_t len = pending();
    assert_int_equal(drain_take(&drain, NULL), EVJ_OK);
    assert_true(file_size() > before);
    assert_true(pending() < len);
    assert_true(pending() < drain.block_text);
}

/* Half of the ring must be free while a block is being written. */
static void blocks_of_a_small_ring_are_small(void **state)
{
    (void)state;
    assert_int_equal(drain_block_text(64 * 1024), 32 * 1024);
    assert_int_equal(drain_block_text(4 * 1024 * 1024), EVJ_BLOCK_TEXT);
}

static void a_line_longer_than_a_block_is_written(void **state)
{
    (void)state;
    assert_true(offer(0, 100));
    assert_true(offer(1, 40000));
    assert_int_equal(drain_take(&drain, NULL), EVJ_OK);
    assert_int_equal(pending(), 0);
    assert_true(offer(2, 100));
    assert_int_equal(drain_all(&drain, NULL), EVJ_OK);
    finish();
    assert_int_equal(fixture_tally(path).events, 3);
}

/* Many rounds, so that the ring wraps at ever other places. */
static void a_ring_that_wraps_loses_nothing(void **state)
{
    unsigned offered = 0;

    (void)state;
    for (unsigned round = 0; round < 200; round++) {
        for (unsigned i = 0; i < round % 7; i++)
            assert_true(offer(offered++, 100 + 599 * (round % 9)));
        assert_int_equal(drain_take(&drain, NULL), EVJ_OK);
    }
    assert_int_equal(drain_all(&drain, NULL), EVJ_OK);
    finish();
    assert_int_equal(fixture_tally(path).events, offered);
    assert_true(fixture_tally(path).in_order);
}

static void a_disk_that_refuses_costs_nothing(void **state)
{
    struct evj_error err = {0};
    unsigned offered = 0;

    (void)state;
    fixture_limit_files(file_size() + 10);
    while (offer(offered, 1000))
        offered++;
    size_t len = pending();
    for (unsigned tries = 0; tries < 3; tries++) {
        assert_int_equal(drain_all(&drain, &err), EVJ_ERR_IO);
        assert_int_equal(drain_take(&drain, &err), EVJ_ERR_IO);
        assert_int_equal(pending(), len);
    }
    fixture_unlimit_files();
    assert_int_equal(drain_all(&drain, NULL), EVJ_OK);
    assert_int_equal(pending(), 0);
    assert_true(evj_spool_close_gap(drain.spool));
    assert_int_equal(drain_all(&drain, NULL), EVJ_OK);
    finish();
    struct tally tally = fixture_tally(path);
    assert_int_equal(tally.events, offered);
    assert_int_equal(tally.lost, 1);
    assert_true(tally.in_order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)
        TEST(what_is_taken_stays_in_the_spool_until_it_is_in_the_file),
        TEST(nothing_is_taken_twice),
        TEST(a_full_block_is_written_without_being_asked),
        TEST(blocks_of_a_small_ring_are_small),
        TEST(a_line_longer_than_a_block_is_written),
        TEST(a_ring_that_wraps_loses_nothing),
        TEST(a_disk_that_refuses_costs_nothing),
    };

    return cmocka_run_group_tests_name("drain", tests, NULL, NULL);
}
