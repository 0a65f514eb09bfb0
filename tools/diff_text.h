/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DIFF_TEXT_H
#define TOOLS_DIFF_TEXT_H

/* A comparison for people, in 80 columns. */

#include "tools/analysis/diff.h"

#include <stdbool.h>
#include <stdio.h>

struct diff_text_options {
    const char *a_name, *b_name; /* what the two sides are called: their files */
    bool colour;
};

void diff_text_print(const struct diff_result *result, const struct diff_text_options *options,
                     FILE *out);

#endif
