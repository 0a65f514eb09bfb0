/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_RULES_PRINT_H
#define TOOLS_RULES_PRINT_H

/* What each field of an event is worth to `evj diff`: all rules, in the order in which they are tried. */

#include "tools/analysis/rules.h"

#include <stdio.h>

void rules_print_text(const struct rules *rules, FILE *out);

/* An object a line: "path", "class", and "weight", "ids" or "tolerance" where they have a meaning. */
void rules_print_json(const struct rules *rules, FILE *out);

#endif
