/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/limits.h"
#include "evj/spool.h"
#include "tests/support/journals.h"
#include "tests/support/spooling.h"
#include "tests/support/temp.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void assert_pending(struct evj_spool *spool, const char *expected)
{
    const char *text;
    size_t len = evj_spool_pending(spool, &text);

    assert_int_equal(len, strlen(expected));
    assert_memory_equal(text, expected, len);
}

/* Fill the ring until an event of `len` bytes finds no room; returns how many did. */
static unsigned fill(struct evj_spool *spool, size_t len)
{
    char *text = malloc(len);
    unsigned count = 0;
    size_t room;

    memset(text, 'x', len);
    memcpy(text, "{\"x\":\"", 6);
    memcpy(text + len - 2, "\"}", 2);
    for (char *to; (to = evj_spool_begin(spool, 1, &room)) && room >= len; count++) {
        memcpy(to, text, len);
        evj_spool_commit(spool, len);
    }
    free(text);
    return count;
}

static void release_all(struct evj_spool *spool)
{
    const char *text;

    evj_spool_release(spool, evj_spool_pending(spool, &text));
}

/* Once the ring had been full, a producer that trusted what it last knew of the consumer would turn
 * away a long event although the ring is empty. */
static void room_that_was_given_back_is_offered_at_once(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    size_t capacity = evj_spool_capacity(spool), room = 0;

    fill(spool, 200);
    release_all(spool);
    for (unsigned i = 0; i < 100; i++) {
        assert_true(spool_offer(spool, 1, 1, "{}", 2));
        release_all(spool);
    }
    assert_non_null(evj_spool_begin(spool, 1, &room));
    assert_in_range(room, capacity - 100, capacity);
    evj_spool_remove(spool);
}

static void a_committed_event_is_a_line_with_its_seq_and_time(void **state)
{
    struct evj_spool *spool = spool_begin(*state);

    assert_pending(spool, "");
    assert_true(spool_offer(spool, 77, 1, "{\"type\":1}", 10));
    assert_pending(spool, "{\"seq\":0,\"mono\":77,\"event\":{\"type\":1}}\n");
    assert_true(spool_offer(spool, -5, 1, "{}", 2));
    assert_pending(spool, "{\"seq\":0,\"mono\":77,\"event\":{\"type\":1}}\n"
                          "{\"seq\":1,\"mono\":-5,\"event\":{}}\n");
    evj_spool_remove(spool);
}

/* Between begin and commit there is nothing yet that a consumer could take. */
static void an_event_that_was_only_begun_is_not_there(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    size_t room;

    char *to = evj_spool_begin(spool, 1, &room);
    assert_non_null(to);
    memcpy(to, "{}", 2);
    assert_pending(spool, "");
    evj_spool_drop(spool, 1, 4, 2, EVJ_LOSS_BUFFER_FULL);
    assert_pending(spool, "");
    assert_true(spool_offer(spool, 2, 1, "{}", 2));
    assert_pending(spool, "{\"seq\":0,\"mono\":1,\"gap\":{\"events\":1,\"bytes\":2,\"reason\":"
                          "\"buffer-full\",\"until\":1,\"types\":{\"external\":1}}}\n"
                          "{\"seq\":1,\"mono\":2,\"event\":{}}\n");
    evj_spool_remove(spool);
}

/* What was lost is told exactly: how many, how much, from when to when, and of which types. */
static void a_gap_is_exact_and_stands_before_the_next_event(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    unsigned before = fill(spool, 1000);
    struct evj_record record;
    const char *text;

    evj_spool_drop(spool, 100, 1, 11, EVJ_LOSS_BUFFER_FULL);
    evj_spool_drop(spool, 101, 32, 22, EVJ_LOSS_BUFFER_FULL);
    evj_spool_drop(spool, 150, 32, 33, EVJ_LOSS_BUFFER_FULL);
    evj_spool_drop(spool, 160, 256, 44, EVJ_LOSS_BUFFER_FULL);
    evj_spool_drop(spool, 170, 512, 55, EVJ_LOSS_BUFFER_FULL); /* a type of a later Janus */
    evj_spool_drop(spool, 180, 3, 66, EVJ_LOSS_BUFFER_FULL);   /* and what is no type at all */
    release_all(spool);
    assert_true(spool_offer(spool, 200, 1, "{}", 2));

    size_t len = evj_spool_pending(spool, &text);
    const char *newline = memchr(text, '\n', len);
    assert_int_equal(evj_record_parse(text, (size_t)(newline - text), &record, NULL), EVJ_OK);
    assert_int_equal(record.kind, EVJ_RECORD_GAP);
    assert_int_equal(record.seq, before);
    assert_int_equal(record.mono_us, 100);
    assert_int_equal(record.gap.events, 6);
    assert_int_equal(record.gap.bytes, 231);
    assert_int_equal(record.gap.until_us, 180);
    static const char types[] = "{\"sessions\":1,\"media\":2,\"core\":1,\"other\":2}";
    assert_int_equal(record.gap.types.len, sizeof(types) - 1);
    assert_memory_equal(record.gap.types.text, types, sizeof(types) - 1);
    assert_int_equal(
        evj_record_parse(newline + 1, len - 2 - (size_t)(newline - text), &record, NULL), EVJ_OK);
    assert_int_equal(record.seq, before + 6);
    evj_spool_remove(spool);
}

static void two_losses_are_two_gaps(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    struct spool_count count = {0};
    const char *text;

    evj_spool_drop(spool, 0, 1, 1, EVJ_LOSS_BUFFER_FULL);
    assert_true(evj_spool_close_gap(spool));
    assert_true(evj_spool_close_gap(spool)); /* nothing pending: nothing written */
    evj_spool_drop(spool, 1, 1, 1, EVJ_LOSS_BUFFER_FULL);
    evj_spool_drop(spool, 2, 1, 1, EVJ_LOSS_BUFFER_FULL);
    assert_true(evj_spool_close_gap(spool));
    size_t len = evj_spool_pending(spool, &text);
    assert_int_equal(spool_check_text(text, len, 0, &count), 3);
    assert_int_equal(count.gaps, 2);
    assert_int_equal(count.lost, 3);
    evj_spool_remove(spool);
}

/* Room and reason are told apart, as long as there is room for two gaps. */
static void each_reason_has_a_gap_of_its_own(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    struct spool_count count = {0};
    const char *text;

    evj_spool_drop(spool, 0, 1, 1, EVJ_LOSS_BUFFER_FULL);
    evj_spool_drop(spool, 1, 1, 1, EVJ_LOSS_UNPRINTABLE);
    evj_spool_drop(spool, 2, 1, 1, EVJ_LOSS_UNPRINTABLE);
    evj_spool_drop(spool, 3, 1, 1, EVJ_LOSS_BUFFER_FULL);
    assert_true(evj_spool_close_gap(spool));
    size_t len = evj_spool_pending(spool, &text);
    assert_int_equal(spool_check_text(text, len, 0, &count), 4);
    assert_int_equal(count.gaps, 3);
    assert_int_equal(count.lost, 4);
    assert_non_null(strstr(text, "\"gap\":{\"events\":2,\"bytes\":2,\"reason\":\"unprintable\""));

    fill(spool, 200);
    evj_spool_drop(spool, 5, 1, 1, EVJ_LOSS_BUFFER_FULL);
    evj_spool_drop(spool, 6, 1, 1, EVJ_LOSS_UNPRINTABLE);
    release_all(spool);
    assert_true(evj_spool_close_gap(spool));
    len = evj_spool_pending(spool, &text);
    assert_non_null(memmem(text, len, "\"events\":2,\"bytes\":2,\"reason\":\"buffer-full\"", 43));
    evj_spool_remove(spool);
}

static void a_gap_waits_for_room_and_is_not_lost(void **state)
{
    struct evj_spool *spool = spool_begin(*state);

    fill(spool, 200);
    evj_spool_drop(spool, 5, 1, 200, EVJ_LOSS_BUFFER_FULL);
    assert_false(evj_spool_close_gap(spool));
    size_t room;
    assert_null(evj_spool_begin(spool, 6, &room));
    evj_spool_drop(spool, 6, 1, 200, EVJ_LOSS_BUFFER_FULL);
    release_all(spool);
    assert_true(evj_spool_close_gap(spool));
    const char *text;
    assert_true(evj_spool_pending(spool, &text) > 0);
    assert_non_null(strstr(text, "\"gap\":{\"events\":2,\"bytes\":400,"));
    evj_spool_remove(spool);
}

/* The room that was told may be used to its last byte, and the ring holds its capacity. */
static void the_ring_is_filled_to_its_last_byte(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    struct evj_spool_stats stats;
    size_t room, len = 0;
    const char *text;

    for (int round = 0; round < 3; round++) {
        char *to = evj_spool_begin(spool, 1, &room);
        assert_non_null(to);
        memset(to, 'y', room);
        evj_spool_commit(spool, room);
        len = evj_spool_pending(spool, &text);
        assert_in_range(len, EVJ_SPOOL_MIN - EVJ_PREFIX_MAX, EVJ_SPOOL_MIN);
        assert_null(evj_spool_begin(spool, 1, &room));
        assert_memory_equal(text + len - 4, "yy}\n", 4);
        release_all(spool);
    }
    evj_spool_stats(spool, &stats);
    assert_int_equal(stats.most_used, len);
    assert_int_equal(stats.used, 0);
    evj_spool_remove(spool);
}

/* One event at a time through many turns of the ring: at the seam as anywhere else. */
static void text_is_exact_across_the_seam(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    struct spool_count count = {0};
    uint64_t next = 0;
    const char *text;

    for (int i = 0; i < 5000; i++) {
        assert_int_equal(spool_offer_numbered(spool, 1 + (unsigned)i % 3), 1 + i % 3);
        size_t len = evj_spool_pending(spool, &text);
        next = spool_check_text(text, len, next, &count);
        evj_spool_release(spool, len);
    }
    assert_int_equal(count.lost, 0);
    assert_true(count.events * 60 > 4 * EVJ_SPOOL_MIN);
    evj_spool_remove(spool);
}

/* The consumer is woken for every quarter of a small ring, not for every event. */
static void the_consumer_is_woken_once_per_step(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    size_t room, written = 0;
    unsigned woken = 0;

    for (int i = 0; i < 1000; i++) {
        char *to = evj_spool_begin(spool, 1, &room);
        assert_non_null(to);
        assert_true(room > 300);
        memset(to, 'z', 300);
        woken += evj_spool_commit(spool, 300);
        const char *text;
        size_t len = evj_spool_pending(spool, &text);
        evj_spool_release(spool, len);
        written += len;
    }
    assert_int_equal(woken, written / (EVJ_SPOOL_MIN / 4));
    evj_spool_remove(spool);
}

static void the_status_counts_all_that_was_offered(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    struct evj_spool_stats stats;
    unsigned kept = spool_offer_numbered(spool, 3000);
    const char *text;

    evj_spool_stats(spool, &stats);
    assert_in_range(kept, 1, 2999);
    assert_int_equal(stats.offered, 3000);
    assert_int_equal(stats.dropped, 3000 - kept);
    assert_int_equal(stats.used, evj_spool_pending(spool, &text));
    assert_int_equal(stats.capacity, EVJ_SPOOL_MIN);
    assert_int_equal(evj_spool_capacity(spool), EVJ_SPOOL_MIN);
    assert_in_range(stats.most_used, stats.used, stats.capacity);
    evj_spool_remove(spool);
}

/* ---- two threads ---- */

enum { OFFERED = 60000 };

struct consumer {
    struct evj_spool *spool;
    atomic_bool producer_is_done;
    struct spool_count count;
    uint64_t next_seq;
};

static void *consume(void *argument)
{
    struct consumer *consumer = argument;
    unsigned turns = 0;
    bool last = false;

    do {
        const char *text;
        last = atomic_load(&consumer->producer_is_done);
        size_t len = evj_spool_pending(consumer->spool, &text);
        consumer->next_seq = spool_check_text(text, len, consumer->next_seq, &consumer->count);
        evj_spool_release(consumer->spool, len);
        if (turns++ % 4 == 0)
            sched_yield();
    } while (!last);
    return NULL;
}

/* Whatever the two threads do to each other: what was offered is read, or counted as lost. */
static void events_and_losses_are_all_that_was_offered(void **state)
{
    struct consumer consumer = {.spool = spool_begin(*state)};
    struct evj_spool_stats stats;
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, consume, &consumer), 0);
    unsigned kept = spool_offer_numbered(consumer.spool, OFFERED);
    while (!evj_spool_close_gap(consumer.spool))
        sched_yield();
    atomic_store(&consumer.producer_is_done, true);
    pthread_join(thread, NULL);

    evj_spool_stats(consumer.spool, &stats);
    assert_int_equal(consumer.next_seq, OFFERED);
    assert_int_equal(consumer.count.events, kept);
    assert_int_equal(consumer.count.lost, OFFERED - kept);
    assert_int_equal(stats.dropped, OFFERED - kept);
    assert_int_equal(stats.used, 0);
    evj_spool_remove(consumer.spool);
}

/* ---- the file ---- */

static void a_spool_is_as_private_as_its_journal_and_stays_until_removed(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    char *path = temp_path(*state, "evj-" JOURNAL_ID ".spool");
    struct stat st;

    assert_string_equal(evj_spool_path(spool), path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_true(st.st_size >= (off_t)EVJ_SPOOL_MIN);
    assert_true(st.st_blocks * 512 >= (off_t)EVJ_SPOOL_MIN); /* no SIGBUS later */
    evj_spool_free(spool);
    assert_int_equal(access(path, F_OK), 0);

    struct evj_error err = {0};
    assert_int_equal(evj_spool_create(*state, JOURNAL_ID, "", 1, &spool, &err), EVJ_ERR_IO);
    assert_int_equal(err.sys_errno, EEXIST);
    assert_int_equal(access(path, F_OK), 0);

    assert_int_equal(unlink(path), 0);
    evj_spool_remove(spool_begin(*state));
    assert_int_equal(access(path, F_OK), -1);
    evj_spool_remove(NULL);
    evj_spool_free(NULL);
    free(path);
}

/* A recorder that is killed before it has a file leaves what others know for its spool. */
static void a_new_spool_tells_whose_it_is(void **state)
{
    char *path = temp_path(*state, "evj-" JOURNAL_ID ".spool");
    struct evj_spool_snapshot snapshot;
    struct evj_spool *spool = NULL;

    assert_int_equal(evj_spool_create(*state, JOURNAL_ID, "/journals/", 1, &spool, NULL), EVJ_OK);
    assert_int_equal(evj_spool_snapshot(path, NULL, &snapshot, NULL), EVJ_OK);
    assert_string_equal(snapshot.id, JOURNAL_ID);
    assert_string_equal(snapshot.journal, "/journals/");
    assert_true(snapshot.live);
    assert_int_equal(snapshot.len, 0);
    evj_spool_snapshot_done(&snapshot);
    evj_spool_remove(spool);
    free(path);
}

static void the_capacity_is_a_power_of_two_that_is_large_enough(void **state)
{
    static const size_t asked[][2] = {{0, EVJ_SPOOL_MIN},
                                      {EVJ_SPOOL_MIN, EVJ_SPOOL_MIN},
                                      {EVJ_SPOOL_MIN + 1, 2 * EVJ_SPOOL_MIN},
                                      {1000000, 1 << 20}};

    for (unsigned i = 0; i < 4; i++) {
        struct evj_spool *spool = NULL;
        assert_int_equal(evj_spool_create(*state, JOURNAL_ID, "", asked[i][0], &spool, NULL),
                         EVJ_OK);
        assert_int_equal(evj_spool_capacity(spool), asked[i][1]);
        evj_spool_remove(spool);
    }
}

static void a_missing_folder_is_an_error(void **state)
{
    char *folder = temp_path(*state, "missing");
    struct evj_spool *spool = NULL;
    struct evj_error err = {0};

    assert_int_equal(evj_spool_create(folder, JOURNAL_ID, "", 1, &spool, &err), EVJ_ERR_IO);
    assert_int_equal(err.sys_errno, ENOENT);
    assert_non_null(strstr(err.text, folder));
    assert_null(spool);
    free(folder);
}

/* The journal's first line has 255 bytes for it: a path that is cut there helps nobody. */
static void a_path_that_no_header_could_hold_is_refused(void **state)
{
    char name[240];
    struct evj_spool *spool = NULL;

    memset(name, 'd', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    char *folder = temp_path(*state, name);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(evj_spool_create(folder, JOURNAL_ID, "", 1, &spool, NULL), EVJ_ERR_INVALID);
    assert_null(spool);
    free(folder);
}

static void a_disk_without_room_is_an_error_now_and_leaves_no_file(void **state)
{
    char *path = temp_path(*state, "evj-" JOURNAL_ID ".spool");
    struct evj_spool *spool = NULL;
    struct evj_error err = {0};
    struct rlimit limit, before;

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 10000;
    setrlimit(RLIMIT_FSIZE, &limit);
    int status = evj_spool_create(*state, JOURNAL_ID, "", 1, &spool, &err);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(status, EVJ_ERR_IO);
    assert_int_equal(err.sys_errno, EFBIG);
    assert_non_null(strstr(err.text, "64 KiB"));
    assert_null(spool);
    assert_int_equal(access(path, F_OK), -1);
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_committed_event_is_a_line_with_its_seq_and_time),
        TEST(an_event_that_was_only_begun_is_not_there),
        TEST(room_that_was_given_back_is_offered_at_once),
        TEST(a_gap_is_exact_and_stands_before_the_next_event),
        TEST(two_losses_are_two_gaps),
        TEST(each_reason_has_a_gap_of_its_own),
        TEST(a_gap_waits_for_room_and_is_not_lost),
        TEST(the_ring_is_filled_to_its_last_byte),
        TEST(text_is_exact_across_the_seam),
        TEST(the_consumer_is_woken_once_per_step),
        TEST(the_status_counts_all_that_was_offered),
        TEST(events_and_losses_are_all_that_was_offered),
        TEST(a_spool_is_as_private_as_its_journal_and_stays_until_removed),
        TEST(a_new_spool_tells_whose_it_is),
        TEST(the_capacity_is_a_power_of_two_that_is_large_enough),
        TEST(a_missing_folder_is_an_error),
        TEST(a_path_that_no_header_could_hold_is_refused),
        TEST(a_disk_without_room_is_an_error_now_and_leaves_no_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
