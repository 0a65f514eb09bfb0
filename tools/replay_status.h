/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_REPLAY_STATUS_H
#define TOOLS_REPLAY_STATUS_H

/*
 * What a replay says while it runs, on standard error: a status line on a terminal, and the
 * handlers' log lines above it. From any thread; standard error's own lock keeps the two apart.
 */

#include "replay/host/host.h"
#include "replay/report.h"

#include <stdbool.h>

struct replay_status {
    const char *speed; /* as the user gave it */
    bool verbose;      /* show log lines below a warning, too */
    bool shown;        /* a status line stands there, without its newline */
};

/* A replay_observer; `status` is a struct replay_status. */
void replay_status_show(const struct replay_report *report, void *status);

/* A host_log_function; `status` is a struct replay_status. */
void replay_status_log(const struct host_log_line *line, void *status);

/* Wipe the status line, before anything else is said. */
void replay_status_clear(struct replay_status *status);

#endif
