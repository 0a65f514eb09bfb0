/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Janus's threads and an administrator's, all at once: its events thread, requests in several threads
 * while files rotate, and the end in the middle of it. ThreadSanitizer watches in .ci/run.
 */
#include "tests/support/test.h"

#include "tests/recorder/fixture.h"
#include "tests/support/fake_core.h"

#include <events/eventhandler.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

janus_eventhandler *create(void);

enum { EVENTS = 20000, ASKERS = 4 };

static janus_eventhandler *handler;
static atomic_bool ends;
static atomic_uint answers, marks;

static void configure(void)
{
    char path[200];

    snprintf(path, sizeof(path), "%s/janus.eventhandler.journalevh.jcfg", fixture_folder());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "[general]\nenabled = true\nfolder = %s\nspool_folder = %s\nbuffer = 64K\n"
            "flush_interval = 0.01\nrotate_size = 64K\nkeep_size = 100G\n",
            fixture_journals(), fixture_spools());
    fclose(file);
}

/* What a script may send, and what it may get wrong. */
static const char *const requests[] = {
    "{\"request\":\"status\"}",
    "{\"request\":\"list\"}",
    "{\"request\":\"mark\",\"text\":\"here\"}",
    "{\"request\":\"pause\"}",
    "{\"request\":\"resume\"}",
    "{\"request\":\"pin\"}",
    "{\"request\":\"rotate\"}",
    "{\"request\":\"tweak\",\"events\":\"all\",\"flush_interval\":0.02,\"keep_age\":\"1d\"}",
    "{\"request\":\"tweak\",\"events\":\"media\",\"compression\":3,\"flush_interval\":0.01}",
    "{\"request\":\"unpin\"}",
    "{\"request\":\"pin\",\"journal\":\"nobody's\"}",
    "{\"request\":\"tweak\",\"folder\":\"/\"}",
    "{\"request\":\"fly\"}",
};

/* The oldest one that is listed, which another thread may be pinning, and retention be looking at. */
static void pin_listed(const char *pin)
{
    json_auto_t *list = json_pack("{s:s}", "request", "list");
    json_auto_t *listed = handler->handle_request(list);
    json_t *oldest = json_array_get(json_object_get(listed, "journals"), 0);
    json_auto_t *request =
        json_pack("{s:s, s:O?}", "request", pin, "journal", json_object_get(oldest, "name"));
    json_decref(handler->handle_request(request));
}

/* Every request, over and over, until after the end. */
static void *ask(void *argument)
{
    size_t number = (size_t)(intptr_t)argument;
    const size_t count = sizeof(requests) / sizeof(requests[0]);

    for (unsigned after = 0; after < 100; number++) {
        pin_listed(number % 2 ? "pin" : "unpin");
        json_auto_t *request = json_loads(requests[number % count], 0, NULL);
        json_auto_t *answer = handler->handle_request(request);
        bool done = json_integer_value(json_object_get(answer, "result")) == 200;

        if (done)
            atomic_fetch_add(&answers, 1);
        if (done && strcmp(json_string_value(json_object_get(request, "request")), "mark") == 0)
            atomic_fetch_add(&marks, 1);
        after += atomic_load(&ends);
    }
    return NULL;
}

/* As the core does: the mask is read for each event. */
static void *send(void *argument)
{
    json_auto_t *event = fixture_event(1, 300);

    for (unsigned i = 0; i < EVENTS; i++) {
        if (__atomic_load_n(&handler->events_mask, __ATOMIC_RELAXED) & JANUS_EVENT_TYPE_MEDIA)
            handler->incoming_event(event);
    }
    return argument;
}

static void requests_from_anywhere_disturb_nothing(void **state)
{
    pthread_t askers[ASKERS], sender;

    (void)state;
    configure();
    assert_int_equal(handler->init(fixture_folder()), 0);
    for (intptr_t i = 0; i < ASKERS; i++)
        assert_int_equal(pthread_create(&askers[i], NULL, ask, (void *)(i * 3)), 0);
    assert_int_equal(pthread_create(&sender, NULL, send, NULL), 0);
    pthread_join(sender, NULL); /* as janus_events_deinit() does, before it ends the handlers */
    handler->destroy();
    atomic_store(&ends, true);
    for (unsigned i = 0; i < ASKERS; i++)
        pthread_join(askers[i], NULL);

    struct tally tally = fixture_tally_all();
    assert_true(tally.in_order);
    assert_true(tally.closed);
    assert_int_equal(tally.events + tally.lost, EVENTS);
    assert_int_equal(tally.marks, atomic_load(&marks));
    assert_true(tally.files > 1);
    assert_true(atomic_load(&answers) > 0);
    assert_int_equal(fixture_count_files(fixture_spools(), ".spool"), 0);
    assert_false(fake_core_logged("[ERR]"));
}

static int setup(void **state)
{
    handler = create();
    handler->events_mask = 0;
    atomic_store(&ends, false);
    fake_core_reset();
    return fixture_setup(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(requests_from_anywhere_disturb_nothing, setup,
                                        fixture_teardown),
    };

    return cmocka_run_group_tests_name("plugin threads", tests, NULL, NULL);
}
