/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "recorder/admin.h"
#include "tests/recorder/fixture.h"

#include <string.h>

static struct recording *recording;

static int setup(void **state)
{
    if (fixture_setup(state) < 0)
        return -1;
    struct config config = fixture_config();
    return recording_start(&config, "gw", fixture_notice, &recording, NULL);
}

static int teardown(void **state)
{
    return recording_stop(recording, NULL) + fixture_teardown(state);
}

static json_t *ask(const char *request)
{
    json_auto_t *parsed = json_loads(request, 0, NULL);
    json_t *answer = admin_answer(recording, parsed);

    assert_non_null(answer);
    return answer;
}

static json_int_t number(json_t *answer, const char *key)
{
    json_t *value = json_object_get(answer, key);

    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static void status_tells_how_the_recording_goes(void **state)
{
    json_auto_t *event = fixture_event(1, 100), *large = fixture_event(2, 100000);

    (void)state;
    recording_offer(recording, event);
    recording_offer(recording, event);
    recording_offer(recording, large);
    json_auto_t *answer = ask("{\"request\":\"status\"}");
    json_t *buffer = json_object_get(answer, "buffer"), *disk = json_object_get(answer, "disk");
    assert_int_equal(number(answer, "result"), 200);
    assert_string_equal(json_string_value(json_object_get(answer, "journal")),
                        recording_journal_path(recording));
    assert_string_equal(json_string_value(json_object_get(answer, "spool")),
                        recording_spool_path(recording));
    assert_int_equal(number(answer, "offered"), 3);
    assert_int_equal(number(answer, "events"), 2);
    assert_int_equal(number(answer, "dropped"), 1);
    assert_int_equal(number(answer, "unprintable"), 0);
    assert_true(number(answer, "file_bytes") > 0);
    assert_int_equal(number(buffer, "capacity"), 64 * 1024);
    assert_true(number(buffer, "most_used") >= number(buffer, "used"));
    assert_int_equal(number(json_object_get(answer, "callback_ns"), "count"), 3);
    assert_true(json_is_false(json_object_get(disk, "failing")));
    assert_true(json_is_null(json_object_get(disk, "last_error")));
}

static void a_request_is_understood_in_any_case(void **state)
{
    (void)state;
    json_auto_t *answer = ask("{\"request\":\"Status\"}");
    assert_int_equal(number(answer, "result"), 200);
}

/* The codes are those of the bundled handlers, so that one client speaks to all of them. */
static void a_bad_request_is_answered_as_the_bundled_handlers_do(void **state)
{
    static const struct {
        const char *request;
        int code;
        const char *error;
    } cases[] = {
        {"{\"request\":\"fly\"}", 411, "Unknown request 'fly'"},
        {"{\"request\":\"\"}", 411, "Unknown request ''"},
        {"{}", 412, "Missing mandatory element (request)"},
        {"[]", 412, "Missing mandatory element (request)"},
        {"nothing", 412, "Missing mandatory element (request)"}, /* no JSON: NULL */
        {"{\"request\":7}", 413, "Invalid element type (request should be a string)"},
        {"{\"request\":null}", 413, "Invalid element type (request should be a string)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_auto_t *answer = ask(cases[i].request);
        assert_int_equal(number(answer, "error_code"), cases[i].code);
        assert_string_equal(json_string_value(json_object_get(answer, "error")), cases[i].error);
        assert_null(json_object_get(answer, "result"));
    }
}

static void a_failing_disk_is_in_the_status(void **state)
{
    json_auto_t *event = fixture_event(1, 1000);

    (void)state;
    fixture_limit_files(64);
    for (unsigned i = 0; i < 100; i++)
        recording_offer(recording, event);
    fixture_await_notice("cannot write");
    /* The notice comes just before the report. */
    bool failing = false;
    while (!failing) {
        json_auto_t *answer = ask("{\"request\":\"status\"}");
        json_t *disk = json_object_get(answer, "disk");
        failing = json_is_true(json_object_get(disk, "failing"));
        if (failing)
            assert_non_null(
                strstr(json_string_value(json_object_get(disk, "last_error")), "write"));
    }
    fixture_unlimit_files();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)
        TEST(status_tells_how_the_recording_goes),
        TEST(a_request_is_understood_in_any_case),
        TEST(a_bad_request_is_answered_as_the_bundled_handlers_do),
        TEST(a_failing_disk_is_in_the_status),
    };

    return cmocka_run_group_tests_name("admin", tests, NULL, NULL);
}
