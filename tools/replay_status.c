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
    if (status->terminal)
        fputs("\r\033[K", stderr);
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
    fflush(stderr);
    funlockfile(stderr);
}

void replay_status_draining(uint64_t held, void *context)
{
    struct replay_status *status = context;

    if (!status->terminal)
        return;
    flockfile(stderr);
    replay_status_clear(status);
    if (held > 0)
        fprintf(stderr, "waiting for the handler to let go of %" PRIu64 " event%s", held,
                held == 1 ? "" : "s");
    else
        fputs("waiting for the handler to fall silent", stderr);
    fflush(stderr);
    funlockfile(stderr);
}

void replay_status_expecting(uint64_t come, uint64_t expected, void *context)
{
    struct replay_status *status = context;

    if (!status->terminal || come >= expected)
        return;
    flockfile(stderr);
    replay_status_clear(status);
    fprintf(stderr, "%" PRIu64 " of %" PRIu64 " events have come, waiting for more", come,
            expected);
    fflush(stderr);
    funlockfile(stderr);
}

/* By Janus's level; what is not here is for the curious. */
static const char *const levels[] = {NULL, "fatal, ", "error, ", "warning, "};

static bool is_grave(int level)
{
    return level > 0 && level < (int)(sizeof(levels) / sizeof(levels[0]));
}

static char *line_text(int level, uint64_t seq, const char *text)
{
    const char *name = is_grave(level) ? levels[level] : "";

    if (seq == UINT64_MAX)
        return g_strdup_printf("handler (%sat the start): %s", name, text);
    return g_strdup_printf("handler (%sat record %" PRIu64 "): %s", name, seq, text);
}

/* A handler that says the same for every event would hide all else. */
static void show_line(struct replay_status *status, const char *text)
{
    replay_status_clear(status);
    if (status->verbose || status->shown < REPORT_LOG_LINES)
        note("%s", text);
    else if (status->shown == REPORT_LOG_LINES)
        note("more lines of the handler's are counted only; --verbose shows them");
    status->shown++;
}

void replay_status_log(const struct host_log_line *line, void *context)
{
    struct replay_status *status = context;
    char *text;

    if (!is_grave(line->level) && !status->verbose)
        return;
    text = line_text(line->level, line->seq, line->text);
    flockfile(stderr);
    if (status->starting && !status->verbose) {
        if (status->held == NULL)
            status->held = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(status->held, g_steal_pointer(&text));
    } else {
        show_line(status, text);
    }
    funlockfile(stderr);
    g_free(text);
}

void replay_status_started(struct replay_status *status)
{
    flockfile(stderr);
    status->starting = false;
    for (guint i = 0; status->held != NULL && i < status->held->len; i++)
        note("%s", (const char *)status->held->pdata[i]);
    g_clear_pointer(&status->held, g_ptr_array_unref);
    funlockfile(stderr);
}

void replay_status_show_log(const struct report_log *log)
{
    for (size_t i = 0; i < REPORT_LOG_LINES; i++) {
        const struct report_log_line *line = &log->lines[i];
        g_autofree char *text = NULL;

        if (!atomic_load(&line->complete))
            continue;
        text = line_text(line->level, line->seq, line->text);
        note("%s", text);
    }
}
