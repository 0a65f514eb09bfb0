/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DIFF_JSON_H
#define TOOLS_DIFF_JSON_H

/*
 * A comparison as one JSON object, on one line. docs/diff-output.md says what its members mean,
 * docs/evj-diff.schema.json which there are: a change that breaks who reads them gets another number.
 */

#include "tools/diff_shown.h"

#include <stdio.h>

#define DIFF_JSON_SCHEMA "evj/diff/1"

void diff_json_print(const struct diff_shown *shown, FILE *out);

#endif
