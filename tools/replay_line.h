/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_REPLAY_LINE_H
#define TOOLS_REPLAY_LINE_H

/* The status line of a replay: where it is, how fast, how late. A pure function. */

#include "replay/report.h"

#include <stddef.h>
#include <stdint.h>

/* Nobody knows when the last event was recorded. */
#define REPLAY_LINE_NO_END INT64_MIN

/* Room that it never exceeds. */
#define REPLAY_LINE_TEXT 256u

/* `end_us`: when the last event was recorded, on the time line of report->first_us. */
void replay_line(const struct replay_report *report, int64_t end_us,
                 char text[static REPLAY_LINE_TEXT]);

#endif
