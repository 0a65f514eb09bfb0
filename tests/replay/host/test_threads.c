/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/host/threads.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

static pthread_mutex_t until = PTHREAD_MUTEX_INITIALIZER;
static sem_t named;

static void *live_until(void *name)
{
    if (name != NULL)
        pthread_setname_np(pthread_self(), name);
    sem_post(&named);
    pthread_mutex_lock(&until);
    pthread_mutex_unlock(&until);
    return NULL;
}

static pthread_t start(const char *name)
{
    pthread_t thread;

    pthread_mutex_lock(&until);
    assert_int_equal(pthread_create(&thread, NULL, live_until, (void *)name), 0);
    sem_wait(&named);
    return thread;
}

static void end(pthread_t thread)
{
    pthread_mutex_unlock(&until);
    pthread_join(thread, NULL);
}

static void threads_that_were_there_before_are_not_counted(void **state)
{
    pthread_t before = start(NULL);
    struct threads *threads = threads_new();

    (void)state;
    assert_int_equal(threads_others(threads), 0);
    end(before);
    assert_int_equal(threads_others(threads), 0);
    threads_free(threads);
}

static void threads_are_counted_until_they_end(void **state)
{
    struct threads *threads = threads_new();
    pthread_t thread = start(NULL);

    (void)state;
    assert_int_equal(threads_others(threads), 1);
    end(thread);
    /* The kernel lists it for a moment after it has been joined. */
    while (threads_others(threads) > 0)
        sched_yield();
    threads_free(threads);
}

/* A journal's reader starts its own when there is something to decode. */
static void threads_of_evj_are_not_counted(void **state)
{
    struct threads *threads = threads_new();
    pthread_t thread = start("evj decode");

    (void)state;
    assert_int_equal(threads_others(threads), 0);
    end(thread);
    threads_free(threads);
}

static int set_up(void **state)
{
    (void)state;
    return sem_init(&named, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_that_were_there_before_are_not_counted),
        cmocka_unit_test(threads_are_counted_until_they_end),
        cmocka_unit_test(threads_of_evj_are_not_counted),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
