/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/command.h"
#include "tools/replaying.h"
#include "tools/report.h"
#include "tools/terminal_mode.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>

/* ---- its death ---- */

/* It ended before there was a replay to report. */
static int report_death_in_load(struct replaying *r, const struct supervise_ending *ending)
{
    g_autofree char *refusal = NULL;
    char text[320];

    supervise_describe(ending, text, sizeof(text));
    refusal = g_strdup_printf(
        "%s: the file is damaged, or its start-up code at fault; build or install it anew", text);
    return replaying_refused(r, refusal);
}

/* The child is gone: what it had measured until then, and how it ended. */
static int report_death(struct replaying *r, const struct supervise_ending *ending)
{
    json_auto_t *report = replay_report_json(&r->shared->report);
    json_t *handlers = supervise_handlers_json(r->shared, ending);
    char text[320];
    int arrived, written;

    replay_status_clear(&r->status);
    if (ending->phase == HOST_PHASE_INIT && !r->given.verbose)
        replay_status_show_log(&r->shared->report.log);
    supervise_describe(ending, text, sizeof(text));
    if (r->reading.json) /* or else it stands in the report, in the same place */
        note("%s", text);
    /* As in a report of those that live: the host does not know which of several has logged a line. */
    replay_report_put_log(&r->shared->report,
                          json_array_size(handlers) == 1 ? json_array_get(handlers, 0) : report);
    json_object_set_new(report, "sink", json_string("handler"));
    json_object_set_new(report, "handlers", handlers);
    arrived = replaying_expect(r, report);
    written = replaying_report(r, report);
    return MAX(MAX(EXIT_NO, arrived), written);
}

/* ---- the child ---- */

/* A supervised_function. main() checks standard output in the parent, which has written nothing. */
static int run_child(struct supervised *shared, void *context)
{
    int result = replaying_run(context);
    bool failed = ferror(stdout) != 0;

    (void)shared;
    if ((fflush(stdout) == 0 && !failed) || errno == EPIPE)
        return result;
    return trouble("cannot write to standard output: %s", g_strerror(errno));
}

/* While the child sits in the handler, nobody else says how far it has come. */
static void show_stuck(struct supervised *shared, void *context)
{
    struct replaying *r = context;

    if (r->status.terminal)
        replay_status_show(&shared->report, &r->status);
}

/* Not before: the thread that reads them is the parent's. */
static void start_keys(struct supervised *shared, void *context)
{
    struct replaying *r = context;

    if (!r->status.terminal)
        return;
    r->keys = keys_start(&shared->control);
    if (r->keys != NULL)
        note("%s", keys_help);
}

static void stop_keys(struct replaying *r)
{
    keys_stop(r->keys);
    r->keys = NULL;
}

int replaying_supervised(struct replaying *r)
{
    struct supervise_ending ending;
    struct evj_error err = {0};
    int status;

    r->shared->stuck = show_stuck;
    r->shared->started = start_keys;
    status =
        supervise_run(run_child, r, r->shared, (int64_t)(r->given.timeout_s * 1e6), &ending, &err);
    stop_keys(r);
    if (status < 0)
        return trouble_from(&err, NULL);
    if (ending.how == SUPERVISE_RETURNED)
        return ending.status;
    if (ending.phase == HOST_PHASE_LOAD && ending.how != SUPERVISE_KILLED)
        return report_death_in_load(r, &ending);
    return report_death(r, &ending);
}

/* ---- here ---- */

static atomic_int *stop_flag;

/* The third is for who does not want to wait. */
static void stop_on_signal(int number)
{
    if (*stop_flag < REPLAY_HURRY) {
        ++*stop_flag;
        return;
    }
    terminal_mode_restore();
    signal(number, SIG_DFL);
    raise(number);
}

int replaying_here(struct replaying *r)
{
    const struct sigaction action = {.sa_handler = stop_on_signal};

    int status;

    stop_flag = &r->shared->stop;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    /* A debugger has the terminal for itself. */
    if (r->given.handlers == NULL)
        start_keys(r->shared, r);
    status = replaying_run(r);
    stop_keys(r);
    return status;
}
