/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "format/workers_internal.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- the machine, as the test wants it (ld --wrap) ---- */

long __real_sysconf(int name);
long __wrap_sysconf(int name);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*run)(void *data), void *data);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*run)(void *data), void *data);

static long processors;
static unsigned threads_made, threads_to_be_had;

long __wrap_sysconf(int name)
{
    return name == _SC_NPROCESSORS_ONLN ? processors : __real_sysconf(name);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*run)(void *data), void *data)
{
    if (threads_to_be_had == 0)
        return EAGAIN;
    threads_to_be_had--;
    threads_made++;
    return __real_pthread_create(thread, attributes, run, data);
}

static struct evj_workers *workers_of(long machine)
{
    processors = machine;
    threads_made = 0;
    threads_to_be_had = 1000;
    struct evj_workers *workers = evj_workers_new();
    assert_non_null(workers);
    return workers;
}

/* Numbers of processors, as a system may tell them; -1: it does not know. */
static const long machines[] = {-1, 0, 1, 2, 3, 8, 64};
enum { MACHINES = sizeof(machines) / sizeof(machines[0]) };

/* ---- jobs ---- */

struct task {
    struct evj_job job;
    unsigned runs;
    pthread_t by;
    sem_t *started, *gate; /* NULL: it does not say so, and waits for nothing */
    atomic_uint *order;
    unsigned turn;
};

static void run_task(struct evj_job *job)
{
    struct task *task = (struct task *)job;

    if (task->started)
        sem_post(task->started);
    if (task->gate)
        sem_wait(task->gate);
    if (task->order)
        task->turn = atomic_fetch_add(task->order, 1);
    task->by = pthread_self();
    task->runs++;
}

static void every_job_is_done_once(void **state)
{
    enum { JOBS = 300 };
    static struct task tasks[JOBS];

    (void)state;
    for (unsigned m = 0; m < MACHINES; m++) {
        EVJ_AUTO(workers) *workers = workers_of(machines[m]);
        for (unsigned i = 0; i < JOBS; i++) {
            tasks[i] = (struct task){.job.run = run_task};
            evj_workers_submit(workers, &tasks[i].job);
        }
        for (unsigned i = 0; i < JOBS; i++) {
            evj_workers_wait(workers, &tasks[i].job);
            assert_int_equal(tasks[i].runs, 1);
            assert_int_equal(tasks[i].job.state, EVJ_JOB_DONE);
        }
    }
}

static void a_job_may_be_submitted_again(void **state)
{
    struct task task = {.job.run = run_task};
    EVJ_AUTO(workers) *workers = workers_of(2);

    (void)state;
    for (unsigned i = 0; i < 2000; i++) {
        evj_workers_submit(workers, &task.job);
        if (i % 3 == 0)
            evj_workers_cancel(workers, &task.job);
        else
            evj_workers_wait(workers, &task.job);
        assert_in_range(task.runs, i - i / 3 - (i > 0), i + 1);
        assert_int_equal(task.job.state, i % 3 == 0 ? EVJ_JOB_IDLE : EVJ_JOB_DONE);
    }
}

static void without_workers_the_job_is_done_when_it_is_waited_for(void **state)
{
    struct task task = {.job.run = run_task};

    (void)state;
    evj_workers_submit(NULL, &task.job);
    assert_int_equal(task.runs, 0);
    evj_workers_wait(NULL, &task.job);
    assert_int_equal(task.runs, 1);
    evj_workers_wait(NULL, &task.job);
    assert_int_equal(task.runs, 1);
    evj_workers_submit(NULL, &task.job);
    evj_workers_cancel(NULL, &task.job);
    assert_int_equal(task.runs, 1);
    evj_workers_free(NULL);
}

/* ---- threads ---- */

static void the_threads_are_all_processors_but_one_and_start_with_the_first_job(void **state)
{
    static const unsigned expected[MACHINES] = {0, 0, 0, 1, 2, 7, 7};

    (void)state;
    for (unsigned m = 0; m < MACHINES; m++) {
        struct task tasks[3] = {0};
        EVJ_AUTO(workers) *workers = workers_of(machines[m]);
        assert_int_equal(threads_made, 0);
        for (unsigned i = 0; i < 3; i++) {
            tasks[i].job.run = run_task;
            evj_workers_submit(workers, &tasks[i].job);
            assert_int_equal(threads_made, expected[m]);
        }
        for (unsigned i = 0; i < 3; i++)
            evj_workers_wait(workers, &tasks[i].job);
    }
}

/* Of seven that are wanted, `n` can be had: nobody minds, and nobody asks again. */
static void threads_that_cannot_be_had_are_not_needed(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 7; n += 3) {
        struct task tasks[20] = {0};
        EVJ_AUTO(workers) *workers = workers_of(8);
        threads_to_be_had = n;
        for (unsigned i = 0; i < 20; i++) {
            tasks[i].job.run = run_task;
            evj_workers_submit(workers, &tasks[i].job);
            threads_to_be_had = 100;
        }
        for (unsigned i = 0; i < 20; i++) {
            evj_workers_wait(workers, &tasks[i].job);
            assert_int_equal(tasks[i].runs, 1);
            assert_true(n > 0 || pthread_equal(tasks[i].by, pthread_self()));
        }
        assert_int_equal(threads_made, n);
    }
}

/* The only thread is held up: what it has not taken, whoever waits does himself. */
static void who_waits_does_what_no_thread_has_taken(void **state)
{
    sem_t started, gate;
    struct task held = {.job.run = run_task, .started = &started, .gate = &gate};
    struct task next = {.job.run = run_task};
    EVJ_AUTO(workers) *workers = workers_of(2);

    (void)state;
    sem_init(&started, 0, 0);
    sem_init(&gate, 0, 0);
    evj_workers_submit(workers, &held.job);
    sem_wait(&started);
    evj_workers_submit(workers, &next.job);
    evj_workers_wait(workers, &next.job);
    assert_int_equal(next.runs, 1);
    assert_true(pthread_equal(next.by, pthread_self()));
    sem_post(&gate);
    evj_workers_wait(workers, &held.job);
    assert_false(pthread_equal(held.by, pthread_self()));
}

/* The reader waits for the first: what was submitted first must not come last. */
static void jobs_are_taken_in_the_order_in_which_they_came(void **state)
{
    enum { JOBS = 20 };
    sem_t started, gate, over;
    atomic_uint order = 0;
    struct task held = {.job.run = run_task, .started = &started, .gate = &gate};
    struct task tasks[JOBS];
    EVJ_AUTO(workers) *workers = workers_of(2);

    (void)state;
    sem_init(&started, 0, 0);
    sem_init(&gate, 0, 0);
    sem_init(&over, 0, 0);
    evj_workers_submit(workers, &held.job);
    sem_wait(&started);
    for (unsigned i = 0; i < JOBS; i++) {
        tasks[i] = (struct task){
            .job.run = run_task, .order = &order, .started = i == JOBS - 1 ? &over : NULL};
        evj_workers_submit(workers, &tasks[i].job);
    }
    sem_post(&gate);
    sem_wait(&over);
    evj_workers_wait(workers, &held.job);
    for (unsigned i = 0; i < JOBS; i++) {
        evj_workers_wait(workers, &tasks[i].job);
        assert_int_equal(tasks[i].turn, i);
    }
}

static void note_signals(struct evj_job *job)
{
    struct task *task = (struct task *)job;
    sigset_t blocked;

    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    task->runs = sigismember(&blocked, SIGINT) + sigismember(&blocked, SIGTERM) +
                 sigismember(&blocked, SIGUSR1) + sigismember(&blocked, SIGALRM);
    sem_post(task->started);
}

/* A program that waits for SIGINT in its own threads must get it there. */
static void the_threads_take_no_signal_and_the_callers_mask_stays(void **state)
{
    sem_t done;
    struct task task = {.job.run = note_signals, .started = &done};
    sigset_t before, after;
    EVJ_AUTO(workers) *workers = workers_of(2);

    (void)state;
    sem_init(&done, 0, 0);
    sigemptyset(&before);
    sigaddset(&before, SIGUSR2);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    evj_workers_submit(workers, &task.job);
    sem_wait(&done);
    evj_workers_wait(workers, &task.job);
    assert_int_equal(task.runs, 4);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    assert_true(sigismember(&after, SIGUSR2));
    assert_false(sigismember(&after, SIGINT));
    assert_false(sigismember(&after, SIGALRM));
}

/* ---- taking back ---- */

static void a_job_that_is_taken_back_in_time_is_not_done(void **state)
{
    sem_t started, gate;
    struct task held = {.job.run = run_task, .started = &started, .gate = &gate};
    struct task tasks[5];
    EVJ_AUTO(workers) *workers = workers_of(2);

    (void)state;
    sem_init(&started, 0, 0);
    sem_init(&gate, 0, 0);
    evj_workers_submit(workers, &held.job);
    sem_wait(&started);
    for (unsigned i = 0; i < 5; i++) {
        tasks[i] = (struct task){.job.run = run_task};
        evj_workers_submit(workers, &tasks[i].job);
    }
    evj_workers_cancel(workers, &tasks[2].job);
    evj_workers_cancel(workers, &tasks[4].job);
    sem_post(&gate);
    evj_workers_wait(workers, &held.job);
    for (unsigned i = 0; i < 5; i++) {
        if (i % 2 == 1 || i == 0)
            evj_workers_wait(workers, &tasks[i].job);
        assert_int_equal(tasks[i].runs, i % 2 == 1 || i == 0);
    }
    evj_workers_cancel(workers, &tasks[0].job); /* done already: nothing to take back */
    assert_int_equal(tasks[0].runs, 1);
}

static void *open_gate(void *gate)
{
    sem_post(gate);
    return NULL;
}

/* Its memory is freed next: nobody may still be at it. */
static void taking_back_waits_for_a_job_that_runs(void **state)
{
    sem_t started, gate;
    pthread_t opener;

    (void)state;
    sem_init(&started, 0, 0);
    sem_init(&gate, 0, 0);
    for (unsigned round = 0; round < 50; round++) {
        struct task *task = calloc(1, sizeof(*task));
        EVJ_AUTO(workers) *workers = workers_of(3);
        *task = (struct task){.job.run = run_task, .started = &started, .gate = &gate};
        evj_workers_submit(workers, &task->job);
        sem_wait(&started);
        assert_int_equal(__real_pthread_create(&opener, NULL, open_gate, &gate), 0);
        evj_workers_cancel(workers, &task->job);
        assert_int_equal(task->runs, 1);
        free(task);
        pthread_join(opener, NULL);
    }
}

/* ---- many at once ---- */

static void *submit_and_wait(void *workers)
{
    enum { JOBS = 16, ROUNDS = 60 };
    struct task tasks[JOBS];
    uintptr_t done = 0;

    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < JOBS; i++) {
            tasks[i] = (struct task){.job.run = run_task};
            evj_workers_submit(workers, &tasks[i].job);
        }
        for (unsigned i = 0; i < JOBS; i++) {
            if ((i + round) % 5 == 0)
                evj_workers_cancel(workers, &tasks[i].job);
            else
                evj_workers_wait(workers, &tasks[i].job);
            done += (i + round) % 5 == 0 ? 1 : tasks[i].runs;
        }
    }
    return (void *)(done == JOBS * ROUNDS ? done : 0);
}

static void several_threads_may_submit_and_wait(void **state)
{
    pthread_t threads[4];
    void *done;

    (void)state;
    for (unsigned m = 2; m < 6; m++) {
        EVJ_AUTO(workers) *workers = workers_of(machines[m]);
        for (unsigned i = 0; i < 4; i++)
            assert_int_equal(__real_pthread_create(&threads[i], NULL, submit_and_wait, workers), 0);
        for (unsigned i = 0; i < 4; i++) {
            assert_int_equal(pthread_join(threads[i], &done), 0);
            assert_non_null(done);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_is_done_once),
        cmocka_unit_test(a_job_may_be_submitted_again),
        cmocka_unit_test(without_workers_the_job_is_done_when_it_is_waited_for),
        cmocka_unit_test(the_threads_are_all_processors_but_one_and_start_with_the_first_job),
        cmocka_unit_test(threads_that_cannot_be_had_are_not_needed),
        cmocka_unit_test(who_waits_does_what_no_thread_has_taken),
        cmocka_unit_test(jobs_are_taken_in_the_order_in_which_they_came),
        cmocka_unit_test(the_threads_take_no_signal_and_the_callers_mask_stays),
        cmocka_unit_test(a_job_that_is_taken_back_in_time_is_not_done),
        cmocka_unit_test(taking_back_waits_for_a_job_that_runs),
        cmocka_unit_test(several_threads_may_submit_and_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
