/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "replay/replay.h"
#include "replay/sink_http.h"
#include "tests/replay/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A sink, the server that it posts to (or none), and a clock that makes its pauses short. */
struct posting {
    struct fake_clock fake;
    struct http_server *server;
    struct sink *sink;
    struct evj_error err;
    atomic_int stop;
    uint64_t next_seq;
};

static struct posting *posting_new(const char *url)
{
    struct posting *posting = calloc(1, sizeof(*posting));
    const struct sink_http_options options = {
        .url = url, .clock = &posting->fake.clock, .stop = &posting->stop};

    fake_clock_init(&posting->fake, 0);
    assert_int_equal(sink_http_new(&options, &posting->sink, &posting->err), 0);
    return posting;
}

static struct posting *posting_to_server(const int *answers, size_t count)
{
    struct http_server *server = http_server_start(answers, count);
    struct posting *posting = posting_new(http_server_url(server));

    posting->server = server;
    return posting;
}

static void posting_free(struct posting *posting)
{
    sink_free(posting->sink);
    if (posting->server != NULL)
        http_server_free(posting->server);
    free(posting);
}

static int post(struct posting *posting, const char *event)
{
    const struct evj_record record = {
        .kind = EVJ_RECORD_EVENT,
        .seq = posting->next_seq++,
        .body = {.text = event, .len = strlen(event)},
    };

    return posting->sink->ops->deliver(posting->sink, &record, &posting->err);
}

static json_t *report_of(const struct posting *posting)
{
    json_auto_t *report = json_object();

    posting->sink->ops->report(posting->sink, report);
    return json_incref(json_object_get(report, "http"));
}

static void assert_reported(const struct posting *posting, const char *key, json_int_t value)
{
    json_auto_t *http = report_of(posting);

    assert_int_equal(json_integer_value(json_object_get(http, key)), value);
}

/* ---- what is sent ---- */

static void each_event_is_one_post_of_its_own_bytes(void **state)
{
    static const int answers[] = {200};
    static const char *const events[] = {"{\"type\":1}", "{\"type\":8,\"sdp\":\"v=0\\r\\n\"}",
                                         "{\"ü\":2}"};
    struct posting *posting = posting_to_server(answers, 1);

    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(post(posting, events[i]), 0);
    http_server_stop(posting->server);
    assert_int_equal(http_server_requests(posting->server), 3);
    for (size_t i = 0; i < 3; i++) {
        const char *head = http_server_head(posting->server, i);

        assert_string_equal(http_server_body(posting->server, i), events[i]);
        assert_memory_equal(head, "POST /events HTTP/1.1\r\n", 23);
        assert_non_null(strstr(head, "\r\nContent-Type: application/json"));
        assert_null(strstr(head, "Expect:"));
    }
    assert_int_equal(posting->sink->undelivered, 0);
    assert_reported(posting, "delivered", 3);
    posting_free(posting);
}

static void one_connection_is_kept(void **state)
{
    static const int answers[] = {200, 500, 204, 201};
    struct posting *posting = posting_to_server(answers, 4);

    (void)state;
    for (int i = 0; i < 10; i++)
        post(posting, "{}");
    http_server_stop(posting->server);
    assert_int_equal(http_server_connections(posting->server), 1);
    posting_free(posting);
}

static void user_and_password_are_sent_and_not_shown(void **state)
{
    static const int answers[] = {200};
    struct http_server *server = http_server_start(answers, 1);
    char url[128];
    struct posting *posting;
    json_auto_t *http = NULL;

    (void)state;
    snprintf(url, sizeof(url), "http://me:secret@%s", http_server_url(server) + strlen("http://"));
    posting = posting_new(url);
    posting->server = server;
    assert_int_equal(post(posting, "{}"), 0);
    http_server_stop(server);
    assert_non_null(strstr(http_server_head(server, 0), "\r\nAuthorization: Basic bWU6c2VjcmV0"));
    http = report_of(posting);
    assert_string_equal(json_string_value(json_object_get(http, "url")), http_server_url(server));
    posting_free(posting);
}

/* ---- failures ---- */

static void a_busy_backend_is_tried_again(void **state)
{
    static const int answers[] = {ANSWER_CLOSE, 503, 500, 429, 408, 200};
    struct posting *posting = posting_to_server(answers, 6);

    (void)state;
    assert_int_equal(post(posting, "{\"n\":1}"), 0);
    http_server_stop(posting->server);
    assert_int_equal(http_server_requests(posting->server), 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(http_server_body(posting->server, i), "{\"n\":1}");
    assert_int_equal(posting->sink->undelivered, 0);
    assert_reported(posting, "retries", 5);
    assert_reported(posting, "delivered", 1);
    /* 100 + 200 + 400 + 800 + 1600 ms */
    assert_int_equal(posting->fake.now_ns, INT64_C(3100000000));
    posting_free(posting);
}

/* Six answers of 500 for the first, one for each behind it: no replay of hours against a broken
 * backend. */
static void events_behind_a_failed_one_are_tried_once(void **state)
{
    static const int answers[] = {500};
    struct posting *posting = posting_to_server(answers, 1);

    (void)state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(post(posting, "{}"), 0);
    http_server_stop(posting->server);
    assert_int_equal(http_server_requests(posting->server), 6 + 9);
    assert_int_equal(posting->sink->undelivered, 10);
    assert_reported(posting, "failed", 10);
    assert_reported(posting, "delivered", 0);
    posting_free(posting);
}

static void after_a_success_retries_are_worth_it_again(void **state)
{
    static const int answers[] = {500, 500, 500, 500, 500, 500, 500, 200, 500, 200};
    struct posting *posting = posting_to_server(answers, 10);

    (void)state;
    post(posting, "{}"); /* six times */
    post(posting, "{}"); /* once */
    post(posting, "{}"); /* delivered */
    post(posting, "{}"); /* the second time */
    http_server_stop(posting->server);
    assert_int_equal(http_server_requests(posting->server), 10);
    assert_reported(posting, "delivered", 2);
    assert_reported(posting, "failed", 2);
    posting_free(posting);
}

static void a_refusal_is_not_repeated(void **state)
{
    static const int answers[] = {400, 404, 301, 200};
    struct posting *posting = posting_to_server(answers, 4);
    json_auto_t *http = NULL;

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(post(posting, "{}"), 0);
    http_server_stop(posting->server);
    assert_int_equal(http_server_requests(posting->server), 4);
    assert_int_equal(posting->sink->undelivered, 3);
    http = report_of(posting);
    assert_string_equal(json_string_value(json_object_get(http, "last_error")), "HTTP status 301");
    posting_free(posting);
}

/* Bound and not listening: whoever connects is refused, and nobody else can take the port. */
static int refusing_socket(char url[static 64])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    snprintf(url, 64, "http://127.0.0.1:%u/", (unsigned)ntohs(address.sin_port));
    return fd;
}

static void a_backend_that_is_not_there_ends_the_replay(void **state)
{
    char url[64];
    int fd = refusing_socket(url);
    struct posting *posting = posting_new(url);

    (void)state;
    posting->next_seq = 7;
    for (int i = 1; i < SINK_HTTP_GIVE_UP; i++)
        assert_int_equal(post(posting, "{}"), 0);
    assert_int_equal(post(posting, "{}"), EVJ_ERR_IO);
    assert_non_null(strstr(posting->err.text, url));
    assert_non_null(strstr(posting->err.text, "--from @7"));
    assert_int_equal(posting->sink->undelivered, SINK_HTTP_GIVE_UP);
    assert_reported(posting, "retries", SINK_HTTP_GIVE_UP * SINK_HTTP_RETRIES);
    posting_free(posting);
    close(fd);
}

/* ---- stopping ---- */

static void no_retries_once_stopped(void **state)
{
    static const int answers[] = {500};
    struct posting *posting = posting_to_server(answers, 1);

    (void)state;
    posting->stop = REPLAY_STOP;
    assert_int_equal(post(posting, "{}"), 0);
    http_server_stop(posting->server);
    assert_int_equal(http_server_requests(posting->server), 1);
    assert_int_equal(posting->sink->undelivered, 1);
    posting_free(posting);
}

static void *hurry_when_asked(void *context)
{
    struct posting *posting = context;

    http_server_await(posting->server, 1);
    posting->stop = REPLAY_HURRY;
    return NULL;
}

static void hurry_leaves_a_backend_that_never_answers(void **state)
{
    static const int answers[] = {ANSWER_NEVER};
    struct posting *posting = posting_to_server(answers, 1);
    json_auto_t *http = NULL;
    pthread_t thread;

    (void)state;
    pthread_create(&thread, NULL, hurry_when_asked, posting);
    assert_int_equal(post(posting, "{}"), 0);
    pthread_join(thread, NULL);
    assert_int_equal(posting->sink->undelivered, 1);
    http = report_of(posting); /* and not that the time was out */
    assert_string_equal(json_string_value(json_object_get(http, "last_error")),
                        "stopped while waiting for an answer");
    posting_free(posting);
}

/* ---- addresses ---- */

static void what_is_no_http_address_is_refused(void **state)
{
    static const char *const bad[] = {"",        "file:///etc/passwd", "ftp://127.0.0.1/",
                                      "http://", "127.0.0.1:80",       "http://[::1"};
    struct fake_clock fake;

    (void)state;
    fake_clock_init(&fake, 0);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const struct sink_http_options options = {.url = bad[i], .clock = &fake.clock};
        struct evj_error err = {0};
        struct sink *sink = NULL;

        assert_int_equal(sink_http_new(&options, &sink, &err), EVJ_ERR_INVALID);
        assert_null(sink);
        assert_non_null(strstr(err.text, "http://host:port"));
    }
}

/* Whoever runs the tests may be behind a proxy; 127.0.0.1 is not. */
static int without_proxy(void **state)
{
    (void)state;
    return setenv("no_proxy", "*", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_is_one_post_of_its_own_bytes),
        cmocka_unit_test(one_connection_is_kept),
        cmocka_unit_test(user_and_password_are_sent_and_not_shown),
        cmocka_unit_test(a_busy_backend_is_tried_again),
        cmocka_unit_test(events_behind_a_failed_one_are_tried_once),
        cmocka_unit_test(after_a_success_retries_are_worth_it_again),
        cmocka_unit_test(a_refusal_is_not_repeated),
        cmocka_unit_test(a_backend_that_is_not_there_ends_the_replay),
        cmocka_unit_test(no_retries_once_stopped),
        cmocka_unit_test(hurry_leaves_a_backend_that_never_answers),
        cmocka_unit_test(what_is_no_http_address_is_refused),
    };

    return cmocka_run_group_tests(tests, without_proxy, NULL);
}
