/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/limits.h"
#include "evj/spool.h"
#include "format/spool_layout_internal.h"
#include "tests/support/journals.h"
#include "tests/support/spooling.h"
#include "tests/support/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *spool_path(const char *folder)
{
    return temp_path(folder, "evj-" JOURNAL_ID ".spool");
}

/* A snapshot that must succeed: whole lines without a hole. Returns the seq behind the last. */
static uint64_t check_snapshot(const char *path, uint64_t first_seq, struct spool_count *count,
                               bool *ret_live)
{
    struct evj_spool_snapshot snapshot;
    struct evj_error err = {0};

    if (evj_spool_snapshot(path, JOURNAL_ID, &snapshot, &err) != EVJ_OK)
        fail_msg("%s", err.text);
    uint64_t next = spool_check_text(snapshot.text, snapshot.len, first_seq, count);
    *ret_live = snapshot.live;
    evj_spool_snapshot_done(&snapshot);
    return next;
}

static void a_snapshot_has_what_was_committed_and_a_pending_loss(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    struct spool_count count = {0};
    bool live;

    spool_offer_numbered(spool, 10);
    for (int i = 0; i < 4; i++)
        evj_spool_drop(spool, 20 + i, 32, 100, EVJ_LOSS_BUFFER_FULL);
    assert_int_equal(check_snapshot(evj_spool_path(spool), 0, &count, &live), 14);
    assert_int_equal(count.events, 10);
    assert_int_equal(count.lost, 4);
    assert_true(live);
    evj_spool_remove(spool);
}

static void a_snapshot_tells_whose_it_is_and_whether_its_recorder_lives(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    char *path = spool_path(*state);
    struct evj_spool_snapshot snapshot;

    evj_spool_set_journal(spool, "/somewhere/j.evj.gz");
    assert_int_equal(evj_spool_snapshot(path, NULL, &snapshot, NULL), EVJ_OK);
    assert_true(snapshot.live);
    assert_string_equal(snapshot.id, JOURNAL_ID);
    assert_string_equal(snapshot.journal, "/somewhere/j.evj.gz");
    assert_int_equal(snapshot.len, 0);
    evj_spool_snapshot_done(&snapshot);
    evj_spool_free(spool);
    assert_int_equal(evj_spool_snapshot(path, JOURNAL_ID, &snapshot, NULL), EVJ_OK);
    assert_false(snapshot.live);
    evj_spool_snapshot_done(&snapshot);
    free(path);
}

static void a_long_journal_path_is_cut(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    struct evj_spool_snapshot snapshot;
    char long_path[1000];

    memset(long_path, 'p', sizeof(long_path) - 1);
    long_path[sizeof(long_path) - 1] = '\0';
    evj_spool_set_journal(spool, long_path);
    assert_int_equal(evj_spool_snapshot(evj_spool_path(spool), NULL, &snapshot, NULL), EVJ_OK);
    assert_int_equal(strlen(snapshot.journal), 511);
    evj_spool_snapshot_done(&snapshot);
    evj_spool_remove(spool);
}

static void what_was_released_is_not_in_a_snapshot(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    struct spool_count count = {0};
    const char *text;
    bool live;

    for (uint64_t next = 0; next < 3000;) {
        spool_offer_numbered(spool, 100);
        evj_spool_release(spool, evj_spool_pending(spool, &text));
        spool_offer_numbered(spool, 50);
        count = (struct spool_count){0};
        assert_int_equal(check_snapshot(evj_spool_path(spool), next + 100, &count, &live),
                         next + 150);
        assert_int_equal(count.events, 50);
        next += 150;
    }
    evj_spool_remove(spool);
}

/* ---- crashes ---- */

/* Fork a recorder: it makes the spool, says so, does `work`, says so, and waits for its end. */
static pid_t fork_recorder(const char *folder, void (*work)(struct evj_spool *spool))
{
    int ready[2];
    char byte;

    assert_int_equal(pipe(ready), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* when a check here fails, nobody else ends it */
        struct evj_spool *spool = spool_begin(folder);
        work(spool);
        if (write(ready[1], "x", 1) == 1)
            for (;;)
                pause();
        _exit(1);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return child;
}

static void kill_recorder(pid_t child)
{
    int status;

    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

static void record_100_and_lose_7(struct evj_spool *spool)
{
    size_t room;

    spool_offer_numbered(spool, 100);
    for (int i = 0; i < 7; i++)
        evj_spool_drop(spool, 5, 1, 1, EVJ_LOSS_BUFFER_FULL);
    /* And one that was never committed: killed inside incoming_event. */
    evj_spool_drop(spool, 6, 1, 1, EVJ_LOSS_BUFFER_FULL);
    evj_spool_close_gap(spool);
    memcpy(evj_spool_begin(spool, 7, &room), "{\"half", 6);
}

static void all_that_a_killed_recorder_had_committed_is_there(void **state)
{
    char *path = spool_path(*state);
    struct spool_count count = {0};
    bool live;

    pid_t child = fork_recorder(*state, record_100_and_lose_7);
    assert_int_equal(check_snapshot(path, 0, &count, &live), 108);
    assert_true(live);
    kill_recorder(child);
    count = (struct spool_count){0};
    assert_int_equal(check_snapshot(path, 0, &count, &live), 108);
    assert_false(live);
    assert_int_equal(count.events, 100);
    assert_int_equal(count.lost, 8);
    free(path);
}

/* About half of what is there, as whole lines. False if there is nothing. */
static bool release_half(struct evj_spool *spool)
{
    const char *text;
    size_t len = evj_spool_pending(spool, &text);
    const char *end = len ? memchr(text + len / 2, '\n', len - len / 2) : NULL;

    if (end)
        evj_spool_release(spool, (size_t)(end + 1 - text));
    return end != NULL;
}

/* The ring is now full, so that events are lost however fast this thread is, now empty. */
static void *release_after_losses(void *spool)
{
    for (uint64_t lost = 0;;) {
        struct evj_spool_stats stats;

        evj_spool_stats(spool, &stats);
        if (stats.dropped > lost)
            while (release_half(spool))
                sched_yield();
        lost = stats.dropped;
        sched_yield();
    }
    return NULL;
}

static void *offer_for_ever(void *spool)
{
    for (;;)
        spool_offer_numbered(spool, 1000);
    return NULL;
}

static void begin_to_race(struct evj_spool *spool)
{
    pthread_t threads[2];

    pthread_create(&threads[0], NULL, release_after_losses, spool);
    pthread_create(&threads[1], NULL, offer_for_ever, spool);
}

static uint64_t first_seq_of(const char *path)
{
    struct evj_spool_snapshot snapshot;
    struct evj_record record = {0};
    struct evj_error err = {0};

    if (evj_spool_snapshot(path, JOURNAL_ID, &snapshot, &err) != EVJ_OK)
        fail_msg("%s", err.text);
    const char *newline = snapshot.len ? memchr(snapshot.text, '\n', snapshot.len) : NULL;
    if (newline)
        assert_int_equal(
            evj_record_parse(snapshot.text, (size_t)(newline - snapshot.text), &record, NULL),
            EVJ_OK);
    evj_spool_snapshot_done(&snapshot);
    return record.seq;
}

/* The first seq is whatever the consumer had left; from there on there must be no hole. */
static void check_racing_snapshot(const char *path, struct spool_count *count)
{
    struct evj_spool_snapshot snapshot;
    struct evj_record record;
    struct evj_error err = {0};

    if (evj_spool_snapshot(path, JOURNAL_ID, &snapshot, &err) != EVJ_OK)
        fail_msg("%s", err.text);
    const char *newline = snapshot.len ? memchr(snapshot.text, '\n', snapshot.len) : NULL;
    if (newline) {
        assert_int_equal(
            evj_record_parse(snapshot.text, (size_t)(newline - snapshot.text), &record, NULL),
            EVJ_OK);
        spool_check_text(snapshot.text, snapshot.len, record.seq, count);
    }
    evj_spool_snapshot_done(&snapshot);
}

/* Another process looks while events come, go and get lost as fast as this machine can. */
static void snapshots_of_a_racing_recorder_are_whole_lines_without_holes(void **state)
{
    char *path = spool_path(*state);
    struct spool_count count = {0};
    pid_t child = fork_recorder(*state, begin_to_race);

    /* On a busy machine the recorder may not have its turn among the first looks. */
    for (int i = 0; i < 5000 || count.events == 0 || count.gaps == 0; i++)
        check_racing_snapshot(path, &count);
    kill_recorder(child);
    free(path);
}

static void a_racing_recorder_that_is_killed_leaves_whole_lines_without_holes(void **state)
{
    char *path = spool_path(*state);
    struct spool_count count = {0};

    for (int round = 0; round < 20; round++) {
        pid_t child = fork_recorder(*state, begin_to_race);
        while (first_seq_of(path) < 2000 + 100 * (uint64_t)round)
            sched_yield();
        kill_recorder(child);
        check_racing_snapshot(path, &count);
        assert_int_equal(unlink(path), 0);
    }
    assert_true(count.events > 0);
    free(path);
}

/* ---- a look ---- */

static uint64_t look(const char *path, bool *ret_live)
{
    uint64_t head = UINT64_MAX;

    assert_int_equal(evj_spool_look(path, &head, ret_live), EVJ_OK);
    return head;
}

/* It tells the same as a snapshot would, and news just when there is some. */
static void a_look_tells_whether_more_was_recorded(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    char *path = spool_path(*state);
    struct evj_spool_snapshot snapshot;
    uint64_t last = 0;
    const char *text;
    bool live = false;

    assert_int_equal(look(path, &live), 0);
    for (unsigned i = 0; i < 2000; i++) {
        spool_offer_numbered(spool, 1);
        uint64_t head = look(path, &live);
        assert_true(live);
        assert_true(head > last);
        assert_int_equal(look(path, &live), head);
        evj_spool_release(spool, evj_spool_pending(spool, &text));
        assert_int_equal(look(path, &live), head); /* a block is no news */
        last = head;
    }
    assert_int_equal(evj_spool_snapshot(path, JOURNAL_ID, &snapshot, NULL), EVJ_OK);
    assert_int_equal(snapshot.head, last);
    evj_spool_snapshot_done(&snapshot);
    evj_spool_free(spool);
    free(path);
}

static void a_look_tells_whether_the_recorder_lives(void **state)
{
    struct evj_spool *spool = spool_begin(*state);
    char *path = spool_path(*state);
    uint64_t head = 5;
    bool live = false;

    spool_offer_numbered(spool, 3);
    uint64_t before = look(path, &live);
    assert_true(live);
    evj_spool_free(spool);
    assert_int_equal(look(path, &live), before);
    assert_false(live);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(evj_spool_look(path, &head, &live), EVJ_END);
    assert_int_equal(head, 5);
    free(path);
}

/* As evj_spool_snapshot(): no link is followed, and nothing waited for. */
static void a_look_at_what_is_no_spool_fails_without_waiting(void **state)
{
    char *path = spool_path(*state), *other = temp_path(*state, "other");
    uint64_t head;
    bool live;

    alarm(20);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(evj_spool_look(path, &head, &live), EVJ_ERR_IO);
    unlink(path);
    temp_write(path, "short", 5);
    assert_int_equal(evj_spool_look(path, &head, &live), EVJ_ERR_IO);
    unlink(path);
    evj_spool_free(spool_begin(*state));
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(symlink(other, path), 0);
    assert_int_equal(evj_spool_look(path, &head, &live), EVJ_ERR_IO);
    assert_int_equal(evj_spool_look(*state, &head, &live), EVJ_ERR_IO);
    alarm(0);
    free(other);
    free(path);
}

/* ---- what is no spool of ours ---- */

static void assert_status(const char *path, const char *id, int expected)
{
    struct evj_spool_snapshot snapshot = {.len = 99};
    struct evj_error err = {0};
    int status = evj_spool_snapshot(path, id, &snapshot, &err);

    if (status != expected)
        fail_msg("%d, expected %d: %s", status, expected, err.text);
    assert_int_equal(snapshot.len, 99);
    if (expected < 0)
        assert_true(err.text[0] != '\0');
}

/* The path comes out of a journal that may be a stranger's: nothing there may make us wait. */
static void what_is_no_file_is_refused_without_waiting(void **state)
{
    char *path = spool_path(*state), *other = temp_path(*state, "other");

    alarm(20);
    assert_status(path, JOURNAL_ID, EVJ_END);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_status(path, JOURNAL_ID, EVJ_ERR_FOREIGN);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_status(path, JOURNAL_ID, EVJ_ERR_FOREIGN);
    rmdir(path);
    evj_spool_free(spool_begin(*state));
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(symlink(other, path), 0);
    assert_status(path, JOURNAL_ID, EVJ_ERR_IO);
    assert_status("/dev/zero", JOURNAL_ID, EVJ_ERR_FOREIGN);
    alarm(0);
    free(other);
    free(path);
}

static void the_spool_of_another_journal_is_refused(void **state)
{
    char *path = spool_path(*state);

    evj_spool_free(spool_begin(*state));
    assert_status(path, "00000000-4e5f-4071-8293-a4b5c6d7e8f9", EVJ_ERR_FOREIGN);
    assert_status(path, "", EVJ_ERR_FOREIGN);
    free(path);
}

static void a_file_that_is_shorter_than_it_says_is_refused(void **state)
{
    char *path = spool_path(*state);

    evj_spool_free(spool_begin(*state));
    assert_int_equal(truncate(path, SPOOL_HEADER + EVJ_SPOOL_MIN - 1), 0);
    assert_status(path, JOURNAL_ID, EVJ_ERR_CORRUPT);
    assert_int_equal(truncate(path, SPOOL_HEADER), 0);
    assert_status(path, JOURNAL_ID, EVJ_ERR_CORRUPT);
    assert_int_equal(truncate(path, SPOOL_HEADER - 1), 0);
    assert_status(path, JOURNAL_ID, EVJ_ERR_FOREIGN);
    assert_int_equal(truncate(path, 0), 0);
    assert_status(path, JOURNAL_ID, EVJ_ERR_FOREIGN);
    free(path);
}

/* Change the page of a sound spool that holds something, look, and change it back. */
static void assert_damaged(const char *path, size_t offset, const void *bytes, size_t len,
                           int status)
{
    char before[600];
    int fd = open(path, O_RDWR | O_CLOEXEC);

    assert_true(fd >= 0);
    assert_in_range(len, 0, sizeof(before));
    assert_int_equal(pread(fd, before, len, (off_t)offset), len);
    assert_int_equal(pwrite(fd, bytes, len, (off_t)offset), len);
    assert_status(path, JOURNAL_ID, status);
    assert_int_equal(pwrite(fd, before, len, (off_t)offset), len);
    close(fd);
}

#define DAMAGE(field, value, status)                                                      \
    assert_damaged(path, offsetof(struct spool_page, field), &(__typeof__(value)){value}, \
                   sizeof(value), status)

static void a_page_that_contradicts_itself_is_refused(void **state)
{
    char *path = spool_path(*state);
    struct evj_spool *spool = spool_begin(*state);
    struct spool_count count = {0};
    char full[512];
    bool live;

    memset(full, 'x', sizeof(full));
    spool_offer_numbered(spool, 50);
    evj_spool_free(spool);
    DAMAGE(magic, (char)'x', EVJ_ERR_FOREIGN);
    DAMAGE(version, 2u, EVJ_ERR_FOREIGN);
    DAMAGE(header_size, 0u, EVJ_ERR_CORRUPT);
    DAMAGE(header_size, 8192u, EVJ_ERR_CORRUPT);
    DAMAGE(capacity, UINT64_C(0), EVJ_ERR_CORRUPT);
    DAMAGE(capacity, UINT64_C(4096), EVJ_ERR_CORRUPT);
    DAMAGE(capacity, UINT64_C(0x18000), EVJ_ERR_CORRUPT);
    DAMAGE(capacity, UINT64_C(0x20000), EVJ_ERR_CORRUPT);
    DAMAGE(capacity, UINT64_C(1) << 40, EVJ_ERR_CORRUPT);
    DAMAGE(capacity, UINT64_MAX, EVJ_ERR_CORRUPT);
    DAMAGE(head, UINT64_C(0x10001), EVJ_ERR_CORRUPT);
    DAMAGE(head, UINT64_MAX, EVJ_ERR_CORRUPT);
    DAMAGE(tail, UINT64_C(0xffff), EVJ_ERR_CORRUPT);
    DAMAGE(tail, UINT64_MAX, EVJ_ERR_CORRUPT);
    assert_damaged(path, offsetof(struct spool_page, id), full, 40, EVJ_ERR_CORRUPT);
    assert_damaged(path, offsetof(struct spool_page, boot_id), full, 40, EVJ_ERR_CORRUPT);
    assert_damaged(path, offsetof(struct spool_page, boot_id), "x", 1, EVJ_ERR_FOREIGN);
    assert_damaged(path, offsetof(struct spool_page, journal), full, 512, EVJ_ERR_CORRUPT);
    check_snapshot(path, 0, &count, &live);
    assert_int_equal(count.events, 50);
    free(path);
}

/* Its recorder died while it changed the loss: what the numbers say may be odd, but has its room.
 */
static void any_loss_at_all_makes_one_line(void **state)
{
    char *path = spool_path(*state);
    struct spool_page page = {0};
    struct evj_spool_snapshot snapshot;

    evj_spool_free(spool_begin(*state));
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(pread(fd, &page, sizeof(page), 0), sizeof(page));
    memset(&page.loss, 0xff, sizeof(page.loss));
    page.loss_version = 7;
    assert_int_equal(pwrite(fd, &page, sizeof(page), 0), sizeof(page));
    close(fd);
    assert_int_equal(evj_spool_snapshot(path, JOURNAL_ID, &snapshot, NULL), EVJ_OK);
    assert_in_range(snapshot.len, 1, EVJ_GAP_LINE_MAX);
    assert_int_equal(snapshot.text[snapshot.len - 1], '\n');
    evj_spool_snapshot_done(&snapshot);
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_snapshot_has_what_was_committed_and_a_pending_loss),
        TEST(a_snapshot_tells_whose_it_is_and_whether_its_recorder_lives),
        TEST(a_long_journal_path_is_cut),
        TEST(what_was_released_is_not_in_a_snapshot),
        TEST(all_that_a_killed_recorder_had_committed_is_there),
        TEST(snapshots_of_a_racing_recorder_are_whole_lines_without_holes),
        TEST(a_racing_recorder_that_is_killed_leaves_whole_lines_without_holes),
        TEST(a_look_tells_whether_more_was_recorded),
        TEST(a_look_tells_whether_the_recorder_lives),
        TEST(a_look_at_what_is_no_spool_fails_without_waiting),
        TEST(what_is_no_file_is_refused_without_waiting),
        TEST(the_spool_of_another_journal_is_refused),
        TEST(a_file_that_is_shorter_than_it_says_is_refused),
        TEST(a_page_that_contradicts_itself_is_refused),
        TEST(any_loss_at_all_makes_one_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
