/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_REPLAY_JUNIT_H
#define TOOLS_REPLAY_JUNIT_H

/* The report of a replay as JUnit's test suites: one for each handler, a case for each thing that it
 * must do. A failure's text is what the report for people says of it. */

#include "evj/error.h"

#include <jansson.h>

/* The report object of replay/report.h, with what its sink and --expect added; or {"sink":"handler",
 * "handlers":[…]} where a handler did not start, which "ended" tells. Returns as junit_write(). */
int replay_junit_write(const json_t *report, const char *path, struct evj_error *err);

#endif
