/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_GENERATE_SDP_H
#define TESTS_BENCH_GENERATE_SDP_H

/*
 * Session descriptions as Chromium and Janus write them: what a browser offers (every codec that it
 * has, 5 KB), what Janus answers or offers (one codec each, 1.7 KB), what a browser answers.
 */

#include "tests/bench/generate_random.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* One side's secrets and addresses, in a PeerConnection. */
struct sdp_peer {
    char ufrag[5], pwd[25], fingerprint[96], cname[17], stream[37], track[2][37];
    uint64_t origin;
    uint32_t ssrc[3]; /* audio, video, the video's retransmissions */
    const char *ip;
    uint16_t port;
};

void sdp_peer_init(struct sdp_peer *peer, struct random *random, const char *ip, uint16_t port);

/* "sendrecv", "recvonly" …; `data`: with an m-line for data channels. */
GString *sdp_browser_offer(const struct sdp_peer *browser, const char *direction, bool data);
GString *sdp_browser_answer(const struct sdp_peer *browser, const char *direction);

/* `name`: the session's, as "VideoRoom 1234"; `setup`: "active" in an answer, "actpass" in an
 * offer. */
GString *sdp_janus(const struct sdp_peer *janus, const char *name, const char *direction,
                   const char *setup, bool data);

#endif
