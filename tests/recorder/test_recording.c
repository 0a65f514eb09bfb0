/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/recording.h"

#include "evj/limits.h"
#include "evj/reader.h"
#include "evj/spool.h"
#include "tests/recorder/fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A recording, and what was offered to it. */
static struct recording *recording;
static uint64_t offered, offered_bytes;

static void start(const struct config *config)
{
    struct evj_error err = {0};

    offered = offered_bytes = 0;
    if (recording_start(config, "gw", fixture_notice, &recording, &err) < 0)
        fail_msg("%s", err.text);
}

static void start_with(const char *key, const char *value)
{
    struct config config = fixture_config();

    config_set(&config, key, value, fixture_notice);
    start(&config);
}

static void offer(size_t size)
{
    json_auto_t *event = fixture_event((unsigned)offered, size);

    offered++;
    offered_bytes += fixture_event_size(event);
    recording_offer(recording, event);
}

static void stop(void)
{
    struct evj_error err = {0};

    if (recording_stop(recording, NULL, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(fixture_count_files(fixture_spools(), ""), 2); /* . and .. */
}

/* Events read and events in gaps are the events offered, and so are their bytes. */
static struct tally assert_complete(const char *journal)
{
    struct tally tally = fixture_tally(journal);

    assert_true(tally.in_order);
    assert_int_equal(tally.events + tally.lost, offered);
    assert_int_equal(tally.event_bytes + tally.lost_bytes, offered_bytes);
    return tally;
}

static void what_is_offered_is_in_the_journal(void **state)
{
    (void)state;
    start_with("flush_interval", "3600");
    for (unsigned i = 0; i < 50; i++)
        offer(200);
    stop();
    struct tally tally = assert_complete(fixture_only_journal());
    assert_true(tally.closed);
    assert_int_equal(tally.events, 50);
    assert_int_equal(fixture_notices(), 0);
}

/* Long before the interval is over, and while Janus goes on. */
static void full_blocks_are_written_while_events_come(void **state)
{
    int64_t deadline_us = evj_clock_mono_us() + 30000000;
    struct recording_status before, now;

    (void)state;
    start_with("flush_interval", "3600");
    recording_status(recording, &before);
    do {
        offer(1000);
        recording_status(recording, &now);
        assert_true(evj_clock_mono_us() < deadline_us);
    } while (now.writing.totals.file_bytes == before.writing.totals.file_bytes);
    assert_true(now.writing.totals.text_bytes > before.writing.totals.text_bytes);
    stop();
    assert_complete(fixture_only_journal());
}

static void the_header_tells_who_what_and_where(void **state)
{
    EVJ_AUTO(reader) *reader = NULL;

    (void)state;
    start_with("events", "sessions, jsep");
    char *spool = strdup(recording_spool_path(recording));
    stop();
    assert_int_equal(evj_reader_open(fixture_only_journal(), &reader, NULL), EVJ_OK);
    assert_string_equal(evj_reader_header(reader)->emitter, "gw");
    assert_string_equal(evj_reader_header(reader)->events, "sessions,jsep");
    assert_string_equal(evj_reader_header(reader)->clock, EVJ_CLOCK_MONOTONIC);
    assert_string_equal(evj_reader_header(reader)->spool, spool);
    free(spool);
}

static void a_live_journal_can_be_read_to_its_last_event(void **state)
{
    (void)state;
    start_with("flush_interval", "3600");
    for (unsigned i = 0; i < 10; i++)
        offer(200);
    struct tally tally = assert_complete(fixture_only_journal());
    assert_int_equal(tally.events, 10);
    assert_false(tally.closed);
    stop();
}

static void mono_is_when_the_event_was_offered(void **state)
{
    EVJ_AUTO(reader) *reader = NULL;
    const struct evj_record *record;

    (void)state;
    start_with("flush_interval", "3600");
    int64_t before_us = evj_clock_mono_us();
    offer(10);
    int64_t after_us = evj_clock_mono_us();
    stop();
    assert_int_equal(evj_reader_open(fixture_only_journal(), &reader, NULL), EVJ_OK);
    assert_int_equal(evj_reader_next(reader, &record, NULL), EVJ_OK);
    assert_in_range(record->mono_us, before_us, after_us);
}

static void events_that_find_no_room_are_counted_exactly(void **state)
{
    struct recording_status status;

    (void)state;
    /* With a disk that refuses everything, the buffer must overflow: it has 64 KiB, these have 175. */
    start_with("flush_interval", "0.01");
    fixture_limit_files(64);
    for (unsigned i = 0; i < 500; i++)
        offer(100 + i);
    recording_status(recording, &status);
    assert_true(status.spool.dropped > 200);
    assert_int_equal(status.spool.offered, 500);
    fixture_await_notice("cannot write");
    fixture_unlimit_files();
    fixture_await_notice("can be written again");
    for (unsigned i = 0; i < 20; i++)
        offer(100);
    stop();
    struct tally tally = assert_complete(fixture_only_journal());
    assert_true(tally.closed);
    assert_int_equal(tally.lost, status.spool.dropped);
    assert_true(tally.gaps >= 1);
}

static void an_event_larger_than_the_buffer_is_a_gap(void **state)
{
    (void)state;
    start_with("flush_interval", "3600");
    offer(100);
    offer(70000);
    offer(70001);
    offer(100);
    offer(80000);
    stop();
    struct tally tally = assert_complete(fixture_only_journal());
    assert_int_equal(tally.events, 2);
    assert_int_equal(tally.lost, 3);
}

/* A line beyond EVJ_LINE_MAX is one that no reader would take. */
static void an_event_larger_than_a_line_may_be_is_a_gap(void **state)
{
    (void)state;
    start_with("buffer", "64M");
    offer(EVJ_LINE_MAX);
    offer(EVJ_LINE_MAX - 1000);
    stop();
    struct tally tally = assert_complete(fixture_only_journal());
    assert_int_equal(tally.lost, 1);
    assert_int_equal(tally.events, 1);
}

static void an_event_without_json_text_is_counted_and_told_once(void **state)
{
    json_auto_t *bad = json_pack("{s:i, s:o}", "type", 64, "event", json_string_nocheck("\xff"));
    struct recording_status status;

    (void)state;
    start_with("flush_interval", "3600");
    offer(100);
    recording_offer(recording, bad);
    recording_offer(recording, bad);
    offered += 2;
    offer(100);
    recording_status(recording, &status);
    assert_int_equal(status.lost[EVJ_LOSS_UNPRINTABLE], 2);
    assert_int_equal(fixture_notices(), 1);
    assert_true(fixture_noticed("an event of type 64 cannot be recorded"));
    stop();
    assert_int_equal(assert_complete(fixture_only_journal()).lost, 2);
}

static void an_event_is_only_borrowed(void **state)
{
    json_auto_t *event = fixture_event(1, 100);

    (void)state;
    start_with("flush_interval", "3600");
    recording_offer(recording, event);
    assert_int_equal(event->refcount, 1);
    stop();
}

/* As Janus does it: one thread offers, another asks for the status, a third writes. */
static atomic_bool asking;

/* Returns the recording when some status made no sense. */
static void *ask(void *unused)
{
    struct recording_status status;
    void *odd = unused;

    while (atomic_load(&asking)) {
        recording_status(recording, &status);
        if (status.spool.used > status.spool.capacity || status.spool.offered > 5000)
            odd = recording;
    }
    return odd;
}

static void status_may_be_asked_while_events_come(void **state)
{
    struct recording_status status;
    void *odd = NULL;
    pthread_t asker;

    (void)state;
    start_with("flush_interval", "0.01");
    atomic_store(&asking, true);
    assert_int_equal(pthread_create(&asker, NULL, ask, NULL), 0);
    for (unsigned i = 0; i < 5000; i++)
        offer(300);
    atomic_store(&asking, false);
    pthread_join(asker, &odd);
    assert_null(odd);
    recording_status(recording, &status);
    assert_int_equal(status.spool.offered, 5000);
    assert_int_equal(status.callback_ns.count, 5000);
    assert_true(status.callback_ns.p50 <= status.callback_ns.p99);
    assert_true(status.callback_ns.p99 <= status.callback_ns.max);
    stop();
    assert_complete(fixture_only_journal());
}

static void a_disk_that_fails_to_the_end_leaves_file_and_spool_complete(void **state)
{
    struct evj_error err = {0};

    (void)state;
    start_with("flush_interval", "0.01");
    fixture_limit_files(64);
    for (unsigned i = 0; i < 300; i++)
        offer(400);
    assert_int_equal(recording_stop(recording, NULL, &err), EVJ_ERR_IO);
    fixture_unlimit_files();
    assert_int_equal(fixture_count_files(fixture_spools(), ".spool"), 1);
    struct tally tally = assert_complete(fixture_only_journal());
    assert_false(tally.closed);
    assert_true(tally.lost > 0);
}

static void a_recorder_that_is_killed_loses_nothing_that_it_was_offered(void **state)
{
    (void)state;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        start_with("flush_interval", "0.01");
        for (unsigned i = 0; i < 100; i++)
            offer(300);
        _exit(0); /* without a stop: to the journal it is as good as a kill */
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    offered = 100;
    struct tally tally = fixture_tally(fixture_only_journal());
    assert_int_equal(tally.events + tally.lost, offered);
    assert_true(tally.in_order);
    assert_false(tally.closed);
}

static void what_is_redacted_is_not_even_in_the_spool(void **state)
{
    json_auto_t *event = json_pack("{s:i, s:{s:s}}", "type", 16, "event", "local-candidate",
                                   "1 1 udp 2015363327 192.0.2.77 40000 typ host");
    char bytes[8192];

    (void)state;
    start_with("redact", "ips");
    recording_offer(recording, event);
    FILE *spool = fopen(recording_spool_path(recording), "r");
    assert_non_null(spool);
    size_t len = fread(bytes, 1, sizeof(bytes), spool);
    fclose(spool);
    assert_non_null(memmem(bytes, len, "local-candidate", 15));
    assert_null(memmem(bytes, len, "192.0.2.77", 10));
    stop();
    assert_int_equal(fixture_tally(fixture_only_journal()).events, 1);
}

/* ---- starts that fail ---- */

static void assert_start_fails(const char *key, const char *value, const char *named)
{
    struct config config = fixture_config();
    struct evj_error err = {0};

    config_set(&config, key, value, fixture_notice);
    assert_true(recording_start(&config, "gw", fixture_notice, &recording, &err) < 0);
    assert_non_null(strstr(err.text, named));
    assert_int_equal(fixture_count_files(fixture_spools(), ""), 2);
    assert_int_equal(fixture_count_files(fixture_journals(), ""), 2);
}

static void a_start_that_fails_says_what_and_leaves_nothing_behind(void **state)
{
    char path[128];

    (void)state;
    snprintf(path, sizeof(path), "%s/no/where", fixture_folder());
    assert_start_fails("folder", path, path);
    assert_start_fails("spool_folder", path, path);
    fixture_limit_files(4096);
    assert_start_fails("buffer", "1M", "no room for a spool");
    fixture_unlimit_files();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, fixture_setup, fixture_teardown)
        TEST(what_is_offered_is_in_the_journal),
        TEST(full_blocks_are_written_while_events_come),
        TEST(the_header_tells_who_what_and_where),
        TEST(a_live_journal_can_be_read_to_its_last_event),
        TEST(mono_is_when_the_event_was_offered),
        TEST(events_that_find_no_room_are_counted_exactly),
        TEST(an_event_larger_than_the_buffer_is_a_gap),
        TEST(an_event_larger_than_a_line_may_be_is_a_gap),
        TEST(an_event_without_json_text_is_counted_and_told_once),
        TEST(an_event_is_only_borrowed),
        TEST(status_may_be_asked_while_events_come),
        TEST(a_disk_that_fails_to_the_end_leaves_file_and_spool_complete),
        TEST(a_recorder_that_is_killed_loses_nothing_that_it_was_offered),
        TEST(what_is_redacted_is_not_even_in_the_spool),
        TEST(a_start_that_fails_says_what_and_leaves_nothing_behind),
    };

    return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
