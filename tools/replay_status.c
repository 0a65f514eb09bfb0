/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/replay_status.h"

#include "tools/duration.h"
#include "tools/replay_line.h"
#include "tools/report.h"
#include "tools/terminal_mode.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Beyond this nobody waits without a word. */
#define LONG_WAIT_NS INT64_C(600000000000)

#define WIPE "\r\033[K"

/* Of a terminal that does not tell how wide it is. */
#define COLUMNS 80

/* Not while a shell has it, which shows a prompt there. */
static bool may_write(const struct replay_status *status)
{
    return status->terminal && !terminal_is_anothers(STDERR_FILENO);
}

void replay_status_clear(struct replay_status *status)
{
    if (may_write(status))
        fputs(WIPE, stderr);
}

/* A line that wraps could not be wiped. */
static int room(void)
{
    struct winsize size;
    int columns =
        ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : COLUMNS;

    return columns - 1;
}

/* Once for each such wait. Of a pause everybody knows who asked for it. */
static bool has_to_tell_wait(struct replay_status *status, const struct replay_report *report)
{
    if (report->stage != REPLAY_STAGE_DELIVERING || report->paused ||
        report->next_due_ns < LONG_WAIT_NS || status->told_wait == report->events)
        return false;
    status->told_wait = report->events;
    return true;
}

void replay_status_tell_wait(const struct replay_report *report, void *context)
{
    char time[DURATION_TEXT];

    if (!has_to_tell_wait(context, report))
        return;
    replay_status_clear(context);
    note("the next event is due in %s: --idle-limit SECONDS makes such silence shorter",
         duration_text(report->next_due_ns, time));
}

void replay_status_show(const struct replay_report *report, void *context)
{
    struct replay_status *status = context;
    char text[REPLAY_LINE_TEXT];

    if (!may_write(status))
        return;
    replay_status_tell_wait(report, status);
    replay_line(report, status->end_us, text);
    fprintf(stderr, WIPE "%.*s", room(), text);
    fflush(stderr);
}

void replay_status_draining(uint64_t held, void *context)
{
    struct replay_status *status = context;

    if (!may_write(status))
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

    if (!may_write(status) || come >= expected)
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
