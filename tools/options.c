/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/options.h"

#include "tools/command.h"
#include "tools/report.h"

#include <stdio.h>

static GOptionGroup *add_group(GOptionContext *context, const char *name, const char *heading,
                               void *data)
{
    GOptionGroup *group = g_option_group_new(name, heading, heading, data, NULL);

    g_option_context_add_group(context, group);
    return group;
}

void options_init(struct options *options, const struct options_usage *usage)
{
    *options = (struct options){.context = g_option_context_new(usage->arguments)};
    /* GLib's own --help would call exit(). */
    g_option_context_set_help_enabled(options->context, FALSE);
    g_option_context_set_summary(options->context, usage->summary);
    g_option_context_set_description(options->context, usage->description);
    options->own = add_group(options->context, "options", "Options:", NULL);
}

void options_done(struct options *options)
{
    g_clear_pointer(&options->context, g_option_context_free);
    g_clear_pointer(&options->files, g_strfreev);
}

void options_add(struct options *options, const GOptionEntry *entries)
{
    g_option_group_add_entries(options->own, entries);
}

void options_add_group(struct options *options, const char *name, const char *heading,
                       const GOptionEntry *entries, void *data)
{
    g_option_group_add_entries(add_group(options->context, name, heading, data), entries);
}

static int print_help(GOptionContext *context, const char *command)
{
    g_autofree char *text = NULL;

    g_set_prgname(command);
    text = g_option_context_get_help(context, FALSE, NULL);
    fputs(text, stdout);
    return EXIT_YES;
}

int options_parse(struct options *options, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    const char *command = argv[0];
    const GOptionEntry help_entry[] = {
        {"help", 'h', 0, G_OPTION_ARG_NONE, &options->help, "show this text", NULL},
        G_OPTION_ENTRY_NULL,
    };
    const GOptionEntry files_entry[] = {
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };

    options_add(options, help_entry);
    g_option_context_add_main_entries(options->context, files_entry, NULL);
    if (!g_option_context_parse(options->context, &argc, &argv, &error))
        return trouble("%s; see \"%s --help\"", error->message, command);
    if (options->help)
        return print_help(options->context, command);
    if (options->files == NULL)
        options->files = g_new0(char *, 1);
    return -1;
}
