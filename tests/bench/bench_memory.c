/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What memory a recorder takes of the process that it is in: its spool, and at most 4 MiB more, however
 * many events come, of however many sessions, and whatever the disk does. Each case in a process of its
 * own: the most that it has at any moment, less what it had before the recording began. Memory of the
 * process alone and shared memory, each page once; without the code, which is a file's.
 *
 * Exits 1 if a case takes more. An event of megabytes is no case: it is in memory once more than in the
 * spool until it is written.
 */
#include "evj/error.h"
#include "recorder/recording.h"
#include "tests/bench/generate.h"
#include "tests/bench/table.h"
#include "tests/support/fake_disk.h"
#include "tests/support/temp.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_KIB 4096
#define TREES 5000u
#define SESSIONS 1000u

static bool quick;

/* ---- how much there is ---- */

/* KiB in a line of smaps_rollup; -1: not told, by a kernel before 5.0. */
static long kib_of(const char *text, const char *key)
{
    const char *line = strstr(text, key);

    return line ? strtol(line + strlen(key), NULL, 10) : -1;
}

static long memory_kib(void)
{
    char text[4096];
    FILE *file = fopen("/proc/self/smaps_rollup", "re");
    size_t len = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

    if (file)
        fclose(file);
    text[len] = '\0';
    long own = kib_of(text, "\nPss_Anon:"), shared = kib_of(text, "\nPss_Shmem:");
    return own < 0 || shared < 0 ? -1 : own + shared;
}

/* Looks as often as it can. What it misses makes the figure smaller, and never larger. */
struct watch {
    pthread_t thread;
    atomic_bool done;
    long most;
};

static void *look_on(void *arg)
{
    struct watch *watch = arg;

    while (!atomic_load(&watch->done)) {
        long now = memory_kib();
        if (now > watch->most)
            watch->most = now;
        usleep(300);
    }
    return NULL;
}

/* ---- what comes ---- */

static json_t *events[TREES];

static void make_events(void)
{
    const struct generator_options options = {.seed = 1, .sessions = SESSIONS, .steady = true};
    struct generator *generator = generator_new(&options);

    for (unsigned i = 0; i < TREES; i++)
        events[i] = generator_next(generator);
    generator_free(generator);
}

static void offer_many(struct recording *recording, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        recording_offer(recording, events[i % TREES]);
}

static void at_full_speed(struct recording *recording)
{
    offer_many(recording, quick ? 50000 : 500000);
}

static void one_file_after_the_other(struct recording *recording)
{
    for (unsigned round = 0; round < 10; round++) {
        offer_many(recording, quick ? 3000 : 30000);
        recording_order(recording, WRITING_TURN, "");
    }
}

static void while_the_disk_is_stuck(struct recording *recording)
{
    fake_disk()->stuck = 1;
    offer_many(recording, quick ? 50000 : 500000);
    fake_disk()->stuck = 0;
}

static void while_the_disk_is_full(struct recording *recording)
{
    fake_disk_fail(ENOSPC);
    offer_many(recording, quick ? 50000 : 500000);
    fake_disk_fail(0);
}

/* A session that is created, gets a handle, and negotiates; and never ends. */
struct session {
    json_t *created, *attached, *jsep;
};

static json_t *new_event(int type, json_t *body)
{
    return json_pack("{s:s, s:i, s:I, s:I, s:I, s:o}", "emitter", "bench", "type", type,
                     "timestamp", (json_int_t)1795334400180005, "session_id", (json_int_t)0,
                     "handle_id", (json_int_t)0, "event", body);
}

static struct session new_session(void)
{
    char sdp[3000];

    memset(sdp, 'x', sizeof(sdp) - 1);
    sdp[sizeof(sdp) - 1] = '\0';
    return (struct session){
        .created = new_event(1, json_pack("{s:s}", "name", "created")),
        .attached = new_event(
            2, json_pack("{s:s, s:s}", "name", "attached", "plugin", "janus.plugin.echotest")),
        .jsep = new_event(8, json_pack("{s:s, s:{s:s, s:s}}", "owner", "local", "jsep", "type",
                                       "offer", "sdp", sdp)),
    };
}

static void offer_of(struct recording *recording, json_t *event, unsigned number)
{
    json_integer_set(json_object_get(event, "session_id"), INT64_C(5000000000) + number);
    json_integer_set(json_object_get(event, "handle_id"), INT64_C(7000000000) + number);
    recording_offer(recording, event);
}

/* All that is live and all that is counted, up to their limits; and then the next files begin with it. */
static void sessions_without_end(struct recording *recording)
{
    struct session session = new_session();
    unsigned sessions = quick ? 30000 : 100000;

    for (unsigned i = 0; i < sessions; i++) {
        offer_of(recording, session.created, i);
        offer_of(recording, session.attached, i);
        if (i % 10 == 0)
            offer_of(recording, session.jsep, i);
        if (i % 200 == 0)
            usleep(2000); /* so that little of it is lost, whatever else the machine does */
    }
    one_file_after_the_other(recording);
    json_decref(session.created);
    json_decref(session.attached);
    json_decref(session.jsep);
}

static struct {
    const char *name;
    void (*come)(struct recording *recording);
} cases[] = {
    {"as fast as they come", at_full_speed},
    {"… into one file after the other", one_file_after_the_other},
    {"… while the disk never answers", while_the_disk_is_stuck},
    {"… while the disk is full", while_the_disk_is_full},
    {"sessions that never end", sessions_without_end},
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

/* ---- a case ---- */

static int record(size_t number, const char *folder)
{
    struct recording *recording = NULL;
    struct evj_error err = {0};
    struct config config;

    config_init(&config);
    config_set(&config, "folder", folder, NULL);
    if (recording_start(&config, "bench", NULL, &recording, &err) < 0) {
        fprintf(stderr, "bench_memory: %s\n", err.text);
        return -1;
    }
    cases[number].come(recording);
    return recording_stop(recording, NULL, NULL);
}

/* Returns how many KiB more there were than before; -1: failed. */
static long measure(size_t number)
{
    char *folder = temp_folder_new();
    struct watch watch = {.most = -1};

    fake_disk_spare_this_thread();
    fake_disk_mount(folder);
    make_events();
    pthread_create(&watch.thread, NULL, look_on, &watch);
    usleep(20000);
    long before = memory_kib();
    watch.most = before;
    int status = record(number, folder);
    atomic_store(&watch.done, true);
    pthread_join(watch.thread, NULL);
    fake_disk_mount(NULL);
    temp_folder_free(folder);
    return status < 0 ? -1 : watch.most - before;
}

/* In a child, so that no case has what another one has freed. */
static long measure_alone(size_t number)
{
    long *result =
        mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status = 0;

    *result = -1;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        *result = measure(number);
        _exit(0);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    long kib = status == 0 ? *result : -1;
    munmap(result, sizeof(*result));
    return kib;
}

/* ---- the table ---- */

static long spool_kib(void)
{
    struct config config;

    config_init(&config);
    return (long)(config.buffer / 1024) + 4; /* and its first page */
}

int main(int argc, char **argv)
{
    static const char *const heads[] = {"events", "peak KiB", "beyond the spool", "goal", NULL};
    struct table table;
    int failed = 0;

    quick = argc == 2 && strcmp(argv[1], "--quick") == 0;
    if (memory_kib() < 0) {
        fprintf(stderr, "bench_memory: this kernel does not tell a process's memory by kind\n");
        return 77; /* skipped */
    }
    table_init(&table, "Memory of a process with a recorder, less that without it, in KiB", heads);
    for (size_t i = 0; i < CASES; i++) {
        long kib = measure_alone(i), beyond = kib - spool_kib();
        bool met = kib >= 0 && beyond <= LIMIT_KIB;
        table_add(&table, "%s", cases[i].name);
        table_add(&table, "%ld", kib);
        table_add(&table, "%ld", beyond);
        table_add(&table, "%d: %s", LIMIT_KIB, met ? "met" : "not met");
        failed += !met;
    }
    table_print(&table);
    return failed > 0;
}
