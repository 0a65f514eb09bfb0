/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj record: makes a journal of events that do not come from the plug-in. */
#include "tools/command.h"
#include "tools/ingest.h"
#include "tools/ingest_sources.h"
#include "tools/options.h"
#include "tools/report.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

struct record_options {
    gboolean from_stdin, quiet;
    char *http, *output, *time;
    int level;
};

static void record_options_done(struct record_options *options)
{
    g_free(options->http);
    g_free(options->output);
    g_free(options->time);
}

static const struct options_usage usage = {
    .arguments = "-o FILE",
    .summary = "Makes a journal of events that come as JSON: from standard input (lines, arrays, "
               "or spread\nover lines; also the records that \"evj cat --format record\" prints), "
               "or over HTTP, as\nJanus's sample event handler posts them.",
    .description = "Examples:\n"
                   "  evj record --stdin -o call.evj.gz < events.ndjson\n"
                   "  evj record --http 127.0.0.1:8090 -o live.evj.gz",
};

static int parse_options(int argc, char **argv, struct record_options *ret)
{
    const GOptionEntry entries[] = {
        {"stdin", 0, 0, G_OPTION_ARG_NONE, &ret->from_stdin, "take events from standard input",
         NULL},
        {"http", 0, 0, G_OPTION_ARG_FILENAME, &ret->http,
         "take what is posted here; port 0: any free one", "ADDR:PORT"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &ret->output,
         "the journal to make: NAME.evj.gz, a new file", "FILE"},
        {"time", 0, 0, G_OPTION_ARG_STRING, &ret->time,
         "timestamp (default for --stdin) or arrival (for --http)", "CLOCK"},
        {"compression", 0, 0, G_OPTION_ARG_INT, &ret->level, "1 (fast) to 9 (small); default 6",
         "LEVEL"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &ret->quiet, "say nothing but what goes wrong", NULL},
        G_OPTION_ENTRY_NULL,
    };
    struct options options;
    int status;

    options_init(&options, &usage);
    options_add(&options, entries);
    status = options_parse(&options, argc, argv);
    if (status < 0 && options.files[0] != NULL)
        status = trouble("unexpected \"%s\"; the journal to make is named by -o", options.files[0]);
    options_done(&options);
    return status;
}

/* -1 to go on, or EXIT_TROUBLE. */
static int check_options(const struct record_options *options)
{
    if (options->from_stdin == (options->http != NULL))
        return trouble("where do the events come from? Give one of --stdin and --http ADDR:PORT");
    if (options->output == NULL)
        return trouble("which journal shall be made? Give -o FILE");
    if (*options->output == '\0' || strcmp(options->output, "-") == 0)
        return trouble("-o \"%s\" is no name of a file, and a journal is made in one: give -o FILE",
                       options->output);
    if (options->level < 1 || options->level > 9)
        return trouble("--compression is 1 (fast) to 9 (small), not %d", options->level);
    if (options->time != NULL && strcmp(options->time, "timestamp") != 0 &&
        strcmp(options->time, "arrival") != 0)
        return trouble("--time is timestamp or arrival, not %s", options->time);
    return -1;
}

static void check_name(const struct record_options *options)
{
    if (!options->quiet && !g_str_has_suffix(options->output, ".evj.gz"))
        note("%s does not end in .evj.gz: it will not be found as part of a folder of journals",
             options->output);
}

static bool is_file(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/* SIGINT, SIGTERM and SIGHUP become readable here instead of ending the process. Under nohup a
 * hangup is no reason to stop. */
static int make_stop_fd(void)
{
    struct sigaction hangup = {0};
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaction(SIGHUP, NULL, &hangup);
    if (hangup.sa_handler != SIG_IGN)
        sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void say_recorded(const char *path, const struct ingest_totals *totals)
{
    double file = (double)totals->file_bytes, text = (double)totals->text_bytes;

    if (text > file)
        note("recorded %" PRIu64 " event%s in %s: %" PRIu64 " bytes, %.1f times smaller than the "
             "text",
             totals->recorded, plural(totals->recorded), path, totals->file_bytes, text / file);
    else
        note("recorded %" PRIu64 " event%s in %s: %" PRIu64 " bytes", totals->recorded,
             plural(totals->recorded), path, totals->file_bytes);
}

static void say_summary(const char *path, const struct ingest_totals *totals)
{
    if (totals->passed_over > 0)
        note("passed over %" PRIu64 " record%s that %s (first lines, gaps, marks, states)",
             totals->passed_over, plural(totals->passed_over),
             totals->passed_over == 1 ? "is no event" : "are no events");
    if (totals->set_forward > 0)
        note("%" PRIu64 " event%s earlier than the one before; their time was set to its",
             totals->set_forward, totals->set_forward == 1 ? " was" : "s were");
    if (totals->recorded > 0)
        say_recorded(path, totals);
}

static int report_end(const struct ingest_run *run, const struct record_options *options)
{
    struct ingest_totals totals;

    ingest_totals(run->ingest, &totals);
    if (!options->quiet)
        say_summary(options->output, &totals);
    if (totals.recorded == 0 && totals.left_out > 0)
        note("nothing that came could be recorded (%" PRIu64 " left out): %s was not made",
             totals.left_out, options->output);
    else if (totals.recorded == 0)
        note("no events came: %s was not made", options->output);
    else if (run->faults > INGEST_FAULTS_TOLD + 1)
        note("left out %" PRIu64 " that could not be recorded", totals.left_out);
    return run->faults > 0 || totals.recorded == 0 ? EXIT_NO : EXIT_YES;
}

static int report_failure(const struct ingest_run *run, const char *path, struct evj_error *err)
{
    struct ingest_totals totals;

    ingest_totals(run->ingest, &totals);
    if (err->status == EVJ_ERR_IO && totals.file_bytes > 0)
        return trouble("%s: %s; the whole blocks that are there (%" PRIu64 " bytes) are kept and "
                       "can be read. Make room, and record again into another file",
                       path, err->text, totals.file_bytes);
    return trouble_from(err, NULL);
}

static int record(struct ingest_run *run, const struct record_options *options)
{
    struct evj_error err = {0};
    int status = options->from_stdin ? ingest_from_stdin(run, &err)
                                     : ingest_from_http(run, options->http, &err);

    if (status == 0)
        status = ingest_finish(run->ingest, run->ended, &err);
    ticker_wipe(&run->ticker);
    if (status < 0)
        return report_failure(run, options->output, &err);
    return report_end(run, options);
}

int cmd_record(int argc, char **argv)
{
    __attribute__((cleanup(record_options_done))) struct record_options options = {.level = 6};
    struct ingest_run run = {0};
    struct ingest_options how = {0};
    struct evj_error err = {0};
    int status = parse_options(argc, argv, &options);

    if (status < 0)
        status = check_options(&options);
    if (status >= 0)
        return status;
    how.path = options.output;
    how.level = options.level;
    how.by_arrival = options.time != NULL ? *options.time == 'a' : options.http != NULL;
    if (ingest_open(&how, &run.ingest, &err) != 0)
        return trouble_from(&err, NULL);
    check_name(&options);
    run.stop_fd = make_stop_fd();
    run.live = how.by_arrival || !is_file(STDIN_FILENO);
    run.quiet = options.quiet;
    ticker_init(&run.ticker, !options.quiet);
    status = record(&run, &options);
    close(run.stop_fd);
    ingest_free(run.ingest);
    return status;
}
