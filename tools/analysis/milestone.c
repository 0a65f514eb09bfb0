/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/milestone.h"

#include <stddef.h>

static const char *const milestone_names[MILESTONES] = {
    [MILESTONE_CREATED] = "created",
    [MILESTONE_ATTACHED] = "attached",
    [MILESTONE_OFFER] = "offer",
    [MILESTONE_ANSWER] = "answer",
    [MILESTONE_ICE_CONNECTING] = "ICE connecting",
    [MILESTONE_ICE_CONNECTED] = "ICE connected",
    [MILESTONE_DTLS_CONNECTED] = "DTLS connected",
    [MILESTONE_WEBRTCUP] = "webrtcup",
    [MILESTONE_FIRST_MEDIA] = "first media",
    [MILESTONE_HANGUP] = "hangup",
    [MILESTONE_DETACHED] = "detached",
    [MILESTONE_DESTROYED] = "destroyed",
};

/* Furthest first: what the milestone proves when it was seen. */
static const struct {
    enum milestone milestone;
    enum reach reach;
} proofs[] = {
    {MILESTONE_FIRST_MEDIA, REACH_MEDIA},   {MILESTONE_WEBRTCUP, REACH_UP},
    {MILESTONE_DTLS_CONNECTED, REACH_DTLS}, {MILESTONE_ICE_CONNECTED, REACH_ICE},
    {MILESTONE_ANSWER, REACH_ANSWERED},     {MILESTONE_OFFER, REACH_OFFERED},
};

static const char *const reach_names[] = {
    [REACH_ATTACHED] = "attached", [REACH_OFFERED] = "offered", [REACH_ANSWERED] = "answered",
    [REACH_ICE] = "ice",           [REACH_DTLS] = "dtls",       [REACH_UP] = "up",
    [REACH_MEDIA] = "media",
};

void moment_note(struct moment *moment, uint64_t seq, int64_t time_us)
{
    if (moment->seen)
        return;
    *moment = (struct moment){.seen = true, .seq = seq, .time_us = time_us};
}

const char *milestone_name(enum milestone milestone)
{
    return milestone < MILESTONES ? milestone_names[milestone] : "unknown";
}

const char *reach_name(enum reach reach)
{
    return reach <= REACH_MEDIA ? reach_names[reach] : "unknown";
}

enum reach reach_of(const struct moment *moments)
{
    for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++) {
        if (moments[proofs[i].milestone].seen)
            return proofs[i].reach;
    }
    return REACH_ATTACHED;
}
