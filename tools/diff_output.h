/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DIFF_OUTPUT_H
#define TOOLS_DIFF_OUTPUT_H

/* In which form `evj diff` shows what it found, and where. */

#include "tools/analysis/diff.h"
#include "tools/diff_shown.h"

#include <glib.h>

struct diff_output {
    /* As given. */
    char *format_name, *path;
    gboolean brief, side_by_side;
    int context;
    /* As understood. */
    const struct diff_format *format;
};

/* Entries for these options: an array of DIFF_OUTPUT_ENTRIES, without the one that ends it. */
#define DIFF_OUTPUT_ENTRIES(output)                                      \
    {"format",                                                           \
     'f',                                                                \
     0,                                                                  \
     G_OPTION_ARG_STRING,                                                \
     &(output)->format_name,                                             \
     "text, html, json, or junit for a CI (text)",                       \
     "FORMAT"},                                                          \
        {"output",                                                       \
         'o',                                                            \
         0,                                                              \
         G_OPTION_ARG_FILENAME,                                          \
         &(output)->path,                                                \
         "write it to this file, and only the verdict here",             \
         "FILE"},                                                        \
        {"brief",                                                        \
         'q',                                                            \
         0,                                                              \
         G_OPTION_ARG_NONE,                                              \
         &(output)->brief,                                               \
         "only the verdict, and how much differs",                       \
         NULL},                                                          \
        {"side-by-side",                                                 \
         'y',                                                            \
         0,                                                              \
         G_OPTION_ARG_NONE,                                              \
         &(output)->side_by_side,                                        \
         "both timelines from begin to end, too",                        \
         NULL},                                                          \
    {                                                                    \
        "context", 'U', 0, G_OPTION_ARG_INT, &(output)->context,         \
            "steps shown before and after the first divergence (3)", "N" \
    }

void diff_output_done(struct diff_output *output);

/* Understand the options, and ask of the comparison what they need. -1 to go on, or EXIT_TROUBLE. */
int diff_output_understand(struct diff_output *output, struct diff_options *how);

/* Show it. -1, or EXIT_TROUBLE if the file could not be written. */
int diff_output_show(const struct diff_output *output, const struct diff_shown *shown);

#endif
