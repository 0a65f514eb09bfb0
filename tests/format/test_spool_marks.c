/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/completion.h"
#include "evj/limits.h"
#include "evj/spool.h"
#include "format/spool_layout_internal.h"
#include "tests/support/journals.h"
#include "tests/support/spooling.h"
#include "tests/support/temp.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char event[] = "{\"n\":1}";

static void offer(struct evj_spool *spool, int64_t mono_us)
{
    assert_true(spool_offer(spool, mono_us, 1, event, sizeof(event) - 1));
}

static bool mark(struct evj_spool *spool, int64_t mono_us, const char *body)
{
    return evj_spool_mark(spool, mono_us, body, strlen(body));
}

static void assert_pending(struct evj_spool *spool, const char *expected)
{
    const char *text;
    size_t len = evj_spool_pending(spool, &text);

    assert_int_equal(len, strlen(expected));
    assert_memory_equal(text, expected, len);
}

static void assert_snapshot(struct evj_spool *spool, const char *expected)
{
    struct evj_spool_snapshot snapshot;

    assert_int_equal(evj_spool_snapshot(evj_spool_path(spool), NULL, &snapshot, NULL), EVJ_OK);
    assert_int_equal(snapshot.len, strlen(expected));
    assert_memory_equal(snapshot.text, expected, snapshot.len);
    evj_spool_snapshot_done(&snapshot);
}

#define EVENT(seq, mono) "{\"seq\":" seq ",\"mono\":" mono ",\"event\":{\"n\":1}}\n"
#define MARK(seq, mono, body) "{\"seq\":" seq ",\"mono\":" mono ",\"mark\":" body "}\n"

static void a_mark_stands_between_the_events_around_it(void **state)
{
    struct evj_spool *spool = spool_begin(*state);

    offer(spool, 10);
    assert_true(mark(spool, 15, "{\"text\":\"a\"}"));
    assert_pending(spool, EVENT("0", "10"));
    offer(spool, 20);
    assert_pending(spool, EVENT("0", "10") MARK("1", "15", "{\"text\":\"a\"}") EVENT("2", "20"));
    evj_spool_remove(spool);
}

/* It was asked for at 5 or 25 by a thread that then slept, or that the producer overtook. */
static void its_time_is_between_those_of_its_neighbours(void **state)
{
    struct evj_spool *spool = spool_begin(*state);

    offer(spool, 10);
    assert_true(mark(spool, 5, "{}"));
    assert_true(mark(spool, 25, "{}"));
    offer(spool, 20);
    assert_pending(spool,
                   EVENT("0", "10") MARK("1", "10", "{}") MARK("2", "20", "{}") EVENT("3", "20"));
    evj_spool_remove(spool);
}

static void a_reader_sees_it_at_once_and_once(void **state)
{
    struct evj_spool *spool = spool_begin(*state);

    assert_true(mark(spool, 5, "{\"text\":\"a\"}"));
    assert_snapshot(spool, MARK("0", "5", "{\"text\":\"a\"}"));
    offer(spool, 10);
    assert_true(mark(spool, 15, "{\"text\":\"b\"}"));
    assert_snapshot(spool, MARK("0", "5", "{\"text\":\"a\"}") EVENT("1", "10")
                               MARK("2", "15", "{\"text\":\"b\"}"));
    assert_true(evj_spool_close_gap(spool));
    assert_snapshot(spool, MARK("0", "5", "{\"text\":\"a\"}") EVENT("1", "10")
                               MARK("2", "15", "{\"text\":\"b\"}"));
    evj_spool_remove(spool);
}

/* The producer died after it had published the record, and before it had taken the mark. */
static void one_that_was_just_published_is_told_once(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    const uint32_t none = 0;

    offer(spool, 10);
    assert_true(mark(spool, 15, "{\"text\":\"a\"}"));
    assert_true(evj_spool_close_gap(spool));
    int fd = open(evj_spool_path(spool), O_WRONLY);
    assert_int_equal(pwrite(fd, &none, sizeof(none), offsetof(struct spool_page, marks_taken)),
                     sizeof(none));
    close(fd);
    assert_snapshot(spool, EVENT("0", "10") MARK("1", "15", "{\"text\":\"a\"}"));
    evj_spool_remove(spool);
}

static void a_mark_after_a_loss_stands_behind_its_gap(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    const char *text;

    evj_spool_drop(spool, 10, 1, 7, EVJ_LOSS_PAUSED);
    evj_spool_drop(spool, 11, 1, 7, EVJ_LOSS_PAUSED);
    assert_true(mark(spool, 15, "{}"));
    evj_spool_drop(spool, 20, 1, 7, EVJ_LOSS_PAUSED);
    size_t len = evj_spool_pending(spool, &text);
    assert_non_null(memmem(text, len, "\"reason\":\"paused\"", 17));
    assert_non_null(memmem(text, len, "{\"seq\":2,\"mono\":15,\"mark\":{}}\n", 30));
    struct evj_spool_stats stats;
    evj_spool_stats(spool, &stats);
    assert_int_equal(stats.offered, 3);
    assert_int_equal(stats.dropped, 3);
    assert_int_equal(stats.marks, 1);
    evj_spool_remove(spool);
}

/* There is no room for its record then, nor for the gap's, and it is not lost. */
static void it_waits_while_the_ring_is_full(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    const char *text;

    while (spool_offer(spool, 10, 1, event, sizeof(event) - 1))
        ;
    assert_true(mark(spool, 15, "{}"));
    for (unsigned i = 0; i < 10; i++)
        spool_offer(spool, 20, 1, event, sizeof(event) - 1);
    evj_spool_release(spool, evj_spool_pending(spool, &text));
    offer(spool, 30);
    size_t len = evj_spool_pending(spool, &text);
    const char *gap = memmem(text, len, "\"gap\":{\"events\":", 16);
    const char *found = memmem(text, len, "\"mark\":{}", 9);
    assert_true(gap && found && gap < found);
    assert_true(strtoul(gap + 16, NULL, 10) >= 11);
    evj_spool_remove(spool);
}

static void what_cannot_wait_is_refused(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    char body[EVJ_SPOOL_MARK_MAX + 2];

    memset(body, ' ', sizeof(body));
    memcpy(body, "{}", 2);
    assert_false(evj_spool_mark(spool, 1, body, EVJ_SPOOL_MARK_MAX + 1));
    for (unsigned i = 0; i < SPOOL_MARKS; i++)
        assert_true(evj_spool_mark(spool, 1, body, EVJ_SPOOL_MARK_MAX));
    assert_false(mark(spool, 1, "{}"));
    offer(spool, 10);
    for (unsigned i = 0; i < SPOOL_MARKS; i++)
        assert_true(mark(spool, 20, "{}"));
    assert_false(mark(spool, 20, "{}"));
    evj_spool_remove(spool);
}

static void after_a_crash_it_is_in_the_file(void **state)
{
    struct evj_completion completion;
    struct recording recording;

    recording_begin(&recording, *state);
    spool_offer_numbered(recording.spool, 20);
    recording_drain(&recording, true);
    assert_true(mark(recording.spool, 1, "{\"text\":\"the last word\"}"));
    char *journal = recording.journal_path;
    char *path = strdup(evj_spool_path(recording.spool));
    recording_crash(&recording);
    assert_int_equal(evj_complete(path, &completion, NULL), EVJ_OK);
    struct reading reading = reading_of(journal);
    assert_int_equal(reading.status, EVJ_END);
    assert_int_equal(reading.ending, EVJ_ENDING_CLOSED);
    assert_non_null(strstr(reading.lines[reading.count - 2], "{\"seq\":20,"));
    assert_non_null(strstr(reading.lines[reading.count - 2], "the last word"));
    reading_done(&reading);
    free(path);
    free(journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, temp_setup, temp_teardown)
        TEST(a_mark_stands_between_the_events_around_it),
        TEST(its_time_is_between_those_of_its_neighbours),
        TEST(a_reader_sees_it_at_once_and_once),
        TEST(one_that_was_just_published_is_told_once),
        TEST(a_mark_after_a_loss_stands_behind_its_gap),
        TEST(it_waits_while_the_ring_is_full),
        TEST(what_cannot_wait_is_refused),
        TEST(after_a_crash_it_is_in_the_file),
    };

    return cmocka_run_group_tests_name("spool marks", tests, NULL, NULL);
}
