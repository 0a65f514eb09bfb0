/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/generate_call.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define US_PER_S INT64_C(1000000)
/* Janus draws its ids from 2^53, what JavaScript can count to. */
#define ID_MASK ((UINT64_C(1) << 53) - 1)
/* So that whoever subscribes is connected before the call is over. */
#define SHORTEST_US (5 * US_PER_S)
#define SERVER_IP "192.0.2.2"

static const char *const names[] = {
    "alice", "bob",  "carol",   "dave", "erin",   "frank", "grace",  "heidi",
    "ivan",  "judy", "mallory", "niaj", "olivia", "peggy", "rupert", "sybil",
};

/* Mostly reflexive, as users behind a home router are. */
static const char *const networks[] = {"srflx", "srflx", "srflx", "host", "relay"};

#define PICK(random, array) ((array)[random_next(random) % (sizeof(array) / sizeof((array)[0]))])

static struct medium medium_of(struct random *random, const char *kind, bool in, bool out)
{
    bool audio = strcmp(kind, "audio") == 0;
    struct medium medium = {.kind = kind, .codec = audio ? "opus" : "vp8"};

    medium.base_hz = audio ? 48000 : 90000;
    medium.in.active = in;
    medium.out.active = out;
    medium.in.packets_per_s = audio ? 50 : random_between(random, 45, 220);
    medium.in.packet_bytes = audio ? random_between(random, 60, 110) : 1000;
    medium.out.packets_per_s = audio ? 50 : random_between(random, 45, 220);
    medium.out.packet_bytes = audio ? random_between(random, 60, 110) : 1000;
    medium.rtt_ms = random_between(random, 1, 90);
    return medium;
}

static void handle_begin(struct handle *handle, struct call *call, enum role role)
{
    struct random *random = call->random;
    bool in = role != ROLE_SUBSCRIBER, out = role != ROLE_PUBLISHER;
    uint16_t port = (uint16_t)random_between(random, 20000, 59999);

    *handle = (struct handle){.call = call, .role = role, .id = random_next(random) & ID_MASK};
    sdp_peer_init(&handle->janus, random, SERVER_IP, port);
    sdp_peer_init(&handle->browser, random, "198.51.100.7", (uint16_t)(port + 1));
    handle->network = PICK(random, networks);
    handle->media[handle->media_count++] = medium_of(random, "audio", in, out);
    handle->media[handle->media_count++] = medium_of(random, "video", in, out);
    if (call->data && role == ROLE_ECHO)
        handle->media[handle->media_count++] = (struct medium){.kind = "data"};
}

static void call_name(struct call *call, bool echo)
{
    char letters[13];

    /* As the demos that come with Janus do. */
    random_letters(call->random, letters, sizeof(letters) - 1);
    snprintf(call->opaque_id, sizeof(call->opaque_id), "%s-%s", echo ? "echotest" : "videoroomtest",
             letters);
    snprintf(call->transport_id, sizeof(call->transport_id), "%" PRIu64, random_next(call->random));
    snprintf(call->display, sizeof(call->display), "%s", PICK(call->random, names));
    snprintf(call->feed_display, sizeof(call->feed_display), "%s", PICK(call->random, names));
}

void call_begin(struct call *call, struct random *random, int64_t start_us, int64_t talk_us)
{
    bool echo = random_chance(random, 20);
    size_t subscribers = echo ? 0 : (size_t)random_between(random, 0, CALL_SUBSCRIBERS_MAX);
    int64_t length_us = random_between(random, talk_us / 4, talk_us + talk_us * 3 / 4);
    int64_t end_us = start_us + (length_us < SHORTEST_US ? SHORTEST_US : length_us);

    *call = (struct call){.random = random,
                          .data = echo && random_chance(random, 50),
                          .handle_count = 1 + subscribers};
    call->session_id = random_next(random) & ID_MASK;
    call->participant_id = random_next(random) & ID_MASK;
    call->feed_id = random_next(random) & ID_MASK;
    call->private_id = (uint32_t)random_next(random);
    call->room = (unsigned)random_between(random, 1000, 1099);
    call->handles_left = call->handle_count;
    call_name(call, echo);
    for (size_t i = 0; i < call->handle_count; i++) {
        struct handle *handle = &call->handles[i];
        handle_begin(handle, call, i > 0 ? ROLE_SUBSCRIBER : echo ? ROLE_ECHO : ROLE_PUBLISHER);
        /* Whoever subscribes does so once the publisher is up. */
        handle->next_us = start_us + (i > 0 ? random_between(random, 1, 3) * US_PER_S : 0);
        handle->end_us = end_us;
    }
}

static void flow_tick(struct flow *flow, struct random *random)
{
    int64_t packets, bytes;

    if (!flow->active)
        return;
    packets = flow->packets_per_s + random_between(random, -2, 2);
    bytes = packets * flow->packet_bytes;
    bytes += bytes * random_between(random, -50, 50) / 1000;
    flow->packets += packets;
    flow->bytes += bytes;
    flow->bytes_lastsec = bytes;
}

/* A step of a walk that stays within least … most. */
static int64_t wander(struct random *random, int64_t value, int64_t least, int64_t most)
{
    int64_t next = value + random_between(random, -2, 2);

    return next < least ? least : next > most ? most : next;
}

static void data_tick(struct medium *medium, struct random *random)
{
    if (!random_chance(random, 10))
        return;
    medium->in.packets++;
    medium->in.bytes += random_between(random, 60, 300);
    medium->out.packets++;
    medium->out.bytes += random_between(random, 60, 300);
}

void medium_tick(struct medium *medium, struct random *random)
{
    if (!medium->codec) {
        data_tick(medium, random);
        return;
    }
    flow_tick(&medium->in, random);
    flow_tick(&medium->out, random);
    medium->rtt_ms = wander(random, medium->rtt_ms, 1, 250);
    medium->jitter_in_ms = medium->in.active ? wander(random, medium->jitter_in_ms, 0, 40) : 0;
    medium->jitter_out_ms = medium->out.active ? wander(random, medium->jitter_out_ms, 0, 40) : 0;
    if (medium->in.active && random_chance(random, 8)) {
        medium->lost += random_between(random, 1, 4);
        medium->nacks_out += random_between(random, 1, 4);
        medium->retransmissions++;
    }
    if (medium->out.active && random_chance(random, 5)) {
        medium->lost_by_remote += random_between(random, 1, 3);
        medium->nacks_in++;
    }
}

static void flow_grow_old(struct flow *flow, int64_t seconds)
{
    if (!flow->active)
        return;
    flow->packets = seconds * flow->packets_per_s;
    flow->bytes = flow->packets * flow->packet_bytes;
}

void handle_grow_old(struct handle *handle, int64_t age_us)
{
    int64_t seconds = age_us / US_PER_S;

    for (size_t i = 0; i < handle->media_count; i++) {
        struct medium *medium = &handle->media[i];
        flow_grow_old(&medium->in, seconds);
        flow_grow_old(&medium->out, seconds);
        medium->lost = medium->in.active ? seconds / 5 : 0;
        medium->nacks_out = medium->lost;
        medium->retransmissions = medium->lost / 3;
        medium->lost_by_remote = medium->out.active ? seconds / 10 : 0;
        medium->nacks_in = medium->lost_by_remote / 2;
    }
}
