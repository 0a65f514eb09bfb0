/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_REPLAY_TEXT_H
#define TOOLS_REPLAY_TEXT_H

/* The report of a replay as text for people: a rendering of the report object, from any of its
 * sinks. */

#include <jansson.h>
#include <stdio.h>

/* Print the report object of replay/report.h, with what its sink added. */
void print_replay_report(FILE *out, const json_t *report);

/* Parts of it: what became of the events, … */
void print_replay_expect(FILE *out, const json_t *report);

/* … and how events were changed on their way. */
void print_replay_changes(FILE *out, const json_t *report);

#endif
