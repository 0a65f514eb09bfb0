/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_MILESTONE_H
#define TOOLS_ANALYSIS_MILESTONE_H

/* The steps every call passes, in their order, and how far a call got. */

#include <stdbool.h>
#include <stdint.h>

/* When something happened, if it did. */
struct moment {
    bool seen;
    uint64_t seq;
    int64_t time_us; /* on the wall clock that the journal's first line anchors */
    bool coarse;     /* it happened at some time since the statistics before */
};

/* Keep the first of several. */
void moment_note(struct moment *moment, uint64_t seq, int64_t time_us);

enum milestone {
    MILESTONE_CREATED,
    MILESTONE_ATTACHED,
    MILESTONE_OFFER,
    MILESTONE_ANSWER,
    MILESTONE_ICE_CONNECTING,
    MILESTONE_ICE_CONNECTED, /* connected, ready, or a pair was selected: whichever came first */
    MILESTONE_DTLS_CONNECTED,
    MILESTONE_WEBRTCUP,
    MILESTONE_FIRST_MEDIA,
    MILESTONE_HANGUP,
    MILESTONE_DETACHED,
    MILESTONE_DESTROYED,
    MILESTONES,
};

/* "created", "ICE connecting" … Static text. */
const char *milestone_name(enum milestone milestone);

/* The furthest state a handle got to. */
enum reach {
    REACH_ATTACHED,
    REACH_OFFERED,
    REACH_ANSWERED,
    REACH_ICE,
    REACH_DTLS,
    REACH_UP,
    REACH_MEDIA,
};

/* "attached", "offered", "answered", "ice", "dtls", "up", "media". Static text. */
const char *reach_name(enum reach reach);

/* How far these milestones lead; `moments` has MILESTONES entries. */
enum reach reach_of(const struct moment *moments);

#endif
