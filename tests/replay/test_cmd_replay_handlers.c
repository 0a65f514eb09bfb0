/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handlers that go wrong, and those that are asked something. */
#include "tests/replay/replay_command.h"

#include <string.h>

/* ---- handlers that go wrong ---- */

static void a_crash_names_signal_and_record(void **state)
{
    static const char *const labels[] = {"a", "warn", "crash", "d"};
    struct command *command = *state;

    write_journal(command, labels, 4, 3000);
    replay(command, "%O --json");
    assert_int_equal(command->exit_status, 1);
    assert_int_equal(number(command->report, "events"), 2);
    assert_text(ended_of(command), "how", "signal");
    assert_text(ended_of(command), "signal", "SIGSEGV");
    assert_int_equal(number(ended_of(command), "seq"), 2);
    assert_int_equal(json_array_size(json_object_get(handler_of(command), "log")), 1);
    assert_non_null(strstr(command->err, "janus.eventhandler.obedient died of SIGSEGV"));
    assert_non_null(strstr(command->err, "in incoming_event of record 2"));
}

/* Nothing that was measured is lost with the process that has measured it. */
static void a_crash_leaves_its_report_and_a_backtrace(void **state)
{
    static const char *const labels[] = {"a", "hold", "crash", "d"};
    struct command *command = *state;

    write_journal(command, labels, 4, 3000);
    replay(command, "%O --json");
    assert_int_equal(number(handler_of(command), "delivered"), 2);
    assert_int_equal(number(handler_of(command), "held"), 1);
    assert_int_equal(json_array_size(json_object_get(
                         json_object_get(handler_of(command), "callback_ns"), "slowest")),
                     2);
    replay(command, "%O");
    assert_non_null(strstr(command->err, "delivered  2"));
    assert_non_null(strstr(command->err, "held       1 event at the end"));
    assert_non_null(strstr(command->err, "obedient.so(obedient_crash+0x"));
}

static void an_exit_is_told(void **state)
{
    static const char *const labels[] = {"a", "exit"};
    struct command *command = *state;

    write_journal(command, labels, 2, 1000);
    replay(command, "%O --json");
    assert_int_equal(command->exit_status, 1);
    assert_text(ended_of(command), "how", "exit");
    assert_int_equal(number(ended_of(command), "status"), 3);
}

static void a_hang_is_ended_by_the_time_out(void **state)
{
    static const char *const labels[] = {"a", "hang"};
    struct command *command = *state;

    write_journal(command, labels, 2, 1000);
    replay(command, "%O --json --timeout 0.2");
    assert_int_equal(command->exit_status, 1);
    assert_text(ended_of(command), "how", "hung");
    assert_int_equal(number(ended_of(command), "seq"), 1);
}

static void a_crash_in_init_is_told(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    g_setenv("OBEDIENT_INIT", "crash", TRUE);
    replay(command, "%O --json");
    g_unsetenv("OBEDIENT_INIT");
    assert_int_equal(command->exit_status, 1);
    assert_text(ended_of(command), "phase", "init");
    assert_int_equal(number(command->report, "events"), 0);
}

/* A truncated library, for one, dies of SIGBUS in dlopen(). */
static void a_crash_while_loading_is_one_line_and_trouble(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    g_setenv("OBEDIENT_LOAD", "crash", TRUE);
    replay(command, "%O");
    g_unsetenv("OBEDIENT_LOAD");
    assert_int_equal(command->exit_status, 2);
    assert_non_null(strstr(command->err, "obedient.so died of SIGSEGV"));
    assert_non_null(strstr(command->err, "while it was loaded: the file is damaged"));
    assert_ptr_equal(strchr(command->err, '\n'), command->err + strlen(command->err) - 1);
}

static void a_refusal_in_init_is_one_line_and_all_of_it_with_verbose(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    g_setenv("OBEDIENT_REFUSES", "1", TRUE);
    replay(command, "%O");
    assert_int_equal(command->exit_status, 2);
    assert_non_null(strstr(command->err, "failed with -1 (\"disabled\")"));
    assert_ptr_equal(strchr(command->err, '\n'), command->err + strlen(command->err) - 1);
    replay(command, "%O --verbose");
    g_unsetenv("OBEDIENT_REFUSES");
    assert_non_null(strstr(command->err, "handler (warning, at the start): no configuration"));
}

static void a_warning_in_an_init_that_succeeds_is_shown(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    g_setenv("OBEDIENT_INIT", "warn", TRUE);
    replay(command, "%O");
    g_unsetenv("OBEDIENT_INIT");
    assert_int_equal(command->exit_status, 0);
    assert_non_null(strstr(command->err, "handler (warning, at the start): as you wish"));
}

static void a_death_is_told_once(void **state)
{
    static const char *const labels[] = {"a", "crash"};
    struct command *command = *state;
    const char *told;

    write_journal(command, labels, 2, 1000);
    replay(command, "%O");
    told = strstr(command->err, "died of SIGSEGV");
    assert_non_null(told);
    assert_null(strstr(told + 1, "died of SIGSEGV"));
}

static void events_that_are_kept_are_no(void **state)
{
    static const char *const labels[] = {"hold", "b"};
    struct command *command = *state;

    write_journal(command, labels, 2, 1000);
    replay(command, "%O --json --no-drain");
    assert_int_equal(command->exit_status, 1);
    assert_int_equal(number(handler_of(command), "held"), 1);
    assert_text(ended_of(command), "how", "destroyed");
}

/* In Janus this is a double free, sooner or later. */
static void a_release_too_many_is_no_and_told(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    replay(command, "--handler " HOST_HANDLER_DIR "/over_releasing.so --config /tmp --json");
    assert_int_equal(command->exit_status, 1);
    assert_int_equal(number(handler_of(command), "over_released"), 3);
    replay(command, "--handler " HOST_HANDLER_DIR "/over_releasing.so --config /tmp");
    assert_non_null(
        strstr(command->err, "released   3 events that it had not kept: Janus would crash"));
}

static void a_mask_that_takes_nothing_is_no_and_told(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    replay(command, "--handler " HOST_HANDLER_DIR "/deaf.so --config /tmp");
    assert_int_equal(command->exit_status, 1);
    assert_non_null(strstr(command->err, "its mask takes none of these events: set events"));
    assert_null(strstr(command->err, "callback"));
    assert_null(strstr(command->err, "held"));
}

static void warnings_are_shown_with_their_record(void **state)
{
    static const char *const labels[] = {"a", "warn"};
    struct command *command = *state;

    write_journal(command, labels, 2, 1000);
    replay(command, "%O");
    assert_int_equal(command->exit_status, 0);
    assert_non_null(strstr(command->err, "record 1"));
    assert_non_null(strstr(command->err, "as you wish"));
}

static void an_error_in_the_log_is_no_and_told(void **state)
{
    static const char *const labels[] = {"warn", "complain", "c"};
    struct command *command = *state;

    write_journal(command, labels, 3, 2000);
    replay(command, "%O --json");
    assert_int_equal(command->exit_status, 1);
    assert_int_equal(number(handler_of(command), "log_errors"), 1);
    replay(command, "%O");
    assert_non_null(
        strstr(command->err, "log        2 lines at warning or above, 1 of them at error"));
}

/* mqttevh, for one, may say the same of each of a million events. */
static void a_flood_of_warnings_is_counted_and_not_shown(void **state)
{
    const char *labels[150];
    struct command *command = *state;

    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
        labels[i] = "warn";
    write_journal(command, labels, G_N_ELEMENTS(labels), 200000);
    replay(command, "%O --speed max");
    assert_non_null(strstr(command->err, "(warning, at record 99): as you wish"));
    assert_null(strstr(command->err, "(warning, at record 100): as you wish"));
    assert_non_null(strstr(command->err, "are counted only; --verbose shows them"));
    assert_non_null(strstr(command->err, "log        150 lines at warning or above"));
    replay(command, "%O --speed max --verbose");
    assert_non_null(strstr(command->err, "(warning, at record 149): as you wish"));
}

static void a_handler_cannot_silence_the_report(void **state)
{
    static const char *const labels[] = {"a", "silence"};
    struct command *command = *state;

    write_journal(command, labels, 2, 1000);
    replay(command, "%O --json");
    assert_int_equal(command->exit_status, 0);
    assert_int_equal(number(command->report, "events"), 2);
    replay(command, "%O");
    assert_non_null(strstr(command->err, "events     2 in"));
}

/* ---- requests ---- */

static const json_t *request_of(const struct command *command, size_t index)
{
    return json_array_get(json_object_get(command->report, "requests"), index);
}

/* Beside the arguments, which blanks separate. */
static void replay_asking(struct command *command, const char *request, const char *arguments)
{
    g_auto(GStrv) argv = command_line(command, arguments);
    g_autofree char *option = g_strconcat("--request=", request, NULL);
    GPtrArray *with = g_ptr_array_new();

    for (char **each = argv; *each != NULL; each++)
        g_ptr_array_add(with, *each);
    g_ptr_array_add(with, option);
    g_ptr_array_add(with, NULL);
    replay_argv(command, (char **)with->pdata);
    g_ptr_array_free(with, TRUE);
}

static void a_request_is_answered_in_its_time(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    replay_asking(command, "{\"request\":\"well\"}@@1", "%O --json");
    assert_int_equal(command->exit_status, 0);
    assert_int_equal(json_array_size(json_object_get(command->report, "requests")), 1);
    assert_text(request_of(command, 0), "package", "janus.eventhandler.obedient");
    assert_text(json_object_get(request_of(command, 0), "answer"), "obeyed", "well");
    assert_int_equal(number(request_of(command, 0), "seq"), 0);
    assert_int_equal(number(command->report, "json_alive"), 0);
    assert_non_null(
        strstr(command->err, "asked {\"request\":\"well\"}, answers {\"obeyed\":\"well\"}"));
}

static void a_request_is_answered_while_events_are_compared(void **state)
{
    struct command *command = *state;
    g_autofree char *arguments = g_strdup_printf("%%O --json --expect %s", command->journal);

    write_journal(command, quiet, 3, 2000);
    replay_asking(command, "{\"request\":\"well\"}@@1", arguments);
    assert_int_equal(command->exit_status, 0);
    assert_text(json_object_get(request_of(command, 0), "answer"), "obeyed", "well");
}

/* As in Janus, whose Admin API has threads of its own. */
static void events_go_on_while_a_request_is_handled(void **state)
{
    static const char *const labels[] = {"a", "b", "go"};
    struct command *command = *state;

    write_journal(command, labels, 3, 2000);
    replay_asking(command, "{\"request\":\"await go\"}", "%O --json");
    assert_int_equal(command->exit_status, 0);
    assert_text(json_object_get(request_of(command, 0), "answer"), "obeyed", "await go");
}

/* Where no time line says what comes first, the order of the journal does. */
static void at_full_speed_the_next_event_waits_for_the_answer(void **state)
{
    static const char *const labels[] = {"hold", "hold", "hold"};
    struct command *command = *state;

    write_journal(command, labels, 3, 2000);
    replay_asking(command, "obedient:{\"request\":\"let go\"}@@2",
                  "%O --json --speed max --no-drain");
    assert_int_equal(number(handler_of(command), "held"), 1);
}

static void a_request_may_crash_the_handler(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    replay_asking(command, "{\"request\":\"crash\"}@@1", "%O --json --speed max");
    assert_int_equal(command->exit_status, 1);
    assert_text(ended_of(command), "phase", "handle_request");
    assert_non_null(strstr(command->err, "died of SIGSEGV (Segmentation fault) in handle_request"));
}

static void a_request_that_hangs_is_ended_by_the_time_out(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    replay_asking(command, "{\"request\":\"hang\"}", "%O --json --timeout 0.2");
    assert_int_equal(command->exit_status, 1);
    assert_text(ended_of(command), "how", "hung");
    assert_text(ended_of(command), "phase", "handle_request");
}

static void a_request_for_nobody_is_trouble(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    replay_asking(command, "other:{}", "%O");
    assert_int_equal(command->exit_status, 2);
    assert_non_null(strstr(command->err, "a request is for other, but no handler of that name"));
    replay_asking(command, "{}", "--null");
    assert_int_equal(command->exit_status, 2);
    assert_non_null(strstr(command->err, "--request is for a handler: give one with --handler"));
    replay_asking(command, "tweak", "%O");
    assert_int_equal(command->exit_status, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        COMMAND_TEST(a_crash_names_signal_and_record),
        COMMAND_TEST(a_crash_leaves_its_report_and_a_backtrace),
        COMMAND_TEST(an_exit_is_told),
        COMMAND_TEST(a_hang_is_ended_by_the_time_out),
        COMMAND_TEST(a_crash_in_init_is_told),
        COMMAND_TEST(a_crash_while_loading_is_one_line_and_trouble),
        COMMAND_TEST(a_refusal_in_init_is_one_line_and_all_of_it_with_verbose),
        COMMAND_TEST(a_warning_in_an_init_that_succeeds_is_shown),
        COMMAND_TEST(a_death_is_told_once),
        COMMAND_TEST(events_that_are_kept_are_no),
        COMMAND_TEST(a_release_too_many_is_no_and_told),
        COMMAND_TEST(a_mask_that_takes_nothing_is_no_and_told),
        COMMAND_TEST(warnings_are_shown_with_their_record),
        COMMAND_TEST(an_error_in_the_log_is_no_and_told),
        COMMAND_TEST(a_flood_of_warnings_is_counted_and_not_shown),
        COMMAND_TEST(a_handler_cannot_silence_the_report),
        COMMAND_TEST(a_request_is_answered_in_its_time),
        COMMAND_TEST(a_request_is_answered_while_events_are_compared),
        COMMAND_TEST(events_go_on_while_a_request_is_handled),
        COMMAND_TEST(at_full_speed_the_next_event_waits_for_the_answer),
        COMMAND_TEST(a_request_may_crash_the_handler),
        COMMAND_TEST(a_request_that_hangs_is_ended_by_the_time_out),
        COMMAND_TEST(a_request_for_nobody_is_trouble),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
