/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_COMMAND_H
#define TOOLS_COMMAND_H

/*
 * The commands of evj: each is one file cmd_<name>.c with one function, listed in the table of
 * main.c.
 */

/* Exit statuses, as diff(1). */
enum exit_status {
    EXIT_YES = 0,     /* yes, same, sound */
    EXIT_NO = 1,      /* differences, damage, findings, nothing selected */
    EXIT_TROUBLE = 2, /* usage, unreadable input, a write that failed */
};

/* argv[0] is "evj COMMAND". Returns an exit status; has printed its own error, once, if it is not
 * 0. */
typedef int command_function(int argc, char **argv);

command_function cmd_cat;
command_function cmd_cut;
command_function cmd_diff;
command_function cmd_info;
command_function cmd_merge;
command_function cmd_normalize;
command_function cmd_record;
command_function cmd_repair;
command_function cmd_replay;
command_function cmd_sessions;
command_function cmd_verify;

#endif
