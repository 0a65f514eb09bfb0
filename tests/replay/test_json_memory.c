/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/json_memory.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>

static json_t *new_event(void)
{
    return json_pack("{s:i, s:{s:[s, s]}}", "type", 1, "event", "list", "a", "b");
}

static void what_is_freed_is_not_counted(void **state)
{
    const int64_t before = json_memory_alive();
    json_t *event = new_event();

    (void)state;
    assert_true(json_memory_alive() > before);
    json_decref(event);
    assert_int_equal(json_memory_alive(), before);
}

/* The root alone would look as if all were well. */
static void a_part_that_is_kept_is_counted(void **state)
{
    const int64_t before = json_memory_alive();
    json_t *event = new_event();
    json_t *part = json_incref(json_object_get(event, "type"));

    (void)state;
    json_decref(event);
    assert_int_equal(json_memory_alive(), before + 1);
    json_decref(part);
    assert_int_equal(json_memory_alive(), before);
}

/* What everybody does with it. */
static void a_text_that_is_freed_without_jansson_is_no_leak(void **state)
{
    const int64_t before = json_memory_alive();
    json_t *event = json_pack("{s:s, s:i, s:I, s:{s:s}}", "emitter", "gw", "type", 1, "timestamp",
                              (json_int_t)1795353161421812, "event", "name", "created");

    (void)state;
    free(json_dumps(event, JSON_COMPACT));
    json_decref(event);
    assert_int_equal(json_memory_alive(), before);
}

static void *free_elsewhere(void *event)
{
    json_decref(event);
    return NULL;
}

/* As handlers do: and the thread is gone before anybody counts. */
static void what_another_thread_frees_is_counted_once(void **state)
{
    const int64_t before = json_memory_alive();
    pthread_t thread;

    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(pthread_create(&thread, NULL, free_elsewhere, new_event()), 0);
        pthread_join(thread, NULL);
    }
    assert_int_equal(json_memory_alive(), before);
}

static int start_counting(void **state)
{
    (void)state;
    json_memory_count();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_freed_is_not_counted),
        cmocka_unit_test(a_part_that_is_kept_is_counted),
        cmocka_unit_test(a_text_that_is_freed_without_jansson_is_no_leak),
        cmocka_unit_test(what_another_thread_frees_is_counted_once),
    };

    return cmocka_run_group_tests(tests, start_counting, NULL);
}
