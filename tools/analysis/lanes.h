/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_LANES_H
#define TOOLS_ANALYSIS_LANES_H

/*
 * A session as lanes: one sequence of steps for each state machine. Steps of one lane have an
 * order; steps of two lanes have none, since several threads of Janus write them as they come.
 */

#include "tools/analysis/attributes.h"
#include "tools/analysis/candidates.h"
#include "tools/analysis/model.h"

#include <glib.h>

/* In the order of cause and effect. */
enum lane_kind {
    LANE_TRANSPORT,
    LANE_SESSION,
    LANE_HANDLE,
    LANE_PLUGIN,
    LANE_SIP, /* messages that the SIP plugin sends and receives */
    LANE_SIGNALLING,
    LANE_CANDIDATES, /* a multiset, not a sequence */
    LANE_ICE,
    LANE_PAIR,
    LANE_DTLS,
    LANE_PC,
    LANE_MEDIA, /* one for each mid */
    LANE_STATS, /* figures, not a sequence */
    LANE_OTHER, /* events of a kind that is not known here */
    LANE_KINDS,
};

/* "transport", "session" … Static text. */
const char *lane_kind_name(enum lane_kind kind);

struct step {
    char *key; /* what happened: steps with different keys are never matched */
    uint64_t seq;
    int64_t time_us;
    int64_t last_us;       /* when for the last time … */
    unsigned count;        /* … of so many in a row */
    GPtrArray *attributes; /* struct attribute, sorted */
};

struct lane {
    enum lane_kind kind;
    char *name;       /* "dtls", "media 0 audio" */
    char *mid;        /* of media: "" when none is told; else NULL */
    char *media;      /* the rest of that name: "audio", "video sim1" */
    GPtrArray *steps; /* struct step */
};

/* All lanes of one entity: GPtrArray of struct lane, in the order of their kinds, then names. */
GPtrArray *lanes_of_session(const struct model_session *session, struct rules *rules);
GPtrArray *lanes_of_handle(const struct model_handle *handle, struct rules *rules);
GPtrArray *lanes_of_epoch(const struct model_epoch *epoch, struct rules *rules);

/* The lane of this kind and name, or NULL. */
const struct lane *lanes_find(const GPtrArray *lanes, enum lane_kind kind, const char *name);

/* Name a lane of media by what it is only: "media audio". Once all have their names, they are to be sorted again. */
void lanes_drop_mid(struct lane *lane);
void lanes_sort(GPtrArray *lanes);

/* Its candidates, from events and SDPs. To be freed with candidates_free(). */
struct candidates *lanes_candidates(const struct model_epoch *epoch);

/* What it means when a step has no counterpart on the other side. */
enum diff_class lane_missing_class(enum lane_kind kind, const char *key);

#endif
