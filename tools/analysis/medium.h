/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_MEDIUM_H
#define TOOLS_ANALYSIS_MEDIUM_H

/*
 * One medium of a PeerConnection (a mid and a kind, or only a kind before Janus 1.0), summed up
 * from its statistics and slow-link events, which are never compared one by one.
 */

#include "evj/json.h"
#include "tools/analysis/milestone.h"
#include "tools/analysis/spread.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* What Janus counts from the start of a PeerConnection on. */
enum medium_counter {
    MEDIUM_PACKETS_RECEIVED,
    MEDIUM_PACKETS_SENT,
    MEDIUM_BYTES_RECEIVED,
    MEDIUM_BYTES_SENT,
    MEDIUM_LOST,
    MEDIUM_LOST_BY_REMOTE,
    MEDIUM_NACKS_RECEIVED,
    MEDIUM_NACKS_SENT,
    MEDIUM_COUNTERS,
};

/* What is now so and now so, in milliseconds. */
enum medium_level {
    MEDIUM_RTT,
    MEDIUM_JITTER_IN,
    MEDIUM_JITTER_OUT,
    MEDIUM_LEVELS,
};

/* What one statistics event adds to those before it. */
struct medium_sample {
    int64_t since_us, time_us; /* of the one before, and its own */
    bool told[MEDIUM_COUNTERS];
    uint64_t counts[MEDIUM_COUNTERS];
    int64_t levels[MEDIUM_LEVELS]; /* -1: not told */
};

/* The samples of a stretch of time. */
struct medium_sum {
    int64_t from_us, until_us;
    uint64_t samples; /* 0: nothing in it */
    bool told[MEDIUM_COUNTERS];
    uint64_t counts[MEDIUM_COUNTERS];
    struct spread levels[MEDIUM_LEVELS];
};

void medium_sum_done(struct medium_sum *sum);

/* A field that is not known here: it is compared once, for the medium as a whole. */
struct medium_unknown {
    char *key;
    char *value; /* as last told: JSON; "number" for one, since numbers change all the time */
};

/* The most of them that are kept. */
#define MEDIUM_UNKNOWN_MAX 8u

struct medium {
    char *mid;                 /* "" before Janus 1.0 */
    char *media;               /* "audio", "video", "video-sim1", "data" */
    char *codec;               /* or NULL */
    struct moment first, last; /* of its statistics */
    uint64_t samples;
    uint64_t totals[MEDIUM_COUNTERS]; /* over all restarts */
    uint64_t values[MEDIUM_COUNTERS]; /* the greatest since */
    unsigned resets;                  /* how often they started again */
    uint64_t slow_uplinks, slow_downlinks;
    struct medium_sum setup, steady;
    GArray *recent;     /* struct medium_sample: the last seconds, which are not in `steady` */
    GPtrArray *unknown; /* struct medium_unknown; NULL for none */
};

struct medium *medium_new(const char *mid, const char *media);
void medium_free(gpointer medium);

/* The first statistics only say where the counters stand: rates are known from the second on. */
enum medium_phase {
    MEDIUM_SETUP,  /* the first 5 s */
    MEDIUM_STEADY, /* what lies between */
    MEDIUM_END,    /* the last 10 s, as far as they are not setup */
};

/* Sum up a phase; to be freed with medium_sum_done(). */
void medium_sum_up(const struct medium *medium, enum medium_phase phase,
                   struct medium_sum *ret_sum);

/* What one statistics object says, in place. */
struct medium_report {
    struct evj_slice mid, media, codec; /* JSON strings, or empty */
    bool counts;                        /* it is about packets or bytes that came in */
    struct {
        struct evj_slice key, value;
    } unknown[MEDIUM_UNKNOWN_MAX];
    unsigned unknown_count;
    bool told[MEDIUM_COUNTERS];
    uint64_t values[MEDIUM_COUNTERS];
    int64_t levels[MEDIUM_LEVELS]; /* -1: not told */
};

/* False: this is no statistics object. */
bool medium_report_read(struct medium_report *report, struct evj_slice object);

/* The field of this key, a new one without value if there is none yet. */
struct medium_unknown *medium_get_unknown(struct medium *medium, const char *key, size_t len);
/* The same, or NULL. */
const struct medium_unknown *medium_find_unknown(const struct medium *medium, const char *key);

void medium_add(struct medium *medium, const struct medium_report *report, uint64_t seq,
                int64_t time_us);

#endif
