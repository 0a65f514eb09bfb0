/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/replay_status.h"

#include "tools/replay_text.h"
#include "tools/report.h"

#include <inttypes.h>
#include <stdio.h>

/* A wait or a delay beyond this is worth a word, in nanoseconds. */
#define WAIT_NS INT64_C(1000000000)
#define LATE_NS INT64_C(100000000)

void replay_status_clear(struct replay_status *status)
{
    flockfile(stderr);
    if (status->shown)
        fputs("\r\033[K", stderr);
    status->shown = false;
    funlockfile(stderr);
}

void replay_status_show(const struct replay_report *report, void *context)
{
    struct replay_status *status = context;
    char position[DURATION_TEXT], time[DURATION_TEXT];

    flockfile(stderr);
    replay_status_clear(status);
    fprintf(stderr, "at %s, speed %s, %" PRIu64 " events",
            duration_text(report->position_us * 1000, position), status->speed, report->events);
    if (report->next_due_ns > WAIT_NS)
        fprintf(stderr, ", next in %s", duration_text(report->next_due_ns, time));
    else if (report->drift_ns > LATE_NS)
        fprintf(stderr, ", %s late", duration_text(report->drift_ns, time));
    status->shown = true;
    fflush(stderr);
    funlockfile(stderr);
}

/* By Janus's level; what is not here is for the curious. */
static const char *const levels[] = {NULL, "fatal, ", "error, ", "warning, "};

void replay_status_log(const struct host_log_line *line, void *context)
{
    struct replay_status *status = context;
    bool grave = line->level > 0 && line->level < (int)(sizeof(levels) / sizeof(levels[0]));
    const char *level = grave ? levels[line->level] : "";

    if (!grave && !status->verbose)
        return;
    flockfile(stderr);
    replay_status_clear(status);
    if (line->seq == UINT64_MAX)
        note("handler (%sat the start): %s", level, line->text);
    else
        note("handler (%sat record %" PRIu64 "): %s", level, line->seq, line->text);
    funlockfile(stderr);
}
