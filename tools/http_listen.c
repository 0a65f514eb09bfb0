/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/http_listen.h"

#include <glib.h>
#include <netdb.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* getaddrinfo() takes 70000 for 4464. */
static bool is_port(const char *text)
{
    guint64 port;

    return g_ascii_string_to_unsigned(text, 10, 0, 65535, &port, NULL);
}

/* "[::1]:80" → "::1" and "80" */
static int split(const char *address, char **ret_host, char **ret_port, struct evj_error *err)
{
    const char *colon = strrchr(address, ':');
    bool bracketed = colon != NULL && address[0] == '[' && colon > address && colon[-1] == ']';

    if (colon == NULL || colon == address || !is_port(colon + 1) ||
        (!bracketed && memchr(address, ':', (size_t)(colon - address)) != NULL))
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "\"%s\" is no ADDR:PORT, like 127.0.0.1:8090 or [::1]:0", address);
    *ret_host = bracketed ? g_strndup(address + 1, (size_t)(colon - address) - 2)
                          : g_strndup(address, (size_t)(colon - address));
    *ret_port = g_strdup(colon + 1);
    return 0;
}

static int open_socket(const struct addrinfo *info)
{
    int on = 1;
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
        bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    close(fd);
    return -1;
}

/* With the port that the system chose. */
static char *url_of(int fd)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);
    char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "";

    getsockname(fd, (struct sockaddr *)&address, &len);
    getnameinfo((struct sockaddr *)&address, len, host, sizeof(host), port, sizeof(port),
                NI_NUMERICHOST | NI_NUMERICSERV);
    return g_strdup_printf(strchr(host, ':') != NULL ? "http://[%s]:%s/" : "http://%s:%s/", host,
                           port);
}

int http_listen(const char *address, int *ret_fd, char **ret_url, struct evj_error *err)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    g_autofree char *host = NULL, *port = NULL;
    struct addrinfo *info = NULL;
    int fd, code, status = split(address, &host, &port, err);

    if (status != 0)
        return status;
    code = getaddrinfo(host, port, &hints, &info);
    if (code != 0)
        return evj_fail(err, EVJ_ERR_INVALID, 0, "cannot listen at %s: %s", address,
                        gai_strerror(code));
    fd = open_socket(info);
    freeaddrinfo(info);
    if (fd < 0)
        return evj_fail_errno(err, 0, "cannot listen at %s", address);
    *ret_fd = fd;
    *ret_url = url_of(fd);
    return 0;
}
