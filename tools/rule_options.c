/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/rule_options.h"

#include "tools/report.h"

int rule_options_apply(const struct rule_options *options, struct rules *rules)
{
    struct evj_error err = {0};

    for (char **text = options->texts; text != NULL && *text != NULL; text++) {
        if (rules_add(rules, *text, &err) != 0)
            return trouble("--rule: %s", err.text);
    }
    for (char **path = options->files; path != NULL && *path != NULL; path++) {
        if (rules_add_file(rules, *path, &err) != 0)
            return trouble_from(&err, *path);
    }
    return -1;
}

void rule_options_done(struct rule_options *options)
{
    g_strfreev(options->texts);
    g_strfreev(options->files);
}
