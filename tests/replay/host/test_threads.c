/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/host/threads.h"

#include <pthread.h>
#include <sched.h>

static pthread_mutex_t until = PTHREAD_MUTEX_INITIALIZER;

static void *live_until(void *unused)
{
    pthread_mutex_lock(&until);
    pthread_mutex_unlock(&until);
    return unused;
}

static pthread_t start(void)
{
    pthread_t thread;

    pthread_mutex_lock(&until);
    assert_int_equal(pthread_create(&thread, NULL, live_until, NULL), 0);
    return thread;
}

static void end(pthread_t thread)
{
    pthread_mutex_unlock(&until);
    pthread_join(thread, NULL);
}

static void threads_that_were_there_before_are_not_counted(void **state)
{
    pthread_t before = start();
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
    pthread_t thread = start();

    (void)state;
    assert_int_equal(threads_others(threads), 1);
    end(thread);
    /* The kernel lists it for a moment after it has been joined. */
    while (threads_others(threads) > 0)
        sched_yield();
    threads_free(threads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_that_were_there_before_are_not_counted),
        cmocka_unit_test(threads_are_counted_until_they_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
