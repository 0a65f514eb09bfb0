/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disks that fail: what is recorded, what is told, and that it goes on by itself (fake_disk.h). */
#include "tests/support/test.h"

#include "recorder/recording.h"

#include "tests/recorder/fixture.h"
#include "tests/support/fake_disk.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct recording *recording;
static unsigned offered;

static struct config configured(void)
{
    struct config config = fixture_config();

    config_set(&config, "flush_interval", "0.01", fixture_notice);
    return config;
}

static int setup(void **state)
{
    if (fixture_setup(state) < 0)
        return -1;
    struct config config = configured();
    offered = 0;
    fake_disk_mount(fixture_journals());
    return recording_start(&config, "gw", fixture_notice, &recording, NULL);
}

static int teardown(void **state)
{
    fake_disk_mount(NULL);
    return fixture_teardown(state);
}

static void offer(unsigned count)
{
    json_auto_t *event = fixture_event(offered, 300);

    for (unsigned i = 0; i < count; i++)
        recording_offer(recording, event);
    offered += count;
}

/* More than the buffer takes. */
static void offer_too_much(void)
{
    offer(500);
}

/* The writing thread goes on trying. */
static void await_refusals(int32_t count)
{
    int32_t before = fake_disk_refusals();

    while (fake_disk_refusals() < before + count)
        offer(1);
}

static void await_events_in_files(uint64_t events)
{
    int64_t deadline_us = evj_clock_mono_us() + 30 * INT64_C(1000000);

    while (fixture_tally_all().events < events)
        assert_true(evj_clock_mono_us() < deadline_us);
}

static struct tally assert_complete(void)
{
    struct tally tally = fixture_tally_all();

    assert_true(tally.in_order);
    assert_int_equal(tally.events + tally.lost, offered);
    return tally;
}

static struct tally stop(void)
{
    struct evj_error err = {0};

    if (recording_stop(recording, NULL, &err) < 0)
        fail_msg("%s", err.text);
    struct tally tally = assert_complete();
    assert_true(tally.closed);
    return tally;
}

/* ---- writing ---- */

static void fails_and_recovers(void (*break_it)(int error), int error)
{
    fixture_forget_notices();
    offer(50);
    break_it(error);
    offer_too_much();
    fixture_await_notice("trying again every");
    assert_true(fixture_noticed(strerror(error)));
    await_refusals(5);
    assert_int_equal(fixture_notices(), 1);
    fake_disk_fail(0);
    fixture_await_notice("can be written again");
    offer(50);
    assert_int_equal(fixture_notices(), 2);
}

static void fail_writes(int error)
{
    fake_disk()->error[FAKE_WRITE] = error;
}

static const int errors[] = {ENOSPC, EIO, EROFS, EDQUOT};
#define ERRORS (sizeof(errors) / sizeof(errors[0]))

static void every_failure_is_told_once_and_costs_what_its_gap_tells(void **state)
{
    (void)state;
    for (size_t i = 0; i < ERRORS; i++)
        fails_and_recovers(fail_writes, errors[i]);
    struct tally tally = stop();
    assert_true(tally.lost > 0);
    assert_int_equal(tally.files, 1);
}

/* A disk of which even the names cannot be read is no reason to leave its file. */
static void a_disk_on_which_nothing_works_is_a_disk_that_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < ERRORS; i++)
        fails_and_recovers(fake_disk_fail, errors[i]);
    assert_int_equal(stop().files, 1);
}

static void become_full(int error)
{
    (void)error;
    fake_disk()->full_after = 100;
}

static void become_full_for_good(int error)
{
    become_full(error);
    fake_disk()->error[FAKE_CUT] = EIO;
}

/* Half a block in the file would hide all that comes behind it. */
static void a_disk_that_takes_half_a_block_leaves_no_damage(void **state)
{
    (void)state;
    fails_and_recovers(become_full, ENOSPC);
    stop();
}

static void half_a_block_that_cannot_be_cut_off_is_written_over(void **state)
{
    (void)state;
    fails_and_recovers(become_full_for_good, ENOSPC);
    stop();
}

/* The writing thread is in a call that does not return. */
static void hang(void)
{
    fake_disk()->stuck = 1;
    while (fake_disk()->waiting == 0) {
        offer(1);
        sched_yield();
    }
}

/* It would keep Janus from ending. What was offered is in the spool, as after a crash. */
static void a_disk_that_does_not_answer_is_not_waited_for_at_the_end(void **state)
{
    (void)state;
    offer(50);
    await_events_in_files(offered);
    hang();
    assert_false(recording_await_end(recording, 1000));
    fake_disk_spare_this_thread();
    assert_complete();
    fake_disk()->stuck = 0;
    stop();
}

static void an_end_that_the_disk_takes_is_waited_for(void **state)
{
    (void)state;
    offer(50);
    assert_true(recording_await_end(recording, 60 * INT64_C(1000000)));
    assert_int_equal(stop().events, 50);
}

/* Whoever reads it before the next start completes it. */
static void half_a_block_that_stays_is_made_whole_by_the_spool(void **state)
{
    struct evj_error err = {0};

    (void)state;
    offer(50);
    become_full_for_good(0);
    offer(50);
    assert_int_equal(recording_stop(recording, NULL, &err), EVJ_ERR_IO);
    assert_int_equal(fixture_count_files(fixture_spools(), ".spool"), 1);
    assert_int_equal(assert_complete().events, 100);
}

static void a_disk_that_takes_a_few_bytes_at_a_time_gets_all(void **state)
{
    (void)state;
    fake_disk()->shortened = 7;
    for (unsigned i = 0; i < 20; i++) {
        offer(5);
        await_events_in_files(offered);
    }
    assert_int_equal(stop().lost, 0);
    assert_int_equal(fixture_notices(), 0);
}

static void a_write_that_is_interrupted_is_gone_on_with(void **state)
{
    (void)state;
    offer(50);
    fake_disk()->interrupt = 1000;
    offer(50);
    assert_int_equal(stop().lost, 0);
}

static void an_end_that_cannot_be_synced_keeps_the_spool(void **state)
{
    struct evj_error err = {0};

    (void)state;
    offer(50);
    fake_disk()->error[FAKE_SYNC] = EIO;
    assert_int_equal(recording_stop(recording, NULL, &err), EVJ_ERR_IO);
    assert_int_equal(fixture_count_files(fixture_spools(), ".spool"), 1);
    assert_complete();
}

static void restart_with(const char *key, const char *value)
{
    struct config config = configured();

    assert_int_equal(recording_stop(recording, NULL, NULL), EVJ_OK);
    config_set(&config, key, value, fixture_notice);
    assert_int_equal(recording_start(&config, "gw", fixture_notice, &recording, NULL), EVJ_OK);
}

/* After a sync that failed the kernel may have dropped what it had: it is written once more. */
static void a_block_that_cannot_be_synced_is_written_once_more(void **state)
{
    (void)state;
    restart_with("sync", "block");
    fake_disk()->error[FAKE_SYNC] = EIO;
    offer(10);
    fixture_await_notice("trying again every");
    await_refusals(3);
    fake_disk()->error[FAKE_SYNC] = 0;
    fixture_await_notice("can be written again");
    assert_int_equal(fixture_notices(), 2);
    stop();
}

/* ---- the next file ---- */

static void without_a_next_file_all_goes_into_the_old_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < ERRORS; i++) {
        fixture_forget_notices();
        fake_disk()->error[FAKE_OPEN] = errors[i];
        recording_order(recording, WRITING_TURN, "");
        fixture_await_notice("no next file can be begun");
        assert_true(fixture_noticed(strerror(errors[i])));
        await_events_in_files(offered);
        offer(50);
        await_events_in_files(offered);
        assert_int_equal(fixture_notices(), 1);
        assert_int_equal(fixture_count_files(fixture_journals(), ".evj.gz"), i + 1);
        fake_disk()->error[FAKE_OPEN] = 0;
        fixture_await_notice("a next file could be begun");
    }
    assert_int_equal(stop().lost, 0);
}

static void a_disk_that_fails_while_files_are_turned_loses_nothing(void **state)
{
    (void)state;
    offer(50);
    for (unsigned i = 0; i < 20; i++) {
        recording_order(recording, WRITING_TURN, "");
        fake_disk()->error[FAKE_WRITE] = i % 2 ? ENOSPC : 0;
        fake_disk()->error[FAKE_SYNC] = i % 3 ? EIO : 0;
        offer(20);
        if (i % 2)
            await_refusals(2);
    }
    fake_disk_fail(0);
    offer(20);
    stop();
}

/* ---- the folder ---- */

static void rename_or_fail(const char *from, const char *to)
{
    if (rename(from, to) < 0)
        fail_msg("%s: %s", from, strerror(errno));
}

/* As a disk that is unmounted, and mounted again: the folder cannot be made where it was. */
static void a_folder_that_goes_and_comes_back_is_told_of_once_each(void **state)
{
    char away[300];

    (void)state;
    snprintf(away, sizeof(away), "%s/away", fixture_folder());
    offer(50);
    await_events_in_files(offered);
    fixture_forget_notices();
    rename_or_fail(fixture_journals(), away);
    fake_disk()->error[FAKE_NAME] = EROFS;
    fake_disk()->error[FAKE_OPEN] = EROFS;
    offer_too_much();
    fixture_await_notice("trying again every");
    await_refusals(5);
    assert_int_equal(fixture_notices(), 1);
    rename_or_fail(away, fixture_journals());
    fake_disk_fail(0);
    fixture_await_notice("can be written again");
    offer(50);
    assert_int_equal(stop().files, 1);
    assert_int_equal(fixture_notices(), 2);
}

static void what_cannot_be_deleted_is_told_once(void **state)
{
    (void)state;
    restart_with("keep_size", "1");
    fake_disk()->error[FAKE_NAME] = EROFS;
    while (fixture_count_files(fixture_journals(), ".evj.gz") < 5) {
        recording_order(recording, WRITING_TURN, "");
        offer(1);
    }
    fixture_await_notice("no old journal can be deleted");
    assert_true(fixture_noticed("Read-only file system"));
    fixture_forget_notices();
    recording_order(recording, WRITING_LOOK, "");
    fake_disk()->error[FAKE_NAME] = 0;
    recording_order(recording, WRITING_LOOK, "");
    fixture_await_notice("deleted");
    assert_false(fixture_noticed("cannot"));
    assert_int_equal(recording_stop(recording, NULL, NULL), EVJ_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)
        TEST(every_failure_is_told_once_and_costs_what_its_gap_tells),
        TEST(a_disk_on_which_nothing_works_is_a_disk_that_fails),
        TEST(a_disk_that_takes_half_a_block_leaves_no_damage),
        TEST(half_a_block_that_cannot_be_cut_off_is_written_over),
        TEST(a_disk_that_does_not_answer_is_not_waited_for_at_the_end),
        TEST(an_end_that_the_disk_takes_is_waited_for),
        TEST(half_a_block_that_stays_is_made_whole_by_the_spool),
        TEST(a_disk_that_takes_a_few_bytes_at_a_time_gets_all),
        TEST(a_write_that_is_interrupted_is_gone_on_with),
        TEST(an_end_that_cannot_be_synced_keeps_the_spool),
        TEST(a_block_that_cannot_be_synced_is_written_once_more),
        TEST(without_a_next_file_all_goes_into_the_old_one),
        TEST(a_disk_that_fails_while_files_are_turned_loses_nothing),
        TEST(a_folder_that_goes_and_comes_back_is_told_of_once_each),
        TEST(what_cannot_be_deleted_is_told_once),
    };

    fake_disk_spare_this_thread();
    return cmocka_run_group_tests_name("disk", tests, NULL, NULL);
}
