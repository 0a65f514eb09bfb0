/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/replay/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUESTS_MAX 64
#define REQUEST_SIZE 65536

struct request {
    char *head, *body;
};

struct http_server {
    int listener, client;
    int wake[2]; /* written to: stop */
    char url[64];
    const int *answers;
    size_t answer_count;
    pthread_t thread;
    bool joined;
    pthread_mutex_t lock;
    pthread_cond_t came;
    size_t request_count, connection_count;
    struct request requests[REQUESTS_MAX];
    char buffer[REQUEST_SIZE]; /* of the request that is being read */
    size_t used;
};

/* A server that cannot serve makes the test meaningless. */
static void must(bool fine)
{
    if (!fine)
        abort();
}

/* Is there something on this socket (true), or are we to stop (false)? */
static bool wait_for(const struct http_server *server, int fd)
{
    struct pollfd fds[] = {{.fd = fd, .events = POLLIN}, {.fd = server->wake[0], .events = POLLIN}};

    while (poll(fds, 2, -1) < 0)
        ;
    return fds[1].revents == 0;
}

static size_t content_length(const char *head)
{
    const char *at = strcasestr(head, "\r\nContent-Length:");

    return at == NULL ? 0 : strtoul(at + strlen("\r\nContent-Length:"), NULL, 10);
}

/* Read until the buffer holds a whole request; its head is cut off with NUL. False: connection
 * gone. */
static bool read_request(struct http_server *server)
{
    server->used = 0;
    for (;;) {
        char *end;
        ssize_t n;

        server->buffer[server->used] = '\0';
        end = strstr(server->buffer, "\r\n\r\n");
        if (end != NULL &&
            server->used >= (size_t)(end + 4 - server->buffer) + content_length(server->buffer)) {
            *end = '\0';
            return true;
        }
        if (!wait_for(server, server->client))
            return false;
        n = recv(server->client, server->buffer + server->used, REQUEST_SIZE - 1 - server->used, 0);
        if (n <= 0)
            return false;
        server->used += (size_t)n;
    }
}

static int keep_request(struct http_server *server)
{
    struct request *request = &server->requests[server->request_count];
    size_t n = server->request_count;

    must(n < REQUESTS_MAX);
    request->head = strdup(server->buffer);
    request->body = strdup(server->buffer + strlen(server->buffer) + 4);
    pthread_mutex_lock(&server->lock);
    server->request_count++;
    pthread_cond_signal(&server->came);
    pthread_mutex_unlock(&server->lock);
    return server->answers[n < server->answer_count ? n : server->answer_count - 1];
}

/* One connection, with as many requests as come. */
static void serve(struct http_server *server)
{
    while (read_request(server)) {
        char text[128];
        int answer = keep_request(server);

        if (answer == ANSWER_NEVER)
            wait_for(server, server->wake[0]);
        if (answer <= 0)
            return;
        snprintf(text, sizeof(text), "HTTP/1.1 %d Whatever\r\nContent-Length: 2\r\n\r\nok", answer);
        send(server->client, text, strlen(text), MSG_NOSIGNAL);
    }
}

static void *run(void *context)
{
    struct http_server *server = context;

    while (wait_for(server, server->listener)) {
        server->client = accept(server->listener, NULL, NULL);
        server->connection_count++;
        serve(server);
        close(server->client);
    }
    return NULL;
}

struct http_server *http_server_start(const int *answers, size_t count)
{
    struct http_server *server = calloc(1, sizeof(*server));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);

    must(server != NULL && pipe(server->wake) == 0);
    server->answers = answers;
    server->answer_count = count;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(bind(server->listener, (struct sockaddr *)&address, size) == 0);
    must(getsockname(server->listener, (struct sockaddr *)&address, &size) == 0);
    must(listen(server->listener, 8) == 0);
    snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%u/events",
             (unsigned)ntohs(address.sin_port));
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->came, NULL);
    pthread_create(&server->thread, NULL, run, server);
    return server;
}

const char *http_server_url(const struct http_server *server)
{
    return server->url;
}

void http_server_await(struct http_server *server, size_t count)
{
    pthread_mutex_lock(&server->lock);
    while (server->request_count < count)
        pthread_cond_wait(&server->came, &server->lock);
    pthread_mutex_unlock(&server->lock);
}

void http_server_stop(struct http_server *server)
{
    if (server->joined)
        return;
    must(write(server->wake[1], "", 1) == 1);
    pthread_join(server->thread, NULL);
    server->joined = true;
}

size_t http_server_requests(const struct http_server *server)
{
    must(server->joined);
    return server->request_count;
}

size_t http_server_connections(const struct http_server *server)
{
    must(server->joined);
    return server->connection_count;
}

const char *http_server_head(const struct http_server *server, size_t index)
{
    must(server->joined && index < server->request_count);
    return server->requests[index].head;
}

const char *http_server_body(const struct http_server *server, size_t index)
{
    must(server->joined && index < server->request_count);
    return server->requests[index].body;
}

void http_server_free(struct http_server *server)
{
    http_server_stop(server);
    for (size_t i = 0; i < server->request_count; i++) {
        free(server->requests[i].head);
        free(server->requests[i].body);
    }
    close(server->listener);
    close(server->wake[0]);
    close(server->wake[1]);
    pthread_cond_destroy(&server->came);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
