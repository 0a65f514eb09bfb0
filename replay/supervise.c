/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/supervise.h"

#include "replay/replay.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How often the parent looks where the child is. */
#define TICK_MS 100
#define US_PER_TICK (TICK_MS * INT64_C(1000))

/* Who is watched, and for how many ticks it has stayed in one call. */
struct watch {
    pid_t child;
    struct supervised *shared;
    void *context;
    int64_t timeout_ticks; /* 0: none */
    int64_t ticks;
    int phase;
    uint64_t seq;
    char handler[sizeof(((struct host_progress *)NULL)->handler)];
    struct supervise_ending *ending;
};

int supervised_new(struct supervised **ret_shared, struct evj_error *err)
{
    struct supervised *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (shared == MAP_FAILED)
        return evj_fail_errno(err, 0, "no shared memory");
    shared->progress.phase = HOST_PHASE_IDLE;
    shared->progress.seq = UINT64_MAX;
    *ret_shared = shared;
    return 0;
}

/* ---- the child ---- */

static void run_child(supervised_function *run, void *context, struct supervised *shared,
                      pid_t parent, const sigset_t *mask)
{
    int status;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    /* Ctrl-C reaches the whole group; the parent tells by shared->stop, once for each. */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    /* In a Janus that has had a PeerConnection, GIO has done the same. */
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_SETMASK, mask, NULL);
    status = run(shared, context);
    fflush(NULL);
    shared->returned = 1;
    /* Not exit(): handlers' threads may still run, and must not see destructors pull the rug away.
     */
    _exit(status);
}

/* ---- the parent ---- */

static bool is_in_handler(int phase)
{
    return phase == HOST_PHASE_LOAD || phase == HOST_PHASE_INIT || phase == HOST_PHASE_EVENT ||
           phase == HOST_PHASE_REQUEST || phase == HOST_PHASE_DESTROY;
}

/* The child may be writing the name: take a bounded copy of what is there. */
static void copy_name(char *to, const struct host_progress *progress)
{
    memcpy(to, progress->handler, sizeof(progress->handler) - 1);
    to[sizeof(progress->handler) - 1] = '\0';
}

/*
 * Counts the ticks in which this process ran, not the time: after Ctrl-Z and fg, both have stood
 * still.
 */
static bool has_hung(struct watch *watch)
{
    const struct host_progress *progress = &watch->shared->progress;
    char handler[sizeof(watch->handler)];
    int phase = progress->phase;
    uint64_t seq = progress->seq;

    copy_name(handler, progress);
    if (!is_in_handler(phase) || phase != watch->phase || seq != watch->seq ||
        strcmp(handler, watch->handler) != 0) {
        watch->phase = phase;
        watch->seq = seq;
        memcpy(watch->handler, handler, sizeof(handler));
        watch->ticks = 0;
        return false;
    }
    watch->ticks++;
    if (phase == HOST_PHASE_EVENT && watch->shared->stuck != NULL)
        watch->shared->stuck(watch->shared, watch->context);
    return watch->timeout_ticks > 0 && watch->ticks >= watch->timeout_ticks;
}

static void kill_child(struct watch *watch, enum supervise_how how)
{
    watch->ending->how = how;
    kill(watch->child, SIGKILL);
}

/* One more of SIGINT or SIGTERM. */
static void take_stop(struct watch *watch)
{
    if (watch->shared->stop >= REPLAY_HURRY)
        kill_child(watch, SUPERVISE_KILLED);
    else
        watch->shared->stop++;
}

static int wait_for_child(struct watch *watch, const sigset_t *signals)
{
    const struct timespec tick = {.tv_nsec = TICK_MS * 1000000L};
    int wstatus;
    pid_t pid;

    while ((pid = waitpid(watch->child, &wstatus, WNOHANG)) != watch->child) {
        int signal;

        if (pid < 0 && errno != EINTR)
            return -1;
        signal = sigtimedwait(signals, NULL, &tick);
        if (signal == SIGINT || signal == SIGTERM)
            take_stop(watch);
        else if (signal < 0 && errno == EAGAIN && has_hung(watch))
            kill_child(watch, SUPERVISE_HUNG);
    }
    return wstatus;
}

/* What has crashed may have written anywhere, here too: nothing is trusted to be in its range. */
static void take_place(struct supervise_ending *ending, const struct host_progress *progress)
{
    int phase = progress->phase;

    ending->phase =
        phase >= 0 && phase <= HOST_PHASE_DONE ? (enum host_phase)phase : HOST_PHASE_IDLE;
    ending->seq = progress->seq;
    copy_name(ending->handler, progress);
    for (char *c = ending->handler; *c != '\0'; c++) {
        if (*c < ' ' || *c > '~')
            *c = '?';
    }
}

static void judge(struct watch *watch, int wstatus)
{
    struct supervise_ending *ending = watch->ending;
    const struct host_progress *progress = &watch->shared->progress;

    take_place(ending, progress);
    if (WIFEXITED(wstatus)) {
        /* It may have got away before the kill reached it. */
        ending->how = watch->shared->returned ? SUPERVISE_RETURNED : SUPERVISE_EXITED;
        ending->status = WEXITSTATUS(wstatus);
    } else {
        ending->signal = WTERMSIG(wstatus);
    }
}

int supervise_run(supervised_function *run, void *context, struct supervised *shared,
                  int64_t timeout_us, struct supervise_ending *ret_ending, struct evj_error *err)
{
    struct supervise_ending ending = {.how = SUPERVISE_SIGNALLED, .timeout_us = timeout_us};
    struct watch watch = {.shared = shared, .context = context, .ending = &ending};
    const pid_t self = getpid();
    sigset_t signals, mask;
    int wstatus = -1;

    watch.timeout_ticks = (timeout_us + US_PER_TICK - 1) / US_PER_TICK;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGCHLD);
    signal(SIGCHLD,
           SIG_DFL); /* whoever started us may have had it ignored: then nothing is to wait for */
    sigprocmask(SIG_BLOCK, &signals, &mask);
    fflush(NULL);
    watch.child = fork();
    if (watch.child == 0)
        run_child(run, context, shared, self, &mask);
    if (watch.child > 0)
        wstatus = wait_for_child(&watch, &signals);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    if (wstatus < 0)
        return evj_fail_errno(err, 0, "cannot start a process for the handler");
    judge(&watch, wstatus);
    *ret_ending = ending;
    return 0;
}

/* ---- telling ---- */

/* By enum host_phase: the name in JSON, and the place in a sentence. */
static const struct {
    const char *name, *place;
} phases[] = {
    [HOST_PHASE_LOAD] = {"load", "while it was loaded"},
    [HOST_PHASE_INIT] = {"init", "in init"},
    [HOST_PHASE_EVENT] = {"incoming_event", "in incoming_event of"},
    [HOST_PHASE_IDLE] = {"idle", "outside its callbacks, after"},
    [HOST_PHASE_REQUEST] = {"handle_request", "in handle_request, after"},
    [HOST_PHASE_DRAIN] = {"drain", "while it was given time to finish, after"},
    [HOST_PHASE_DESTROY] = {"destroy", "in destroy, after"},
    [HOST_PHASE_DONE] = {"done", "after destroy"},
};

static bool has_record(enum host_phase phase)
{
    return phase >= HOST_PHASE_EVENT && phase <= HOST_PHASE_DESTROY;
}

static void describe_place(const struct supervise_ending *ending, char *text, size_t size)
{
    const char *place = phases[ending->phase].place;

    if (!has_record(ending->phase))
        snprintf(text, size, "%s", place);
    else if (ending->seq == UINT64_MAX)
        snprintf(text, size, "before the first event");
    else
        snprintf(text, size, "%s record %" PRIu64, place, ending->seq);
}

static const char *signal_name(int signal, char name[static 16])
{
    const char *known = sigabbrev_np(signal);

    if (known != NULL)
        snprintf(name, 16, "SIG%s", known);
    else
        snprintf(name, 16, "signal %d", signal);
    return name;
}

void supervise_describe(const struct supervise_ending *ending, char *text, size_t size)
{
    const char *who = ending->handler[0] != '\0' ? ending->handler : "the handler";
    char place[96], name[16];

    describe_place(ending, place, sizeof(place));
    switch (ending->how) {
    case SUPERVISE_RETURNED:
        snprintf(text, size, "%s was destroyed", who);
        break;
    case SUPERVISE_EXITED:
        snprintf(text, size, "%s called exit(%d) %s", who, ending->status, place);
        break;
    case SUPERVISE_SIGNALLED:
        snprintf(text, size, "%s died of %s (%s) %s", who, signal_name(ending->signal, name),
                 strsignal(ending->signal), place);
        break;
    case SUPERVISE_HUNG:
        snprintf(text, size, "%s did not return within %.3g s %s, and was killed", who,
                 (double)ending->timeout_us / 1e6, place);
        break;
    case SUPERVISE_KILLED:
        snprintf(text, size, "%s was killed on request %s", who, place);
        break;
    }
}

static const char *const how_names[] = {
    [SUPERVISE_RETURNED] = "destroyed", [SUPERVISE_EXITED] = "exit",
    [SUPERVISE_SIGNALLED] = "signal",   [SUPERVISE_HUNG] = "hung",
    [SUPERVISE_KILLED] = "killed",
};

json_t *supervise_ending_json(const struct supervise_ending *ending)
{
    char text[320], name[16];
    json_t *object;

    supervise_describe(ending, text, sizeof(text));
    object = json_pack("{s:s, s:s, s:s}", "how", how_names[ending->how], "phase",
                       phases[ending->phase].name, "text", text);
    if (has_record(ending->phase) && ending->seq != UINT64_MAX)
        json_object_set_new(object, "seq", json_integer((json_int_t)ending->seq));
    if (ending->how == SUPERVISE_EXITED)
        json_object_set_new(object, "status", json_integer(ending->status));
    if (ending->how == SUPERVISE_SIGNALLED)
        json_object_set_new(object, "signal", json_string(signal_name(ending->signal, name)));
    return object;
}
