/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/replay_arguments.h"

#include "replay/pacing.h"
#include "replay/replay.h"
#include "tools/command.h"
#include "tools/report.h"
#include "tools/start_time.h"

#include <string.h>

/* Seconds that an option may ask for: more is a mistake, and would overflow nanoseconds. */
#define SECONDS_MAX 1e9

/* Of an option that takes seconds: nobody means this number. */
#define NOT_GIVEN (-1e300)

/* ---- the tables ---- */

#define SECONDS(name, member, help)                                      \
    {                                                                    \
        name, 0, 0, G_OPTION_ARG_DOUBLE, &parsed.member, help, "SECONDS" \
    }
#define FLAG(name, member, help)                                  \
    {                                                             \
        name, 0, 0, G_OPTION_ARG_NONE, &parsed.member, help, NULL \
    }

/* GLib's tables hold addresses: so the parser fills this one, and replay_arguments_parse() takes it. */
static struct replay_arguments parsed;

static const GOptionEntry general_entries[] = {
    {"handler", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &parsed.handlers,
     "into this event handler (sampleevh, or a path of a .so); may be given several times", "FILE"},
    {"config", 0, 0, G_OPTION_ARG_FILENAME, &parsed.config_dir,
     "where the handler finds its configuration", "FOLDER"},
    {"http", 0, 0, G_OPTION_ARG_STRING, &parsed.url, "post each event there", "URL"},
    FLAG("stdout", to_stdout, "print each event, one a line"),
    FLAG("null", to_null, "into nothing, to see how fast it goes"),
    G_OPTION_ENTRY_NULL,
};

static const GOptionEntry time_entries[] = {
    {"speed", 0, 0, G_OPTION_ARG_STRING, &parsed.speed,
     "times the recorded pace, 0.01 to 10000, or max (1)", "X"},
    SECONDS("idle-limit", idle_limit_s, "make longer silence this long, before the speed"),
    {"loop", 0, 0, G_OPTION_ARG_STRING, &parsed.loop, "so many rounds, or forever (1)", "N"},
    {"start-at", 0, 0, G_OPTION_ARG_STRING, &parsed.start_at,
     "the first event's time: RFC 3339, HH:MM:SS (UTC) or +10s", "TIME"},
    FLAG("no-state", no_state, "do not tell first what is live where the replay begins"),
    G_OPTION_ENTRY_NULL,
};

static const GOptionEntry handler_entries[] = {
    SECONDS("warm-up", warm_up_s, "how long to wait between its init and the first event (0)"),
    SECONDS("drain", drain_s, "how long it may take to let go of the last events (30)"),
    FLAG("no-drain", no_drain, "shut it down at once"),
    SECONDS("settle", settle_s, "and how long its sockets must then be silent (2)"),
    SECONDS("linger", linger_s, "how long its threads may go on after destroy (2)"),
    SECONDS("timeout", timeout_s, "how long one call of it may take (60); 0: for ever"),
    FLAG("no-supervise", no_supervise, "run it in this process, for a debugger"),
    FLAG("verbose", verbose, "show all that it logs"),
    G_OPTION_ENTRY_NULL,
};

static const struct reading_group groups[] = {
    {"time", "Time:", time_entries},
    {"events", "The events:", replay_changes_entries},
    {"handler", "The handler:", handler_entries},
    {"verdict", "What became of the events:", replay_verdict_entries},
    {"requests", "Asking the handler:", replay_requests_entries},
    {NULL, NULL, NULL},
};

static const struct reading_usage usage = {
    .arguments = "FILE…",
    .summary = "Give the events of a journal to a Janus event handler, or to an HTTP backend, at "
               "the pace at\nwhich they were recorded, and report how that went.",
    .description =
        "Examples:\n"
        "  evj replay call.evj.gz --handler sampleevh --config ./config --speed 10\n"
        "  evj replay call.evj.gz --http http://127.0.0.1:8080/events --idle-limit 2\n"
        "  evj replay call.evj.gz --stdout --speed max --type jsep | jq .event.jsep\n"
        "  evj replay call.evj.gz --handler ./mine.so --config . --expect got.evj.gz\n\n"
        "Exit status: 0 all was delivered, and arrived as expected; 1 the handler crashed, hung, "
        "logged an error,\nwanted no event, kept some or released too many, a POST failed, the "
        "replay was stopped or had no\nevents; 2 trouble.",
    .entries = general_entries,
    .groups = groups,
};

/* ---- checks ---- */

static int check_sink(const struct replay_arguments *given)
{
    int sinks = (given->handlers != NULL) + (given->url != NULL) + (given->to_stdout != 0) +
                (given->to_null != 0);

    if (sinks != 1)
        return trouble(sinks == 0
                           ? "where to? Give --handler FILE, --http URL, --stdout or --null"
                           : "one of --handler, --http, --stdout and --null, not several of them");
    if (given->handlers != NULL && given->config_dir == NULL)
        return trouble("which configuration is the handler to read? Give --config FOLDER "
                       "with its janus.eventhandler.NAME.jcfg");
    if (given->handlers != NULL && !g_file_test(given->config_dir, G_FILE_TEST_IS_DIR))
        return trouble("--config: there is no folder %s", given->config_dir);
    return -1;
}

/* What nobody would heed is a mistake. */
static int check_for_handler(const struct replay_arguments *given)
{
    const struct {
        const char *option;
        bool is_given;
    } options[] = {
        {"--config", given->config_dir != NULL},
        {"--warm-up", given->warm_up_s != NOT_GIVEN},
        {"--drain", given->drain_s != NOT_GIVEN},
        {"--no-drain", given->no_drain},
        {"--settle", given->settle_s != NOT_GIVEN},
        {"--linger", given->linger_s != NOT_GIVEN},
        {"--timeout", given->timeout_s != NOT_GIVEN},
        {"--no-supervise", given->no_supervise},
        {"--verbose", given->verbose},
        {"--request", given->requests.given != NULL},
    };

    if (given->no_drain && given->drain_s != NOT_GIVEN)
        return trouble("--drain or --no-drain, not both of them");
    for (size_t i = 0; given->handlers == NULL && i < G_N_ELEMENTS(options); i++) {
        if (options[i].is_given)
            return trouble("%s is for a handler: give one with --handler", options[i].option);
    }
    return -1;
}

static int check_seconds(const char *option, double seconds, double least)
{
    if (seconds >= least && seconds <= SECONDS_MAX)
        return -1;
    return trouble("%s wants a number of seconds from %.*f to %.0f", option, least > 0 ? 6 : 0,
                   least, SECONDS_MAX);
}

/* How long what a handler does may take; what was not given is as usual. */
static int check_handler_times(struct replay_arguments *given)
{
    const struct {
        const char *option;
        double *seconds, usual;
    } times[] = {
        {"--warm-up", &given->warm_up_s, 0},  {"--drain", &given->drain_s, 30},
        {"--settle", &given->settle_s, 2},    {"--linger", &given->linger_s, 2},
        {"--timeout", &given->timeout_s, 60},
    };
    int status = -1;

    for (size_t i = 0; status < 0 && i < G_N_ELEMENTS(times); i++) {
        if (*times[i].seconds == NOT_GIVEN)
            *times[i].seconds = times[i].usual;
        status = check_seconds(times[i].option, *times[i].seconds, 0);
    }
    return status;
}

static int check_times(struct replay_arguments *given)
{
    struct evj_error err = {0};
    int status = check_handler_times(given);

    if (status < 0 && given->idle_limit_s != NOT_GIVEN)
        status = check_seconds("--idle-limit", given->idle_limit_s, 1e-6);
    if (status < 0 && pacing_parse_speed(given->speed, &given->speed_ppm, &err) < 0)
        status = trouble("--speed: %s", err.text);
    if (status < 0 && given->idle_limit_s != NOT_GIVEN)
        given->idle_limit_us = (int64_t)(given->idle_limit_s * 1e6);
    return status;
}

/* 0 might come out of a script by mistake, and would then be for ever. */
static int check_rounds(struct replay_arguments *given)
{
    const char *text = given->loop;

    given->rounds = REPLAY_FOREVER;
    if (text == NULL)
        given->rounds = 1;
    else if (strcmp(text, "forever") != 0 &&
             !g_ascii_string_to_unsigned(text, 10, 1, INT32_MAX, &given->rounds, NULL))
        return trouble("--loop wants a number of rounds from 1 to %d, or forever", INT32_MAX);
    return -1;
}

static int check_start(struct replay_arguments *given)
{
    struct evj_error err = {0};

    given->start_wall_us = REPLAY_START_NOW;
    if (given->start_at != NULL &&
        start_time_parse(given->start_at, g_get_real_time(), &given->start_wall_us, &err) < 0)
        return trouble("--start-at: %s", err.text);
    return -1;
}

/* Only what can be opened anew can be replayed again. */
static int check_files(const struct replay_arguments *given, const struct reading *reading)
{
    const char *const *names = (const char *const *)reading->files;

    if (names[0] == NULL)
        return trouble("which journal? Usage: evj replay [OPTION…] FILE…");
    if (given->loop != NULL && reading_once(names) != NULL)
        return trouble("--loop: %s can be read only once: put it into a file", reading_once(names));
    return -1;
}

static int check(struct replay_arguments *given, const struct reading *reading)
{
    int status = check_sink(given);

    if (status < 0)
        status = check_for_handler(given);
    if (status < 0)
        status = check_files(given, reading);
    if (status < 0)
        status = check_rounds(given);
    if (status < 0)
        status = check_start(given);
    if (given->speed == NULL)
        given->speed = g_strdup("1");
    if (status < 0)
        status = check_times(given);
    if (status < 0)
        status = replay_changes_check(&given->changes);
    if (status < 0)
        status = replay_verdict_check(&given->verdict);
    return status < 0 ? replay_requests_check(&given->requests) : status;
}

int replay_arguments_parse(struct replay_arguments *arguments, struct reading *reading, int argc,
                           char **argv)
{
    int status;

    parsed = (struct replay_arguments){
        .idle_limit_s = NOT_GIVEN,
        .warm_up_s = NOT_GIVEN,
        .drain_s = NOT_GIVEN,
        .settle_s = NOT_GIVEN,
        .linger_s = NOT_GIVEN,
        .timeout_s = NOT_GIVEN,
    };
    status = reading_options(reading, &argc, &argv, &usage);
    *arguments = parsed;
    replay_changes_take(&arguments->changes);
    replay_requests_take(&arguments->requests);
    replay_verdict_take(&arguments->verdict);
    return status < 0 ? check(arguments, reading) : status;
}

void replay_arguments_done(struct replay_arguments *arguments)
{
    g_strfreev(arguments->handlers);
    g_free(arguments->config_dir);
    g_free(arguments->url);
    g_free(arguments->speed);
    g_free(arguments->loop);
    g_free(arguments->start_at);
    replay_changes_done(&arguments->changes);
    replay_requests_done(&arguments->requests);
    replay_verdict_done(&arguments->verdict);
}
