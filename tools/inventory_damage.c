/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/inventory_print.h"

#include <string.h>

/* A fault names its file in its text only: "PATH: what", a long path by "…" and its end. */
static bool is_of_file(const struct evj_journal_fault *fault, const char *path)
{
    static const char ellipsis[] = "…";
    const char *text = fault->err.text;
    size_t path_len = strlen(path), skipped = 0;

    if (g_str_has_prefix(text, path))
        return text[path_len] == ':';
    if (!g_str_has_prefix(text, ellipsis))
        return false;
    text += strlen(ellipsis);
    while (skipped < path_len && !g_str_has_prefix(text, path + skipped))
        skipped++;
    return skipped < path_len && text[path_len - skipped] == ':';
}

const struct evj_damage *inventory_next_damage(const struct evj_journal *journal, size_t file,
                                               size_t *at)
{
    while (*at < evj_journal_faults(journal)) {
        const struct evj_journal_fault *fault = evj_journal_fault(journal, (*at)++);

        if (fault->err.status == EVJ_DAMAGED &&
            (evj_journal_files(journal) == 1 || is_of_file(fault, evj_journal_path(journal, file))))
            return &fault->damage;
    }
    return NULL;
}
