/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Disks that never answer (fake_disk.h), under the whole event handler in a fake of Janus's core: its
 * events thread and an administrator must not notice. That these tests end is what they show.
 */
#include "tests/support/test.h"

#include "tests/recorder/fixture.h"
#include "tests/support/fake_core.h"
#include "tests/support/fake_disk.h"

#include <events/eventhandler.h>

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

janus_eventhandler *create(void);

static janus_eventhandler *handler;
static unsigned sent;

static void configure(void)
{
    char path[200];

    snprintf(path, sizeof(path), "%s/janus.eventhandler.journalevh.jcfg", fixture_folder());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "[general]\nenabled = true\nfolder = %s\nspool_folder = %s\nbuffer = 64K\n"
            "flush_interval = 0.01\nkeep_size = 100G\ndisk_floor = 1\n",
            fixture_journals(), fixture_spools());
    fclose(file);
}

static int setup(void **state)
{
    handler = create();
    handler->events_mask = 0;
    sent = 0;
    fake_core_reset();
    if (fixture_setup(state) < 0)
        return -1;
    configure();
    fake_disk_mount(fixture_journals());
    return handler->init(fixture_folder());
}

static int teardown(void **state)
{
    fake_disk_mount(NULL);
    return fixture_teardown(state);
}

static void send(unsigned count)
{
    json_auto_t *event = fixture_event(sent, 300);

    for (unsigned i = 0; i < count; i++)
        handler->incoming_event(event);
    sent += count;
}

/* The result, or the error's code. */
static json_int_t ask(const char *text)
{
    json_auto_t *request = json_loads(text, 0, NULL);
    json_auto_t *answer = handler->handle_request(request);
    json_t *result = json_object_get(answer, "result");

    assert_non_null(request);
    return json_integer_value(result ? result : json_object_get(answer, "error_code"));
}

/* The writing thread is in a call that does not return. */
static void hang(void)
{
    fake_disk()->stuck = 1;
    while (fake_disk()->waiting == 0) {
        send(1);
        sched_yield();
    }
}

static void assert_complete(void)
{
    struct tally tally = fixture_tally_all();

    assert_true(tally.in_order);
    assert_true(tally.closed);
    assert_int_equal(tally.events + tally.lost, sent);
}

static const char *const requests[] = {
    "{\"request\":\"status\"}",
    "{\"request\":\"list\"}",
    "{\"request\":\"mark\",\"text\":\"stuck\"}",
    "{\"request\":\"pause\"}",
    "{\"request\":\"resume\"}",
    "{\"request\":\"tweak\",\"flush_interval\":0.02,\"compression\":1,\"keep_age\":\"1d\"}",
    "{\"request\":\"pin\"}",
    "{\"request\":\"unpin\"}",
    "{\"request\":\"rotate\"}",
};
#define REQUESTS (sizeof(requests) / sizeof(requests[0]))

static void every_request_is_answered_while_the_disk_hangs(void **state)
{
    (void)state;
    hang();
    for (size_t i = 0; i < REQUESTS; i++) {
        if (ask(requests[i]) != 200)
            fail_msg("%s", requests[i]);
        send(100);
    }
    assert_false(fake_core_logged("going on in"));
    fake_disk()->stuck = 0;
    while (!fake_core_logged("going on in"))
        send(1);
    handler->destroy();
    assert_complete();
    struct tally tally = fixture_tally_all();
    assert_int_equal(tally.marks, 1);
    assert_int_equal(tally.files, 2);
    assert_true(tally.lost > 500);
    assert_false(fake_core_logged("[ERR]"));
}

static void what_is_asked_for_often_while_the_disk_hangs_is_done_once(void **state)
{
    (void)state;
    hang();
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(ask("{\"request\":\"rotate\"}"), 200);
    fake_disk()->stuck = 0;
    while (!fake_core_logged("going on in"))
        send(1);
    handler->destroy();
    assert_complete();
    assert_int_equal(fixture_tally_all().files, 2);
}

static void *destroy(void *argument)
{
    handler->destroy();
    return argument;
}

/* An administrator's request must not keep Janus's request threads until the disk is back. */
static void who_asks_while_the_shutdown_waits_for_the_disk_is_told(void **state)
{
    pthread_t thread;

    (void)state;
    hang();
    assert_int_equal(pthread_create(&thread, NULL, destroy, NULL), 0);
    while (ask("{\"request\":\"status\"}") == 200)
        sched_yield();
    for (size_t i = 0; i < REQUESTS; i++)
        assert_int_equal(ask(requests[i]), 499);
    fake_disk()->stuck = 0;
    pthread_join(thread, NULL);
    assert_complete();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)
        TEST(every_request_is_answered_while_the_disk_hangs),
        TEST(what_is_asked_for_often_while_the_disk_hangs_is_done_once),
        TEST(who_asks_while_the_shutdown_waits_for_the_disk_is_told),
    };

    fake_disk_spare_this_thread();
    return cmocka_run_group_tests_name("plugin disk", tests, NULL, NULL);
}
