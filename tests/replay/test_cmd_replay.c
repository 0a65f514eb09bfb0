/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/replay/replay_command.h"

#include <glib/gstdio.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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
    command_forget(command);
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

    command_forget(command);
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
        {"%O --drain 3 --no-drain", "not both"},
        {"--null --drain 3", "--drain is for a handler"},
        {"--stdout --verbose", "--verbose is for a handler"},
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
