/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/leftovers.h"

#include "evj/completion.h"
#include "evj/spool.h"
#include "evj/writer.h"

#include <inttypes.h>

#include <glib.h>
#include <stdbool.h>
#include <string.h>

static bool is_in_folder(const char *path, const char *folder)
{
    size_t len = strlen(folder);

    while (len > 1 && folder[len - 1] == '/')
        len--;
    return strncmp(path, folder, len) == 0 && path[len] == '/' && !strstr(path + len, "/../");
}

static void complete(const char *spool_path, const char *journal, notice_fn *notice)
{
    struct evj_completion completion;
    struct evj_error err = {0};
    int status = evj_complete(spool_path, &completion, &err);

    if (status == EVJ_OK)
        notice_put(notice, NOTICE_WARNING,
                   "%s was never closed: its recorder crashed, or its disk failed. It is complete "
                   "now, with %" PRIu64 " events out of its spool",
                   completion.journal, completion.events);
    else if (status < 0)
        notice_put(notice, NOTICE_WARNING,
                   "%s was never closed, and cannot be completed: %s. Until the host restarts, evj "
                   "reads it together with %s; copy what is needed, and then delete that spool",
                   journal, err.text, spool_path);
}

static void look_at(const char *path, const char *folder, notice_fn *notice)
{
    struct evj_spool_snapshot spool;

    if (evj_spool_snapshot(path, NULL, &spool, NULL) != EVJ_OK)
        return;
    if (!spool.live && is_in_folder(spool.journal, folder))
        complete(path, spool.journal, notice);
    evj_spool_snapshot_done(&spool);
}

void leftovers_complete(const char *spool_folder, const char *folder, notice_fn *notice)
{
    g_autoptr(GDir) dir = g_dir_open(spool_folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(spool_folder, name, NULL);
        if (g_str_has_prefix(name, "evj-") && g_str_has_suffix(name, ".spool"))
            look_at(path, folder, notice);
    }
    evj_writer_clean(folder);
}
