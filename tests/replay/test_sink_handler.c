/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/host/abi.h"
#include "replay/replay.h"
#include "replay/sink_handler.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OBEDIENT OBEDIENT_DIR "/obedient.so"
#define DRAIN_US INT64_C(30000000)
#define SETTLE_US INT64_C(2000000)
#define LINGER_US INT64_C(4000000)

/* A sink over the obedient handler, on a clock that does what a test wants while it is waited for.
 */
struct obeying {
    struct fake_clock fake;
    struct replay_clock clock; /* the fake one, with on_sleep() first */
    void (*on_sleep)(struct obeying *obeying);
    struct replay_report report;
    struct host_shared shared;
    atomic_int stop, lines_seen;
    int64_t warm_up_us;
    struct requests requests;
    uint64_t held_seen;
    struct sink *sink;
    struct evj_error err;
    int status;
};

static struct obeying *of_clock(struct replay_clock *clock)
{
    return (struct obeying *)((char *)clock - offsetof(struct obeying, clock));
}

static int64_t clock_now(struct replay_clock *clock)
{
    struct fake_clock *fake = &of_clock(clock)->fake;

    return fake->clock.now(&fake->clock);
}

static void clock_sleep_until(struct replay_clock *clock, int64_t deadline_ns)
{
    struct obeying *obeying = of_clock(clock);

    if (obeying->on_sleep != NULL)
        obeying->on_sleep(obeying);
    obeying->fake.clock.sleep_until(&obeying->fake.clock, deadline_ns);
}

static void see_line(const struct host_log_line *line, void *context)
{
    struct obeying *obeying = context;

    (void)line;
    obeying->lines_seen++;
}

static void see_held(uint64_t held, void *context)
{
    struct obeying *obeying = context;

    obeying->held_seen = held;
}

static int set_up(void **state)
{
    struct obeying *obeying = calloc(1, sizeof(*obeying));

    fake_clock_init(&obeying->fake, 0);
    obeying->clock = (struct replay_clock){.now = clock_now, .sleep_until = clock_sleep_until};
    *state = obeying;
    return 0;
}

static int tear_down(void **state)
{
    struct obeying *obeying = *state;

    sink_free(obeying->sink);
    requests_done(&obeying->requests);
    free(obeying);
    return 0;
}

static void open_sink(struct obeying *obeying, const char *const *paths, size_t count)
{
    const struct sink_handler_options options = {
        .paths = paths,
        .path_count = count,
        .config_dir = "/nonexistent",
        .clock = &obeying->clock,
        .stop = &obeying->stop,
        .warm_up_us = obeying->warm_up_us,
        .settle_us = SETTLE_US,
        .linger_us = LINGER_US,
        .shared = &obeying->shared,
        .report = &obeying->report,
        .log = see_line,
        .draining = see_held,
        .log_context = obeying,
        .requests = &obeying->requests,
    };

    obeying->status = sink_handler_new(&options, &obeying->sink, &obeying->err);
}

static void open_obedient(struct obeying *obeying)
{
    static const char *const paths[] = {OBEDIENT};

    open_sink(obeying, paths, 1);
    assert_int_equal(obeying->status, 0);
}

/* {"type":1,"label":LABEL} as record `seq`: prepared and delivered. */
static int give(struct obeying *obeying, uint64_t seq, const char *label)
{
    const struct sink_ops *ops = obeying->sink->ops;
    struct evj_record record = {.kind = EVJ_RECORD_EVENT, .seq = seq};
    char text[64];
    int status;

    snprintf(text, sizeof(text), "{\"type\":1,\"label\":\"%s\"}", label);
    record.body = (struct evj_slice){.text = text, .len = strlen(text)};
    status = ops->prepare(obeying->sink, &record, &obeying->err);
    return status < 0 ? status : ops->deliver(obeying->sink, &record, &obeying->err);
}

static int finish(struct obeying *obeying, int64_t drain_us)
{
    return obeying->sink->ops->finish(obeying->sink, drain_us, &obeying->err);
}

static json_t *report_of(const struct obeying *obeying)
{
    json_t *report = json_object();

    obeying->sink->ops->report(obeying->sink, report);
    return report;
}

static json_t *handler_of(json_t *report, size_t index)
{
    return json_array_get(json_object_get(report, "handlers"), index);
}

static json_int_t number(const json_t *object, const char *key)
{
    assert_true(json_is_integer(json_object_get(object, key)));
    return json_integer_value(json_object_get(object, key));
}

/* ---- delivering ---- */

static void events_reach_the_handler_and_are_reported(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;
    const json_t *handler;

    open_obedient(obeying);
    for (uint64_t seq = 5; seq < 8; seq++)
        assert_int_equal(give(obeying, seq, "nothing"), 0);
    assert_int_equal(finish(obeying, DRAIN_US), 0);
    assert_int_equal(obeying->fake.sleeps, 0); /* nothing was held: nothing to wait for */
    report = report_of(obeying);
    handler = handler_of(report, 0);
    assert_string_equal(json_string_value(json_object_get(handler, "package")),
                        "janus.eventhandler.obedient");
    assert_int_equal(number(handler, "delivered"), 3);
    assert_int_equal(number(handler, "held"), 0);
    assert_int_equal(number(handler, "leaked"), 0);
    assert_in_range(number(json_object_get(handler, "callback_ns"), "slowest_seq"), 5, 7);
    assert_non_null(json_object_get(handler, "release_us"));
    assert_int_equal(obeying->sink->undelivered, 0);
    assert_int_equal(obeying->shared.progress.phase, HOST_PHASE_DONE);
}

static void an_event_that_is_no_json_is_refused_by_its_number(void **state)
{
    struct obeying *obeying = *state;
    const struct evj_record record = {
        .kind = EVJ_RECORD_EVENT, .seq = 41, .body = {.text = "{\"type\":1} x", .len = 12}};

    open_obedient(obeying);
    assert_int_equal(obeying->sink->ops->prepare(obeying->sink, &record, &obeying->err),
                     EVJ_ERR_INVALID);
    assert_non_null(strstr(obeying->err.text, "record 41"));
}

/* ---- draining ---- */

/* What it has done until a request came it undoes. */
static void ask_obedient(void)
{
    void *library = dlopen(OBEDIENT, RTLD_NOW | RTLD_NOLOAD);
    struct janus_eventhandler *(*create)(void);

    assert_non_null(library);
    *(void **)&create = dlsym(library, "create");
    create()->handle_request(NULL);
    dlclose(library);
}

static void ask_after_a_second(struct obeying *obeying)
{
    if (obeying->fake.now_ns > 1000000000)
        ask_obedient();
}

static void the_drain_ends_when_everything_was_let_go(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;

    open_obedient(obeying);
    obeying->on_sleep = ask_after_a_second;
    give(obeying, 1, "hold");
    give(obeying, 2, "hold");
    assert_int_equal(finish(obeying, DRAIN_US), 0);
    assert_int_equal(obeying->sink->undelivered, 0);
    report = report_of(obeying);
    assert_in_range(number(report, "drain_us"), 1000000, 1200000);
}

static void the_drain_is_bounded(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;

    open_obedient(obeying);
    give(obeying, 1, "hold");
    give(obeying, 2, "hold");
    give(obeying, 3, "nothing");
    assert_int_equal(finish(obeying, DRAIN_US), 0);
    assert_in_range(obeying->fake.now_ns, DRAIN_US * 1000, DRAIN_US * 1000 + 100000000);
    assert_int_equal(obeying->sink->undelivered, 2);
    assert_int_equal(obeying->held_seen, 2);
    report = report_of(obeying);
    assert_int_equal(number(handler_of(report, 0), "held"), 2);   /* when destroy was called */
    assert_int_equal(number(handler_of(report, 0), "leaked"), 0); /* destroy let go of them */
}

static void no_drain_does_not_wait(void **state)
{
    struct obeying *obeying = *state;

    open_obedient(obeying);
    give(obeying, 1, "hold");
    assert_int_equal(finish(obeying, 0), 0);
    assert_int_equal(obeying->fake.sleeps, 0);
    assert_int_equal(obeying->sink->undelivered, 1);
}

static void ask_to_hurry(struct obeying *obeying)
{
    obeying->stop = REPLAY_HURRY;
}

static void hurry_ends_the_drain(void **state)
{
    struct obeying *obeying = *state;

    open_obedient(obeying);
    obeying->on_sleep = ask_to_hurry;
    give(obeying, 1, "hold");
    finish(obeying, DRAIN_US);
    assert_int_equal(obeying->fake.sleeps, 1);
    assert_int_equal(obeying->sink->undelivered, 1);
}

/* Many handlers let go of an event first, and send it afterwards. */
static void a_handler_that_still_sends_is_waited_for(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;

    open_obedient(obeying);
    obeying->on_sleep = ask_after_a_second;
    give(obeying, 1, "send");
    finish(obeying, DRAIN_US);
    report = report_of(obeying);
    assert_in_range(number(report, "drain_us"), 1000000 + SETTLE_US, 1200000 + SETTLE_US);
    assert_true(json_is_false(json_object_get(report, "sending")));
    assert_int_equal(obeying->held_seen, 0);
}

static void a_handler_that_never_falls_silent_is_waited_for_no_longer_than_the_drain(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;

    open_obedient(obeying);
    give(obeying, 1, "send");
    finish(obeying, DRAIN_US);
    report = report_of(obeying);
    assert_in_range(number(report, "drain_us"), DRAIN_US, DRAIN_US + 100000);
    assert_true(json_is_true(json_object_get(report, "sending")));
    ask_obedient();
}

static void without_a_drain_nobody_looks_at_sockets(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;

    open_obedient(obeying);
    give(obeying, 1, "send");
    finish(obeying, 0);
    report = report_of(obeying);
    assert_int_equal(obeying->fake.sleeps, 0);
    assert_true(json_is_false(json_object_get(report, "sending")));
    ask_obedient();
}

/* ---- after destroy ---- */

static void threads_that_go_on_after_destroy_are_waited_for(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;

    open_obedient(obeying);
    obeying->on_sleep = ask_after_a_second;
    give(obeying, 1, "start");
    finish(obeying, 0);
    report = report_of(obeying);
    assert_in_range(number(report, "linger_us"), 1000000, 1200000);
    assert_int_equal(number(report, "threads_left"), 0);
}

static void the_linger_is_bounded_and_tells_what_is_left(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;

    open_obedient(obeying);
    give(obeying, 1, "start");
    finish(obeying, 0);
    report = report_of(obeying);
    assert_in_range(number(report, "linger_us"), LINGER_US, LINGER_US + 100000);
    assert_int_equal(number(report, "threads_left"), 1);
    ask_obedient();
}

static void hurry_ends_the_linger(void **state)
{
    struct obeying *obeying = *state;

    open_obedient(obeying);
    give(obeying, 1, "start");
    obeying->stop = REPLAY_HURRY;
    finish(obeying, 0);
    assert_int_equal(obeying->fake.sleeps, 0);
    ask_obedient();
}

/* ---- before the first event ---- */

static void a_warm_up_comes_before_the_first_event(void **state)
{
    struct obeying *obeying = *state;

    obeying->warm_up_us = 3000000;
    open_obedient(obeying);
    assert_int_equal(obeying->fake.now_ns, 3000000000);
}

static void ask_to_stop(struct obeying *obeying)
{
    obeying->stop = REPLAY_STOP;
}

static void a_stop_ends_the_warm_up(void **state)
{
    struct obeying *obeying = *state;

    obeying->warm_up_us = 3000000;
    obeying->on_sleep = ask_to_stop;
    open_obedient(obeying);
    assert_int_equal(obeying->fake.sleeps, 1);
}

static void what_is_kept_for_ever_is_a_leak(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;

    open_obedient(obeying);
    give(obeying, 1, "keep");
    finish(obeying, DRAIN_US);
    report = report_of(obeying);
    assert_int_equal(number(handler_of(report, 0), "held"), 1);
    assert_int_equal(number(handler_of(report, 0), "leaked"), 1);
}

static void what_is_left_of_an_event_is_counted(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;

    open_obedient(obeying);
    give(obeying, 1, "pick");
    give(obeying, 2, "nothing");
    finish(obeying, DRAIN_US);
    report = report_of(obeying);
    assert_int_equal(number(handler_of(report, 0), "leaked"), 0);
    assert_in_range(number(report, "json_alive"), 1, 2); /* the string, and perhaps its text */
}

static void a_good_handler_leaves_nothing(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;

    open_obedient(obeying);
    for (uint64_t seq = 0; seq < 100; seq++)
        give(obeying, seq, seq % 2 == 0 ? "hold" : "nothing");
    finish(obeying, 0);
    report = report_of(obeying);
    assert_int_equal(number(report, "json_alive"), 0);
}

/* ---- requests ---- */

/* The answer waits for an event, so the two must be handled at the same time, as in Janus. */
static void a_request_is_handled_beside_events(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;
    const json_t *answer;

    assert_int_equal(requests_add(&obeying->requests, "{\"request\":\"await go\"}", NULL), 0);
    open_obedient(obeying);
    give(obeying, 6, "nothing");
    sink_handler_ask(obeying->sink, &obeying->requests.list[0]);
    give(obeying, 7, "go");
    assert_int_equal(finish(obeying, DRAIN_US), 0);
    report = report_of(obeying);
    assert_int_equal(json_array_size(json_object_get(report, "requests")), 1);
    answer = json_array_get(json_object_get(report, "requests"), 0);
    assert_int_equal(number(answer, "seq"), 6);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(answer, "answer"), "obeyed")),
        "await go");
    assert_int_equal(number(report, "json_alive"), 0);
    assert_int_equal(number(report, "threads_left"), 0);
}

static void requests_come_before_destroy(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;

    assert_int_equal(requests_add(&obeying->requests, "obedient:{}", NULL), 0);
    open_obedient(obeying);
    give(obeying, 1, "hold");
    for (int i = 0; i < 5; i++)
        sink_handler_ask(obeying->sink, &obeying->requests.list[0]);
    finish(obeying, 0);
    report = report_of(obeying);
    assert_int_equal(json_array_size(json_object_get(report, "requests")), 5);
    assert_int_equal(number(handler_of(report, 0), "held"), 0);
}

static void a_request_for_a_handler_that_is_not_there_is_refused(void **state)
{
    static const char *const paths[] = {OBEDIENT};
    struct obeying *obeying = *state;

    assert_int_equal(requests_add(&obeying->requests, "other:{}", NULL), 0);
    open_sink(obeying, paths, 1);
    assert_int_equal(obeying->status, EVJ_ERR_INVALID);
    assert_non_null(strstr(obeying->err.text, "a request is for other"));
}

/* ---- the log ---- */

static void warnings_are_kept_with_their_record(void **state)
{
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;
    const json_t *log;

    open_obedient(obeying);
    give(obeying, 6, "nothing");
    give(obeying, 7, "warn");
    finish(obeying, DRAIN_US);
    report = report_of(obeying);
    log = json_object_get(handler_of(report, 0), "log");
    assert_int_equal(json_array_size(log), 1);
    assert_int_equal(number(json_array_get(log, 0), "level"), 3);
    assert_int_equal(number(json_array_get(log, 0), "seq"), 7);
    assert_int_equal(obeying->lines_seen, 1);
}

/* Nobody knows which of several handlers has logged a line: it belongs to the replay. */
static void of_several_handlers_the_log_is_common(void **state)
{
    static const char *const paths[] = {OBEDIENT, HOST_HANDLER_DIR "/good.so"};
    struct obeying *obeying = *state;
    json_auto_t *report = NULL;

    open_sink(obeying, paths, 2);
    assert_int_equal(obeying->status, 0);
    give(obeying, 7, "warn");
    finish(obeying, DRAIN_US);
    report = report_of(obeying);
    assert_int_equal(json_array_size(json_object_get(report, "handlers")), 2);
    assert_int_equal(number(handler_of(report, 1), "delivered"), 1);
    assert_int_equal(json_array_size(json_object_get(report, "log")), 1);
    assert_null(json_object_get(handler_of(report, 0), "log"));
}

/* ---- loading ---- */

static void a_handler_whose_init_fails_is_refused(void **state)
{
    static const char *const paths[] = {OBEDIENT, HOST_HANDLER_DIR "/failing_init.so"};
    struct obeying *obeying = *state;

    open_sink(obeying, paths, 2);
    assert_int_equal(obeying->status, EVJ_ERR_INVALID);
    assert_null(obeying->sink);
    assert_non_null(strstr(obeying->err.text, "failing_init.so"));
}

#define HANDLER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HANDLER_TEST(events_reach_the_handler_and_are_reported),
        HANDLER_TEST(an_event_that_is_no_json_is_refused_by_its_number),
        HANDLER_TEST(the_drain_ends_when_everything_was_let_go),
        HANDLER_TEST(the_drain_is_bounded),
        HANDLER_TEST(no_drain_does_not_wait),
        HANDLER_TEST(hurry_ends_the_drain),
        HANDLER_TEST(a_handler_that_still_sends_is_waited_for),
        HANDLER_TEST(a_handler_that_never_falls_silent_is_waited_for_no_longer_than_the_drain),
        HANDLER_TEST(without_a_drain_nobody_looks_at_sockets),
        HANDLER_TEST(threads_that_go_on_after_destroy_are_waited_for),
        HANDLER_TEST(the_linger_is_bounded_and_tells_what_is_left),
        HANDLER_TEST(hurry_ends_the_linger),
        HANDLER_TEST(a_warm_up_comes_before_the_first_event),
        HANDLER_TEST(a_stop_ends_the_warm_up),
        HANDLER_TEST(what_is_kept_for_ever_is_a_leak),
        HANDLER_TEST(what_is_left_of_an_event_is_counted),
        HANDLER_TEST(a_good_handler_leaves_nothing),
        HANDLER_TEST(a_request_is_handled_beside_events),
        HANDLER_TEST(requests_come_before_destroy),
        HANDLER_TEST(a_request_for_a_handler_that_is_not_there_is_refused),
        HANDLER_TEST(warnings_are_kept_with_their_record),
        HANDLER_TEST(of_several_handlers_the_log_is_common),
        HANDLER_TEST(a_handler_whose_init_fails_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
