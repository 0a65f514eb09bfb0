/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_RULE_OPTIONS_H
#define TOOLS_RULE_OPTIONS_H

/* --rule and --rules-file, as every command has them that compares. */

#include "tools/analysis/rules.h"

#include <glib.h>

struct rule_options {
    char **texts, **files; /* as given; NULL: not at all */
};

/* Their entries, in a command's own table; `options` is a pointer. */
#define RULE_OPTIONS(options)                                               \
    {"rule",                                                                \
     0,                                                                     \
     0,                                                                     \
     G_OPTION_ARG_STRING_ARRAY,                                             \
     &(options)->texts,                                                     \
     "what fields of this path are worth",                                  \
     "PATH=CLASS"},                                                         \
    {                                                                       \
        "rules-file", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &(options)->files, \
            "the same from a file, one a line", "FILE"                      \
    }

/* Add what they say. -1 to go on, or EXIT_TROUBLE. */
int rule_options_apply(const struct rule_options *options, struct rules *rules);
void rule_options_done(struct rule_options *options);

#endif
