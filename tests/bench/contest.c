/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/contest.h"

#include "replay/host/abi.h"
#include "replay/host/host.h"
#include "tests/bench/feed.h"
#include "tests/bench/generate.h"
#include "tests/bench/measure.h"
#include "tests/bench/written.h"

#include <dlfcn.h>
#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SESSIONS 1000u
#define TREES 20000u
#define SETTLE_US 5000u
/* How long nothing may arrive before what is missing counts as lost. */
#define PATIENCE_NS UINT64_C(1000000000)

/* ---- in the child ---- */

static void show_complaint(const struct host_log_line *line, void *context)
{
    (void)context;
    if (line->level > 0 && line->level <= 2)
        fprintf(stderr, "%s\n", line->text);
}

/*
 * The host has loaded it; asking the library again gives the same table. The events go to it
 * without the host, whose watch over each event would be measured otherwise.
 */
static feed_callback *callback_of(const char *library_path)
{
    void *library = dlopen(library_path, RTLD_NOW | RTLD_NOLOAD);
    struct janus_eventhandler *(*create)(void) =
        library ? (struct janus_eventhandler * (*)(void)) dlsym(library, "create") : NULL;

    return create ? create()->incoming_event : NULL;
}

/* The handler has let go of the last event, so of all: each of them has one queue. */
static void wait_for_handler(json_t *last, size_t ours)
{
    while (last && __atomic_load_n(&last->refcount, __ATOMIC_ACQUIRE) > ours)
        g_usleep(100);
}

/* Returns when the last event arrived that did. */
static uint64_t wait_for_backend(const struct backend *backend, uint64_t events)
{
    uint64_t seen = 0, changed_ns = clock_ns(CLOCK_MONOTONIC);

    while (backend->pid > 0 && seen < events &&
           clock_ns(CLOCK_MONOTONIC) - changed_ns < PATIENCE_NS) {
        uint64_t now = atomic_load_explicit(&backend->counts->events, memory_order_acquire);
        if (now != seen)
            changed_ns = clock_ns(CLOCK_MONOTONIC);
        seen = now;
        g_usleep(200);
    }
    return changed_ns;
}

/* The trees of `count` events, which live as long as the process. */
static json_t **make_trees(struct generator *generator, size_t count)
{
    json_t **trees = g_new(json_t *, count);

    for (size_t i = 0; i < count; i++)
        trees[i] = generator_next(generator);
    return trees;
}

static void set_callback_ns(struct contest_result *result, const struct feed_result *fed)
{
    result->callback_p50_ns = (double)evj_histogram_quantile(&fed->callback_ns, 0.5);
    result->callback_p99_ns = (double)evj_histogram_quantile(&fed->callback_ns, 0.99);
}

struct run {
    const struct contender *contender;
    const struct contest *contest;
    const struct backend *backend;
    struct contest_result *result; /* shared with the parent */
};

static struct generator *new_generator(void)
{
    struct generator_options options = {.seed = 1, .sessions = SESSIONS, .steady = true};

    return generator_new(&options);
}

/* One slice; `callback` NULL: without the handler. Returns its CPU time per event. */
static double run_slice(const struct contest *contest, struct generator *generator,
                        feed_callback *callback, struct feed_result *fed)
{
    uint64_t events = contest->events / CONTEST_SLICES;
    uint64_t begun_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID), waited_ns = fed->waiting_ns;

    feed_paced(callback, generator, events, contest->per_second, fed);
    wait_for_handler(fed->last, 1);
    /* For threads that do not hold the event while they work on it. */
    g_usleep(SETTLE_US);
    uint64_t cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - begun_ns;
    return (double)(cpu_ns - (fed->waiting_ns - waited_ns)) / 1e3 / (double)events;
}

/*
 * With and without the handler by turns, in the same process: what other processes do to this one
 * in the meantime, by filling the caches and taking the processor, is much the same for both.
 */
static void measure_paced(const struct run *run, struct host *host, feed_callback *callback)
{
    struct feed_result *with = g_new0(struct feed_result, 1),
                       *without = g_new0(struct feed_result, 1);
    struct contest_result *result = run->result;
    struct generator *generator = new_generator();

    for (size_t i = 0; i < CONTEST_SLICES; i++) {
        result->without_us[i] = run_slice(run->contest, generator, NULL, without);
        result->with_us[i] = run_slice(run->contest, generator, callback, with);
    }
    wait_for_backend(run->backend, run->contest->events);
    uint64_t begun_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    host_stop(host);
    result->destroy_us = (double)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - begun_ns) / 1e3 /
                         (double)run->contest->events;
    set_callback_ns(result, with);
}

/* Until destroy() has returned, because a recorder writes its rest there. */
static void measure_flood(const struct run *run, struct host *host, feed_callback *callback)
{
    const struct contest *contest = run->contest;
    struct feed_result *fed = g_new0(struct feed_result, 1);
    json_t **trees = make_trees(new_generator(), TREES);
    double events = (double)contest->events;
    uint64_t cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID), wall_ns = clock_ns(CLOCK_MONOTONIC);

    feed_flood(callback, contest->events, trees, TREES, fed);
    wait_for_handler(fed->last, 2);
    uint64_t arrived_ns = wait_for_backend(run->backend, contest->events);
    host_stop(host);
    if (run->backend->pid == 0)
        arrived_ns = clock_ns(CLOCK_MONOTONIC);
    run->result->cpu_us = (double)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns) / 1e3 / events;
    run->result->wall_us = (double)(arrived_ns - wall_ns) / 1e3 / events;
    set_callback_ns(run->result, fed);
}

/* What Janus itself does with each event for each handler but the last (src/events.c). */
static void copy_event(json_t *event)
{
    feed_leave(json_deep_copy(event));
}

/* NULL, after a line on standard error: it cannot be loaded. */
static feed_callback *load(const struct run *run, struct host *host)
{
    const char *path = run->contest->library_path;
    struct evj_error err = {0};

    if (!path)
        return copy_event;
    if (host_load(host, path, &err) < 0) {
        fprintf(stderr, "%s: %s\n", run->contender->name, err.text);
        return NULL;
    }
    feed_callback *callback = callback_of(path);
    if (!callback)
        fprintf(stderr, "%s: %s: loaded, and yet not found\n", run->contender->name, path);
    return callback;
}

/* Returns the exit status. */
static int run_child(const struct run *run, const char *config_dir)
{
    struct evj_error err = {0};
    struct host *host = NULL;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (host_new(config_dir, NULL, show_complaint, NULL, &host, &err) < 0) {
        fprintf(stderr, "%s: %s\n", run->contender->name, err.text);
        return 1;
    }
    feed_callback *callback = load(run, host);
    if (!callback)
        return 1;
    if (run->contest->per_second > 0)
        measure_paced(run, host, callback);
    else
        measure_flood(run, host, callback);
    return 0;
}

/* ---- in the parent ---- */

static int run_in_child(const struct run *run, const char *config_dir)
{
    pid_t pid = fork();
    int status = 0;

    if (pid == 0)
        _exit(run_child(run, config_dir));
    if (pid < 0)
        return -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (WIFSIGNALED(status))
        fprintf(stderr, "%s: died of signal %d\n", run->contender->name, WTERMSIG(status));
    return -1;
}

static int run_between(const struct contender *contender, const struct contest *contest,
                       const char *config_dir, const char *data_dir, struct contest_result *shared)
{
    struct backend backend;

    if (backend_start(contender->backend, &backend) < 0 ||
        (contender->library &&
         contender_configure(contender, config_dir, data_dir, backend.port, contest->buffer) < 0)) {
        perror(contender->name);
        return -1;
    }
    struct run run = {contender, contest, &backend, shared};
    int status = run_in_child(&run, config_dir);
    struct written written;
    written_count(data_dir, &written);
    shared->arrived = atomic_load(&backend.counts->events) + written.events;
    shared->bytes = atomic_load(&backend.counts->bytes) + written.bytes;
    shared->gzip_bytes = written.gzip_bytes;
    backend_stop(&backend);
    return status;
}

static void remove_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        unlink(path);
    }
    rmdir(folder);
}

int contest_run(const struct contender *contender, const struct contest *contest,
                struct contest_result *ret)
{
    g_autofree char *config_dir = g_dir_make_tmp("evj-bench-config-XXXXXX", NULL);
    g_autofree char *data_dir = g_dir_make_tmp("evj-bench-data-XXXXXX", NULL);
    struct contest_result *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status = -1;

    if (config_dir && data_dir && shared != MAP_FAILED) {
        fflush(NULL);
        status = run_between(contender, contest, config_dir, data_dir, shared);
        *ret = *shared;
    } else {
        perror("cannot make temporary folders");
    }
    if (shared != MAP_FAILED)
        munmap(shared, sizeof(*shared));
    if (config_dir)
        remove_folder(config_dir);
    if (data_dir)
        remove_folder(data_dir);
    return status;
}
