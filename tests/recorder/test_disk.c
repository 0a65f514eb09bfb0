/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disks that fail, or never answer: this program's own pwrite() and fsync() see to that. */
#include "tests/support/test.h"

#include "recorder/admin.h"
#include "recorder/recording.h"

#include "tests/recorder/fixture.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- the disk ---- */

static atomic_int write_error; /* errno of each write; 0: it works */
static atomic_int sync_error;
static atomic_bool half;    /* a write that fails has written half of it */
static atomic_uint refused; /* writes so far */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool stuck, waiting;

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    pthread_mutex_lock(&lock);
    while (stuck) {
        waiting = true;
        pthread_cond_broadcast(&changed);
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
    int error = atomic_load(&write_error);
    if (error == 0)
        return syscall(SYS_pwrite64, fd, bytes, len, at);
    atomic_fetch_add(&refused, 1);
    if (atomic_load(&half) && len > 1)
        return syscall(SYS_pwrite64, fd, bytes, len / 2, at);
    errno = error;
    return -1;
}

int fsync(int fd)
{
    errno = atomic_load(&sync_error);
    return errno != 0 ? -1 : (int)syscall(SYS_fsync, fd);
}

static void set_stuck(bool is_stuck)
{
    pthread_mutex_lock(&lock);
    stuck = is_stuck;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void await_stuck(void)
{
    pthread_mutex_lock(&lock);
    while (!waiting)
        pthread_cond_wait(&changed, &lock);
    waiting = false;
    pthread_mutex_unlock(&lock);
}

/* ---- a recording ---- */

static struct recording *recording;
static unsigned offered;

static int setup(void **state)
{
    if (fixture_setup(state) < 0)
        return -1;
    struct config config = fixture_config();
    config_set(&config, "flush_interval", "0.01", fixture_notice);
    offered = 0;
    return recording_start(&config, "gw", fixture_notice, &recording, NULL);
}

static int teardown(void **state)
{
    atomic_store(&write_error, 0);
    atomic_store(&sync_error, 0);
    atomic_store(&half, false);
    return fixture_teardown(state);
}

static void offer(unsigned count)
{
    json_auto_t *event = fixture_event(offered, 300);

    for (unsigned i = 0; i < count; i++)
        recording_offer(recording, event);
    offered += count;
}

static struct tally assert_complete(void)
{
    struct tally tally = fixture_tally_all();

    assert_true(tally.in_order);
    assert_int_equal(tally.events + tally.lost, offered);
    return tally;
}

static void stop(void)
{
    struct evj_error err = {0};

    if (recording_stop(recording, NULL, &err) < 0)
        fail_msg("%s", err.text);
    assert_true(assert_complete().closed);
}

/* ---- disks that fail ---- */

static void fails_and_recovers(int error, bool halves)
{
    unsigned before = atomic_load(&refused);

    fixture_forget_notices();
    offer(50);
    atomic_store(&half, halves);
    atomic_store(&write_error, error);
    offer(500); /* more than the buffer takes */
    fixture_await_notice("trying again every");
    assert_true(halves || fixture_noticed(strerror(error)));
    while (atomic_load(&refused) < before + 5) /* it goes on trying */
        offer(1);
    assert_int_equal(fixture_notices(), 1);
    atomic_store(&write_error, 0);
    fixture_await_notice("can be written again");
    offer(50);
    assert_int_equal(fixture_notices(), 2);
}

static void every_failure_is_told_once_and_costs_what_its_gap_tells(void **state)
{
    static const int errors[] = {ENOSPC, EIO, EROFS, EDQUOT, ESTALE};

    (void)state;
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        fails_and_recovers(errors[i], false);
    stop();
    struct tally tally = fixture_tally_all();
    assert_true(tally.lost > 0);
    assert_int_equal(tally.files, 1);
}

/* Up to where it was full: half a block in the file would hide all that comes behind it. */
static void a_disk_that_takes_half_a_block_leaves_no_damage(void **state)
{
    (void)state;
    fails_and_recovers(ENOSPC, true);
    stop();
}

static void a_disk_that_fails_while_files_are_turned_loses_nothing(void **state)
{
    (void)state;
    offer(50);
    for (unsigned i = 0; i < 20; i++) {
        recording_order(recording, WRITING_TURN, "");
        atomic_store(&write_error, i % 2 ? ENOSPC : 0);
        atomic_store(&sync_error, i % 3 ? EIO : 0);
        offer(20);
        unsigned seen = atomic_load(&refused);
        while (i % 2 && atomic_load(&refused) < seen + 2)
            offer(1);
    }
    atomic_store(&write_error, 0);
    atomic_store(&sync_error, 0);
    offer(20);
    stop();
}

static void an_end_that_cannot_be_synced_keeps_the_spool(void **state)
{
    struct evj_error err = {0};

    (void)state;
    offer(50);
    atomic_store(&sync_error, EIO);
    assert_int_equal(recording_stop(recording, NULL, &err), EVJ_ERR_IO);
    assert_int_equal(fixture_count_files(fixture_spools(), ".spool"), 1);
    assert_complete();
}

/* ---- a disk that never answers ---- */

static json_int_t ask(const char *text)
{
    json_auto_t *request = json_loads(text, 0, NULL);
    json_auto_t *answer = admin_answer(recording, request, NULL);
    json_t *result = json_object_get(answer, "result");

    return json_integer_value(result ? result : json_object_get(answer, "error_code"));
}

/* That this test ends is what it shows. */
static void a_disk_that_is_stuck_holds_up_neither_janus_nor_an_administrator(void **state)
{
    (void)state;
    set_stuck(true);
    offer(10);
    await_stuck();
    offer(5000);
    assert_int_equal(ask("{\"request\":\"status\"}"), 200);
    assert_int_equal(ask("{\"request\":\"list\"}"), 200);
    assert_int_equal(ask("{\"request\":\"mark\",\"text\":\"stuck\"}"), 200);
    assert_int_equal(ask("{\"request\":\"pause\"}"), 200);
    offer(10);
    assert_int_equal(ask("{\"request\":\"resume\"}"), 200);
    assert_int_equal(ask("{\"request\":\"tweak\",\"flush_interval\":0.02}"), 200);
    assert_int_equal(ask("{\"request\":\"pin\"}"), 200);
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(ask("{\"request\":\"rotate\"}"), 200); /* one turn for all of them */
    bool has_room = true;
    for (unsigned i = 0; i < 20; i++) {
        char name[20];
        snprintf(name, sizeof(name), "%u.evj.gz", i);
        has_room = recording_order(recording, WRITING_UNPIN, name);
    }
    assert_false(has_room); /* no queue without an end */
    assert_int_equal(ask("{\"request\":\"pin\",\"journal\":\"x\"}"), 413);
    set_stuck(false);
    offer(10);
    fixture_await_notice("going on in");
    stop();
    struct tally tally = fixture_tally_all();
    assert_int_equal(tally.marks, 1);
    assert_int_equal(tally.files, 2);
    assert_true(tally.lost > 4000);
    assert_int_equal(fixture_count_files(fixture_journals(), ".pin"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)
        TEST(every_failure_is_told_once_and_costs_what_its_gap_tells),
        TEST(a_disk_that_takes_half_a_block_leaves_no_damage),
        TEST(a_disk_that_fails_while_files_are_turned_loses_nothing),
        TEST(an_end_that_cannot_be_synced_keeps_the_spool),
        TEST(a_disk_that_is_stuck_holds_up_neither_janus_nor_an_administrator),
    };

    return cmocka_run_group_tests_name("disk", tests, NULL, NULL);
}
