/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DIFF_TEXT_H
#define TOOLS_DIFF_TEXT_H

/* A comparison for people, in 80 columns. */

#define DIFF_TEXT_WIDTH 80u

#include "tools/diff_shown.h"

#include <stdbool.h>
#include <stdio.h>

struct diff_text_options {
    bool colour;
    bool side_by_side; /* both timelines as well, for which the result keeps what is equal */
    unsigned width;    /* columns; 0: 80 */
};

void diff_text_print(const struct diff_shown *shown, const struct diff_text_options *options,
                     FILE *out);

/* Only the verdict, and how much differs. */
void diff_text_print_brief(const struct diff_shown *shown, const struct diff_text_options *options,
                           FILE *out);

#endif
