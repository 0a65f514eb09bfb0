/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_REPORT_H
#define TOOLS_REPORT_H

/*
 * What a command says to the person who called it, on standard error: "evj COMMAND: …", one line
 * each. Control characters are replaced: journals and file names may come from strangers.
 */

#include "evj/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Called once by main() with "cat", "diff" … */
void report_set_command(const char *name);

/* A failure: what, where, what to do. Returns EXIT_TROUBLE, so that a command can `return
 * trouble(…)`. */
int trouble(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, from a library's error. `what` says whose error it is (a path, usually); may be NULL.
 */
int trouble_from(const struct evj_error *err, const char *what);

/* Something the reader should know, but no failure. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Length of the character at `at` if it can be shown as it is; 0 when it is broken UTF-8, or one
 * that a terminal obeys instead of showing.
 */
size_t printable_char(const char *at, const char *end);

/* Prints what begins at `at` and cannot be shown, in some harmless form. Returns the bytes it took.
 */
typedef size_t print_escape_function(FILE *out, const char *at, const char *end);

/* Print what can be shown, and everything else through `escape`. */
void print_escaping(FILE *out, const char *text, size_t len, print_escape_function *escape);

/* Print text of a journal to a terminal or pipe: control characters and broken UTF-8 as "\xHH". */
void print_safely(FILE *out, const char *text, size_t len);

/* Should this stream get colours? A terminal, TERM not "dumb", and NO_COLOR not set. */
bool wants_colour(FILE *out);

/* How many columns the terminal has that this stream goes to; 0 if it is none, or does not tell. */
unsigned terminal_columns(FILE *out);

#endif
