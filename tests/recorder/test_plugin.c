/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/recorder/fixture.h"
#include "tests/support/fake_core.h"

#include <events/eventhandler.h>

#include "evj/reader.h"

#include <stdio.h>
#include <string.h>

/* The handler's table as the core has it, driven with a fake of the core. */
janus_eventhandler *create(void);

static janus_eventhandler *handler;

static int setup(void **state)
{
    handler = create();
    handler->events_mask = 0;
    fake_core_reset();
    return fixture_setup(state);
}

static void write_file(const char *name, const char *text)
{
    char path[200];

    snprintf(path, sizeof(path), "%s/%s", fixture_folder(), name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* `more`: further lines of the category general, or of others. */
static int init(const char *more)
{
    char text[1000];

    snprintf(text, sizeof(text),
             "[general]\nenabled = true\nfolder = %s\nspool_folder = %s\nbuffer = 64K\n%s\n",
             fixture_journals(), fixture_spools(), more);
    write_file("janus.eventhandler.journalevh.jcfg", text);
    return handler->init(fixture_folder());
}

static void assert_logged(const char *text)
{
    if (!fake_core_logged(text))
        fail_msg("'%s' is not in the log:\n%s", text, fake_core_log());
}

/* Who asks hears that, and why. */
static void assert_not_recording(json_t *request)
{
    json_auto_t *answer = handler->handle_request(request);
    const char *error = json_string_value(json_object_get(answer, "error"));

    assert_int_equal(json_integer_value(json_object_get(answer, "error_code")), 499);
    assert_ptr_equal(strstr(error, "Nothing is recorded: "), error);
    assert_true(strlen(error) > strlen("Nothing is recorded: "));
}

/* It refused: nothing is subscribed to, and nothing that the core may still do does any harm. */
static void assert_idle(void)
{
    json_auto_t *event = fixture_event(1, 10), *request = json_pack("{s:s}", "request", "status");

    assert_int_equal(handler->events_mask, 0);
    handler->incoming_event(event);
    assert_not_recording(request);
    handler->destroy();
    assert_int_equal(fixture_count_files(fixture_journals(), ".gz"), 0);
    assert_int_equal(fixture_count_files(fixture_spools(), ".spool"), 0);
}

static void the_table_is_complete_and_of_this_api(void **state)
{
    (void)state;
    assert_int_equal(handler->get_api_compatibility(), JANUS_EVENTHANDLER_API_VERSION);
    assert_string_equal(handler->get_package(), "janus.eventhandler.journalevh");
    assert_true(handler->get_version() > 0);
    assert_non_null(handler->get_version_string());
    assert_non_null(handler->get_description());
    assert_non_null(handler->get_name());
    assert_non_null(handler->get_author());
}

static void it_records_from_init_to_destroy(void **state)
{
    json_auto_t *event = fixture_event(1, 100);

    (void)state;
    assert_int_equal(init(""), 0);
    assert_int_equal(handler->events_mask, JANUS_EVENT_TYPE_ALL);
    for (unsigned i = 0; i < 5; i++)
        handler->incoming_event(event);
    handler->destroy();
    struct tally tally = fixture_tally(fixture_only_journal());
    assert_int_equal(tally.events, 5);
    assert_true(tally.closed);
    assert_logged("recording events (all) to ");
    assert_logged("closed ");
}

static void a_second_life_begins_a_second_journal(void **state)
{
    (void)state;
    assert_int_equal(init(""), 0);
    handler->destroy();
    assert_int_equal(init(""), 0);
    handler->destroy();
    assert_int_equal(fixture_count_files(fixture_journals(), ".evj.gz"), 2);
}

static void requests_are_answered_while_it_records_and_not_after(void **state)
{
    json_auto_t *request = json_pack("{s:s}", "request", "status");

    (void)state;
    assert_int_equal(init(""), 0);
    json_auto_t *answer = handler->handle_request(request);
    assert_int_equal(json_integer_value(json_object_get(answer, "result")), 200);
    handler->destroy();
    assert_not_recording(request);
}

static void only_the_events_asked_for_are_subscribed_to(void **state)
{
    (void)state;
    assert_int_equal(init("events = sessions , fireworks, media "), 0);
    assert_int_equal(handler->events_mask, JANUS_EVENT_TYPE_SESSION | JANUS_EVENT_TYPE_MEDIA);
    assert_logged("[WARN] [janus.eventhandler.journalevh] events: 'fireworks'");
    handler->destroy();
}

static void assert_emitter(const char *emitter)
{
    EVJ_AUTO(reader) *reader = NULL;

    assert_int_equal(init(""), 0);
    handler->destroy();
    assert_int_equal(evj_reader_open(fixture_only_journal(), &reader, NULL), EVJ_OK);
    assert_string_equal(evj_reader_header(reader)->emitter, emitter);
}

static void the_emitter_is_the_servers_name(void **state)
{
    (void)state;
    write_file("janus.jcfg", "[general]\nserver_name = gw alpha\n");
    assert_emitter("gw alpha");
    assert_non_null(strstr(fixture_only_journal(), "/gw_alpha-"));
}

static void a_server_without_a_name_has_that_of_the_core(void **state)
{
    (void)state;
    write_file("janus.jcfg", "[general]\n");
    assert_emitter("MyJanusInstance");
}

static void a_core_configuration_that_is_not_there_is_no_error(void **state)
{
    (void)state;
    assert_emitter("MyJanusInstance");
    assert_false(fake_core_logged("[WARN]"));
    assert_false(fake_core_logged("[ERR]"));
}

static void an_ini_file_will_do(void **state)
{
    (void)state;
    assert_int_equal(init(""), 0);
    handler->destroy();
    char old[200], new[200];
    snprintf(old, sizeof(old), "%s/janus.eventhandler.journalevh.jcfg", fixture_folder());
    snprintf(new, sizeof(new), "%s/janus.eventhandler.journalevh.cfg", fixture_folder());
    assert_int_equal(rename(old, new), 0);
    assert_int_equal(handler->init(fixture_folder()), 0);
    handler->destroy();
}

static void without_a_configuration_it_stays_idle_and_says_why(void **state)
{
    (void)state;
    assert_int_equal(handler->init(fixture_folder()), -1);
    assert_logged("disabled: no configuration could be read");
    assert_idle();
}

static void when_disabled_it_stays_idle_and_says_so(void **state)
{
    (void)state;
    assert_int_equal(init("enabled = false"), -1);
    assert_logged("disabled in its configuration");
    assert_idle();
}

static void a_value_that_cannot_be_replaced_keeps_it_idle(void **state)
{
    (void)state;
    assert_int_equal(init("events = fireworks"), -1);
    assert_logged("[ERR] ");
    assert_logged("events = fireworks: not ");
    assert_idle();
}

/* Of what it misses in the meantime the log tells. */
static void a_folder_that_cannot_be_is_told_of_and_waited_for(void **state)
{
    json_auto_t *event = fixture_event(1, 10), *request = json_pack("{s:s}", "request", "status");
    char more[200];

    (void)state;
    write_file("file", "");
    snprintf(more, sizeof(more), "folder = %s/file/journals", fixture_folder());
    assert_int_equal(init(more), 0);
    assert_logged("[ERR] ");
    assert_logged("file/journals: cannot create the folder");
    assert_logged("trying again every 5 s");
    assert_int_equal(handler->events_mask, JANUS_EVENT_TYPE_ALL);
    handler->incoming_event(event);
    assert_not_recording(request);
    handler->destroy();
    assert_logged("/file/journals, and 1 events are lost: cannot create the folder");
    assert_int_equal(fixture_count_files(fixture_spools(), ".spool"), 0);
}

static void what_is_not_understood_is_named(void **state)
{
    (void)state;
    assert_int_equal(init("colour = blue\nflush_interval\n[rotation]\nsize = 3"), 0);
    assert_logged("colour: no such key");
    assert_logged("flush_interval = (a list or group): not ");
    assert_logged("rotation: only the category general is known");
    handler->destroy();
}

/* Janus must go on, and its log must say where the rest is. */
static void a_journal_that_cannot_be_closed_is_reported(void **state)
{
    json_auto_t *event = fixture_event(1, 100);

    (void)state;
    assert_int_equal(init(""), 0);
    fixture_limit_files(64);
    handler->incoming_event(event);
    handler->destroy();
    fixture_unlimit_files();
    assert_logged("could not be closed: ");
    assert_logged(".spool");
    assert_int_equal(fixture_tally(fixture_only_journal()).events, 1);

    /* The next start finds what was left. */
    assert_int_equal(init(""), 0);
    assert_logged("was never closed");
    handler->destroy();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, fixture_teardown)
        TEST(the_table_is_complete_and_of_this_api),
        TEST(it_records_from_init_to_destroy),
        TEST(a_second_life_begins_a_second_journal),
        TEST(requests_are_answered_while_it_records_and_not_after),
        TEST(only_the_events_asked_for_are_subscribed_to),
        TEST(the_emitter_is_the_servers_name),
        TEST(a_server_without_a_name_has_that_of_the_core),
        TEST(a_core_configuration_that_is_not_there_is_no_error),
        TEST(an_ini_file_will_do),
        TEST(without_a_configuration_it_stays_idle_and_says_why),
        TEST(when_disabled_it_stays_idle_and_says_so),
        TEST(a_value_that_cannot_be_replaced_keeps_it_idle),
        TEST(a_folder_that_cannot_be_is_told_of_and_waited_for),
        TEST(what_is_not_understood_is_named),
        TEST(a_journal_that_cannot_be_closed_is_reported),
    };

    return cmocka_run_group_tests_name("plugin", tests, NULL, NULL);
}
