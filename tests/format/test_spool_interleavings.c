/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can happen between any two steps of a snapshot, tried out one by one: this program's own
 * pread() and flock() stand before the system's, and let a recorder do something at just that
 * point.
 */
#include "tests/support/test.h"

#include "evj/limits.h"
#include "evj/spool.h"
#include "format/spool_layout_internal.h"
#include "tests/support/journals.h"
#include "tests/support/spooling.h"
#include "tests/support/temp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- the recorder's part ---- */

static struct evj_spool *spool;

static void do_nothing(void)
{
}

static void do_drop(void)
{
    evj_spool_drop(spool, JOURNAL_MONO_US, 1, 10, EVJ_LOSS_BUFFER_FULL);
}

static void do_commit(void)
{
    spool_offer_numbered(spool, 1);
}

static void do_drop_commit_drop(void)
{
    do_drop();
    do_commit();
    do_drop();
}

static uint64_t released; /* the seq behind all that was released */

static void do_release(void)
{
    struct evj_record record;
    const char *text;
    size_t len = evj_spool_pending(spool, &text);

    if (len == 0)
        return;
    const char *newline = memrchr(text, '\n', len - 1);
    const char *line = newline ? newline + 1 : text;
    assert_int_equal(evj_record_parse(line, (size_t)(text + len - 1 - line), &record, NULL),
                     EVJ_OK);
    released = record.seq + evj_record_seq_span(&record);
    evj_spool_release(spool, len);
}

/* The whole ring is read, freed and written over. */
static void do_turn_over(void)
{
    do_release();
    spool_offer_numbered(spool, 800);
}

static void do_release_commit_release(void)
{
    do_release();
    do_commit();
    do_release();
}

static void do_commit_drop(void)
{
    do_commit();
    do_drop();
}

/* All that was there is released, then there is one more, then a loss behind it. */
static void do_release_commit_drop(void)
{
    do_release();
    do_commit();
    do_drop();
}

static void (*const deeds[])(void) = {
    do_nothing,
    do_drop,
    do_commit,
    do_release,
    do_turn_over,
    do_release_commit_release,
    do_commit_drop,
    do_drop_commit_drop,
    do_release_commit_drop,
};
#define DEEDS (sizeof(deeds) / sizeof(deeds[0]))

/* ---- the system's part ---- */

/* At each read from the `turn`-th to the `last`-th, after its first `split` bytes, `deed` is done.
 */
static struct {
    unsigned turn, last, reads;
    size_t split;
    void (*deed)(void);
} plan;

ssize_t pread(int fd, void *to, size_t len, off_t offset)
{
    unsigned read = plan.reads++;
    size_t first = len;

    if (plan.deed && read >= plan.turn && read <= plan.last)
        first = plan.split < len ? plan.split : len;
    ssize_t got = first ? syscall(SYS_pread64, fd, to, first, offset) : 0;
    if (first == len || got < (ssize_t)first)
        return got;
    plan.deed();
    ssize_t rest = syscall(SYS_pread64, fd, (char *)to + first, len - first, offset + (off_t)first);
    return rest < 0 ? rest : got + rest;
}

static int flock_refusals;

int flock(int fd, int operation)
{
    if (flock_refusals > 0) {
        flock_refusals--;
        errno = EWOULDBLOCK;
        return -1;
    }
    return (int)syscall(SYS_flock, fd, operation);
}

/* ---- the tests ---- */

/* Before each field that changes, in the midst of the loss, and behind the last. */
static const size_t splits[] = {
    0,
    offsetof(struct spool_page, head),
    offsetof(struct spool_page, head) + 8,
    offsetof(struct spool_page, tail),
    offsetof(struct spool_page, tail) + 8,
    offsetof(struct spool_page, loss_version) + 4,
    offsetof(struct spool_page, loss),
    offsetof(struct spool_page, loss.seq) + 8,
    offsetof(struct spool_page, loss.events) + 8,
    offsetof(struct spool_page, loss) + sizeof(struct evj_loss) - 8,
};
#define SPLITS (sizeof(splits) / sizeof(splits[0]))

/* What the ring holds before the snapshot: nothing, events, a pending loss, events and a loss, and
 * that once more behind the seam. */
static void prepare(unsigned kind)
{
    if (kind >= 4) {
        do_turn_over();
        do_release();
    }
    if (kind == 1 || kind >= 3)
        spool_offer_numbered(spool, 20);
    if (kind >= 2)
        do_drop();
}

enum { KINDS = 5 };

static uint64_t offered(void)
{
    struct evj_spool_stats stats;

    evj_spool_stats(spool, &stats);
    return stats.offered;
}

/*
 * The file has all that was released. So a snapshot is a moment of the recording if it goes on from
 * there (or from what was released meanwhile), without a hole, and lacks nothing that was there
 * before it began, unless the recorder never rests.
 */
static void check_snapshot(const char *what)
{
    uint64_t offered_before = offered(), released_before = released;
    struct evj_spool_snapshot snapshot;
    struct spool_count count = {0};
    struct evj_record first = {0};
    struct evj_error err = {0};

    if (evj_spool_snapshot(evj_spool_path(spool), JOURNAL_ID, &snapshot, &err) != EVJ_OK)
        fail_msg("%s: %s", what, err.text);
    plan.deed = NULL;
    first.seq = released_before;
    const char *newline = snapshot.len ? memchr(snapshot.text, '\n', snapshot.len) : NULL;
    if (newline)
        evj_record_parse(snapshot.text, (size_t)(newline - snapshot.text), &first, NULL);
    uint64_t next = spool_check_text(snapshot.text, snapshot.len, first.seq, &count);
    evj_spool_snapshot_done(&snapshot);
    if (first.seq < released_before || first.seq > released)
        fail_msg("%s: begins at %llu", what, (unsigned long long)first.seq);
    if (next > offered())
        fail_msg("%s: goes beyond what was offered", what);
    if (plan.last == plan.turn && next < offered_before && released < offered_before)
        fail_msg("%s: ends at %llu of %llu", what, (unsigned long long)next,
                 (unsigned long long)offered_before);
}

static void try_plan(const char *folder, unsigned kind, unsigned deed, unsigned turn, size_t split,
                     unsigned last)
{
    char what[100];

    spool = spool_begin(folder);
    released = 0;
    prepare(kind);
    plan.turn = turn, plan.last = last, plan.reads = 0, plan.split = split;
    plan.deed = deeds[deed];
    snprintf(what, sizeof(what), "ring %u, deed %u at reads %u to %u after %zu bytes", kind, deed,
             turn, last, split);
    check_snapshot(what);
    plan.deed = NULL;
    evj_spool_remove(EVJ_TAKE(spool));
}

static void whatever_happens_during_a_snapshot_it_is_one_moment(void **state)
{
    enum { TURNS = 7 };

    for (unsigned kind = 0; kind < KINDS; kind++)
        for (unsigned deed = 0; deed < DEEDS; deed++)
            for (unsigned turn = 0; turn < TURNS; turn++)
                for (unsigned split = 0; split < SPLITS; split++)
                    try_plan(*state, kind, deed, turn, splits[split], turn);
}

/* The read with which a snapshot gives up hoping for a page that stands still. */
enum { PATIENCE = 64 };

/* A recorder that never rests, or only then: no two looks at the page are alike. */
static void however_often_it_happens_a_snapshot_is_one_moment(void **state)
{
    for (unsigned kind = 0; kind < KINDS; kind++)
        for (unsigned deed = 0; deed < DEEDS; deed++)
            for (unsigned last = PATIENCE - 1; last < PATIENCE + 2; last++)
                for (unsigned split = 0; split < SPLITS; split++)
                    try_plan(*state, kind, deed, 0, splits[split], last);
}

static void edit_page(const char *path, void (*edit)(struct spool_page *page))
{
    struct spool_page page;
    FILE *file = fopen(path, "r+b");

    assert_non_null(file);
    assert_int_equal(fread(&page, sizeof(page), 1, file), 1);
    edit(&page);
    rewind(file);
    assert_int_equal(fwrite(&page, sizeof(page), 1, file), 1);
    fclose(file);
}

static struct evj_loss kept_loss;

static void keep_loss(struct spool_page *page)
{
    kept_loss = page->loss;
}

static void put_loss_back(struct spool_page *page)
{
    page->loss = kept_loss;
}

static void make_loss_odd(struct spool_page *page)
{
    page->loss_version++;
    page->loss.events += 1000;
}

static void make_loss_even(struct spool_page *page)
{
    page->loss_version++;
}

/* Killed when the gap record was published and the loss not cleared: it is told once. */
static void a_crash_between_gap_and_loss_tells_the_loss_once(void **state)
{
    struct spool_count count = {0};
    struct evj_spool_snapshot snapshot;

    spool = spool_begin(*state);
    spool_offer_numbered(spool, 3);
    do_drop();
    do_drop();
    edit_page(evj_spool_path(spool), keep_loss);
    assert_true(evj_spool_close_gap(spool));
    edit_page(evj_spool_path(spool), put_loss_back);
    assert_int_equal(evj_spool_snapshot(evj_spool_path(spool), NULL, &snapshot, NULL), EVJ_OK);
    assert_int_equal(spool_check_text(snapshot.text, snapshot.len, 0, &count), 5);
    assert_int_equal(count.gaps, 1);
    evj_spool_snapshot_done(&snapshot);
    evj_spool_remove(EVJ_TAKE(spool));
}

static unsigned deeds_left;

/* The recorder is stopped by the system halfway through a change of its loss, and goes on later. */
static void do_half_a_change_slowly(void)
{
    deeds_left--;
    if (deeds_left == 9) {
        edit_page(evj_spool_path(spool), keep_loss);
        edit_page(evj_spool_path(spool), make_loss_odd);
    } else if (deeds_left == 0) {
        edit_page(evj_spool_path(spool), put_loss_back);
        edit_page(evj_spool_path(spool), make_loss_even);
        plan.deed = NULL;
    }
}

static void a_loss_that_is_being_changed_is_waited_for(void **state)
{
    struct spool_count count = {0};
    struct evj_spool_snapshot snapshot;

    spool = spool_begin(*state);
    spool_offer_numbered(spool, 3);
    do_drop();
    deeds_left = 10;
    plan.turn = plan.reads = 0, plan.split = 0, plan.last = PATIENCE;
    plan.deed = do_half_a_change_slowly;
    assert_int_equal(evj_spool_snapshot(evj_spool_path(spool), NULL, &snapshot, NULL), EVJ_OK);
    plan.deed = NULL;
    assert_int_equal(spool_check_text(snapshot.text, snapshot.len, 0, &count), 4);
    assert_int_equal(count.lost, 1);
    evj_spool_snapshot_done(&snapshot);
    evj_spool_remove(EVJ_TAKE(spool));
}

/* Killed inside a change of the loss: what was counted before it is not forgotten. */
static void a_crash_inside_a_change_of_the_loss_keeps_it(void **state)
{
    struct spool_count count = {0};
    struct evj_spool_snapshot snapshot;

    for (unsigned events = 0; events < 2; events++) {
        count = (struct spool_count){0};
        spool = spool_begin(*state);
        spool_offer_numbered(spool, 3 * events);
        do_drop();
        do_drop();
        edit_page(evj_spool_path(spool), make_loss_odd);
        assert_int_equal(evj_spool_snapshot(evj_spool_path(spool), NULL, &snapshot, NULL), EVJ_OK);
        spool_check_text(snapshot.text, snapshot.len, 0, &count);
        assert_int_equal(count.gaps, 1);
        assert_in_range(count.lost, 2, 1002);
        evj_spool_snapshot_done(&snapshot);
        evj_spool_remove(EVJ_TAKE(spool));
    }
}

/* Whoever looks at a spool holds its lock for a moment: that must not stop a recorder's start. */
static void a_spool_is_made_although_somebody_looks(void **state)
{
    flock_refusals = 3;
    spool = spool_begin(*state);
    assert_int_equal(flock_refusals, 0);
    evj_spool_remove(EVJ_TAKE(spool));
}

static void a_lock_that_is_never_free_is_an_error(void **state)
{
    struct evj_error err = {0};

    flock_refusals = 1000000;
    assert_int_equal(evj_spool_create(*state, JOURNAL_ID, "", 1, &spool, &err), EVJ_ERR_IO);
    flock_refusals = 0;
    assert_non_null(strstr(err.text, "lock"));
    spool = spool_begin(*state);
    evj_spool_remove(EVJ_TAKE(spool));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whatever_happens_during_a_snapshot_it_is_one_moment),
        TEST(however_often_it_happens_a_snapshot_is_one_moment),
        TEST(a_crash_between_gap_and_loss_tells_the_loss_once),
        TEST(a_loss_that_is_being_changed_is_waited_for),
        TEST(a_crash_inside_a_change_of_the_loss_keeps_it),
        TEST(a_spool_is_made_although_somebody_looks),
        TEST(a_lock_that_is_never_free_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
