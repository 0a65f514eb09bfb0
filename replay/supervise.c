/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/supervise.h"

#include "replay/call_watch.h"
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

/* How long one that hangs may take to tell where. */
#define TELL_TICKS 20

/* Who is watched. */
struct watch {
    pid_t child;
    struct supervised *shared;
    void *context;
    int64_t timeout_ticks; /* 0: none */
    struct call_watch calls, requests;
    const struct call_watch *hung; /* the one of them that lasts too long; NULL: neither */
    int64_t telling; /* it has been asked where it hangs, so many ticks ago; 0: not yet */
    struct supervise_ending *ending;
};

int supervised_new(struct supervised **ret_shared, struct evj_error *err)
{
    struct supervised *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (shared == MAP_FAILED)
        return evj_fail_errno(err, 0, "no shared memory");
    shared->host.progress.phase = HOST_PHASE_IDLE;
    shared->host.progress.seq = UINT64_MAX;
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
    crash_watch(&shared->crash);
    status = run(shared, context);
    fflush(NULL);
    shared->returned = 1;
    /* Not exit(): handlers' threads may still run, and must not see destructors pull the rug away.
     */
    _exit(status);
}

/* ---- the parent ---- */

static void look(struct watch *watch, struct call_watch *calls, const struct call *call)
{
    if (call_watch_tick(calls, call) && watch->timeout_ticks > 0 &&
        calls->ticks >= watch->timeout_ticks)
        watch->hung = calls;
}

/* Once too long is too long: it may have been asked where it is. */
static bool has_hung(struct watch *watch)
{
    struct supervised *shared = watch->shared;
    struct call call, request;

    call_read(&call, &shared->host.progress, watch->child);
    call_read_request(&request, &shared->host.progress);
    if (watch->hung == NULL)
        look(watch, &watch->calls, &call);
    if (watch->hung == NULL)
        look(watch, &watch->requests, &request);
    if (call.phase == HOST_PHASE_EVENT && watch->calls.ticks > 0 && shared->stuck != NULL)
        shared->stuck(shared, watch->context);
    return watch->hung != NULL;
}

static void kill_child(struct watch *watch, enum supervise_how how)
{
    watch->ending->how = how;
    kill(watch->child, SIGKILL);
}

/* With the signal that has it note its backtrace (crash.h), and kills it; unless even that hangs. */
static void end_hung(struct watch *watch)
{
    watch->ending->how = SUPERVISE_HUNG;
    if (watch->telling++ == 0)
        tgkill(watch->child, watch->hung->call.thread, SIGABRT);
    else if (watch->telling > TELL_TICKS)
        kill_child(watch, SUPERVISE_HUNG);
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
            end_hung(watch);
    }
    return wstatus;
}

/* In which call: the one of the thread that crashed, or hung. Which thread called exit() nobody tells, but
 * one that waits for its next call did not. */
static bool was_in_request(const struct watch *watch, const struct call *call,
                           const struct call *request)
{
    const struct crash *crash = &watch->ending->crash;

    if (watch->hung != NULL)
        return watch->hung == &watch->requests;
    if (request->phase != HOST_PHASE_REQUEST)
        return false;
    if (watch->ending->how == SUPERVISE_EXITED)
        return call->phase == HOST_PHASE_IDLE;
    return crash->signal != 0 && crash->thread == request->thread;
}

static void take_place(struct watch *watch)
{
    const struct host_progress *progress = &watch->shared->host.progress;
    struct supervise_ending *ending = watch->ending;
    struct call call, request;

    call_read(&call, progress, watch->child);
    call_read_request(&request, progress);
    ending->seq = call.number;
    if (was_in_request(watch, &call, &request))
        call = watch->hung != NULL ? watch->hung->call : request;
    ending->phase = call.phase;
    memcpy(ending->handler, call.handler, sizeof(ending->handler));
    ending->elsewhere = ending->crash.signal != 0 && ending->crash.thread != call.thread;
}

static void judge(struct watch *watch, int wstatus)
{
    struct supervise_ending *ending = watch->ending;

    if (WIFEXITED(wstatus)) {
        /* It may have got away before the kill reached it. */
        ending->how = watch->shared->returned ? SUPERVISE_RETURNED : SUPERVISE_EXITED;
        ending->status = WEXITSTATUS(wstatus);
    } else {
        ending->signal = WTERMSIG(wstatus);
    }
    crash_copy(&ending->crash, &watch->shared->crash);
    take_place(watch);
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
    if (watch.child > 0 && shared->started != NULL)
        shared->started(shared, context);
    if (watch.child > 0)
        wstatus = wait_for_child(&watch, &signals);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    if (wstatus < 0)
        return evj_fail_errno(err, 0, "cannot start a process for the handler");
    judge(&watch, wstatus);
    *ret_ending = ending;
    return 0;
}
