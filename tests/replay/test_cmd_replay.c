/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "evj/writer.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OBEDIENT OBEDIENT_DIR "/obedient.so"

/* A folder with a journal of labelled events (for the obedient handler), and one run of evj replay.
 */
struct command {
    char *folder, *journal;
    char *out, *err;
    int exit_status;
    json_t *report;
};

static int set_up(void **state)
{
    struct command *command = g_new0(struct command, 1);

    command->folder = g_dir_make_tmp("evj-replay-XXXXXX", NULL);
    command->journal = g_build_filename(command->folder, "j.evj.gz", NULL);
    *state = command;
    return 0;
}

static void forget_run(struct command *command)
{
    g_clear_pointer(&command->out, g_free);
    g_clear_pointer(&command->err, g_free);
    g_clear_pointer(&command->report, json_decref);
}

static int tear_down(void **state)
{
    struct command *command = *state;

    forget_run(command);
    g_unlink(command->journal);
    g_rmdir(command->folder);
    g_free(command->journal);
    g_free(command->folder);
    g_free(command);
    return 0;
}

/* One event a millisecond, the last one after `last_us`. */
static void write_journal(const struct command *command, const char *const *labels, size_t count,
                          int64_t last_us)
{
    EVJ_AUTO(writer) *writer = NULL;
    struct evj_header header;

    assert_int_equal(evj_header_init(&header, NULL), 0);
    assert_int_equal(evj_writer_open(command->journal, &header, NULL, &writer, NULL), 0);
    for (size_t i = 0; i < count; i++) {
        int64_t mono_us = header.started_mono_us + (i + 1 == count ? last_us : (int64_t)i * 1000);
        g_autofree char *event =
            g_strdup_printf("{\"type\":1,\"timestamp\":%" G_GINT64_FORMAT ",\"label\":\"%s\"}",
                            header.started_wall_us, labels[i]);

        assert_int_equal(evj_writer_add_event(writer, mono_us, event, strlen(event), NULL), 0);
    }
    assert_int_equal(evj_writer_finish(writer, "shutdown", NULL), 0);
}

/* The arguments after the journal, split at blanks. %O stands for the obedient handler's options.
 */
static char **command_line(const struct command *command, const char *arguments)
{
    g_auto(GStrv) parts = g_strsplit(arguments, "%O", -1);
    g_autofree char *given = g_strjoinv("--handler " OBEDIENT " --config /tmp", parts);
    g_autofree char *line = g_strdup_printf(EVJ " replay %s %s", command->journal, given);

    return g_strsplit(line, " ", -1);
}

static void replay_argv(struct command *command, char **argv)
{
    GError *error = NULL;
    int wstatus;

    forget_run(command);
    assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &command->out,
                             &command->err, &wstatus, &error));
    assert_true(WIFEXITED(wstatus));
    command->exit_status = WEXITSTATUS(wstatus);
    command->report = json_loads(command->out, 0, NULL);
}

static void replay(struct command *command, const char *arguments)
{
    g_auto(GStrv) argv = command_line(command, arguments);

    replay_argv(command, argv);
}

static const json_t *handler_of(const struct command *command)
{
    return json_array_get(json_object_get(command->report, "handlers"), 0);
}

static const json_t *ended_of(const struct command *command)
{
    return json_object_get(handler_of(command), "ended");
}

static void assert_text(const json_t *object, const char *key, const char *text)
{
    assert_non_null(json_string_value(json_object_get(object, key)));
    assert_string_equal(json_string_value(json_object_get(object, key)), text);
}

static json_int_t number(const json_t *object, const char *key)
{
    assert_true(json_is_integer(json_object_get(object, key)));
    return json_integer_value(json_object_get(object, key));
}

static const char *const quiet[] = {"a", "b", "c"};

/* ---- what became of the events ---- */

static const json_t *expect_of(const struct command *command, const char *kind)
{
    return json_object_get(json_object_get(command->report, "expect"), kind);
}

/* The journal itself stands for what arrived. */
static void what_arrived_is_compared_with_what_was_delivered(void **state)
{
    struct command *command = *state;
    g_autofree char *arguments = g_strdup_printf("%%O --json --expect %s", command->journal);

    write_journal(command, (const char *const[]){"a", "b", "c"}, 3, 2000);
    replay(command, arguments);
    assert_int_equal(command->exit_status, 0);
    assert_int_equal(json_integer_value(expect_of(command, "come")), 3);
    assert_true(json_is_true(expect_of(command, "ok")));
}

/* The event that it died of was delivered, too; those behind it were not. */
static void what_a_dead_handler_was_given_is_still_expected(void **state)
{
    struct command *command = *state;
    g_autofree char *arguments = g_strdup_printf("%%O --json --expect %s", command->journal);

    write_journal(command, (const char *const[]){"a", "b", "crash", "d"}, 4, 2000);
    replay(command, arguments);
    assert_int_equal(command->exit_status, 1);
    assert_int_equal(json_integer_value(expect_of(command, "expected")), 3);
    assert_int_equal(json_integer_value(expect_of(command, "come")), 3);
    assert_int_equal(json_integer_value(json_object_get(expect_of(command, "unexpected"), "count")),
                     1);
}

/* What a mask keeps from a handler nobody can expect to arrive. */
static void what_no_handler_wants_is_not_expected(void **state)
{
    struct command *command = *state;
    g_autofree char *arguments =
        g_strdup_printf("--handler " HOST_HANDLER_DIR "/deaf.so --config /tmp --json --expect %s",
                        command->journal);

    write_journal(command, quiet, 3, 2000);
    replay(command, arguments);
    assert_int_equal(json_integer_value(expect_of(command, "expected")), 0);
}

/* ---- JUnit ---- */

/* The file that a replay with these arguments has written; the caller frees it. */
static char *junit_of(struct command *command, const char *arguments)
{
    g_autofree char *path = g_build_filename(command->folder, "junit.xml", NULL);
    g_autofree char *all = g_strdup_printf("%s --junit %s", arguments, path);
    char *text = NULL;

    replay(command, all);
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_unlink(path);
    return text;
}

static void assert_counts(const char *junit, unsigned failures, unsigned skipped)
{
    g_autofree char *counts =
        g_strdup_printf("failures=\"%u\" errors=\"0\" skipped=\"%u\"", failures, skipped);

    if (strstr(junit, counts) == NULL)
        fail_msg("not %s: %s", counts, junit);
}

static void junit_says_that_all_is_well(void **state)
{
    struct command *command = *state;
    g_autofree char *junit = NULL;

    write_journal(command, quiet, 3, 2000);
    junit = junit_of(command, "%O");
    assert_non_null(strstr(junit, "<testsuite name=\"janus.eventhandler.obedient\""));
    assert_counts(junit, 0, 0);
}

/* A CI shows what the report says; and what nobody can say of the dead is skipped. */
static void junit_tells_how_a_handler_died(void **state)
{
    struct command *command = *state;
    g_autofree char *junit = NULL;

    write_journal(command, (const char *const[]){"a", "crash", "c"}, 3, 2000);
    junit = junit_of(command, "%O");
    assert_non_null(strstr(junit, "<failure message=\"janus.eventhandler.obedient died of "
                                  "SIGSEGV"));
    assert_non_null(strstr(junit, "record 1"));
    assert_counts(junit, 1, 5);
}

static void junit_tells_why_a_handler_did_not_start(void **state)
{
    struct command *command = *state;
    g_autofree char *junit = NULL;

    write_journal(command, quiet, 3, 2000);
    junit = junit_of(command, "--handler /nowhere/libjanus_noevh.so --config /tmp");
    assert_int_equal(command->exit_status, 2);
    assert_non_null(strstr(junit, "<testsuite name=\"libjanus_noevh.so\""));
    assert_non_null(strstr(junit, "No such file"));
    assert_counts(junit, 1, 7);
}

static void junit_names_what_was_held(void **state)
{
    struct command *command = *state;
    g_autofree char *junit = NULL;

    write_journal(command, (const char *const[]){"a", "keep", "c"}, 3, 2000);
    junit = junit_of(command, "%O --drain 0.01");
    assert_non_null(strstr(junit, "<failure message=\"held 1 event when destroy was called"));
    assert_int_equal(command->exit_status, 1);
}

/* ---- all is well ---- */

static void a_good_handler_is_yes(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    replay(command, "%O --json");
    assert_int_equal(command->exit_status, 0);
    assert_int_equal(number(command->report, "events"), 3);
    assert_int_equal(number(command->report, "speed"), 1);
    assert_int_equal(number(command->report, "recorded_us"), 2000);
    assert_text(ended_of(command), "how", "destroyed");
    assert_string_equal(command->err, "");
}

static void in_this_process_it_is_the_same(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    replay(command, "%O --json --no-supervise --speed max");
    assert_int_equal(command->exit_status, 0);
    assert_int_equal(number(handler_of(command), "delivered"), 3);
}

static void the_text_report_is_on_standard_error(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    replay(command, "%O --speed max");
    assert_string_equal(command->out, "");
    assert_non_null(strstr(command->err, "events     3 in"));
    assert_non_null(strstr(command->err, "janus.eventhandler.obedient"));
    assert_non_null(strstr(command->err, "it had let go of every event"));
}

static void standard_output_is_the_events_and_the_report_goes_elsewhere(void **state)
{
    struct command *command = *state;
    g_auto(GStrv) lines = NULL;
    json_auto_t *report = NULL;

    write_journal(command, quiet, 3, 2000);
    replay(command, "--stdout --speed max --json");
    lines = g_strsplit(command->out, "\n", -1);
    assert_int_equal(g_strv_length(lines), 4);
    assert_non_null(strstr(lines[0], "\"label\":\"a\"}"));
    assert_non_null(strstr(lines[2], "\"label\":\"c\"}"));
    report = json_loads(command->err, 0, NULL);
    assert_int_equal(number(report, "events"), 3);
    assert_text(report, "sink", "stdout");
}

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
    assert_non_null(strstr(command->err, "--request asks a handler: give one with --handler"));
    replay_asking(command, "tweak", "%O");
    assert_int_equal(command->exit_status, 2);
}

/* ---- on a terminal ---- */

/* Read until `sign` has come, or (NULL) to the end. */
static void read_until(int fd, GString *text, const char *sign)
{
    char byte;

    while ((sign == NULL || strstr(text->str, sign) == NULL) && read(fd, &byte, 1) == 1)
        g_string_append_c(text, byte);
}

static void replay_on_a_terminal(struct command *command, const char *arguments)
{
    g_auto(GStrv) argv = command_line(command, arguments);
    GString *text = g_string_new(NULL);
    int fd, wstatus;
    pid_t pid = forkpty(&fd, NULL, NULL, NULL);

    assert_int_not_equal(pid, -1);
    if (pid == 0) {
        execv(argv[0], argv);
        _exit(127);
    }
    forget_run(command);
    read_until(fd, text, NULL);
    close(fd);
    assert_int_equal(waitpid(pid, &wstatus, 0), pid);
    command->exit_status = WEXITSTATUS(wstatus);
    command->err = g_string_free(text, FALSE);
}

static void the_status_line_is_wiped_before_a_death_is_told(void **state)
{
    static const char *const labels[] = {"a", "b", "hang"};
    struct command *command = *state;

    write_journal(command, labels, 3, 2000);
    replay_on_a_terminal(command, "%O --timeout 0.5");
    assert_int_equal(command->exit_status, 1);
    assert_non_null(strstr(command->err, ", 2 events")); /* while it hangs */
    assert_non_null(strstr(command->err, "\r\033[KReplay:"));
}

static void the_status_line_tells_of_the_drain(void **state)
{
    static const char *const labels[] = {"hold", "hold"};
    struct command *command = *state;

    write_journal(command, labels, 2, 1000);
    replay_on_a_terminal(command, "%O --drain 0.01");
    assert_non_null(strstr(command->err, "\r\033[Kwaiting for the handler to let go of 2 events"));
    assert_non_null(strstr(command->err, "\r\033[KReplay:"));
}

/* ---- damaged journals ---- */

static void replay_damaged(struct command *command, size_t keep, size_t flip)
{
    g_autofree char *bytes = NULL;
    gsize size;

    g_unlink(command->journal);
    write_journal(command, quiet, 3, 2000);
    assert_true(g_file_get_contents(command->journal, &bytes, &size, NULL));
    if (flip > 0)
        memset(bytes + size - flip, 0xff, 8);
    assert_true(g_file_set_contents(command->journal, bytes, (gssize)(size - keep), NULL));
    replay(command, "--null");
}

static void of_a_damaged_journal_it_says_what_to_do(void **state)
{
    struct command *command = *state;

    replay_damaged(command, 20, 0);
    assert_int_equal(command->exit_status, 1);
    assert_non_null(strstr(command->err, "copy it again"));
    replay_damaged(command, 0, 30);
    assert_int_equal(command->exit_status, 1);
    assert_non_null(strstr(command->err, "evj repair makes a whole journal"));
}

/* ---- stopping ---- */

/* Start it, wait until standard error says `sign`, send SIGINT, and take what it says to the end.
 */
static void replay_and_interrupt(struct command *command, const char *arguments, const char *sign)
{
    g_auto(GStrv) argv = command_line(command, arguments);
    g_autoptr(GString) out = g_string_new(NULL), err = g_string_new(NULL);
    int out_fd, err_fd, wstatus;
    GPid pid;

    forget_run(command);
    assert_true(g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                         &pid, NULL, &out_fd, &err_fd, NULL));
    read_until(err_fd, err, sign);
    assert_int_equal(kill(pid, SIGINT), 0);
    read_until(err_fd, err, NULL);
    read_until(out_fd, out, NULL);
    assert_int_equal(waitpid(pid, &wstatus, 0), pid);
    close(out_fd);
    close(err_fd);
    assert_true(WIFEXITED(wstatus));
    command->exit_status = WEXITSTATUS(wstatus);
    command->report = json_loads(out->str, 0, NULL);
}

/* The third event is due in an hour; after SIGINT there is a report all the same. */
static void an_interrupt_ends_it_with_a_report(void **state)
{
    static const char *const labels[] = {"a", "warn", "c"};
    static const char *const arguments[] = {"%O --json", "%O --json --no-supervise"};
    struct command *command = *state;

    write_journal(command, labels, 3, INT64_C(3600000000));
    for (size_t i = 0; i < G_N_ELEMENTS(arguments); i++) {
        replay_and_interrupt(command, arguments[i], "as you wish");
        assert_int_equal(command->exit_status, 1);
        assert_true(json_is_true(json_object_get(command->report, "interrupted")));
        assert_int_equal(number(command->report, "events"), 2);
        assert_text(ended_of(command), "how", "destroyed");
    }
}

/* Nobody is to wonder why nothing happens. */
static void a_long_wait_is_told_with_what_can_be_done(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, INT64_C(3600000000));
    replay_and_interrupt(command, "--null --json",
                         "the next event is due in 60 min: --idle-limit SECONDS makes such "
                         "silence shorter\n");
    assert_int_equal(command->exit_status, 1);
    assert_int_equal(number(command->report, "events"), 2);
}

/* ---- mistakes ---- */

static void mistakes_are_one_line_and_trouble(void **state)
{
    static const struct {
        const char *arguments, *says;
    } cases[] = {
        {"", "--handler FILE"},
        {"--null --stdout", "not several"},
        {"--handler " OBEDIENT, "--config FOLDER"},
        {"--handler " OBEDIENT " --config /nonexistent", "/nonexistent"},
        {"--handler /nonexistent.so --config /tmp", "/nonexistent.so"},
        {"--null --speed 0", "no speed \"0\""},
        {"--null --idle-limit 0",
         "--idle-limit wants a number of seconds from 0.000001 to 1000000000"},
        {"--null --idle-limit nan", "--idle-limit"},
        {"%O --drain -1", "--drain"},
        {"%O --timeout 1e10", "--timeout"},
        {"--http ftp://127.0.0.1/", "http://host:port"},
        {"--null --no-such-option", "--no-such-option"},
        {"--null /nonexistent.evj.gz", "/nonexistent.evj.gz"},
        {"--null " OBEDIENT, "obedient.so"},
    };
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        replay(command, cases[i].arguments);
        assert_int_equal(command->exit_status, 2);
        assert_string_equal(command->out, "");
        assert_non_null(strstr(command->err, cases[i].says));
        assert_ptr_equal(strchr(command->err, '\n'), command->err + strlen(command->err) - 1);
    }
}

static void nothing_selected_is_no(void **state)
{
    struct command *command = *state;

    write_journal(command, quiet, 3, 2000);
    replay(command, "--null --type jsep");
    assert_int_equal(command->exit_status, 1);
    assert_non_null(strstr(command->err, "nothing in the journal matches"));
}

static void an_empty_journal_is_no(void **state)
{
    struct command *command = *state;

    write_journal(command, NULL, 0, 0);
    replay(command, "--null");
    assert_int_equal(command->exit_status, 1);
    assert_non_null(strstr(command->err, "the journal holds no events"));
}

static void a_full_disk_is_trouble_told_once(void **state)
{
    struct command *command = *state;
    g_autofree char *line = NULL;
    char *argv[] = {(char[]){"/bin/sh"}, (char[]){"-c"}, NULL, NULL};
    int wstatus;

    write_journal(command, quiet, 3, 2000);
    line = g_strdup_printf(EVJ " replay --stdout --speed max %s >/dev/full", command->journal);
    argv[2] = line;
    assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &command->out,
                             &command->err, &wstatus, NULL));
    assert_int_equal(WEXITSTATUS(wstatus), 2);
    assert_non_null(strstr(command->err, "cannot write"));
    assert_null(strstr(strstr(command->err, "cannot write") + 1, "cannot write"));
}

#define COMMAND_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        COMMAND_TEST(what_arrived_is_compared_with_what_was_delivered),
        COMMAND_TEST(what_a_dead_handler_was_given_is_still_expected),
        COMMAND_TEST(what_no_handler_wants_is_not_expected),
        COMMAND_TEST(junit_says_that_all_is_well),
        COMMAND_TEST(junit_tells_how_a_handler_died),
        COMMAND_TEST(junit_tells_why_a_handler_did_not_start),
        COMMAND_TEST(junit_names_what_was_held),
        COMMAND_TEST(a_good_handler_is_yes),
        COMMAND_TEST(in_this_process_it_is_the_same),
        COMMAND_TEST(the_text_report_is_on_standard_error),
        COMMAND_TEST(standard_output_is_the_events_and_the_report_goes_elsewhere),
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
        COMMAND_TEST(the_status_line_is_wiped_before_a_death_is_told),
        COMMAND_TEST(the_status_line_tells_of_the_drain),
        COMMAND_TEST(of_a_damaged_journal_it_says_what_to_do),
        COMMAND_TEST(an_interrupt_ends_it_with_a_report),
        COMMAND_TEST(a_long_wait_is_told_with_what_can_be_done),
        COMMAND_TEST(mistakes_are_one_line_and_trouble),
        COMMAND_TEST(nothing_selected_is_no),
        COMMAND_TEST(an_empty_journal_is_no),
        COMMAND_TEST(a_full_disk_is_trouble_told_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
