/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/reader.h"
#include "recorder/admin.h"
#include "tests/recorder/fixture.h"
#include "tests/support/fake_disk.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

static struct recording *recording;

static int setup(void **state)
{
    if (fixture_setup(state) < 0)
        return -1;
    struct config config = fixture_config();
    fake_disk_mount(fixture_journals());
    return recording_start(&config, "gw", fixture_notice, &recording, NULL);
}

static int teardown(void **state)
{
    int status = recording_stop(recording, NULL, NULL);

    fake_disk_mount(NULL);
    return status + fixture_teardown(state);
}

static char events_set[128];

static void set_events(const char *events)
{
    snprintf(events_set, sizeof(events_set), "%s", events);
}

static json_t *ask(const char *request)
{
    json_auto_t *parsed = json_loads(request, 0, NULL);
    json_t *answer = admin_answer(recording, parsed, set_events);

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
                        recording_first_path(recording));
    assert_string_equal(json_string_value(json_object_get(answer, "spool")),
                        recording_spool_path(recording));
    assert_int_equal(number(answer, "offered"), 3);
    assert_int_equal(number(answer, "events"), 2);
    assert_int_equal(number(answer, "dropped"), 1);
    assert_true(number(answer, "file_bytes") > 0);
    assert_int_equal(number(buffer, "capacity"), 64 * 1024);
    assert_true(number(buffer, "most_used") >= number(buffer, "used"));
    assert_int_equal(number(json_object_get(answer, "callback_ns"), "count"), 3);
    assert_true(json_is_false(json_object_get(disk, "failing")));
    assert_true(json_is_null(json_object_get(disk, "last_error")));
}

/* docs/guides/asking-the-recorder.md, both ways: the keys, and the requests. */
static void the_guide_tells_what_there_is(void **state)
{
    g_autofree char *page = NULL;
    json_auto_t *answer = ask("{\"request\":\"status\"}");
    size_t rows = 0;
    const char *key;
    json_t *value;

    (void)state;
    assert_true(g_file_get_contents(ADMIN_GUIDE, &page, NULL, NULL));
    char *table = strstr(page, "## What `status` tells");
    assert_non_null(table);
    json_object_foreach(answer, key, value)
    {
        g_autofree char *row = g_strdup_printf("\n| `%s` | ", key);
        if (strcmp(key, "result") != 0 && !strstr(table, row))
            fail_msg("the guide has no row%s", row);
    }
    for (const char *at = table; (at = strstr(at, "\n| `")); at++)
        rows++;
    assert_int_equal(rows, json_object_size(answer) - 1);
    for (size_t i = 0; config_key(i); i++) {
        g_autofree char *setting = g_strdup_printf("`%s`", config_key(i));
        if (config_may_change(i) && !strstr(page, setting))
            fail_msg("the guide does not tell of the setting %s", setting);
    }
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

/* ---- what may be asked for ---- */

static void assert_ok(const char *request)
{
    json_auto_t *answer = ask(request);

    if (json_integer_value(json_object_get(answer, "result")) != 200)
        fail_msg("%s", json_string_value(json_object_get(answer, "error")));
}

static void assert_refused(const char *request, int code, const char *why)
{
    json_auto_t *answer = ask(request);
    const char *error = json_string_value(json_object_get(answer, "error"));

    assert_int_equal(number(answer, "error_code"), code);
    if (!strstr(error, why))
        fail_msg("'%s' does not say '%s'", error, why);
}

static json_t *ask_status(const char *key)
{
    json_auto_t *answer = ask("{\"request\":\"status\"}");

    return json_incref(json_object_get(answer, key));
}

/* Until the writing thread has come round. */
static void await_status(const char *key, const char *inner, json_int_t value)
{
    int64_t deadline_us = evj_clock_mono_us() + 30 * INT64_C(1000000);
    json_int_t is;

    do {
        json_auto_t *found = ask_status(key);
        is = json_integer_value(inner ? json_object_get(found, inner) : found);
        assert_true(evj_clock_mono_us() < deadline_us);
    } while (is != value);
}

static void offer(unsigned count)
{
    json_auto_t *event = fixture_event(1, 100);

    for (unsigned i = 0; i < count; i++)
        recording_offer(recording, event);
}

static void what_is_offered_in_a_pause_is_counted_exactly(void **state)
{
    (void)state;
    offer(3);
    assert_ok("{\"request\":\"pause\"}");
    assert_ok("{\"request\":\"pause\"}");
    offer(5);
    json_auto_t *paused = ask_status("state");
    assert_string_equal(json_string_value(paused), "paused");
    assert_ok("{\"request\":\"resume\"}");
    offer(2);
    json_auto_t *resumed = ask_status("state");
    assert_string_equal(json_string_value(resumed), "recording");
    await_status("dropped_by", "paused", 5);
    struct tally tally = fixture_tally(fixture_only_journal());
    assert_int_equal(tally.events, 5);
    assert_int_equal(tally.lost, 5);
    assert_int_equal(tally.gaps, 1);
    assert_int_equal(tally.lost_bytes, tally.event_bytes);
    assert_true(tally.in_order);
}

static void a_mark_is_recorded_between_events(void **state)
{
    (void)state;
    offer(2);
    assert_ok("{\"request\":\"mark\",\"text\":\"it starts \\\"here\\\"\"}");
    struct tally before = fixture_tally(fixture_only_journal());
    assert_int_equal(before.marks, 1);
    offer(2);
    struct tally tally = fixture_tally(fixture_only_journal());
    assert_int_equal(tally.marks, 1);
    assert_int_equal(tally.events, 4);
    assert_true(tally.in_order);
    await_status("marks", NULL, 1);
    await_status("offered", NULL, 4);
}

static void a_mark_that_cannot_be_is_refused(void **state)
{
    char request[600];

    (void)state;
    assert_refused("{\"request\":\"mark\"}", 412, "text");
    assert_refused("{\"request\":\"mark\",\"text\":7}", 413, "text should be a string");
    snprintf(request, sizeof(request), "{\"request\":\"mark\",\"text\":\"%0241d\"}", 1);
    assert_refused(request, 413, "too long");
    snprintf(request, sizeof(request), "{\"request\":\"mark\",\"text\":\"%0240d\"}", 1);
    for (unsigned i = 0; i < 8; i++)
        assert_ok(request);
    assert_refused(request, 499, "Too many marks");
    offer(1);
    assert_int_equal(fixture_tally(fixture_only_journal()).marks, 8);
}

static void rotation_on_request_goes_on_in_a_next_file(void **state)
{
    (void)state;
    offer(3);
    assert_ok("{\"request\":\"rotate\"}");
    await_status("files", NULL, 2);
    offer(3);
    assert_int_equal(fixture_count_files(fixture_journals(), ".evj.gz"), 2);
    assert_int_equal(fixture_tally_all().events, 6);
    await_status("journals", "count", 2);
    json_auto_t *journals = ask_status("journals");
    assert_non_null(strstr(json_string_value(json_object_get(journals, "oldest")), ".evj.gz"));
}

static json_t *list(void)
{
    json_auto_t *answer = ask("{\"request\":\"list\"}");

    return json_incref(json_object_get(answer, "journals"));
}

static bool is_pinned(size_t index)
{
    json_auto_t *journals = list();

    return json_is_true(json_object_get(json_array_get(journals, index), "pinned"));
}

static void await_pinned(size_t index, bool pinned)
{
    int64_t deadline_us = evj_clock_mono_us() + 30 * INT64_C(1000000);

    while (is_pinned(index) != pinned)
        assert_true(evj_clock_mono_us() < deadline_us);
}

static void journals_are_listed_and_pinned(void **state)
{
    char request[400];

    (void)state;
    await_status("journals", "count", 1);
    assert_ok("{\"request\":\"pin\"}");
    await_pinned(0, true);
    assert_int_equal(fixture_count_files(fixture_journals(), ".evj.gz.pin"), 1);
    assert_ok("{\"request\":\"rotate\"}");
    await_status("journals", "count", 2);
    json_auto_t *journals = list();
    json_t *old = json_array_get(journals, 0);
    assert_true(json_is_false(json_object_get(old, "open")));
    assert_true(json_is_true(json_object_get(json_array_get(journals, 1), "open")));
    assert_true(number(old, "bytes") > 0);
    snprintf(request, sizeof(request), "{\"request\":\"unpin\",\"journal\":\"%s\"}",
             json_string_value(json_object_get(old, "name")));
    assert_ok(request);
    await_pinned(0, false);
    assert_int_equal(fixture_count_files(fixture_journals(), ".evj.gz.pin"), 0);
    assert_refused("{\"request\":\"pin\",\"journal\":\"../../etc/passwd\"}", 413, "no journal of");
    json_auto_t *path = ask_status("journal");
    snprintf(request, sizeof(request), "{\"request\":\"pin\",\"journal\":\"%s\"}",
             json_string_value(path));
    assert_ok(request);
    snprintf(request, sizeof(request), "{\"request\":\"pin\",\"journal\":\"/else/%s\"}",
             strrchr(json_string_value(path), '/') + 1);
    assert_refused(request, 413, "no journal of");
    assert_refused("{\"request\":\"pin\",\"journal\":1}", 413, "should be a string");
}

/* Files may be turned before the disk is asked for the pin. */
static void the_journal_that_was_open_is_pinned(void **state)
{
    (void)state;
    await_status("journals", "count", 1);
    fake_disk()->stuck = 1;
    while (fake_disk()->waiting == 0)
        assert_ok("{\"request\":\"list\"}"); /* has it look at the disk */
    assert_ok("{\"request\":\"rotate\"}");
    json_auto_t *answer = ask("{\"request\":\"pin\"}");
    const char *name = json_string_value(json_object_get(answer, "journal"));
    assert_non_null(strstr(recording_first_path(recording), name));
    fake_disk()->stuck = 0;
    await_status("journals", "count", 2);
    await_pinned(0, true);
    assert_false(is_pinned(1));
}

static void settings_are_changed_all_or_none(void **state)
{
    (void)state;
    json_auto_t *answer = ask("{\"request\":\"tweak\",\"events\":\"jsep, core\","
                              "\"flush_interval\":0.25,\"compression\":1,\"keep_size\":\"1G\"}");
    assert_int_equal(number(answer, "result"), 200);
    assert_int_equal(json_object_size(json_object_get(answer, "changed")), 4);
    assert_string_equal(events_set, "jsep,core");
    json_auto_t *settings = ask_status("settings");
    assert_string_equal(json_string_value(json_object_get(settings, "events")), "jsep,core");
    assert_int_equal(number(settings, "keep_size"), 1 << 30);
    assert_int_equal(number(settings, "compression"), 1);

    events_set[0] = '\0';
    assert_refused("{\"request\":\"tweak\",\"events\":\"all\",\"compression\":10}", 413,
                   "Nothing was changed: compression: not a number");
    assert_refused("{\"request\":\"tweak\",\"events\":\"all\",\"folder\":\"/\"}", 413,
                   "folder cannot be changed");
    assert_refused("{\"request\":\"tweak\",\"events\":[]}", 413, "events: not");
    assert_refused("{\"request\":\"tweak\"}", 412, "a setting");
    assert_string_equal(events_set, "");
    json_auto_t *unchanged = ask_status("settings");
    assert_true(json_equal(settings, unchanged));
}

static void the_next_file_tells_which_events_it_is_of(void **state)
{
    EVJ_AUTO(reader) *reader = NULL;

    (void)state;
    assert_ok("{\"request\":\"tweak\",\"events\":\"jsep\"}");
    assert_ok("{\"request\":\"rotate\"}");
    await_status("files", NULL, 2);
    json_auto_t *journal = ask_status("journal");
    assert_int_equal(evj_reader_open(json_string_value(journal), &reader, NULL), EVJ_OK);
    assert_string_equal(evj_reader_header(reader)->events, "jsep");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)
        TEST(status_tells_how_the_recording_goes),
        TEST(the_guide_tells_what_there_is),
        TEST(a_request_is_understood_in_any_case),
        TEST(a_bad_request_is_answered_as_the_bundled_handlers_do),
        TEST(a_failing_disk_is_in_the_status),
        TEST(what_is_offered_in_a_pause_is_counted_exactly),
        TEST(a_mark_is_recorded_between_events),
        TEST(a_mark_that_cannot_be_is_refused),
        TEST(rotation_on_request_goes_on_in_a_next_file),
        TEST(journals_are_listed_and_pinned),
        TEST(the_journal_that_was_open_is_pinned),
        TEST(settings_are_changed_all_or_none),
        TEST(the_next_file_tells_which_events_it_is_of),
    };

    return cmocka_run_group_tests_name("admin", tests, NULL, NULL);
}
