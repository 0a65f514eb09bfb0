/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How fast a journal is replayed into an event handler, as fast as possible: against what one would
 * write first, gzgets() and json_loads() over a gzip file of the same events. Each run is a process of
 * its own; the handlers do nothing, at once or in a thread of theirs.
 */
#include "evj/journal.h"
#include "evj/writer.h"
#include "replay/host/abi.h"
#include "replay/json_chunks.h"
#include "replay/replay.h"
#include "replay/sink_handler.h"
#include "replay/source_journal.h"
#include "tests/bench/generate.h"
#include "tests/bench/in_child.h"
#include "tests/bench/measure.h"
#include "tests/bench/table.h"

#include <dlfcn.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <zlib.h>

#define LINE_MAX_BYTES (1024 * 1024)
#define GOAL 5.0
/* A longer journal, whose replay must not take more memory. */
#define LONGER 8u

/* ---- the files ---- */

struct files {
    char *folder, *journal, *lines;
    size_t events;
};

static void add_event(struct evj_writer *writer, gzFile lines, const json_t *event, int64_t mono_us)
{
    g_autofree char *text = json_dumps(event, JSON_COMPACT);

    if (evj_writer_add_event(writer, mono_us, text, strlen(text), NULL) != 0 ||
        gzputs(lines, text) <= 0 || gzputs(lines, "\n") <= 0)
        abort();
}

/* In a child: a replay's process begins with the memory of this one. */
static int fill(void *context)
{
    const struct files *files = context;
    struct generator_options options = {.seed = 3, .sessions = 1000, .steady = true};
    struct generator *generator = generator_new(&options);
    EVJ_AUTO(writer) *writer = NULL;
    struct evj_header header;
    gzFile lines = gzopen(files->lines, "wb6");

    if (lines == NULL || evj_header_init(&header, NULL) != 0 ||
        evj_writer_open(files->journal, &header, NULL, &writer, NULL) != 0)
        abort();
    for (size_t i = 0; i < files->events; i++) {
        json_auto_t *event = generator_next(generator);
        add_event(writer, lines, event, header.started_mono_us + (int64_t)i * 1000);
    }
    if (evj_writer_finish(writer, "shutdown", NULL) != 0 || gzclose(lines) != Z_OK)
        abort();
    generator_free(generator);
    return 0;
}

static struct files files_new(size_t events)
{
    struct files files = {.folder = g_dir_make_tmp("evj-bench-replay-XXXXXX", NULL),
                          .events = events};

    files.journal = g_build_filename(files.folder, "j.evj.gz", NULL);
    files.lines = g_build_filename(files.folder, "events.gz", NULL);
    if (in_child(fill, &files, NULL) < 0)
        abort();
    return files;
}

static void files_done(struct files *files)
{
    g_unlink(files->journal);
    g_unlink(files->lines);
    g_rmdir(files->folder);
    g_free(files->journal);
    g_free(files->lines);
    g_free(files->folder);
}

/* ---- the ways to replay ---- */

/* Of one run, in memory that parent and child share. */
struct outcome {
    uint64_t events, wall_ns, cpu_ns;
    long memory_kb; /* at its highest */
};

/* 0, or -1. The clocks run from the first event to the last. */
typedef int replay_function(const struct files *files, const char *handler,
                            struct outcome *outcome);

static uint64_t cpu_now(void)
{
    return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

static int replay_lines(const struct files *files, const char *library, struct outcome *outcome)
{
    static char line[LINE_MAX_BYTES];
    void *loaded = dlopen(library, RTLD_NOW);
    struct janus_eventhandler *(*create)(void) =
        loaded ? (struct janus_eventhandler * (*)(void)) dlsym(loaded, "create") : NULL;
    gzFile lines = gzopen(files->lines, "rb");
    struct janus_eventhandler *handler = create ? create() : NULL;

    if (handler == NULL || lines == NULL || handler->init(files->folder) != 0)
        return -1;
    uint64_t begun_ns = clock_ns(CLOCK_MONOTONIC), cpu_ns = cpu_now();
    while (gzgets(lines, line, sizeof(line)) != NULL) {
        json_t *event = json_loads(line, 0, NULL);
        handler->incoming_event(event);
        json_decref(event);
        outcome->events++;
    }
    outcome->wall_ns = clock_ns(CLOCK_MONOTONIC) - begun_ns;
    outcome->cpu_ns = cpu_now() - cpu_ns;
    gzclose(lines);
    return 0;
}

static int replay_with(const struct files *files, const char *library, bool plain_memory,
                       struct outcome *outcome)
{
    struct replay_report *report = g_new0(struct replay_report, 1);
    const struct sink_handler_options handler = {
        .paths = &library,
        .path_count = 1,
        .config_dir = files->folder,
        .plain_memory = plain_memory,
        .clock = replay_clock_real(),
        .report = report,
    };
    const struct replay_options options = {.clock = handler.clock, .drain_us = 10000000};
    const char *paths[] = {files->journal};
    struct source_journal_options reading = {.select = evj_select_new(), .bodies_only = true};
    struct sink *sink;

    if (sink_handler_new(&handler, &sink, NULL) < 0 ||
        evj_journal_open(paths, 1, &reading.journal, NULL) < 0)
        return -1;
    evj_journal_set_parallel(reading.journal);
    uint64_t cpu_ns = cpu_now();
    int status = replay_run(source_journal_new(&reading), sink, &options, report, NULL);
    outcome->cpu_ns = cpu_now() - cpu_ns;
    outcome->events = report->events;
    outcome->wall_ns = (uint64_t)report->elapsed_ns;
    return status == EVJ_END ? 0 : -1;
}

static int replay_malloc(const struct files *files, const char *library, struct outcome *outcome)
{
    return replay_with(files, library, true, outcome);
}

static int replay_chunks(const struct files *files, const char *library, struct outcome *outcome)
{
    return replay_with(files, library, false, outcome);
}

enum { WAY_LINES, WAY_MALLOC, WAY_CHUNKS, WAYS };
static const struct {
    const char *name;
    replay_function *replay;
} ways[WAYS] = {
    [WAY_LINES] = {"gzgets + json_loads", replay_lines},
    [WAY_MALLOC] = {"evj replay, malloc", replay_malloc},
    [WAY_CHUNKS] = {"evj replay", replay_chunks},
};

/* ---- measuring ---- */

/* One run, and who can do it. */
struct run {
    replay_function *replay;
    const struct files *files;
    const char *library;
    struct outcome *outcome;
};

static int replay_run_of(void *context)
{
    const struct run *run = context;

    return run->replay(run->files, run->library, run->outcome);
}

static int run_in_child(struct run *run)
{
    struct rusage usage = {0};
    int status;

    *run->outcome = (struct outcome){0};
    status = in_child(replay_run_of, run, &usage);
    run->outcome->memory_kb = usage.ru_maxrss;
    return status;
}

struct figures {
    struct rounds wall_ns, cpu_ns, memory_kb; /* per event, but for the memory */
};

static int measure(const struct files *files, const char *library, size_t events, size_t rounds,
                   struct figures figures[WAYS])
{
    struct outcome *shared = in_child_memory(sizeof(*shared));

    for (size_t round = 0; round < rounds; round++) {
        for (size_t i = 0; i < WAYS; i++) {
            struct run run = {ways[i].replay, files, library, shared};
            if (run_in_child(&run) < 0 || shared->events != events) {
                fprintf(stderr,
                        "bench_replay: %s into %s failed after %" G_GUINT64_FORMAT " events\n",
                        ways[i].name, library, shared->events);
                return -1;
            }
            rounds_add(&figures[i].wall_ns, (double)shared->wall_ns / (double)events);
            rounds_add(&figures[i].cpu_ns, (double)shared->cpu_ns / (double)events);
            rounds_add(&figures[i].memory_kb, (double)shared->memory_kb);
        }
    }
    return 0;
}

static void print(const char *what, size_t events, size_t rounds,
                  const struct figures figures[WAYS])
{
    static const char *const heads[] = {"way",   "ns/event",     "(quartiles)", "events/s",
                                        "speed", "CPU ns/event", "memory",      NULL};
    g_autofree char *title =
        g_strdup_printf("Replaying as fast as possible into a handler that does nothing, %s\n"
                        "%zu events, median of %zu rounds; goal: %.0fx",
                        what, events, rounds, GOAL);
    double lines_ns = rounds_median(&figures[WAY_LINES].wall_ns);
    struct table table;

    table_init(&table, title, heads);
    for (size_t i = 0; i < WAYS; i++) {
        double ns = rounds_median(&figures[i].wall_ns);
        table_add(&table, "%s", ways[i].name);
        table_add(&table, "%.0f", ns);
        table_add(&table, "(%.0f … %.0f)", rounds_lower(&figures[i].wall_ns),
                  rounds_upper(&figures[i].wall_ns));
        table_add(&table, "%.0f", 1e9 / ns);
        table_add(&table, "%.2fx", lines_ns / ns);
        table_add(&table, "%.0f", rounds_median(&figures[i].cpu_ns));
        table_add(&table, "%.1f MB", rounds_median(&figures[i].memory_kb) / 1024);
    }
    table_print(&table);
    printf("%s: %.2fx\n\n",
           lines_ns / rounds_median(&figures[WAY_CHUNKS].wall_ns) >= GOAL ? "goal met"
                                                                          : "GOAL NOT MET",
           lines_ns / rounds_median(&figures[WAY_CHUNKS].wall_ns));
}

/* Does it stay the same, however long the journal? */
static int tell_memory(const char *library, size_t events, double memory_kb)
{
    struct files files = files_new(LONGER * events);
    struct outcome *outcome = in_child_memory(sizeof(*outcome));
    struct run run = {ways[WAY_CHUNKS].replay, &files, library, outcome};
    int status = run_in_child(&run);

    files_done(&files);
    if (status == 0)
        printf("memory of evj replay for %zu events: %.1f MB, and for %zu: %.1f MB\n", events,
               memory_kb / 1024, LONGER * events, (double)outcome->memory_kb / 1024);
    return status;
}

/* bench_replay [--quick] STILL.so QUEUEING.so */
int main(int argc, char **argv)
{
    static const char *const whats[] = {"at once", "in a thread of its own"};
    static struct figures figures[2][WAYS];
    int quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    size_t events = quick ? 2000 : 100000, rounds = quick ? 1 : 9;
    int failed = 0;

    if (argc - quick != 3) {
        fprintf(stderr, "bench_replay [--quick] STILL.so QUEUEING.so\n");
        return 2;
    }
    struct files files = files_new(events);
    for (int i = 0; i < 2 && !failed; i++) {
        failed = measure(&files, argv[1 + quick + i], events, rounds, figures[i]) < 0;
        if (!failed)
            print(whats[i], events, rounds, figures[i]);
    }
    files_done(&files);
    if (!failed)
        failed = tell_memory(argv[1 + quick], events,
                             rounds_median(&figures[0][WAY_CHUNKS].memory_kb)) < 0;
    return failed;
}
