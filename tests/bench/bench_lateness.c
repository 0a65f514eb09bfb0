/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How late events are delivered that are due at a thousand a second, at random, and whether that
 * adds up: against the same schedule kept as one would write it first, gzgets(), json_loads(), and a
 * sleep for the time between two events. Both read the same journal, and both give each event to a
 * handler that lets go of it in a thread of its own. Each run is a process of its own.
 */
#include "evj/histogram.h"
#include "evj/journal.h"
#include "evj/writer.h"
#include "replay/host/abi.h"
#include "replay/pacing.h"
#include "replay/replay.h"
#include "replay/sink_handler.h"
#include "replay/source_journal.h"
#include "tests/bench/generate.h"
#include "tests/bench/goals.h"
#include "tests/bench/in_child.h"
#include "tests/bench/measure.h"
#include "tests/bench/table.h"

#include <dlfcn.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#define PER_SECOND 1000
#define LINE_MAX_BYTES (1024 * 1024)

/* What is played: the speeds are the least, the recorded one, and the greatest. */
static const struct schedule {
    const char *name;
    uint64_t speed_ppm;
    size_t events, rounds;
} schedules[] = {
    {"speed 1, 2 s", PACING_SPEED_ONE, 2000, 9},
    {"speed 0.01, 2 s", PACING_SPEED_LEAST, 2000, 9},
    {"speed 10000, 2 s", PACING_SPEED_GREATEST, 2000, 9},
    {"speed 1, 30 s", PACING_SPEED_ONE, 30000, 3},
};
#define SCHEDULES (sizeof(schedules) / sizeof(schedules[0]))
#define QUICK_EVENTS 100

static const char *library;

/* ---- the journal ---- */

/* From one event to the next, µs of recorded time: half of the mean to one and a half. */
static int64_t random_gap(GRand *rand, uint64_t speed_ppm)
{
    const double mean_us = 1e6 / PER_SECOND * (double)speed_ppm / (double)PACING_SPEED_ONE;

    return (int64_t)g_rand_double_range(rand, mean_us / 2, mean_us * 3 / 2);
}

static void write_journal(const char *path, uint64_t speed_ppm, size_t events)
{
    struct generator_options options = {.seed = 3, .sessions = 1000, .steady = true};
    struct generator *generator = generator_new(&options);
    GRand *rand = g_rand_new_with_seed(5);
    EVJ_AUTO(writer) *writer = NULL;
    struct evj_header header;

    if (evj_header_init(&header, NULL) != 0 ||
        evj_writer_open(path, &header, NULL, &writer, NULL) != 0)
        abort();
    int64_t mono_us = header.started_mono_us;
    for (size_t i = 0; i < events; i++) {
        json_auto_t *event = generator_next(generator);
        g_autofree char *text = json_dumps(event, JSON_COMPACT);
        if (evj_writer_add_event(writer, mono_us, text, strlen(text), NULL) != 0)
            abort();
        mono_us += random_gap(rand, speed_ppm);
    }
    if (evj_writer_finish(writer, "shutdown", NULL) != 0)
        abort();
    g_rand_free(rand);
    generator_free(generator);
}

/* ---- the ways to replay ---- */

/* One run: what is asked for, and what was measured. */
struct run {
    char folder[256], journal[300];
    uint64_t speed_ppm;
    uint64_t events;
    struct evj_histogram lateness_ns;
    int64_t drift_ns; /* of the last event */
    int64_t read_ns, schedule_ns, deliver_ns;
};

static struct janus_eventhandler *load_handler(const char *folder)
{
    void *loaded = dlopen(library, RTLD_NOW);
    struct janus_eventhandler *(*create)(void) =
        loaded ? (struct janus_eventhandler * (*)(void)) dlsym(loaded, "create") : NULL;
    struct janus_eventhandler *handler = create ? create() : NULL;

    return handler != NULL && handler->init(folder) == 0 ? handler : NULL;
}

static void sleep_us(int64_t us)
{
    const struct timespec time = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};

    if (us > 0)
        nanosleep(&time, NULL);
}

static void note_lateness(struct run *run, int64_t due_ns)
{
    run->drift_ns = (int64_t)clock_ns(CLOCK_MONOTONIC) - due_ns;
    evj_histogram_add(&run->lateness_ns, run->drift_ns > 0 ? (uint64_t)run->drift_ns : 0);
    run->events++;
}

/* Where the first event was delivered, and where the last one was. */
struct places {
    int64_t first_us, last_us, begun_ns;
};

static void replay_line(struct run *run, struct janus_eventhandler *handler, json_t *record,
                        struct places *places)
{
    const int64_t mono_us = json_integer_value(json_object_get(record, "mono"));
    const double speed = (double)run->speed_ppm / (double)PACING_SPEED_ONE;

    if (run->events == 0)
        *places = (struct places){mono_us, mono_us, (int64_t)clock_ns(CLOCK_MONOTONIC)};
    sleep_us((int64_t)((double)(mono_us - places->last_us) / speed));
    note_lateness(run,
                  places->begun_ns + (int64_t)((double)(mono_us - places->first_us) * 1e3 / speed));
    handler->incoming_event(json_object_get(record, "event"));
    places->last_us = mono_us;
}

static int replay_by_sleeps(void *context)
{
    static char line[LINE_MAX_BYTES];
    struct run *run = context;
    struct janus_eventhandler *handler = load_handler(run->folder);
    gzFile lines = gzopen(run->journal, "rb");
    struct places places = {0};

    if (handler == NULL || lines == NULL)
        return -1;
    while (gzgets(lines, line, sizeof(line)) != NULL) {
        json_auto_t *record = json_loads(line, 0, NULL);
        if (json_object_get(record, "event") != NULL)
            replay_line(run, handler, record, &places);
    }
    gzclose(lines);
    return 0;
}

static int replay_by_evj(void *context)
{
    struct run *run = context;
    struct replay_report *report = g_new0(struct replay_report, 1);
    const struct sink_handler_options handler = {
        .paths = &library,
        .path_count = 1,
        .config_dir = run->folder,
        .clock = replay_clock_real(),
        .report = report,
    };
    const struct replay_options options = {
        .clock = handler.clock, .speed_ppm = run->speed_ppm, .drain_us = 10000000};
    const char *paths[] = {run->journal};
    struct source_journal_options reading = {.select = evj_select_new(), .bodies_only = true};
    struct sink *sink;

    if (sink_handler_new(&handler, &sink, NULL) < 0 ||
        evj_journal_open(paths, 1, &reading.journal, NULL) < 0)
        return -1;
    evj_journal_set_parallel(reading.journal);
    if (replay_run(source_journal_new(&reading), sink, &options, report, NULL) != EVJ_END)
        return -1;
    run->events = report->events;
    run->lateness_ns = report->lateness_ns;
    run->drift_ns = report->drift_ns;
    run->read_ns = report->lag.read_ns;
    run->schedule_ns = report->lag.schedule_ns;
    run->deliver_ns = report->lag.deliver_ns;
    return 0;
}

enum { WAY_SLEEPS, WAY_EVJ, WAYS };
static const struct {
    const char *name;
    int (*replay)(void *run);
} ways[WAYS] = {
    [WAY_SLEEPS] = {"relative sleeps", replay_by_sleeps},
    [WAY_EVJ] = {"evj replay", replay_by_evj},
};

/* ---- measuring ---- */

/* All in µs; the lag is per event. */
struct figures {
    struct rounds p50, p90, p99, max, drift, read, schedule, deliver;
};

static void take(struct figures *figures, const struct run *run)
{
    const double events = (double)run->events;

    rounds_add(&figures->p50, (double)evj_histogram_quantile(&run->lateness_ns, 0.5) / 1e3);
    rounds_add(&figures->p90, (double)evj_histogram_quantile(&run->lateness_ns, 0.9) / 1e3);
    rounds_add(&figures->p99, (double)evj_histogram_quantile(&run->lateness_ns, 0.99) / 1e3);
    rounds_add(&figures->max, (double)evj_histogram_quantile(&run->lateness_ns, 1) / 1e3);
    rounds_add(&figures->drift, (double)run->drift_ns / 1e3);
    rounds_add(&figures->read, (double)run->read_ns / 1e3 / events);
    rounds_add(&figures->schedule, (double)run->schedule_ns / 1e3 / events);
    rounds_add(&figures->deliver, (double)run->deliver_ns / 1e3 / events);
}

static int measure(const struct schedule *schedule, size_t events, size_t rounds,
                   const char *folder, struct run *run, struct figures figures[WAYS])
{
    g_autofree char *journal = g_build_filename(folder, "j.evj.gz", NULL);
    int status = 0;

    write_journal(journal, schedule->speed_ppm, events);
    for (size_t i = 0; i < rounds * WAYS && status == 0; i++) {
        *run = (struct run){.speed_ppm = schedule->speed_ppm};
        g_strlcpy(run->folder, folder, sizeof(run->folder));
        g_strlcpy(run->journal, journal, sizeof(run->journal));
        status = in_child(ways[i % WAYS].replay, run, NULL);
        if (run->events != events)
            status = -1;
        take(&figures[i % WAYS], run);
    }
    g_unlink(journal);
    if (status < 0)
        fprintf(stderr, "bench_lateness: %s failed after %" G_GUINT64_FORMAT " events\n",
                schedule->name, run->events);
    return status;
}

/* ---- the tables ---- */

static void print_lateness(struct figures figures[SCHEDULES][WAYS])
{
    static const char *const heads[] = {"schedule and way", "p50 µs",   "p90 µs",      "p99 µs",
                                        "max µs",           "drift µs", "(quartiles)", NULL};
    struct table table;

    table_init(&table,
               "Lateness of events that are due at 1000 a second, medians of all rounds;\n"
               "drift is the last event's",
               heads);
    for (size_t i = 0; i < SCHEDULES * WAYS; i++) {
        const struct figures *f = &figures[i / WAYS][i % WAYS];
        table_add(&table, "%s, %s", schedules[i / WAYS].name, ways[i % WAYS].name);
        table_add(&table, "%.1f", rounds_median(&f->p50));
        table_add(&table, "%.1f", rounds_median(&f->p90));
        table_add(&table, "%.1f", rounds_median(&f->p99));
        table_add(&table, "%.0f", rounds_median(&f->max));
        table_add(&table, "%.1f", rounds_median(&f->drift));
        table_add(&table, "(%.1f … %.1f)", rounds_lower(&f->drift), rounds_upper(&f->drift));
    }
    table_print(&table);
}

static void print_lag(struct figures figures[SCHEDULES][WAYS])
{
    static const char *const heads[] = {"evj replay", "reading", "scheduling", "delivering", NULL};
    struct table table;

    table_init(&table, "What events waited for when they were due, µs per event", heads);
    for (size_t i = 0; i < SCHEDULES; i++) {
        const struct figures *f = &figures[i][WAY_EVJ];
        table_add(&table, "%s", schedules[i].name);
        table_add(&table, "%.2f", rounds_median(&f->read));
        table_add(&table, "%.2f", rounds_median(&f->schedule));
        table_add(&table, "%.2f", rounds_median(&f->deliver));
    }
    table_print(&table);
}

static double greatest_drift(struct figures figures[SCHEDULES][WAYS])
{
    double greatest = 0;

    for (size_t i = 0; i < SCHEDULES; i++)
        greatest = MAX(greatest, rounds_median(&figures[i][WAY_EVJ].drift));
    return greatest;
}

static void print_goals(struct figures figures[SCHEDULES][WAYS])
{
    struct table table;

    goals_begin(&table);
    goals_add(&table, "lateness at speed 1, p50", rounds_median(&figures[0][WAY_EVJ].p50),
              GOAL_AT_MOST, 50, " µs");
    goals_add(&table, "lateness at speed 1, p90", rounds_median(&figures[0][WAY_EVJ].p90),
              GOAL_AT_MOST, 100, " µs");
    goals_add(&table, "drift at any speed and length", greatest_drift(figures), GOAL_AT_MOST, 1000,
              " µs");
    table_print(&table);
}

/* bench_lateness [--quick] QUEUEING.so */
int main(int argc, char **argv)
{
    static struct figures figures[SCHEDULES][WAYS];
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    g_autofree char *folder = g_dir_make_tmp("evj-bench-lateness-XXXXXX", NULL);
    struct run *run = in_child_memory(sizeof(*run));
    int status = 0;

    if (argc - quick != 2) {
        fprintf(stderr, "bench_lateness [--quick] QUEUEING.so\n");
        return 2;
    }
    library = argv[1 + quick];
    for (size_t i = 0; i < SCHEDULES && status == 0; i++)
        status = measure(&schedules[i], quick ? QUICK_EVENTS : schedules[i].events,
                         quick ? 1 : schedules[i].rounds, folder, run, figures[i]);
    g_rmdir(folder);
    if (status < 0)
        return 1;
    print_lateness(figures);
    print_lag(figures);
    print_goals(figures);
    return 0;
}
