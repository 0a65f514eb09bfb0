/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_TERMINAL_MODE_H
#define TOOLS_TERMINAL_MODE_H

/*
 * A terminal that gives each key at once and does not show it; Ctrl-C and Ctrl-Z stay what they are.
 * Whatever ends or stops this process, but for SIGKILL and SIGSTOP, the terminal is as before: at
 * Ctrl-Z, too, and after `fg` it gives keys again. One terminal in a process.
 */

#include <stdbool.h>

/* Is this process the one that the terminal's keys are for? */
bool terminal_is_ours(int fd);

/* Is it for others to write to now, as a shell's is that has put us into the background? */
bool terminal_is_anothers(int fd);

/* Begin. False, with nothing changed, if it is no terminal. */
bool terminal_mode_begin(int fd);

/* Once more, if it was begun and others, who have had the terminal meanwhile, left it otherwise. In one
 * thread, which has all signals blocked: their handlers wait for it. */
void terminal_mode_keep(void);

/* As before. More than once, or without a beginning, it does nothing. */
void terminal_mode_end(void);

/* Only the terminal, and now: for a signal handler that is about to let the process die. */
void terminal_mode_restore(void);

#endif
