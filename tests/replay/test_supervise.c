/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/replay.h"
#include "replay/supervise.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a test's child does; the rest of the record is where it says it is. */
struct child {
    int (*act)(struct supervised *shared, void *context);
    enum host_phase phase;
    uint64_t seq;
    struct supervised *shared;
    struct supervise_ending ending;
    char text[320];
};

static struct supervised *new_shared(void)
{
    struct supervised *shared;

    assert_int_equal(supervised_new(&shared, NULL), 0);
    return shared;
}

/* Runs in the child: take up the place, then do it. */
static int take_place(struct supervised *shared, void *context)
{
    struct child *child = context;
    const struct rlimit no_core = {0};

    setrlimit(RLIMIT_CORE, &no_core);
    shared->host.progress.phase = (int)child->phase;
    shared->host.progress.seq = child->seq;
    snprintf(shared->host.progress.handler, sizeof(shared->host.progress.handler),
             "janus.eventhandler.x");
    return child->act(shared, context);
}

static void run_child(struct child *child, int64_t timeout_us)
{
    child->shared = new_shared();
    assert_int_equal(
        supervise_run(take_place, child, child->shared, timeout_us, &child->ending, NULL), 0);
    supervise_describe(&child->ending, child->text, sizeof(child->text));
}

/* ---- children ---- */

static int act_return(struct supervised *shared, void *context)
{
    (void)context;
    shared->report.events = 99;
    return 1;
}

static int act_exit(struct supervised *shared, void *context)
{
    (void)shared;
    (void)context;
    _exit(3);
}

static int act_segfault(struct supervised *shared, void *context)
{
    (void)context;
    shared->report.events = 812;
    signal(SIGSEGV, SIG_DFL); /* not to the sanitizer, which would exit instead */
    raise(SIGSEGV);
    return 0;
}

static int act_abort(struct supervised *shared, void *context)
{
    (void)shared;
    (void)context;
    signal(SIGABRT, SIG_DFL);
    abort();
}

static int act_hang(struct supervised *shared, void *context)
{
    (void)shared;
    (void)context;
    for (;;)
        pause();
    return 0;
}

/* Writes all over what it shares with its parent, then dies. */
static int act_scribble(struct supervised *shared, void *context)
{
    memset(&shared->host, 0xff, sizeof(shared->host));
    memset(&shared->crash, 0xff, sizeof(shared->crash));
    return act_abort(shared, context);
}

/* As a handler crashes: nobody has put the signal's action back. */
static int act_crash(struct supervised *shared, void *context)
{
    (void)shared;
    (void)context;
    raise(SIGSEGV);
    return 0;
}

static void *crash_in_thread(void *unused)
{
    pthread_setname_np(pthread_self(), "worker");
    raise(SIGBUS);
    return unused;
}

static int act_crash_in_thread(struct supervised *shared, void *context)
{
    pthread_t thread;

    pthread_create(&thread, NULL, crash_in_thread, NULL);
    pthread_join(thread, NULL);
    return act_return(shared, context);
}

/* The compiler may not see that this never ends, or leave out the frames. */
__attribute__((noinline)) static int descend(volatile int *depth)
{
    volatile char room[512] = {0};

    if (++*depth == INT_MAX)
        return 0;
    return descend(depth) + room[1];
}

static int act_exhaust_stack(struct supervised *shared, void *context)
{
    const struct rlimit small = {.rlim_cur = 256 * 1024, .rlim_max = 256 * 1024};
    volatile int depth = 0;

    (void)shared;
    (void)context;
    setrlimit(RLIMIT_STACK, &small);
    return descend(&depth);
}

/* ---- endings ---- */

static void a_child_that_returns_gives_its_status(void **state)
{
    struct child child = {.act = act_return, .phase = HOST_PHASE_DONE};

    (void)state;
    run_child(&child, 0);
    assert_int_equal(child.ending.how, SUPERVISE_RETURNED);
    assert_int_equal(child.ending.status, 1);
    assert_int_equal(child.shared->report.events, 99);
}

static void a_crash_is_told_with_signal_record_and_handler(void **state)
{
    struct child child = {.act = act_segfault, .phase = HOST_PHASE_EVENT, .seq = 812};
    json_auto_t *json = NULL;

    (void)state;
    run_child(&child, 0);
    assert_int_equal(child.ending.how, SUPERVISE_SIGNALLED);
    assert_int_equal(child.ending.signal, SIGSEGV);
    assert_string_equal(child.text, "janus.eventhandler.x died of SIGSEGV (Segmentation fault) in "
                                    "incoming_event of record 812");
    json = supervise_ending_json(&child.ending);
    assert_string_equal(json_string_value(json_object_get(json, "how")), "signal");
    assert_string_equal(json_string_value(json_object_get(json, "signal")), "SIGSEGV");
    assert_string_equal(json_string_value(json_object_get(json, "phase")), "incoming_event");
    assert_int_equal(json_integer_value(json_object_get(json, "seq")), 812);
    assert_int_equal(child.shared->report.events, 812); /* what it measured has outlived it */
}

static void a_crash_outside_callbacks_names_the_last_record(void **state)
{
    struct child child = {.act = act_abort, .phase = HOST_PHASE_IDLE, .seq = 5};

    (void)state;
    run_child(&child, 0);
    assert_string_equal(child.text, "janus.eventhandler.x died of SIGABRT (Aborted) outside its "
                                    "callbacks, after record 5");
}

static void a_crash_in_init_names_no_record(void **state)
{
    struct child child = {.act = act_abort, .phase = HOST_PHASE_INIT, .seq = UINT64_MAX};
    json_auto_t *json = NULL;

    (void)state;
    run_child(&child, 0);
    assert_string_equal(child.text, "janus.eventhandler.x died of SIGABRT (Aborted) in init");
    json = supervise_ending_json(&child.ending);
    assert_null(json_object_get(json, "seq"));
}

static void an_exit_is_no_return(void **state)
{
    struct child child = {.act = act_exit, .phase = HOST_PHASE_INIT, .seq = UINT64_MAX};

    (void)state;
    run_child(&child, 0);
    assert_int_equal(child.ending.how, SUPERVISE_EXITED);
    assert_int_equal(child.ending.status, 3);
    assert_string_equal(child.text, "janus.eventhandler.x called exit(3) in init");
}

static void a_scribbled_place_is_not_trusted(void **state)
{
    struct child child = {.act = act_scribble, .phase = HOST_PHASE_EVENT, .seq = 1};
    json_auto_t *json = NULL, *handlers = NULL;

    (void)state;
    run_child(&child, 0);
    assert_int_equal(child.ending.signal, SIGABRT);
    assert_int_equal(child.ending.phase, HOST_PHASE_IDLE);
    json = supervise_ending_json(&child.ending);
    assert_non_null(json);
    handlers = supervise_handlers_json(child.shared, &child.ending);
    assert_int_equal(json_array_size(handlers), HOST_HANDLERS_MAX);
}

/* ---- where in its code ---- */

static void a_crash_tells_where_in_its_code(void **state)
{
    struct child child = {.act = act_crash, .phase = HOST_PHASE_EVENT, .seq = 812};
    json_auto_t *json = NULL;

    (void)state;
    run_child(&child, 0);
    assert_int_equal(child.ending.signal, SIGSEGV);
    assert_int_equal(child.ending.crash.signal, SIGSEGV);
    assert_false(child.ending.elsewhere);
    assert_true(child.ending.crash.frames >= 3);
    json = supervise_ending_json(&child.ending);
    assert_int_equal(json_array_size(json_object_get(json, "backtrace")),
                     child.ending.crash.frames);
    assert_non_null(strstr(child.ending.crash.frame[child.ending.crash.frames - 1], "[+0x"));
}

/* Its threads do most of a handler's work. */
static void a_crash_of_another_thread_is_told_with_its_name(void **state)
{
    struct child child = {.act = act_crash_in_thread, .phase = HOST_PHASE_EVENT, .seq = 812};

    (void)state;
    run_child(&child, 0);
    assert_true(child.ending.elsewhere);
    assert_string_equal(child.text, "janus.eventhandler.x died of SIGBUS (Bus error) in its thread "
                                    "\"worker\", during incoming_event of record 812");
}

static void an_exhausted_stack_can_still_be_told(void **state)
{
    struct child child = {.act = act_exhaust_stack, .phase = HOST_PHASE_EVENT, .seq = 812};

    (void)state;
    run_child(&child, 0);
    assert_int_equal(child.ending.signal, SIGSEGV);
    assert_int_equal(child.ending.crash.frames, CRASH_FRAMES);
}

static void a_hang_tells_where_in_its_code(void **state)
{
    struct child child = {.act = act_hang, .phase = HOST_PHASE_EVENT, .seq = 812};

    (void)state;
    run_child(&child, 100000);
    assert_int_equal(child.ending.how, SUPERVISE_HUNG);
    assert_true(child.ending.crash.frames >= 3);
}

/* ---- requests, beside events ---- */

struct asking {
    struct supervised *shared;
    void (*act)(void);
};

static void *ask(void *context)
{
    struct asking *asking = context;
    struct host_progress *progress = &asking->shared->host.progress;

    progress->request.thread = gettid();
    snprintf(progress->request.handler, HOST_PACKAGE_SIZE, "janus.eventhandler.asked");
    progress->request.number = 1;
    asking->act();
    return NULL;
}

/* Events go on coming meanwhile. */
static int act_ask(struct supervised *shared, void (*act)(void))
{
    struct asking asking = {.shared = shared, .act = act};
    pthread_t thread;

    pthread_create(&thread, NULL, ask, &asking);
    for (uint64_t seq = 0;; seq++) {
        shared->host.progress.phase = seq % 2 == 0 ? HOST_PHASE_EVENT : HOST_PHASE_IDLE;
        shared->host.progress.seq = 100 + seq / 2;
        usleep(10000);
    }
    return 0;
}

static void crash_asked(void)
{
    raise(SIGSEGV);
}

static void hang_asked(void)
{
    for (;;)
        pause();
}

static void exit_asked(void)
{
    exit(3);
}

/* A request alone: events wait. */
static int act_exit_asked(struct supervised *shared, void *context)
{
    struct asking asking = {.shared = shared, .act = exit_asked};
    pthread_t thread;

    (void)context;
    pthread_create(&thread, NULL, ask, &asking);
    hang_asked();
    return 0;
}

static int act_crash_asked(struct supervised *shared, void *context)
{
    (void)context;
    return act_ask(shared, crash_asked);
}

static int act_hang_asked(struct supervised *shared, void *context)
{
    (void)context;
    return act_ask(shared, hang_asked);
}

static void a_crash_in_a_request_is_told_as_such(void **state)
{
    struct child child = {.act = act_crash_asked, .phase = HOST_PHASE_IDLE, .seq = 100};

    (void)state;
    run_child(&child, 0);
    assert_int_equal(child.ending.phase, HOST_PHASE_REQUEST);
    assert_non_null(strstr(child.text, "janus.eventhandler.asked died of SIGSEGV (Segmentation "
                                       "fault) in handle_request, after record 1"));
}

static void an_exit_in_a_request_is_told_as_such(void **state)
{
    struct child child = {.act = act_exit_asked, .phase = HOST_PHASE_IDLE, .seq = 100};

    (void)state;
    run_child(&child, 0);
    assert_int_equal(child.ending.how, SUPERVISE_EXITED);
    assert_string_equal(
        child.text, "janus.eventhandler.asked called exit(3) in handle_request, after record 100");
}

static void a_request_that_does_not_return_is_ended(void **state)
{
    struct child child = {.act = act_hang_asked, .phase = HOST_PHASE_IDLE, .seq = 100};

    (void)state;
    run_child(&child, 300000);
    assert_int_equal(child.ending.how, SUPERVISE_HUNG);
    assert_int_equal(child.ending.phase, HOST_PHASE_REQUEST);
    assert_non_null(strstr(child.text, "janus.eventhandler.asked did not return within 0.3 s in "
                                       "handle_request"));
    assert_true(child.ending.crash.frames > 0);
    assert_false(child.ending.elsewhere);
}

/* Whoever ignores even that is killed. */
static int act_hang_deaf(struct supervised *shared, void *context)
{
    signal(SIGABRT, SIG_IGN);
    return act_hang(shared, context);
}

static void a_hang_that_does_not_tell_is_killed(void **state)
{
    struct child child = {.act = act_hang_deaf, .phase = HOST_PHASE_EVENT, .seq = 812};

    (void)state;
    run_child(&child, 100000);
    assert_int_equal(child.ending.how, SUPERVISE_HUNG);
    assert_int_equal(child.ending.signal, SIGKILL);
    assert_int_equal(child.ending.crash.frames, 0);
}

/* ---- hanging ---- */

static void a_call_that_does_not_return_is_ended(void **state)
{
    static const enum host_phase phases[] = {HOST_PHASE_LOAD, HOST_PHASE_INIT, HOST_PHASE_EVENT,
                                             HOST_PHASE_REQUEST, HOST_PHASE_DESTROY};

    (void)state;
    for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
        struct child child = {.act = act_hang, .phase = phases[i], .seq = 4};

        run_child(&child, 100000);
        assert_int_equal(child.ending.how, SUPERVISE_HUNG);
        assert_int_equal(child.ending.phase, phases[i]);
        assert_non_null(strstr(child.text, "did not return within 0.1 s"));
    }
}

/* Between events, the wait for the next one may be long: only the test's alarm ends this child. */
static int act_idle(struct supervised *shared, void *context)
{
    (void)shared;
    (void)context;
    signal(SIGALRM, SIG_DFL);
    alarm(1);
    for (;;)
        pause();
    return 0;
}

static void waiting_between_events_is_no_hang(void **state)
{
    struct child child = {.act = act_idle, .phase = HOST_PHASE_IDLE, .seq = 4};

    (void)state;
    run_child(&child, 100000);
    assert_int_equal(child.ending.how, SUPERVISE_SIGNALLED);
    assert_int_equal(child.ending.signal, SIGALRM);
}

/* Each call is measured by itself: many short ones are not one long one. */
static int act_many_calls(struct supervised *shared, void *context)
{
    (void)context;
    for (int i = 0; i < 24; i++) {
        shared->host.progress.seq = (uint64_t)i;
        usleep(50000);
    }
    return 0;
}

static void many_calls_are_no_hang(void **state)
{
    struct child child = {.act = act_many_calls, .phase = HOST_PHASE_EVENT};

    (void)state;
    run_child(&child, 1000000);
    assert_int_equal(child.ending.how, SUPERVISE_RETURNED);
}

/* ---- signals ---- */

/* As Ctrl-C does, signal parent and child; the child goes on until it is told by shared->stop. */
static int act_until_stop(struct supervised *shared, void *context)
{
    (void)context;
    for (int wanted = 1; wanted <= 2; wanted++) {
        raise(wanted == 1 ? SIGINT : SIGTERM);
        kill(getppid(), wanted == 1 ? SIGINT : SIGTERM);
        while (shared->stop < wanted)
            usleep(1000);
        if (shared->stop != wanted)
            return 50;
    }
    return 7;
}

static void each_interrupt_takes_the_stop_flag_one_further(void **state)
{
    struct child child = {.act = act_until_stop, .phase = HOST_PHASE_IDLE};

    (void)state;
    run_child(&child, 0);
    assert_int_equal(child.ending.how, SUPERVISE_RETURNED);
    assert_int_equal(child.ending.status, 7);
    assert_int_equal(child.shared->stop, REPLAY_HURRY);
}

static int act_deaf(struct supervised *shared, void *context)
{
    for (int wanted = 1; wanted <= 2; wanted++) {
        kill(getppid(), SIGINT);
        while (shared->stop < wanted)
            usleep(1000);
    }
    kill(getppid(), SIGINT);
    return act_hang(shared, context);
}

static void the_third_interrupt_kills(void **state)
{
    struct child child = {.act = act_deaf, .phase = HOST_PHASE_EVENT, .seq = 6};

    (void)state;
    run_child(&child, 0);
    assert_int_equal(child.ending.how, SUPERVISE_KILLED);
    assert_non_null(strstr(child.text, "was killed on request in incoming_event of record 6"));
}

static void the_signal_mask_is_put_back(void **state)
{
    struct child child = {.act = act_return};
    sigset_t before, after;

    (void)state;
    sigemptyset(&before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    run_child(&child, 0);
    sigprocmask(SIG_SETMASK, NULL, &after);
    for (int number = 1; number < SIGRTMAX; number++)
        assert_int_equal(sigismember(&after, number), sigismember(&before, number));
}

/* ---- the parent's death ---- */

static int act_tell_pid_and_hang(struct supervised *shared, void *context)
{
    shared->report.events = (uint64_t)getpid();
    return act_hang(shared, context);
}

/* A supervisor that is killed leaves nothing running. */
static void the_child_dies_with_its_parent(void **state)
{
    struct child child = {.act = act_tell_pid_and_hang, .phase = HOST_PHASE_IDLE};
    struct supervised *shared = new_shared();
    int alive[2];
    char byte;
    pid_t parent;

    (void)state;
    assert_int_equal(pipe(alive), 0);
    parent = fork();
    if (parent == 0) {
        supervise_run(take_place, &child, shared, 0, &child.ending, NULL);
        _exit(0);
    }
    close(alive[1]);
    while (*(volatile uint64_t *)&shared->report.events == 0)
        usleep(1000);
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    assert_int_equal(read(alive[0], &byte, 1), 0); /* nobody holds the other end any more */
    close(alive[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_that_returns_gives_its_status),
        cmocka_unit_test(a_crash_is_told_with_signal_record_and_handler),
        cmocka_unit_test(a_crash_outside_callbacks_names_the_last_record),
        cmocka_unit_test(a_crash_in_init_names_no_record),
        cmocka_unit_test(an_exit_is_no_return),
        cmocka_unit_test(a_scribbled_place_is_not_trusted),
        cmocka_unit_test(a_crash_tells_where_in_its_code),
        cmocka_unit_test(a_crash_of_another_thread_is_told_with_its_name),
        cmocka_unit_test(an_exhausted_stack_can_still_be_told),
        cmocka_unit_test(a_hang_tells_where_in_its_code),
        cmocka_unit_test(a_hang_that_does_not_tell_is_killed),
        cmocka_unit_test(a_crash_in_a_request_is_told_as_such),
        cmocka_unit_test(an_exit_in_a_request_is_told_as_such),
        cmocka_unit_test(a_request_that_does_not_return_is_ended),
        cmocka_unit_test(a_call_that_does_not_return_is_ended),
        cmocka_unit_test(waiting_between_events_is_no_hang),
        cmocka_unit_test(many_calls_are_no_hang),
        cmocka_unit_test(each_interrupt_takes_the_stop_flag_one_further),
        cmocka_unit_test(the_third_interrupt_kills),
        cmocka_unit_test(the_signal_mask_is_put_back),
        cmocka_unit_test(the_child_dies_with_its_parent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
