/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disks that are full, or not there yet, when a server starts (fake_disk.h). */
#include "tests/support/test.h"

#include "recorder/starting.h"

#include "tests/recorder/fixture.h"
#include "tests/support/fake_disk.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct starting *starting;
static unsigned offered;

static int setup(void **state)
{
    if (fixture_setup(state) < 0)
        return -1;
    offered = 0;
    fake_disk_mount(fixture_journals());
    return 0;
}

static int teardown(void **state)
{
    fake_disk_mount(NULL);
    return fixture_teardown(state);
}

static struct config configured(void)
{
    struct config config = fixture_config();

    config_set(&config, "flush_interval", "0.01", fixture_notice);
    return config;
}

#define LONG_US (60 * INT64_C(1000000))

static void begin_within(int64_t patience_us)
{
    struct config config = configured();
    struct evj_error err = {0};

    if (starting_begin(&config, "gw", patience_us, fixture_notice, &starting, &err) < 0)
        fail_msg("%s", err.text);
}

static void begin(void)
{
    begin_within(LONG_US);
}

static void offer(unsigned count)
{
    json_auto_t *event = fixture_event(offered, 300);

    for (unsigned i = 0; i < count; i++)
        starting_offer(starting, event);
    offered += count;
}

static struct tally stop(void)
{
    struct recording *recording = starting_end(starting);

    assert_non_null(recording);
    assert_int_equal(recording_stop(recording, NULL, NULL), EVJ_OK);
    struct tally tally = fixture_tally_all();
    assert_true(tally.in_order);
    assert_true(tally.closed);
    assert_int_equal(tally.events + tally.lost, offered);
    assert_int_equal(fixture_count_files(fixture_spools(), ".spool"), 0);
    return tally;
}

static void a_disk_that_works_is_recorded_to_at_once(void **state)
{
    char why[100];

    (void)state;
    begin();
    assert_non_null(starting_recording(starting, why, sizeof(why)));
    assert_true(fixture_noticed("recording events (all) to "));
    offer(10);
    assert_int_equal(stop().lost, 0);
    assert_int_equal(fixture_notices(), 1);
}

static void a_disk_that_is_full_at_the_start_is_recorded_to_when_it_has_room(void **state)
{
    static const int errors[] = {ENOSPC, EIO, EROFS};

    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        char why[300] = "";
        fake_disk_fail(errors[i]);
        begin();
        offer(100);
        assert_null(starting_recording(starting, why, sizeof(why)));
        assert_non_null(strstr(why, strerror(errors[i])));
        int32_t before = fake_disk_refusals();
        while (fake_disk_refusals() < before + 3)
            offer(1);
        assert_int_equal(fixture_notices(), 1);
        assert_true(fixture_noticed("nothing is recorded to "));
        assert_true(fixture_noticed("trying again every 0.01 s"));
        fake_disk_fail(0);
        fixture_await_notice("were lost until it could begin");
        assert_int_equal(fixture_notices(), 2);
        offer(10);
        struct tally tally = stop();
        assert_int_equal(tally.gaps, 1);
        assert_true(tally.lost >= 100);
        assert_true(tally.events >= 10);
        assert_int_equal(tally.files, 1);
        teardown(state);
        setup(state);
    }
}

/* As one that is not mounted yet; and what is misspelt is told, and may be made right while Janus runs. */
static void a_folder_that_is_not_there_at_the_start_is_recorded_to_when_it_is(void **state)
{
    char away[300], folder[300];

    (void)state;
    snprintf(away, sizeof(away), "%s/away", fixture_folder());
    snprintf(folder, sizeof(folder), "%s", fixture_journals());
    assert_int_equal(rmdir(folder), 0);
    FILE *file = fopen(folder, "w");
    assert_non_null(file);
    fclose(file);
    begin();
    offer(5);
    assert_true(fixture_noticed("Not a directory"));
    assert_int_equal(unlink(folder), 0);
    fixture_await_notice("were lost until it could begin");
    offer(5);
    assert_int_equal(stop().lost, 5);
}

static atomic_bool ends;

static void *offer_until_the_end(void *argument)
{
    while (!atomic_load(&ends))
        offer(1);
    return argument;
}

/* Between two threads: not one too many, and not one too few. */
static void what_comes_while_it_begins_is_counted_exactly(void **state)
{
    pthread_t sender;

    (void)state;
    fake_disk_fail(ENOSPC);
    begin();
    atomic_store(&ends, false);
    assert_int_equal(pthread_create(&sender, NULL, offer_until_the_end, NULL), 0);
    while (fake_disk_refusals() < 5)
        sched_yield();
    fake_disk_fail(0);
    fixture_await_notice("were lost until it could begin");
    atomic_store(&ends, true);
    pthread_join(sender, NULL);
    stop();
}

static void what_came_before_is_in_a_gap_also_if_nothing_comes_behind(void **state)
{
    (void)state;
    fake_disk_fail(ENOSPC);
    begin();
    offer(7);
    fake_disk_fail(0);
    fixture_await_notice("7 were lost until it could begin");
    struct tally tally = stop();
    assert_int_equal(tally.lost, 7);
    assert_int_equal(tally.events, 0);
}

static void a_disk_that_never_works_leaves_nothing_and_is_told_of(void **state)
{
    (void)state;
    fake_disk_fail(EIO);
    begin();
    offer(3);
    assert_null(starting_end(starting));
    assert_true(fixture_noticed(", and 3 events are lost: "));
    assert_int_equal(fixture_notices(), 2);
    fake_disk_fail(0);
    assert_int_equal(fixture_count_files(fixture_spools(), ".spool"), 0);
    assert_int_equal(fixture_count_files(fixture_journals(), ".gz"), 0);
}

/* Janus must start. */
static void a_disk_that_does_not_answer_at_the_start_is_not_waited_for(void **state)
{
    char why[300] = "";

    (void)state;
    fake_disk()->stuck = 1;
    begin_within(1000);
    assert_true(fixture_noticed("the disk has not answered for 0.001 s; Janus goes on"));
    offer(5);
    assert_null(starting_recording(starting, why, sizeof(why)));
    assert_string_equal(why, "the disk does not answer");
    fake_disk()->stuck = 0;
    fixture_await_notice("5 were lost until it could begin");
    offer(5);
    assert_int_equal(stop().lost, 5);
}

/* And it must end. */
static void a_disk_that_never_answers_does_not_keep_the_end(void **state)
{
    (void)state;
    fake_disk()->stuck = 1;
    begin_within(1000);
    offer(5);
    assert_false(starting_await_end(starting, 1000));
    assert_true(fixture_noticed(", and 5 events are lost: the disk has not answered for 0.001 s"));
    fake_disk()->stuck = 0;
    assert_true(starting_await_end(starting, LONG_US));
    stop();
}

/* What a crash left when the disk was full already. */
static void leftovers_are_completed_when_the_disk_has_room(void **state)
{
    struct config config = configured();
    struct recording *crashed;

    (void)state;
    assert_int_equal(recording_start(&config, "gw", fixture_notice, &crashed, NULL), EVJ_OK);
    json_auto_t *event = fixture_event(0, 300);
    recording_offer(crashed, event);
    fake_disk_fail(ENOSPC);
    assert_int_equal(recording_stop(crashed, NULL, NULL), EVJ_ERR_IO);
    begin();
    fake_disk_fail(0);
    fixture_await_notice("It is complete now");
    offered = 1;
    assert_int_equal(stop().events, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)
        TEST(a_disk_that_works_is_recorded_to_at_once),
        TEST(a_disk_that_is_full_at_the_start_is_recorded_to_when_it_has_room),
        TEST(a_folder_that_is_not_there_at_the_start_is_recorded_to_when_it_is),
        TEST(what_comes_while_it_begins_is_counted_exactly),
        TEST(what_came_before_is_in_a_gap_also_if_nothing_comes_behind),
        TEST(a_disk_that_never_works_leaves_nothing_and_is_told_of),
        TEST(a_disk_that_does_not_answer_at_the_start_is_not_waited_for),
        TEST(a_disk_that_never_answers_does_not_keep_the_end),
        TEST(leftovers_are_completed_when_the_disk_has_room),
    };

    return cmocka_run_group_tests_name("starting", tests, NULL, NULL);
}
