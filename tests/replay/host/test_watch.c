/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/replay/host/support.h"

#include <sched.h>

enum { SESSION = 1 };

static void dispatch_many(struct host *host, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        dispatch(host, i, SESSION, "x");
}

/* Without asking the host to look: its own thread must notice. */
static void await_releases(struct host *host, uint64_t n)
{
    while (host_probe(host, 0)->release_us.count < n)
        sched_yield();
}

static void what_is_not_kept_is_released_at_once(void **state)
{
    struct host *host = new_host(NULL);

    (void)state;
    load(host, "good");
    dispatch_many(host, 100);
    const struct handler_probe *probe = host_probe(host, 0);

    assert_int_equal(probe->held, 0);
    assert_int_equal(probe->release_us.count, 100);
    assert_int_equal(probe->over_released, 0);
    host_free(host);
}

static void held_events_are_counted_until_they_are_let_go(void **state)
{
    struct host *host = new_host(NULL);

    (void)state;
    load(host, "holding");
    dispatch_many(host, 1000);
    assert_int_equal(host_held(host), 1000);
    assert_int_equal(host_probe(host, 0)->held, 1000);
    assert_int_equal(host_probe(host, 0)->release_us.count, 0);
    asked(host, 0, "{\"release\": 400}", "");
    await_releases(host, 400);
    assert_int_equal(host_held(host), 600);
    asked(host, 0, "{\"release\": 600}", "");
    while (host_held(host) > 0)
        sched_yield();
    host_stop(host);
    assert_int_equal(host_probe(host, 0)->release_us.count, 1000);
    assert_int_equal(host_probe(host, 0)->leaked, 0);
    host_free(host);
}

/* A handler that works on the newest first must not look like one that leaks. */
static void events_let_go_out_of_order_are_noticed(void **state)
{
    struct host *host = new_host(NULL);

    (void)state;
    load(host, "holding");
    dispatch_many(host, 1000);
    asked(host, 0, "{\"release_newest\": 999}", "");
    await_releases(host, 999);
    assert_int_equal(host_held(host), 1);
    host_free(host);
}

/* Dispatching alone keeps memory in bounds, however fast it goes. */
static void events_are_let_go_while_others_arrive(void **state)
{
    struct host *host = new_host(NULL);

    (void)state;
    load(host, "holding");
    for (unsigned i = 0; i < 200; i++) {
        dispatch_many(host, 10);
        asked(host, 0, "{\"release\": 5, \"release_newest\": 5}", "");
    }
    await_releases(host, 2000);
    assert_int_equal(host_held(host), 0);
    host_free(host);
}

static void each_handlers_copy_is_watched_by_itself(void **state)
{
    struct host *host = new_host(NULL);

    (void)state;
    load(host, "good");
    load(host, "holding");
    dispatch_many(host, 10);
    assert_int_equal(host_held(host), 10);
    assert_int_equal(host_probe(host, 0)->held, 0);
    assert_int_equal(host_probe(host, 1)->held, 10);
    host_stop(host);
    assert_int_equal(host_probe(host, 1)->leaked, 0);
    host_free(host);
}

static void what_destroy_does_not_give_back_is_leaked(void **state)
{
    struct host *host = new_host(NULL);

    (void)state;
    load(host, "leaking");
    dispatch_many(host, 11);
    assert_int_equal(host_held(host), 6);
    assert_int_equal(host_probe(host, 0)->leaked, 0);
    host_stop(host);
    assert_int_equal(host_probe(host, 0)->leaked, 6);
    assert_int_equal(host_probe(host, 0)->held, 6);
    assert_int_equal(host_probe(host, 0)->release_us.count, 5);
    host_free(host);
}

/* In Janus this is a double free, sooner or later; here it is a finding. */
static void a_release_too_many_is_survived_and_counted(void **state)
{
    struct host *host = new_host(NULL);

    (void)state;
    load(host, "over_releasing");
    dispatch_many(host, 5);
    assert_int_equal(host_held(host), 0);
    assert_int_equal(host_probe(host, 0)->over_released, 5);
    host_free(host);
}

static void the_slowest_record_is_named(void **state)
{
    struct host *host = new_host(NULL);

    (void)state;
    load(host, "slow");
    dispatch(host, 7, SESSION, "quick");
    dispatch(host, 8, SESSION, "slow");
    dispatch(host, 9, SESSION, "quick");
    const struct handler_probe *probe = host_probe(host, 0);

    assert_int_equal(probe->slowest[0].seq, 8);
    assert_true(probe->slowest[0].ns >= 50 * 1000 * 1000);
    assert_true(probe->callback_ns.max >= 50 * 1000 * 1000);
    assert_int_equal(probe->callback_ns.count, 3);
    host_free(host);
}

static void the_slowest_records_come_in_order(void **state)
{
    static const char *const labels[] = {"quick", "slow",  "quick", "slow",
                                         "quick", "quick", "quick"};
    struct host *host = new_host(NULL);
    const struct handler_probe *probe;

    (void)state;
    load(host, "slow");
    for (uint64_t i = 0; i < G_N_ELEMENTS(labels); i++)
        dispatch(host, 10 + i, SESSION, labels[i]);
    probe = host_probe(host, 0);
    for (size_t i = 0; i < 2; i++)
        assert_true(probe->slowest[i].seq == 11 || probe->slowest[i].seq == 13);
    assert_true(probe->slowest[0].seq != probe->slowest[1].seq);
    for (size_t i = 1; i < HOST_SLOWEST; i++)
        assert_true(probe->slowest[i].ns <= probe->slowest[i - 1].ns);
    assert_int_equal(probe->slowest[0].ns, probe->callback_ns.max);
    host_free(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_kept_is_released_at_once),
        cmocka_unit_test(held_events_are_counted_until_they_are_let_go),
        cmocka_unit_test(events_let_go_out_of_order_are_noticed),
        cmocka_unit_test(events_are_let_go_while_others_arrive),
        cmocka_unit_test(each_handlers_copy_is_watched_by_itself),
        cmocka_unit_test(what_destroy_does_not_give_back_is_leaked),
        cmocka_unit_test(a_release_too_many_is_survived_and_counted),
        cmocka_unit_test(the_slowest_record_is_named),
        cmocka_unit_test(the_slowest_records_come_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
