/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj replay: gives a journal's events to an event handler, on time. */
#include "replay/clock.h"
#include "replay/pacing.h"
#include "replay/replay.h"
#include "replay/sink_handler.h"
#include "replay/sink_http.h"
#include "replay/sink_null.h"
#include "replay/sink_stdout.h"
#include "replay/supervise.h"
#include "tools/command.h"
#include "tools/reading.h"
#include "tools/replay_status.h"
#include "tools/replay_text.h"
#include "tools/report.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <unistd.h>

/* Seconds that an option may ask for: more is a mistake, and would overflow nanoseconds. */
#define SECONDS_MAX 1e9

/* Of an option that takes seconds: nobody means this number. */
#define NOT_GIVEN (-1e300)

struct replaying {
    /* As given. */
    char **handlers;
    char *config_dir, *url, *speed;
    gboolean to_stdout, to_null, no_drain, no_supervise, verbose;
    double idle_limit_s, drain_s, timeout_s;
    struct reading reading;
    /* As understood. */
    struct replay_options engine;
    struct supervised *shared;
    struct replay_status status;
    int saved_output[2]; /* copies of standard output and standard error */
};

/* ---- the report ---- */

static void save_output(struct replaying *r)
{
    for (int i = 0; i < 2; i++)
        r->saved_output[i] = fcntl(STDOUT_FILENO + i, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

/* A handler may have closed them, or put something else in their place. */
static void restore_output(const struct replaying *r)
{
    for (int i = 0; r->handlers != NULL && i < 2; i++)
        if (r->saved_output[i] >= 0)
            dup2(r->saved_output[i], STDOUT_FILENO + i);
}

static void print_report(struct replaying *r, const json_t *report)
{
    FILE *out = r->to_stdout ? stderr : stdout;

    replay_status_clear(&r->status);
    if (!r->reading.json) {
        print_replay_report(stderr, report);
        return;
    }
    json_dumpf(report, out, JSON_COMPACT | JSON_REAL_PRECISION(12));
    fputc('\n', out);
}

static void report_replay(struct replaying *r, const struct sink *sink)
{
    json_auto_t *report = replay_report_json(&r->shared->report);

    json_object_set_new(report, "sink", json_string(sink->ops->name));
    if (sink->ops->report != NULL)
        sink->ops->report(sink, report);
    print_report(r, report);
}

/* It ended before there was a replay to report. */
static int report_death_in_load(const struct supervise_ending *ending)
{
    char text[320];

    supervise_describe(ending, text, sizeof(text));
    return trouble(
        "%s: the file is damaged, or its start-up code at fault; build or install it anew", text);
}

/* The child is gone: what it had measured until then, and how it ended. */
static int report_death(struct replaying *r, const struct supervise_ending *ending)
{
    json_auto_t *report = replay_report_json(&r->shared->report);
    json_t *handler =
        json_pack("{s:s, s:o}", "package", ending->handler, "ended", supervise_ending_json(ending));
    char text[320];

    replay_status_clear(&r->status);
    if (ending->phase == HOST_PHASE_INIT && !r->verbose)
        replay_status_show_log(&r->shared->report.log);
    supervise_describe(ending, text, sizeof(text));
    if (r->reading.json) /* or else it stands in the report, in the same place */
        note("%s", text);
    replay_report_put_log(&r->shared->report, handler);
    json_object_set_new(report, "sink", json_string("handler"));
    json_object_set_new(report, "handlers", json_pack("[o]", handler));
    print_report(r, report);
    return EXIT_NO;
}

/* ---- one replay ---- */

static int make_sink(struct replaying *r, struct sink **ret_sink, struct evj_error *err)
{
    const struct sink_handler_options handler = {
        .paths = (const char *const *)r->handlers,
        .path_count = r->handlers == NULL ? 0 : g_strv_length(r->handlers),
        .config_dir = r->config_dir,
        .clock = r->engine.clock,
        .stop = r->engine.stop,
        .progress = &r->shared->progress,
        .report = &r->shared->report,
        .log = replay_status_log,
        .draining = replay_status_draining,
        .log_context = &r->status,
    };
    const struct sink_http_options http = {
        .url = r->url,
        .clock = r->engine.clock,
        .stop = r->engine.stop,
    };

    if (r->handlers != NULL)
        return sink_handler_new(&handler, ret_sink, err);
    if (r->url != NULL)
        return sink_http_new(&http, ret_sink, err);
    *ret_sink = r->to_null ? sink_null_new()
                           : sink_stdout_new(stdout, r->engine.speed_ppm != PACING_SPEED_MAX);
    return *ret_sink != NULL ? 0 : evj_fail(err, EVJ_ERR_MEMORY, 0, "out of memory");
}

/* What could not be written has been reported: main() need not try and report it once more. */
static void drop_output(void)
{
    __fpurge(stdout);
    clearerr(stdout);
}

static int failure(struct replaying *r, const struct evj_error *err)
{
    reading_report_failure(&r->reading, err);
    return EXIT_TROUBLE;
}

/* What the engine's and the sink's outcome mean for the exit status. */
static int judge(struct replaying *r, const struct sink *sink, int status,
                 const struct evj_error *err)
{
    const struct replay_report *report = &r->shared->report;
    bool gave_up = status == EVJ_ERR_IO && r->url != NULL && sink->undelivered > 0;
    int result = EXIT_YES;

    /* Who reads our output has seen enough: as for cat, that is no trouble. */
    if (status < 0 && r->to_stdout && err->sys_errno == EPIPE)
        return EXIT_YES;
    if (status < 0)
        result = failure(r, err);
    if (status < 0 && r->to_stdout)
        drop_output();
    if (gave_up)
        return EXIT_NO;
    if (sink->undelivered > 0 || sink->faulty || report->interrupted || report->events == 0)
        result = MAX(result, EXIT_NO);
    if (status == EVJ_END && report->events == 0 && r->reading.matched == 0 &&
        evj_select_is_all(r->reading.select))
        note("the journal holds no events");
    return result;
}

static int replay_into(struct replaying *r, struct sink *sink)
{
    struct source *source = source_journal_new(r->reading.journal, r->reading.select);
    struct evj_error err = {0};
    int status, result, ending = EXIT_YES;

    if (source == NULL)
        return trouble("out of memory");
    status = replay_run(source, sink, &r->engine, &r->shared->report, &err);
    restore_output(r);
    replay_status_clear(&r->status);
    r->reading.matched = source->matched;
    result = judge(r, sink, status, &err);
    source_free(source);
    if (status >= 0)
        ending = reading_end(&r->reading, status);
    return MAX(result, ending);
}

static int run_replay(struct replaying *r)
{
    struct evj_error err = {0};
    struct sink *sink = NULL;
    int result = reading_open(&r->reading, NULL);

    if (result >= 0)
        return result;
    r->status.starting = true;
    save_output(r);
    if (make_sink(r, &sink, &err) < 0) {
        restore_output(r);
        return trouble_from(&err, NULL); /* which quotes the last thing that a handler logged */
    }
    replay_status_started(&r->status);
    result = replay_into(r, sink);
    report_replay(r, sink);
    sink_free(sink);
    return result;
}

/* ---- in a child, or here ---- */

/* A supervised_function. main() checks standard output in the parent, which has written nothing. */
static int run_child(struct supervised *shared, void *context)
{
    int result = run_replay(context);
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

static int run_supervised(struct replaying *r)
{
    struct supervise_ending ending;
    struct evj_error err = {0};

    if (supervise_run(run_child, r, r->shared, (int64_t)(r->timeout_s * 1e6), &ending, &err) < 0)
        return trouble_from(&err, NULL);
    if (ending.how == SUPERVISE_RETURNED)
        return ending.status;
    if (ending.phase == HOST_PHASE_LOAD && ending.how != SUPERVISE_KILLED)
        return report_death_in_load(&ending);
    return report_death(r, &ending);
}

static atomic_int *stop_flag;

/* The third is for who does not want to wait. */
static void stop_on_signal(int number)
{
    if (*stop_flag >= REPLAY_HURRY)
        signal(number, SIG_DFL);
    else
        ++*stop_flag;
}

static int run_here(struct replaying *r)
{
    const struct sigaction action = {.sa_handler = stop_on_signal};

    stop_flag = &r->shared->stop;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return run_replay(r);
}

/* ---- options ---- */

static int check_sink(const struct replaying *r)
{
    int sinks = (r->handlers != NULL) + (r->url != NULL) + (r->to_stdout != 0) + (r->to_null != 0);

    if (sinks != 1)
        return trouble(sinks == 0
                           ? "where to? Give --handler FILE, --http URL, --stdout or --null"
                           : "one of --handler, --http, --stdout and --null, not several of them");
    if (r->handlers != NULL && r->config_dir == NULL)
        return trouble("which configuration is the handler to read? Give --config FOLDER "
                       "with its janus.eventhandler.NAME.jcfg");
    if (r->handlers != NULL && !g_file_test(r->config_dir, G_FILE_TEST_IS_DIR))
        return trouble("--config: there is no folder %s", r->config_dir);
    if (r->reading.files[0] == NULL)
        return trouble("which journal? Usage: evj replay [OPTION…] FILE…");
    return -1;
}

static int check_seconds(const char *option, double seconds, double least)
{
    if (seconds >= least && seconds <= SECONDS_MAX)
        return -1;
    return trouble("%s wants a number of seconds from %.*f to %.0f", option, least > 0 ? 6 : 0,
                   least, SECONDS_MAX);
}

static int check_times(struct replaying *r)
{
    struct evj_error err = {0};
    int status = check_seconds("--drain", r->drain_s, 0);

    if (status < 0)
        status = check_seconds("--timeout", r->timeout_s, 0);
    if (status < 0 && r->idle_limit_s != NOT_GIVEN)
        status = check_seconds("--idle-limit", r->idle_limit_s, 1e-6);
    if (status < 0 && pacing_parse_speed(r->speed, &r->engine.speed_ppm, &err) < 0)
        status = trouble("--speed: %s", err.text);
    return status;
}

static int prepare(struct replaying *r)
{
    struct evj_error err = {0};

    if (supervised_new(&r->shared, &err) < 0)
        return trouble_from(&err, NULL);
    r->status = (struct replay_status){.speed = r->speed, .verbose = r->verbose != 0};
    r->engine.clock = replay_clock_real();
    r->engine.idle_limit_us =
        r->idle_limit_s == NOT_GIVEN ? PACING_IDLE_KEPT : (int64_t)(r->idle_limit_s * 1e6);
    r->engine.drain_us = r->no_drain ? 0 : (int64_t)(r->drain_s * 1e6);
    r->engine.stop = &r->shared->stop;
    /* The events themselves on the same terminal would run into it. */
    r->status.terminal = isatty(STDERR_FILENO) && !(r->to_stdout && isatty(STDOUT_FILENO));
    if (r->status.terminal)
        r->engine.observer = replay_status_show;
    r->shared->stuck = show_stuck;
    r->engine.observer_context = &r->status;
    return -1;
}

static int run(struct replaying *r)
{
    int status = check_sink(r);

    if (r->speed == NULL)
        r->speed = g_strdup("1");
    if (status < 0)
        status = check_times(r);
    if (status < 0)
        status = prepare(r);
    if (status >= 0)
        return status;
    /* Only handlers are strangers' code: the other sinks need nobody to look after them. */
    return r->handlers != NULL && !r->no_supervise ? run_supervised(r) : run_here(r);
}

static void replaying_done(struct replaying *r)
{
    reading_done(&r->reading);
    g_clear_pointer(&r->status.held, g_ptr_array_unref);
    g_strfreev(r->handlers);
    g_free(r->config_dir);
    g_free(r->url);
    g_free(r->speed);
}

int cmd_replay(int argc, char **argv)
{
    struct replaying r = {.drain_s = 30, .timeout_s = 60, .idle_limit_s = NOT_GIVEN};
    const GOptionEntry entries[] = {
        {"handler", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &r.handlers,
         "into this event handler (sampleevh, or a path of a .so); may be given several times",
         "FILE"},
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &r.config_dir,
         "where the handler finds its configuration", "FOLDER"},
        {"http", 0, 0, G_OPTION_ARG_STRING, &r.url, "post each event there", "URL"},
        {"stdout", 0, 0, G_OPTION_ARG_NONE, &r.to_stdout, "print each event, one a line", NULL},
        {"null", 0, 0, G_OPTION_ARG_NONE, &r.to_null, "into nothing, to see how fast it goes",
         NULL},
        {"speed", 0, 0, G_OPTION_ARG_STRING, &r.speed,
         "times the recorded pace, 0.01 to 10000, or max (1)", "X"},
        {"idle-limit", 0, 0, G_OPTION_ARG_DOUBLE, &r.idle_limit_s,
         "make longer silence this long, before the speed", "SECONDS"},
        {"drain", 0, 0, G_OPTION_ARG_DOUBLE, &r.drain_s,
         "how long the handler may take to let go of the last events (30)", "SECONDS"},
        {"no-drain", 0, 0, G_OPTION_ARG_NONE, &r.no_drain, "shut it down at once", NULL},
        {"timeout", 0, 0, G_OPTION_ARG_DOUBLE, &r.timeout_s,
         "how long one call of the handler may take (60); 0: for ever", "SECONDS"},
        {"no-supervise", 0, 0, G_OPTION_ARG_NONE, &r.no_supervise,
         "run the handler in this process, for a debugger", NULL},
        {"verbose", 0, 0, G_OPTION_ARG_NONE, &r.verbose, "show all that the handler logs", NULL},
        G_OPTION_ENTRY_NULL,
    };
    const struct reading_usage usage = {
        .arguments = "FILE…",
        .summary =
            "Give the events of a journal to a Janus event handler, or to an HTTP backend, at "
            "the pace at\nwhich they were recorded, and report how that went.",
        .description =
            "Examples:\n"
            "  evj replay call.evj.gz --handler sampleevh --config ./config --speed 10\n"
            "  evj replay call.evj.gz --http http://127.0.0.1:8080/events --idle-limit 2\n"
            "  evj replay call.evj.gz --stdout --speed max --type jsep | jq .event.jsep\n\n"
            "Exit status: 0 all was delivered; 1 the handler crashed, hung, wanted no event, kept "
            "some or\nreleased too many, a POST failed, the replay was stopped or had no events; 2 "
            "trouble.",
        .entries = entries,
    };
    int status;

    status = reading_options(&r.reading, &argc, &argv, &usage);
    if (status < 0)
        status = run(&r);
    replaying_done(&r);
    return status;
}
