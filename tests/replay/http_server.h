/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_REPLAY_HTTP_SERVER_H
#define TESTS_REPLAY_HTTP_SERVER_H

/*
 * A small HTTP server on a free port of 127.0.0.1, in a thread: takes one request after the other,
 * writes each down, and answers as it is told.
 */

#include <stddef.h>

enum {
    ANSWER_CLOSE = 0,  /* close the connection without a word */
    ANSWER_NEVER = -1, /* take the request, and let the client wait until the server is stopped */
};

struct http_server;

/* Answer the nth request with answers[n] (a status, or one of the above), the rest with the last.
 */
struct http_server *http_server_start(const int *answers, size_t count);

/* "http://127.0.0.1:PORT/events". */
const char *http_server_url(const struct http_server *server);

/* Wait until `count` requests have come. */
void http_server_await(struct http_server *server, size_t count);

/* End the thread. What has come can be asked for until http_server_free(). */
void http_server_stop(struct http_server *server);

size_t http_server_requests(const struct http_server *server);
size_t http_server_connections(const struct http_server *server);
/* Head (request line and headers) and body of a request. */
const char *http_server_head(const struct http_server *server, size_t index);
const char *http_server_body(const struct http_server *server, size_t index);

void http_server_free(struct http_server *server);

#endif
