/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_GENERATE_CALL_H
#define TESTS_BENCH_GENERATE_CALL_H

/*
 * What one simulated user has with Janus: a session, and in it a handle for each PeerConnection.
 * State only; generate_events.h makes events of it, generate_script.h says in which order.
 */

#include "tests/bench/generate_random.h"
#include "tests/bench/generate_sdp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum role {
    ROLE_ECHO,       /* echotest: sends and receives */
    ROLE_PUBLISHER,  /* videoroom: sends to Janus */
    ROLE_SUBSCRIBER, /* videoroom: receives somebody else's media */
};

#define CALL_SUBSCRIBERS_MAX 3u
#define CALL_HANDLES_MAX (1 + CALL_SUBSCRIBERS_MAX)
#define HANDLE_MEDIA_MAX 3u

/* One direction of one medium, as its statistics count it. */
struct flow {
    bool active;
    int64_t packets_per_s, packet_bytes; /* what it is about */
    int64_t packets, bytes, bytes_lastsec;
};

struct medium {
    const char *kind, *codec; /* codec NULL: a data channel */
    int64_t base_hz;
    struct flow in, out;
    int64_t lost, lost_by_remote, nacks_in, nacks_out, retransmissions;
    int64_t rtt_ms, jitter_in_ms, jitter_out_ms;
};

struct handle {
    struct call *call;
    enum role role;
    uint64_t id;
    struct sdp_peer janus, browser;
    const char *network; /* how ICE reached the browser: a type of candidate */
    struct medium media[HANDLE_MEDIA_MAX];
    size_t media_count;

    size_t step, medium; /* where in its script it is, and at which medium of a tick */
    int64_t next_us;     /* when its next event is due */
    int64_t tick_us;     /* when its last round of statistics began */
    int64_t end_us;      /* no statistics from here on */
};

struct call {
    struct random *random;
    uint64_t session_id, participant_id, feed_id;
    uint32_t private_id;
    unsigned room;
    bool data; /* with a data channel */
    char transport_id[24], opaque_id[32], display[16], feed_display[16];
    struct handle handles[CALL_HANDLES_MAX];
    size_t handle_count, handles_left; /* in all; not yet at the end of their scripts */
};

/*
 * A new call that begins at `start_us` and talks for about `talk_us`: other ids, other rates. All
 * of its handles are at the start of their scripts.
 */
void call_begin(struct call *call, struct random *random, int64_t start_us, int64_t talk_us);

/* As if it had been going on for `age_us` already. */
void handle_grow_old(struct handle *handle, int64_t age_us);

/* One second passes. */
void medium_tick(struct medium *medium, struct random *random);

#endif
