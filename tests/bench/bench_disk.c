/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an event costs Janus's events thread while the disk fails: as little as ever. Time in
 * recording_offer() with a disk that works, that is full, and that never answers (tests/support/
 * fake_disk.h), with room in the buffer and without; in turns, so that whatever else the machine does
 * hits all of them.
 */
#include "evj/error.h"
#include "recorder/recording.h"
#include "tests/bench/feed.h"
#include "tests/bench/generate.h"
#include "tests/bench/measure.h"
#include "tests/bench/table.h"
#include "tests/support/fake_disk.h"
#include "tests/support/temp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TREES 5000u
#define SESSIONS 1000u

static struct {
    const char *name;
    int error;   /* of each call; 0: none */
    bool stuck;  /* no call returns */
    bool little; /* there is no room in the buffer for most of the events */
    struct rounds p50_ns, p99_ns, dropped;
} cases[] = {
    {.name = "works"},
    {.name = "works, buffer too small", .little = true},
    {.name = "full", .error = ENOSPC},
    {.name = "full, no room in the buffer", .error = ENOSPC, .little = true},
    {.name = "never answers", .stuck = true},
    {.name = "never answers, no room in the buffer", .stuck = true, .little = true},
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static json_t *events[TREES];
static struct recording *recording;

static void make_events(void)
{
    const struct generator_options options = {.seed = 1, .sessions = SESSIONS, .steady = true};
    struct generator *generator = generator_new(&options);

    for (unsigned i = 0; i < TREES; i++)
        events[i] = generator_next(generator);
    generator_free(generator);
}

static void free_events(void)
{
    for (unsigned i = 0; i < TREES; i++)
        json_decref(events[i]);
}

static void offer(json_t *event)
{
    recording_offer(recording, event);
}

static int start(const char *folder, bool little)
{
    struct evj_error err = {0};
    struct config config;

    config_init(&config);
    config_set(&config, "folder", folder, NULL);
    config_set(&config, "flush_interval", "0.01", NULL);
    config_set(&config, "buffer", little ? "64K" : "64M", NULL);
    if (recording_start(&config, "bench", NULL, &recording, &err) == EVJ_OK)
        return 0;
    fprintf(stderr, "bench_disk: %s\n", err.text);
    return -1;
}

/* Once, in a folder of its own. */
static int run(size_t number, uint64_t count)
{
    char *folder = temp_folder_new();
    struct recording_status status;
    struct feed_result result;

    fake_disk_mount(folder);
    int failed = start(folder, cases[number].little);
    if (failed == 0) {
        fake_disk_fail(cases[number].error);
        fake_disk()->stuck = cases[number].stuck;
        feed_flood(offer, count, events, TREES, &result);
        recording_status(recording, &status);
        fake_disk()->stuck = 0;
        fake_disk_fail(0);
        failed = recording_stop(recording, NULL, NULL);
        rounds_add(&cases[number].p50_ns, (double)status.callback_ns.p50);
        rounds_add(&cases[number].p99_ns, (double)status.callback_ns.p99);
        rounds_add(&cases[number].dropped,
                   100 * (double)status.spool.dropped / (double)status.spool.offered);
    }
    fake_disk_mount(NULL);
    temp_folder_free(folder);
    return failed;
}

static void print(uint64_t count)
{
    static const char *const heads[] = {
        "disk", "callback p50 ns", "p99 ns", "p50 against one", "dropped %", NULL};
    g_autofree char *title =
        g_strdup_printf("Time in the callback, of %lu events as fast as possible; medians of %zu "
                        "rounds, against a disk that works",
                        (unsigned long)count, cases[0].p50_ns.count);
    struct table table;

    table_init(&table, title, heads);
    for (size_t i = 0; i < CASES; i++) {
        table_add(&table, "%s", cases[i].name);
        table_add(&table, "%.0f", rounds_median(&cases[i].p50_ns));
        table_add(&table, "%.0f", rounds_median(&cases[i].p99_ns));
        table_add(&table, "%.2fx",
                  rounds_median(&cases[i].p50_ns) / rounds_median(&cases[0].p50_ns));
        table_add(&table, "%.0f", rounds_median(&cases[i].dropped));
    }
    table_print(&table);
}

int main(int argc, char **argv)
{
    bool quick = argc == 2 && strcmp(argv[1], "--quick") == 0;
    uint64_t count = quick ? 2000 : 50000;
    unsigned rounds = quick ? 1 : 15;
    int failed = 0;

    fake_disk_spare_this_thread();
    make_events();
    for (unsigned round = 0; round < rounds; round++)
        for (size_t i = 0; i < CASES; i++)
            failed += run(i, count) != 0;
    print(count);
    free_events();
    return failed == 0 ? 0 : 1;
}
