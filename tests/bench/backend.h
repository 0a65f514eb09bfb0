/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_BACKEND_H
#define TESTS_BENCH_BACKEND_H

/*
 * What a handler sends its events to: a server on 127.0.0.1, in a process of its own so that its
 * time is nobody else's, which counts the events that arrive and does nothing with them.
 */

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

enum backend_kind {
    BACKEND_NONE, /* a handler that needs none */
    BACKEND_HTTP,
    BACKEND_WEBSOCKET,
    BACKEND_UDP, /* GELF messages, plain or in chunks */
};

/* In memory shared with the process. */
struct backend_counts {
    atomic_uint_fast64_t events, bytes; /* bytes: of the events' text as sent */
};

struct backend {
    pid_t pid; /* 0: none */
    uint16_t port;
    struct backend_counts *counts;
};

/* Call while the process has one thread. Returns 0, or -1 with errno. */
int backend_start(enum backend_kind kind, struct backend *backend);
void backend_stop(struct backend *backend);

/* ---- for the kinds ---- */

/* Serve until killed. */
void backend_serve_http(int listener, struct backend_counts *counts);
void backend_serve_websocket(int listener, struct backend_counts *counts);
void backend_serve_udp(int socket, struct backend_counts *counts);

/* Count the events in a JSON text of theirs, however they are grouped. */
void backend_count(struct backend_counts *counts, const char *text, size_t len);

#endif
