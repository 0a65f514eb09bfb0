/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

/*
 * The six handlers of Debian's Janus, as they are, in the host. Those whose backend is a broker
 * fail to start in the way that they are known for; that they are loaded and say so is the point.
 */

#include "tests/replay/host/support.h"
#include "tests/replay/http_server.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER "/usr/lib/x86_64-linux-gnu/janus/events/libjanus_"

enum { SESSION = 1, MEDIA = 32 };

static const char *const bundled[] = {
    "sampleevh", "wsevh", "mqttevh", "rabbitmqevh", "nanomsgevh", "gelfevh",
};

static bool installed(void)
{
    return g_file_test(FOLDER "sampleevh.so", G_FILE_TEST_EXISTS);
}

static struct host *host_with_config(const char *folder, struct lines *lines)
{
    struct host *host = NULL;

    assert_int_equal(host_new(folder, NULL, lines_take, lines, &host, NULL), 0);
    return host;
}

/* Every symbol is there, and init() finds no reason to start. */
static void disabled_handlers_are_loaded_and_decline(void **state)
{
    char *folder = new_folder();
    struct lines *lines = lines_new();
    struct host *host = host_with_config(folder, lines);

    (void)state;
    if (!installed())
        skip();
    for (size_t i = 0; i < G_N_ELEMENTS(bundled); i++) {
        g_autofree char *name = g_strdup_printf("janus.eventhandler.%s.jcfg", bundled[i]);
        const char *why;

        write_text(folder, name, "general: { enabled = false }\n");
        why = refusal(host, bundled[i]);
        if (!strstr(why, "init() of " FOLDER) ||
            !(strstr(why, "disabled") || strstr(why, "not enabled")))
            fail_msg("%s", why);
    }
    host_free(host);
    lines_free(lines);
    remove_folder(folder);
}

static void assert_loads(const char *name, const char *settings)
{
    char *folder = new_folder();
    struct lines *lines = lines_new();
    struct host *host = host_with_config(folder, lines);
    g_autofree char *file = g_strdup_printf("janus.eventhandler.%s.jcfg", name);
    struct evj_error err = {0};

    write_text(folder, file, settings);
    if (host_load(host, name, &err) < 0)
        fail_msg("%s", err.text);
    g_autofree char *package = g_strdup_printf("janus.eventhandler.%s", name);

    assert_string_equal(host_handler_package(host, 0), package);
    dispatch(host, 0, SESSION, "x");
    assert_int_equal(host_probe(host, 0)->delivered, 1);
    host_free(host);
    lines_free(lines);
    remove_folder(folder);
}

static void handlers_without_a_broker_start(void **state)
{
    (void)state;
    if (!installed())
        skip();
    assert_loads("wsevh", "general: { enabled = true  events = \"all\"\n"
                          "backend = \"ws://127.0.0.1:9\" }\n");
    assert_loads("gelfevh", "general: { enabled = true  events = \"all\"\n"
                            "backend = \"127.0.0.1\"  port = \"9\"  protocol = \"udp\" }\n");
}

/* The child's part. Not one assertion: they would jump into the parent's stack. */
static bool nanomsgevh_takes_an_event(const char *folder, struct lines *lines)
{
    struct host *host = host_with_config(folder, lines);

    write_text(folder, "janus.eventhandler.nanomsgevh.jcfg",
               "general: { enabled = true  events = \"all\"  address = \"inproc://evj-test\" }\n");
    if (host_load(host, "nanomsgevh", NULL) < 0)
        return false;
    dispatch(host, 0, SESSION, "x");
    return host_probe(host, 0)->delivered == 1;
}

/*
 * In a child that ends before destroy(): nanomsgevh never joins its publishing thread, which may go
 * on with the socket that destroy() has freed, and crash.
 */
static void nanomsgevh_starts(void **state)
{
    int status = 0;

    (void)state;
    if (!installed())
        skip();
    char *folder = new_folder();
    struct lines *lines = lines_new();
    pid_t child = fork();

    if (child == 0)
        _exit(nanomsgevh_takes_an_event(folder, lines) ? EXIT_SUCCESS : EXIT_FAILURE);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    lines_free(lines);
    remove_folder(folder);
}

static void a_missing_broker_is_named(void **state)
{
    char *folder = new_folder();
    struct lines *lines = lines_new();
    struct host *host = host_with_config(folder, lines);

    (void)state;
    if (!installed())
        skip();
    write_text(folder, "janus.eventhandler.rabbitmqevh.jcfg",
               "general: { enabled = true  host = \"127.0.0.1\"  port = 9\n"
               "route_key = \"k\" }\n");
    assert_non_null(strstr(refusal(host, "rabbitmqevh"), "failed with -1 (\""));
    host_free(host);
    lines_free(lines);
    remove_folder(folder);
}

static json_t *received(const struct http_server *server)
{
    json_t *all = json_array();

    for (size_t i = 0; i < http_server_requests(server); i++) {
        json_t *body = json_loads(http_server_body(server, i), 0, NULL);

        assert_non_null(body);
        if (json_is_array(body))
            json_array_extend(all, body);
        else
            json_array_append(all, body);
        json_decref(body);
    }
    return all;
}

static struct host *host_with_sampleevh(char *folder, struct lines *lines, const char *url,
                                        const char *events)
{
    struct host *host = host_with_config(folder, lines);
    g_autofree char *text = g_strdup_printf("general: { enabled = true  events = \"%s\"\n"
                                            "grouping = true  backend = \"%s\" }\n",
                                            events, url);
    struct evj_error err = {0};

    write_text(folder, "janus.eventhandler.sampleevh.jcfg", text);
    if (host_load(host, "sampleevh", &err) < 0)
        fail_msg("%s", err.text);
    return host;
}

/* Until it has let go of everything, which it does once a POST has been answered. */
static void drain(struct host *host)
{
    while (host_held(host) > 0)
        sched_yield();
}

static void sampleevh_posts_every_event_in_order(void **state)
{
    enum { EVENTS = 500 };
    const int ok = 200;

    (void)state;
    if (!installed())
        skip();
    char *folder = new_folder();
    struct lines *lines = lines_new();
    struct http_server *server = http_server_start(&ok, 1);
    struct host *host = host_with_sampleevh(folder, lines, http_server_url(server), "all");

    for (unsigned i = 0; i < EVENTS; i++) {
        g_autofree char *label = g_strdup_printf("event %u", i);

        dispatch(host, i, i % 2 ? SESSION : MEDIA, label);
    }
    drain(host);
    host_stop(host);
    assert_int_equal(host_probe(host, 0)->release_us.count, EVENTS);
    assert_int_equal(host_probe(host, 0)->leaked, 0);
    assert_int_equal(host_probe(host, 0)->over_released, 0);
    host_free(host);
    http_server_stop(server);
    json_t *all = received(server);

    assert_int_equal(json_array_size(all), EVENTS);
    for (unsigned i = 0; i < EVENTS; i++) {
        g_autofree char *label = g_strdup_printf("event %u", i);

        assert_string_equal(json_string_value(json_object_get(json_array_get(all, i), "label")),
                            label);
    }
    json_decref(all);
    http_server_free(server);
    lines_free(lines);
    remove_folder(folder);
}

static void sampleevh_mask_and_requests_work(void **state)
{
    const int ok = 200;

    (void)state;
    if (!installed())
        skip();
    char *folder = new_folder();
    struct lines *lines = lines_new();
    struct http_server *server = http_server_start(&ok, 1);
    struct host *host = host_with_sampleevh(folder, lines, http_server_url(server), "media");

    dispatch(host, 0, SESSION, "unwanted");
    dispatch(host, 1, MEDIA, "wanted");
    assert_int_equal(asked(host, 0, "{\"request\": \"tweak\", \"events\": \"sessions\"}", "result"),
                     200);
    dispatch(host, 2, SESSION, "now wanted");
    assert_int_equal(host_probe(host, 0)->delivered, 2);
    assert_int_equal(host_probe(host, 0)->masked, 1);
    assert_int_equal(asked(host, 0, "{\"request\": \"nonsense\"}", "error_code"), 411);
    drain(host);
    host_free(host);
    http_server_free(server);
    lines_free(lines);
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(disabled_handlers_are_loaded_and_decline),
        cmocka_unit_test(handlers_without_a_broker_start),
        cmocka_unit_test(nanomsgevh_starts),
        cmocka_unit_test(a_missing_broker_is_named),
        cmocka_unit_test(sampleevh_posts_every_event_in_order),
        cmocka_unit_test(sampleevh_mask_and_requests_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
