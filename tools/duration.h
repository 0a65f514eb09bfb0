/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DURATION_H
#define TOOLS_DURATION_H

/* A duration as a person would say it: "12.3 µs", "1.23 s", "90 min", "2 h 05 min". */

#include <stdint.h>

#define DURATION_TEXT 32

/* Returns `text`. */
const char *duration_text(int64_t ns, char text[static DURATION_TEXT]);

#endif
