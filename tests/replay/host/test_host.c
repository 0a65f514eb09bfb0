/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/host/abi.h"
#include "tests/replay/host/support.h"

enum { SESSION = 1, MEDIA = 32 };

static void init_gets_the_folder_and_destroy_is_called_once(void **state)
{
    struct lines *lines = lines_new();
    struct host *host = new_host(lines);
    json_t *nothing = json_object();

    (void)state;
    load(host, "good");
    assert_true(lines_have(lines, "0@- good says hello"));
    json_t *answer = host_request(host, 0, nothing);

    assert_string_equal(json_string_value(json_object_get(answer, "folder")), "/nonexistent");
    json_decref(answer);
    json_decref(nothing);
    host_stop(host);
    host_stop(host);
    host_free(host);
    guint goodbyes = 0;

    for (guint i = 0; i < lines->texts->len; i++)
        goodbyes += strstr(lines->texts->pdata[i], "good says goodbye") != NULL;
    assert_int_equal(goodbyes, 1);
    lines_free(lines);
}

static void lines_carry_the_record_that_was_handled(void **state)
{
    struct lines *lines = lines_new();
    struct host *host = new_host(lines);

    (void)state;
    load(host, "good");
    dispatch(host, 812, SESSION, "first");
    assert_true(lines_have(lines, "0@812 event first"));
    host_free(host);
    lines_free(lines);
}

static void one_handler_gets_the_very_object(void **state)
{
    struct host *host = new_host(NULL);
    json_t *event = json_pack("{s:i, s:s}", "type", SESSION, "label", "x");
    json_int_t address = (json_int_t)(intptr_t)event;

    (void)state;
    load(host, "good");
    assert_int_equal(host_dispatch(host, 0, event, NULL), 0);
    assert_int_equal(asked(host, 0, "{}", "address"), address);
    host_free(host);
}

/* mqttevh writes into its events; in Janus, too, the others must not see that. */
static void several_handlers_get_a_copy_each(void **state)
{
    struct host *host = new_host(NULL);
    json_t *event = json_pack("{s:i, s:s}", "type", SESSION, "label", "x");
    json_int_t address = (json_int_t)(intptr_t)event;

    (void)state;
    load(host, "mutating");
    load(host, "watching");
    load(host, "good");
    json_incref(event);
    assert_int_equal(host_dispatch(host, 0, event, NULL), 0);
    assert_null(json_object_get(event, "eventtype"));
    assert_int_equal(event->refcount, 1);
    assert_int_equal(asked(host, 1, "{}", "touched"), 0);
    assert_int_not_equal(asked(host, 2, "{}", "address"), address);
    json_decref(event);
    host_free(host);
}

/* As the core counts: by what is loaded, not by what this event is for. */
static void a_handler_beside_a_masked_one_gets_a_copy(void **state)
{
    struct host *host = new_host(NULL);
    json_t *event = json_pack("{s:i, s:s}", "type", SESSION, "label", "x");
    json_int_t address = (json_int_t)(intptr_t)event;

    (void)state;
    load(host, "good");
    load(host, "watching");
    host_handler_package(host, 1);
    json_incref(event);
    assert_int_equal(host_dispatch(host, 0, event, NULL), 0);
    assert_int_not_equal(asked(host, 0, "{}", "address"), address);
    json_decref(event);
    host_free(host);
}

static void the_mask_is_read_with_every_event(void **state)
{
    struct host *host = new_host(NULL);

    (void)state;
    load(host, "good");
    dispatch(host, 0, SESSION, "a");
    assert_int_equal(asked(host, 0, "{\"events\": \"media\"}", "events"), 1);
    dispatch(host, 1, SESSION, "b");
    dispatch(host, 2, MEDIA, "c");
    assert_int_equal(asked(host, 0, "{\"events\": \"all\"}", "events"), 2);
    dispatch(host, 3, SESSION, "d");
    assert_int_equal(asked(host, 0, "{}", "events"), 3);
    const struct handler_probe *probe = host_probe(host, 0);

    assert_int_equal(probe->delivered, 3);
    assert_int_equal(probe->masked, 1);
    assert_int_equal(probe->callback_ns.count, 3);
    host_free(host);
}

static void an_event_without_a_type_is_for_nobody(void **state)
{
    struct host *host = new_host(NULL);

    (void)state;
    load(host, "good");
    assert_int_equal(host_dispatch(host, 0, json_pack("{s:s}", "label", "x"), NULL), 0);
    assert_int_equal(host_probe(host, 0)->masked, 1);
    assert_int_equal(host_held(host), 0);
    host_free(host);
}

static void what_is_no_object_is_refused(void **state)
{
    struct host *host = new_host(NULL);
    struct evj_error err = {0};

    (void)state;
    load(host, "good");
    assert_int_equal(host_dispatch(host, 9, json_array(), &err), EVJ_ERR_INVALID);
    assert_string_equal(err.text, "record 9 has no event object");
    assert_int_equal(host_dispatch(host, 9, NULL, NULL), EVJ_ERR_INVALID);
    host_free(host);
}

static void requests_are_answered_as_the_admin_api_does(void **state)
{
    struct host *host = new_host(NULL);
    json_t *request = json_pack("{s:b}", "silence", 1);

    (void)state;
    load(host, "good");
    load(host, "mutating");
    json_t *answer = host_request(host, 0, request);

    assert_true(json_is_object(answer));
    assert_int_equal(json_object_size(answer), 0);
    json_decref(answer);
    assert_null(host_request(host, 1, request));
    assert_null(host_request(host, 2, request));
    assert_int_equal(request->refcount, 1);
    json_decref(request);
    host_free(host);
}

static void lines_of_many_threads_arrive_whole(void **state)
{
    struct lines *lines = lines_new();
    struct host *host = new_host(lines);

    (void)state;
    load(host, "chatty");
    asked(host, 0, "{}", "nothing");
    assert_int_equal(lines->texts->len, 800);
    for (guint i = 0; i < lines->texts->len; i++) {
        char name;
        int number, length = 0;

        sscanf(lines->texts->pdata[i], "3@- %c %d%n", &name, &number, &length);
        assert_int_equal(length, strlen(lines->texts->pdata[i]));
    }
    host_free(host);
    lines_free(lines);
}

struct phases {
    struct host_shared shared;
    int during_init, during_event, during_destroy;
    uint64_t seq;
    char handler[128];
};

static void note_phase(const struct host_log_line *line, void *context)
{
    struct phases *p = context;

    if (strstr(line->text, "hello"))
        p->during_init = p->shared.progress.phase;
    if (strstr(line->text, "goodbye"))
        p->during_destroy = p->shared.progress.phase;
    if (strstr(line->text, "event ")) {
        p->during_event = p->shared.progress.phase;
        p->seq = p->shared.progress.seq;
        g_strlcpy(p->handler, p->shared.progress.handler, sizeof(p->handler));
    }
}

/* What a supervisor would report, had the handler crashed where it logged. */
static void progress_shows_where_the_handler_is(void **state)
{
    struct phases p = {.during_init = -1};
    struct host *host = NULL;

    (void)state;
    assert_int_equal(host_new("/nonexistent", &p.shared, note_phase, &p, &host, NULL), 0);
    load(host, "good");
    assert_int_equal(p.during_init, HOST_PHASE_INIT);
    assert_int_equal(p.shared.progress.phase, HOST_PHASE_IDLE);
    dispatch(host, 41, SESSION, "x");
    assert_int_equal(p.during_event, HOST_PHASE_EVENT);
    assert_int_equal(p.seq, 41);
    assert_string_equal(p.handler, "janus.eventhandler.good");
    assert_int_equal(p.shared.progress.phase, HOST_PHASE_IDLE);
    host_stop(host);
    assert_int_equal(p.during_destroy, HOST_PHASE_DESTROY);
    assert_int_equal(p.shared.progress.phase, HOST_PHASE_DONE);
    host_free(host);
}

static void a_process_has_one_host_at_a_time(void **state)
{
    struct host *host = new_host(NULL), *second = NULL;
    struct evj_error err = {0};

    (void)state;
    assert_int_equal(host_new("/nonexistent", NULL, NULL, NULL, &second, &err), EVJ_ERR_INVALID);
    assert_null(second);
    host_free(host);
    host_free(new_host(NULL));
    host_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init_gets_the_folder_and_destroy_is_called_once),
        cmocka_unit_test(lines_carry_the_record_that_was_handled),
        cmocka_unit_test(one_handler_gets_the_very_object),
        cmocka_unit_test(several_handlers_get_a_copy_each),
        cmocka_unit_test(a_handler_beside_a_masked_one_gets_a_copy),
        cmocka_unit_test(the_mask_is_read_with_every_event),
        cmocka_unit_test(an_event_without_a_type_is_for_nobody),
        cmocka_unit_test(what_is_no_object_is_refused),
        cmocka_unit_test(requests_are_answered_as_the_admin_api_does),
        cmocka_unit_test(lines_of_many_threads_arrive_whole),
        cmocka_unit_test(progress_shows_where_the_handler_is),
        cmocka_unit_test(a_process_has_one_host_at_a_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
