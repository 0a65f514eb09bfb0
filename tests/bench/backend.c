/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/backend.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* So that a burst of datagrams finds room while the process is not running. */
#define UDP_BUFFER (64 * 1024 * 1024)

void backend_count(struct backend_counts *counts, const char *text, size_t len)
{
    /* Each event begins with it, and no other place of an event has it. */
    static const char mark[] = "{\"emitter\":";
    const char *at = text, *end = text + len;
    uint64_t events = 0;

    while ((at = memmem(at, (size_t)(end - at), mark, sizeof(mark) - 1)) != NULL) {
        at += sizeof(mark) - 1;
        events++;
    }
    atomic_fetch_add_explicit(&counts->bytes, len, memory_order_relaxed);
    atomic_fetch_add_explicit(&counts->events, events, memory_order_release);
}

/* A GELF message names the emitter as "host" and has its event behind: the first chunk tells it. */
static int is_message_begin(const unsigned char *datagram, size_t len)
{
    static const unsigned char chunk[] = {0x1e, 0x0f};

    if (len < 12 || memcmp(datagram, chunk, sizeof(chunk)) != 0)
        return 1;
    return datagram[10] == 0; /* its number, behind the magic and eight bytes of id */
}

void backend_serve_udp(int socket, struct backend_counts *counts)
{
    static unsigned char datagram[65536];

    for (;;) {
        ssize_t len = recv(socket, datagram, sizeof(datagram), 0);
        if (len < 0)
            continue;
        atomic_fetch_add_explicit(&counts->bytes, (uint64_t)len, memory_order_relaxed);
        if (is_message_begin(datagram, (size_t)len))
            atomic_fetch_add_explicit(&counts->events, 1, memory_order_release);
    }
}

static int open_socket(enum backend_kind kind, uint16_t *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    const int udp = kind == BACKEND_UDP, buffer = UDP_BUFFER;
    int fd = socket(AF_INET, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    /* As root, beyond what the system allows; otherwise as much as it allows. */
    if (udp && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer)) < 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0 || (!udp && listen(fd, 64) < 0)) {
        close(fd);
        return -1;
    }
    *ret_port = ntohs(address.sin_port);
    return fd;
}

static void serve(enum backend_kind kind, int fd, struct backend_counts *counts)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    if (kind == BACKEND_HTTP)
        backend_serve_http(fd, counts);
    else if (kind == BACKEND_WEBSOCKET)
        backend_serve_websocket(fd, counts);
    else
        backend_serve_udp(fd, counts);
    _exit(0);
}

int backend_start(enum backend_kind kind, struct backend *backend)
{
    int fd;

    *backend = (struct backend){0};
    backend->counts = mmap(NULL, sizeof(*backend->counts), PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (backend->counts == MAP_FAILED)
        return -1;
    if (kind == BACKEND_NONE)
        return 0;
    fd = open_socket(kind, &backend->port);
    if (fd < 0)
        return -1;
    backend->pid = fork();
    if (backend->pid == 0)
        serve(kind, fd, backend->counts);
    close(fd);
    return backend->pid < 0 ? -1 : 0;
}

void backend_stop(struct backend *backend)
{
    if (backend->pid > 0) {
        kill(backend->pid, SIGKILL);
        while (waitpid(backend->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    munmap(backend->counts, sizeof(*backend->counts));
    *backend = (struct backend){0};
}
