/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evj replay on a terminal of its own. Nothing is waited for but what it says; where it is in recorded
 * time is known after a step, as time stands still then.
 */
#include "tests/support/test.h"

#include "evj/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define OBEDIENT "--handler " OBEDIENT_DIR "/obedient.so --config /tmp"

#define HUNDRED_S_US INT64_C(100000000)

struct terminal {
    char *folder, *journal;
    int fd;
    pid_t pid;     /* evj, or the shell that it runs under */
    GString *said; /* since the last that was waited for */
    int wstatus;
};

static int set_up(void **state)
{
    struct terminal *terminal = g_new0(struct terminal, 1);

    terminal->folder = g_dir_make_tmp("evj-terminal-XXXXXX", NULL);
    terminal->journal = g_build_filename(terminal->folder, "j.evj.gz", NULL);
    terminal->said = g_string_new(NULL);
    *state = terminal;
    return 0;
}

static int tear_down(void **state)
{
    struct terminal *terminal = *state;

    close(terminal->fd);
    g_unlink(terminal->journal);
    g_rmdir(terminal->folder);
    g_free(terminal->journal);
    g_free(terminal->folder);
    g_string_free(terminal->said, TRUE);
    g_free(terminal);
    return 0;
}

/* Five events, a hundred seconds apart; the obedient handler does what the second one's label says. */
static void write_journal(const struct terminal *terminal, const char *label)
{
    EVJ_AUTO(writer) *writer = NULL;
    struct evj_header header;

    assert_int_equal(evj_header_init(&header, NULL), 0);
    assert_int_equal(evj_writer_open(terminal->journal, &header, NULL, &writer, NULL), 0);
    for (int i = 0; i < 5; i++) {
        g_autofree char *event = g_strdup_printf("{\"type\":1,\"timestamp\":%d,\"label\":\"%s\"}",
                                                 i, i == 1 ? label : "a");

        assert_int_equal(evj_writer_add_event(writer, header.started_mono_us + i * HUNDRED_S_US,
                                              event, strlen(event), NULL),
                         0);
    }
    assert_int_equal(evj_writer_finish(writer, "shutdown", NULL), 0);
}

/* ---- the two ends of the terminal ---- */

static char **command_line(const struct terminal *terminal, const char *arguments)
{
    g_autofree char *line = g_strdup_printf(EVJ " replay %s %s", terminal->journal, arguments);

    return g_strsplit(line, " ", -1);
}

/* Wide enough for every line. */
static const struct winsize size = {.ws_row = 24, .ws_col = 200};

static void start(struct terminal *terminal, const char *arguments)
{
    g_auto(GStrv) argv = command_line(terminal, arguments);

    terminal->pid = forkpty(&terminal->fd, NULL, NULL, &size);
    assert_int_not_equal(terminal->pid, -1);
    if (terminal->pid == 0) {
        execv(argv[0], argv);
        _exit(127);
    }
}

/* False when nobody is at the other end any more. */
static bool hear_more(struct terminal *terminal)
{
    char bytes[256];
    ssize_t len;

    do
        len = read(terminal->fd, bytes, sizeof(bytes));
    while (len < 0 && errno == EINTR);
    if (len > 0)
        g_string_append_len(terminal->said, bytes, len);
    return len > 0;
}

/* Wait until it says so; what it said before is forgotten. */
static void await(struct terminal *terminal, const char *sign)
{
    const char *found;

    while ((found = strstr(terminal->said->str, sign)) == NULL)
        if (!hear_more(terminal))
            fail_msg("no \"%s\" in \"%s\"", sign, terminal->said->str);
    g_string_erase(terminal->said, 0, found - terminal->said->str);
}

static void type(const struct terminal *terminal, const char *keys)
{
    assert_int_equal(write(terminal->fd, keys, strlen(keys)), strlen(keys));
}

/* To its end: the rest of what it says is kept. */
static void await_end(struct terminal *terminal)
{
    while (hear_more(terminal))
        ;
    assert_int_equal(waitpid(terminal->pid, &terminal->wstatus, 0), terminal->pid);
}

static void assert_exit(const struct terminal *terminal, int status)
{
    assert_true(WIFEXITED(terminal->wstatus));
    assert_int_equal(WEXITSTATUS(terminal->wstatus), status);
}

static void assert_shows_keys(const struct terminal *terminal, bool shows)
{
    const tcflag_t flags = ICANON | ECHO;
    struct termios now;

    assert_int_equal(tcgetattr(terminal->fd, &now), 0);
    assert_int_equal(now.c_lflag & flags, shows ? flags : 0);
}

/* ---- keys ---- */

#define RIGHT "\033[C"
#define LEFT "\033[D"
#define UP "\033[A"
#define DOWN "\033[B"

static void assert_keys(struct terminal *terminal, const char *arguments)
{
    write_journal(terminal, "a");
    start(terminal, arguments);
    await(terminal, "space pauses");
    await(terminal, ", 1 event"); /* and the next is far off */
    type(terminal, ".");
    await(terminal, "paused at 0:01:40.0 of 0:06:40.0 (25%), speed 1, 2 events");
    type(terminal, RIGHT UP);
    await(terminal, "paused at 0:02:50.0 of 0:06:40.0 (42%)");
    type(terminal, LEFT);
    await(terminal, "paused at 0:02:40.0");
    type(terminal, DOWN DOWN);
    await(terminal, "paused at 0:00:40.0");
    type(terminal, ".");
    await(terminal, "paused at 0:01:40.0 of 0:06:40.0 (25%), speed 1, 3 events");
    type(terminal, "++");
    await(terminal, "speed 5,");
    type(terminal, "-");
    await(terminal, "speed 2,");
    type(terminal, " ");
    await(terminal, "\033[Kat 0:01:4");
    type(terminal, " ");
    await(terminal, "paused");
    type(terminal, "q");
    await_end(terminal);
    assert_non_null(strstr(terminal->said->str, "stopped    on request"));
    assert_non_null(strstr(terminal->said->str, "events     3 in"));
    assert_exit(terminal, 1);
}

/* The parent reads them, and the child obeys. */
static void keys_are_obeyed_with_a_handler(void **state)
{
    assert_keys(*state, OBEDIENT);
}

static void keys_are_obeyed_without_one(void **state)
{
    assert_keys(*state, "--null");
}

static void a_seek_beyond_the_end_is_the_end(void **state)
{
    struct terminal *terminal = *state;

    write_journal(terminal, "a");
    start(terminal, "--null");
    await(terminal, "space pauses");
    await(terminal, ", 1 event");
    type(terminal, "." UP UP UP UP UP UP);
    await_end(terminal);
    assert_non_null(strstr(terminal->said->str, "events     2 in"));
    assert_exit(terminal, 0);
}

/* What wraps could not be wiped. */
static void the_line_is_as_short_as_the_terminal(void **state)
{
    struct terminal *terminal = *state;

    write_journal(terminal, "a");
    start(terminal, "--null --start-at 2100-01-01T00:00:00Z");
    await(terminal, "space pauses");
    assert_int_equal(ioctl(terminal->fd, TIOCSWINSZ, &(struct winsize){.ws_col = 10}), 0);
    await(terminal, "\033[Kstarts in\r");
    type(terminal, "q");
    await_end(terminal);
}

/* Above the line, which goes on. */
static void a_long_wait_is_told_once_with_what_can_be_done(void **state)
{
    struct terminal *terminal = *state;

    write_journal(terminal, "a");
    start(terminal, "--null --speed 0.1");
    await(terminal, "\r\033[Kevj replay: the next event is due in 17 min: --idle-limit SECONDS");
    await(terminal, ", next in 17 min, 1 event");
    type(terminal, "  ."); /* a pause is not told, nor the same wait again */
    await(terminal, "paused at 0:01:40.0 of 0:06:40.0 (25%), speed 0.1, 2 events");
    type(terminal, "q");
    await_end(terminal);
    assert_null(strstr(terminal->said->str, "--idle-limit"));
}

static void who_types_nothing_gets_all(void **state)
{
    struct terminal *terminal = *state;

    write_journal(terminal, "a");
    start(terminal, OBEDIENT " --speed max");
    await_end(terminal);
    assert_non_null(strstr(terminal->said->str, "events     5 in"));
    assert_exit(terminal, 0);
}

/* ---- the terminal afterwards ---- */

/* Start it, and see that it has the terminal as it needs it. */
static void start_raw(struct terminal *terminal, const char *arguments, const char *label)
{
    write_journal(terminal, label);
    start(terminal, arguments);
    await(terminal, "space pauses");
    await(terminal, ", 1 event");
    assert_shows_keys(terminal, false);
}

static void after_its_end_the_terminal_is_as_before(void **state)
{
    struct terminal *terminal = *state;

    start_raw(terminal, OBEDIENT, "a");
    type(terminal, "....q");
    await_end(terminal);
    assert_shows_keys(terminal, true);
}

static void after_a_crash_of_the_handler_it_is_as_before(void **state)
{
    struct terminal *terminal = *state;

    start_raw(terminal, OBEDIENT, "crash");
    type(terminal, ".");
    await_end(terminal);
    assert_non_null(strstr(terminal->said->str, "died of SIGSEGV"));
    assert_exit(terminal, 1);
    assert_shows_keys(terminal, true);
}

static void ctrl_c_is_still_ctrl_c(void **state)
{
    struct terminal *terminal = *state;

    start_raw(terminal, OBEDIENT, "a");
    type(terminal, "\003");
    await_end(terminal);
    assert_non_null(strstr(terminal->said->str, "stopped    on request"));
    assert_shows_keys(terminal, true);
}

static void after_a_deadly_signal_it_is_as_before(void **state)
{
    static const int signals[] = {SIGQUIT, SIGHUP, SIGABRT, SIGSEGV, SIGPIPE, SIGUSR1};
    struct terminal *terminal = *state;

    for (size_t i = 0; i < G_N_ELEMENTS(signals); i++) {
        start_raw(terminal, i % 2 ? OBEDIENT : "--null", "a");
        assert_int_equal(kill(terminal->pid, signals[i]), 0);
        await_end(terminal);
        assert_true(WIFSIGNALED(terminal->wstatus));
        assert_int_equal(WTERMSIG(terminal->wstatus), signals[i]);
        assert_shows_keys(terminal, true);
        close(terminal->fd);
        g_string_truncate(terminal->said, 0);
        g_unlink(terminal->journal);
    }
    terminal->fd = -1;
}

/* Without a handler nobody waits for the third SIGINT. */
static void after_the_third_sigint_it_is_as_before(void **state)
{
    struct terminal *terminal = *state;

    start_raw(terminal, OBEDIENT " --drain 1000", "hold");
    type(terminal, ".");
    await(terminal, "2 events");
    type(terminal, "\003");
    await(terminal, "waiting for the handler to let go");
    type(terminal, "\003\003");
    await_end(terminal);
    assert_shows_keys(terminal, true);
}

/* ---- Ctrl-Z ---- */

/* As bash's: what stands still is given the terminal, and then a signal … */
static void put_into_the_foreground(pid_t pid)
{
    dprintf(STDOUT_FILENO, "[fg]");
    tcsetpgrp(STDIN_FILENO, pid);
    kill(-pid, SIGCONT);
}

static void put_into_the_background(pid_t pid)
{
    dprintf(STDOUT_FILENO, "[bg]");
    kill(-pid, SIGCONT);
}

static char read_command(void)
{
    char line[2];

    return read(STDIN_FILENO, line, sizeof(line)) == sizeof(line) ? line[0] : '\0';
}

/* … and what runs only the terminal. */
static void put_into_both(pid_t pid)
{
    put_into_the_background(pid);
    read_command();
    dprintf(STDOUT_FILENO, "[fg]");
    tcsetpgrp(STDIN_FILENO, pid);
}

static void obey_line(pid_t pid)
{
    dprintf(STDOUT_FILENO, "[stopped]");
    switch (read_command()) {
    case 'f':
        put_into_the_foreground(pid);
        break;
    case 'b':
        put_into_the_background(pid);
        break;
    default:
        put_into_both(pid);
        break;
    }
}

static void run_job(char **argv, int out)
{
    setpgid(0, 0);
    tcsetpgrp(STDIN_FILENO, getpid());
    signal(SIGTTOU, SIG_DFL);
    if (out >= 0)
        dup2(out, STDOUT_FILENO);
    execv(argv[0], argv);
    _exit(127);
}

/* A shell with one job, which hears when that stops. `out`: the job's standard output, if not the
 * terminal. */
static void run_shell(char **argv, int out)
{
    pid_t pid = fork();
    int wstatus;

    signal(SIGTTOU, SIG_IGN);
    if (pid == 0)
        run_job(argv, out);
    close_range(STDERR_FILENO + 1, UINT_MAX, 0); /* or the job's pipe would keep a reader */
    setpgid(pid, pid);
    while (waitpid(pid, &wstatus, WUNTRACED) == pid && WIFSTOPPED(wstatus)) {
        tcsetpgrp(STDIN_FILENO, getpgrp());
        obey_line(pid);
    }
    _exit(WIFEXITED(wstatus) ? WEXITSTATUS(wstatus) : 99);
}

static void start_under_a_shell(struct terminal *terminal, const char *arguments, int out)
{
    g_auto(GStrv) argv = command_line(terminal, arguments);

    terminal->pid = forkpty(&terminal->fd, NULL, NULL, &size);
    assert_int_not_equal(terminal->pid, -1);
    if (terminal->pid == 0)
        run_shell(argv, out);
}

static void stop_job(struct terminal *terminal)
{
    await(terminal, "space pauses");
    await(terminal, ", 1 event");
    type(terminal, "\032");
    await(terminal, "[stopped]");
}

static void assert_ctrl_z(struct terminal *terminal, const char *arguments)
{
    write_journal(terminal, "a");
    start_under_a_shell(terminal, arguments, -1);
    stop_job(terminal);
    assert_shows_keys(terminal, true);
    type(terminal, "f\n");
    await(terminal, "[fg]");
    await(terminal, ", 1 event"); /* by the child, which may be quicker than the parent */
    type(terminal, ".");
    await(terminal, "paused at 0:01:40.0 of 0:06:40.0 (25%), speed 1, 2 events");
    assert_shows_keys(terminal, false);
    type(terminal, "q");
    await_end(terminal);
    assert_exit(terminal, 1);
    assert_shows_keys(terminal, true);
}

static void ctrl_z_gives_the_terminal_back_and_fg_goes_on(void **state)
{
    assert_ctrl_z(*state, OBEDIENT);
}

static void ctrl_z_works_without_a_handler_too(void **state)
{
    assert_ctrl_z(*state, "--null");
}

static FILE *start_with_events(struct terminal *terminal, const char *arguments)
{
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    start_under_a_shell(terminal, arguments, ends[1]);
    close(ends[1]);
    await(terminal, "space pauses");
    return fdopen(ends[0], "r");
}

static void read_events(FILE *events, int count)
{
    char line[256];

    while (count > 0 && fgets(line, sizeof(line), events) != NULL)
        count--;
    assert_int_equal(count, 0);
}

/* What it has delivered until now. */
static void pass_by_events(FILE *events)
{
    char bytes[256];

    fcntl(fileno(events), F_SETFL, O_NONBLOCK);
    while (read(fileno(events), bytes, sizeof(bytes)) > 0)
        ;
    fcntl(fileno(events), F_SETFL, 0);
}

static void fg_after_bg_goes_on_too(void **state)
{
    struct terminal *terminal = *state;
    FILE *events;

    write_journal(terminal, "a");
    events = start_with_events(terminal, "--stdout --loop forever --speed 1000");
    type(terminal, "\032");
    await(terminal, "[stopped]");
    pass_by_events(events);
    type(terminal, "x\n");
    await(terminal, "[bg]");
    read_events(events, 2); /* in the background */
    assert_shows_keys(terminal, true);
    type(terminal, "\n");
    await(terminal, "[fg]");
    type(terminal, " ");
    await(terminal, "paused");
    assert_shows_keys(terminal, false);
    type(terminal, "q");
    await_end(terminal);
    assert_shows_keys(terminal, true);
    fclose(events);
}

static int times_said(const struct terminal *terminal, const char *sign)
{
    int times = 0;

    for (const char *at = terminal->said->str; (at = strstr(at, sign)) != NULL; at++)
        times++;
    return times;
}

/* Whoever reads what is typed to the shell is stopped; and lines would stand in its prompt: but for one
 * that was to be written when Ctrl-Z came, and is when evj goes on. */
static void in_the_background_it_leaves_the_shell_alone(void **state)
{
    struct terminal *terminal = *state;
    FILE *events;

    write_journal(terminal, "a");
    events = start_with_events(terminal, "--stdout --loop forever --speed 10000");
    type(terminal, "\032");
    await(terminal, "[stopped]");
    type(terminal, "b\n");
    await(terminal, "[bg]");
    type(terminal, "is it read?\n");
    read_events(events, 200); /* of which 100 come in a second */
    fclose(events);
    await_end(terminal);
    assert_int_equal(times_said(terminal, "[stopped]"), 0);
    assert_in_range(times_said(terminal, ", speed 10000"), 0, 1);
}

/* ---- when nobody can type ---- */

/* It does not touch the terminal, which another process has. */
static void in_the_background_nobody_types(void **state)
{
    struct terminal *terminal = *state;
    g_autofree char *line = NULL;

    write_journal(terminal, "a");
    line = g_strdup_printf("set -m; " EVJ " replay %s --null --speed max & wait $!; exit $?",
                           terminal->journal);
    terminal->pid = forkpty(&terminal->fd, NULL, NULL, &size);
    if (terminal->pid == 0) {
        execl("/bin/sh", "sh", "-c", line, NULL);
        _exit(127);
    }
    await_end(terminal);
    assert_exit(terminal, 0);
    assert_null(strstr(terminal->said->str, "space pauses"));
    assert_non_null(strstr(terminal->said->str, "events     5 in"));
}

/* A debugger needs it. */
static void without_supervision_the_terminal_is_the_debuggers(void **state)
{
    struct terminal *terminal = *state;

    write_journal(terminal, "a");
    start(terminal, OBEDIENT " --no-supervise");
    await(terminal, ", 1 event");
    assert_shows_keys(terminal, true);
    type(terminal, "\003");
    await_end(terminal);
    assert_null(strstr(terminal->said->str, "space pauses"));
}

#define TERMINAL_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TERMINAL_TEST(keys_are_obeyed_with_a_handler),
        TERMINAL_TEST(keys_are_obeyed_without_one),
        TERMINAL_TEST(a_seek_beyond_the_end_is_the_end),
        TERMINAL_TEST(the_line_is_as_short_as_the_terminal),
        TERMINAL_TEST(a_long_wait_is_told_once_with_what_can_be_done),
        TERMINAL_TEST(who_types_nothing_gets_all),
        TERMINAL_TEST(after_its_end_the_terminal_is_as_before),
        TERMINAL_TEST(after_a_crash_of_the_handler_it_is_as_before),
        TERMINAL_TEST(ctrl_c_is_still_ctrl_c),
        TERMINAL_TEST(after_a_deadly_signal_it_is_as_before),
        TERMINAL_TEST(after_the_third_sigint_it_is_as_before),
        TERMINAL_TEST(ctrl_z_gives_the_terminal_back_and_fg_goes_on),
        TERMINAL_TEST(ctrl_z_works_without_a_handler_too),
        TERMINAL_TEST(fg_after_bg_goes_on_too),
        TERMINAL_TEST(in_the_background_it_leaves_the_shell_alone),
        TERMINAL_TEST(in_the_background_nobody_types),
        TERMINAL_TEST(without_supervision_the_terminal_is_the_debuggers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
