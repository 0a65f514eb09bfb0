/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DIFF_JUNIT_H
#define TOOLS_DIFF_JUNIT_H

/*
 * A comparison as JUnit's XML: a suite for each pair of sessions and of handles, in it a case for each
 * class of differences. A case fails if what differs in it weighs, and is skipped if nothing of the
 * class could be seen. Suites are named by places and by what A is called, not by ids: so a CI finds
 * them again when a golden call is A.
 */

#include "tools/diff_shown.h"

#include <stdio.h>

void diff_junit_print(const struct diff_shown *shown, FILE *out);

#endif
