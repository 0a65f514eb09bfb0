/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DIFF_HTML_H
#define TOOLS_DIFF_HTML_H

/*
 * A comparison as one page for a browser, to be attached to a bug report. It holds all it needs, runs no
 * script and loads nothing; what comes from a journal is text in it. Its size is bounded, and what is
 * left out is said.
 */

#include "tools/diff_shown.h"

#include <stdio.h>

/* Both timelines are drawn: the result keeps what is equal. */
void diff_html_print(const struct diff_shown *shown, FILE *out);

#endif
