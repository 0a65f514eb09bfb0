/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_SUPPORT_FAKE_CORE_H
#define TESTS_SUPPORT_FAKE_CORE_H

/*
 * A fake of Janus's core: the functions that our event handler imports, good enough to drive the
 * handler's table in a unit test. It is no Janus: the end-to-end tests run the real one.
 *
 * Configuration files are read as INI, whatever they are called. Log lines are kept.
 */

#include <stdbool.h>

/* Forget the log. */
void fake_core_reset(void);

/* Does some line of the log contain this text? */
bool fake_core_logged(const char *text);

/* The whole log, for a failure's message. Valid until the next line comes. */
const char *fake_core_log(void);

#endif
