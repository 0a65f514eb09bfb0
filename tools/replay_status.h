/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_REPLAY_STATUS_H
#define TOOLS_REPLAY_STATUS_H

/*
 * What a replay says while it runs, on standard error: a status line on a terminal, and the
 * handlers' log lines above it. From any thread; standard error's own lock keeps the two apart.
 */

#include "replay/host/host.h"
#include "replay/report.h"

#include <glib.h>
#include <stdbool.h>

struct replay_status {
    int64_t end_us;     /* when the last event was recorded, or REPLAY_LINE_NO_END */
    uint64_t told_wait; /* behind so many events it was told that the next one is far off */
    bool verbose;       /* show log lines below a warning, too */
    bool starting;      /* handlers are being loaded: hold back what they log */
    GPtrArray *held;    /* those lines; NULL: none */
    unsigned shown;     /* log lines */
    /* Standard error is a terminal, on which a status line may stand, without its newline. Parent
     * and child both write there, so neither can tell whether one does. */
    bool terminal;
};

/* Two replay_observers: the status line of a terminal; and a line only if the next event is so far off
 * that somebody might wonder, which the first one tells, too. `status` is a struct replay_status. */
void replay_status_show(const struct replay_report *report, void *status);
void replay_status_tell_wait(const struct replay_report *report, void *status);

/* In its place, while the handlers are waited for. `status` is a struct replay_status. */
void replay_status_draining(uint64_t held, void *status);

/* In its place, while what was delivered is awaited. `status` is a struct replay_status. */
void replay_status_expecting(uint64_t come, uint64_t expected, void *status);

/* A host_log_function; `status` is a struct replay_status. */
void replay_status_log(const struct host_log_line *line, void *status);

/* All handlers have started: show what was held back. Why they did not start is told otherwise. */
void replay_status_started(struct replay_status *status);

/* Show the log of a handler that is gone and can show none itself. */
void replay_status_show_log(const struct report_log *log);

/* Wipe the status line, before anything else is said. */
void replay_status_clear(struct replay_status *status);

#endif
