/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_OPTIONS_H
#define TOOLS_OPTIONS_H

/*
 * Option parsing as every command does it: --help goes to standard output, any mistake is one line
 * on standard error and exit status 2.
 */

#include <glib.h>

struct options_usage {
    const char *arguments;   /* "FILE…": shown after the options in the usage line */
    const char *summary;     /* what the command does, one paragraph */
    const char *description; /* examples, after the options; may be NULL */
};

/* Treat as opaque, but for `files`: it must not move between options_init() and options_done(). */
struct options {
    GOptionContext *context;
    GOptionGroup *own; /* borrowed: the context owns it */
    gboolean help;
    char **files; /* after options_parse(): what is no option, NULL-terminated, never NULL */
};

void options_init(struct options *options, const struct options_usage *usage);
void options_done(struct options *options);

/* Add to the command's own options, listed under "Options:". `entries` is copied. */
void options_add(struct options *options, const GOptionEntry *entries);

/* Add options below a heading of their own. `data` goes to the entries' callbacks. */
void options_add_group(struct options *options, const char *name, const char *heading,
                       const GOptionEntry *entries, void *data);

/* Parse; argv[0] is "evj COMMAND". Returns -1 to go on, or the exit status after --help or a
 * mistake. */
int options_parse(struct options *options, int argc, char **argv);

#endif
