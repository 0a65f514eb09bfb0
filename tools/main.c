/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj_config.h"
#include "tools/command.h"
#include "tools/report.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct command {
    const char *name;
    command_function *run;
    const char *summary;
};

/* Sorted by name: find_command() searches by halves. */
static const struct command commands[] = {
    {"cat", cmd_cat, "print the records of a journal"},
    {"cut", cmd_cut, "copy the selected records into a new journal"},
    {"diff", cmd_diff, "compare two sessions, or all sessions of two journals"},
    {"info", cmd_info, "say what is in a journal"},
    {"merge", cmd_merge, "make one journal of several, in the order of time"},
    {"normalize", cmd_normalize, "print sessions as lines for git diff: equal calls, equal text"},
    {"record", cmd_record, "make a journal from events on standard input or over HTTP"},
    {"repair", cmd_repair, "salvage what can be read of a journal into a new one"},
    {"replay", cmd_replay, "give a journal's events to an event handler, on time"},
    {"sessions", cmd_sessions, "list sessions and handles: who, when, how far, how it ended"},
    {"verify", cmd_verify, "say whether every byte of a journal is as it was written"},
};

static int compare_command(const void *name, const void *command)
{
    return strcmp(name, ((const struct command *)command)->name);
}

static const struct command *find_command(const char *name)
{
    return bsearch(name, commands, G_N_ELEMENTS(commands), sizeof(commands[0]), compare_command);
}

static void print_help(void)
{
    puts("Usage: evj COMMAND [OPTION…] FILE…\n\n"
         "Records what a Janus WebRTC server tells its event handlers, replays it into any event\n"
         "handler, and compares sessions. A FILE is a journal (*.evj.gz), or a folder of "
         "journals.\n\n"
         "Commands:");
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].summary);
    puts("\n\"evj help COMMAND\" or \"evj COMMAND --help\" explains one of them; \"evj --version\" "
         "names this\nversion. Exit status: 0 yes, same, sound; 1 no, differences, nothing found; "
         "2 trouble.");
}

/* How many letters must be changed, added or removed to make `a` of `b` (Levenshtein). */
static size_t edit_distance(const char *a, const char *b)
{
    size_t len = strlen(b);
    g_autofree size_t *row = g_new(size_t, len + 1);

    for (size_t j = 0; j <= len; j++)
        row[j] = j;
    for (; *a != '\0'; a++) {
        size_t diagonal = row[0]++;

        for (size_t j = 0; j < len; j++) {
            size_t changed = diagonal + (*a != b[j]);

            diagonal = row[j + 1];
            row[j + 1] = MIN(changed, MIN(diagonal, row[j]) + 1);
        }
    }
    return row[len];
}

static const struct command *nearest_command(const char *name)
{
    const struct command *nearest = NULL;
    size_t least = 4; /* further away than this is a guess, and no help */

    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        size_t distance = edit_distance(name, commands[i].name);

        if (distance < least && distance < strlen(commands[i].name)) {
            least = distance;
            nearest = &commands[i];
        }
    }
    return nearest;
}

static int unknown_command(const char *name)
{
    const struct command *nearest = strlen(name) > 64 ? NULL : nearest_command(name);

    if (nearest != NULL)
        return trouble("there is no command \"%s\"; did you mean \"%s\"? \"evj --help\" lists all",
                       name, nearest->name);
    return trouble("there is no command \"%.64s\"; \"evj --help\" lists all", name);
}

static int run_command(const char *name, int argc, char **argv)
{
    const struct command *command = find_command(name);
    g_autofree char *full_name = NULL;

    if (command == NULL)
        return unknown_command(name);
    report_set_command(command->name);
    full_name = g_strdup_printf("evj %s", command->name);
    argv[0] = full_name;
    return command->run(argc, argv);
}

static int run_help(int argc, char **argv)
{
    char help[] = "--help";
    char *help_argv[] = {argv[0], help, NULL};

    if (argc > 1)
        return run_command(argv[1], 2, help_argv);
    print_help();
    return EXIT_YES;
}

static int run(int argc, char **argv)
{
    if (argc < 2)
        return trouble("which command? \"evj --help\" lists them");
    if (strcmp(argv[1], "--version") == 0) {
        puts("evj " EVJ_VERSION);
        return EXIT_YES;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0)
        return run_help(argc - 1, argv + 1);
    if (argv[1][0] == '-')
        return trouble("unknown option %s; a command comes first, see \"evj --help\"", argv[1]);
    return run_command(argv[1], argc - 1, argv + 1);
}

/*
 * A journal must never be opened as descriptor 0, 1 or 2 because the caller had closed it: messages
 * would be written into it. What stands in for a closed stream fails when it is used.
 */
static void occupy_standard_descriptors(void)
{
    static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};

    for (int fd = 0; fd < 3; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", modes[fd]) != fd)
            abort();
    }
}

/* Has whoever reads standard output gone away? They have seen enough: no reason to complain. */
static bool reader_is_gone(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/* A full disk must not look like success: stdio reports it at the latest here. */
static int check_standard_output(int status)
{
    bool failed_before = ferror(stdout);
    int code = fflush(stdout) != 0 ? errno : 0;

    if ((!failed_before && code == 0) || code == EPIPE || reader_is_gone())
        return status;
    return trouble("cannot write to standard output: %s; what is there is not complete",
                   code != 0 ? g_strerror(code) : "a write failed");
}

int main(int argc, char **argv)
{
    occupy_standard_descriptors();
    setlocale(LC_ALL, "");
    return check_standard_output(run(argc, argv));
}
