/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_REPLAY_REPLAY_COMMAND_H
#define TESTS_REPLAY_REPLAY_COMMAND_H

/* evj replay, run as a user would, and what it said. */

#include "tests/support/test.h"

#include <glib.h>
#include <jansson.h>
#include <stdint.h>

#define OBEDIENT OBEDIENT_DIR "/obedient.so"

/* A folder with a journal of labelled events (for the obedient handler), and one run of evj replay.
 */
struct command {
    char *folder, *journal;
    char *out, *err;
    int exit_status;
    json_t *report;
};

int command_set_up(void **state);
int command_tear_down(void **state);

#define COMMAND_TEST(name) cmocka_unit_test_setup_teardown(name, command_set_up, command_tear_down)

/* Drop what the last run said. */
void command_forget(struct command *command);

/* One event a millisecond, the last one after `last_us`. */
void write_journal(const struct command *command, const char *const *labels, size_t count,
                   int64_t last_us);

/* Labels of three events at which the handler does nothing. */
extern const char *const quiet[3];

/* The arguments after the journal, split at blanks. %O stands for the obedient handler's options.
 * To be freed with g_strfreev(). */
char **command_line(const struct command *command, const char *arguments);

/* Run it to its end. */
void replay_argv(struct command *command, char **argv);
void replay(struct command *command, const char *arguments);

/* Of the report: its first handler, and how that ended. */
const json_t *handler_of(const struct command *command);
const json_t *ended_of(const struct command *command);

void assert_text(const json_t *object, const char *key, const char *text);
json_int_t number(const json_t *object, const char *key);

#endif
