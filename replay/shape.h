/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_SHAPE_H
#define REPLAY_SHAPE_H

/*
 * A source over a source that makes life hard for whoever takes the events: some are lost, doubled,
 * grown or out of order, and they come in bursts or one by one. What chance decides is decided by a
 * seed: the same seed does the same to the same events. Gaps, marks and the state of what is live are
 * left as they are. After a seek, trickle, bursts and windows begin anew.
 */

#include "replay/source.h"

#include <stdbool.h>
#include <stdint.h>

enum shape_kind {
    SHAPE_BURST,     /* value: so many events at once, when the first of them is due */
    SHAPE_TRICKLE,   /* value: milliseconds of recorded time from each event to the next */
    SHAPE_SHUFFLE,   /* value: among so many events, any may take another one's place */
    SHAPE_DUPLICATE, /* value: the chance of an event to be given twice */
    SHAPE_DROP,      /* value: the chance of an event not to be given */
    SHAPE_OVERSIZE,  /* value: bytes to which every tenth event is grown */
    SHAPE_KINDS,     /* how many there are */
};

/* The member that makes an event larger: random letters. */
#define SHAPE_PADDING "evj_padding"

struct shape_options {
    double values[SHAPE_KINDS]; /* 0: not asked for */
    uint64_t seed;
};

/* What was done; kept up to date, for whoever looks on. */
struct shape_counts {
    uint64_t given;             /* events that were given on */
    uint64_t done[SHAPE_KINDS]; /* bursts; spaced, moved, doubled, dropped and grown events */
};

/*
 * Add what one option asks for: "burst", "burst=100", "drop=0.01", "oversize=1M" … Returns 0, or
 * EVJ_ERR_INVALID with a sentence for the user: no such kind, a value that it cannot have, or one
 * that was asked for already.
 */
int shape_parse(struct shape_options *options, const char *text, struct evj_error *err);

bool shape_is_asked_for(const struct shape_options *options);

/* "burst", "trickle" … Static text. */
const char *shape_name(enum shape_kind kind);

/*
 * Takes over `inner`. `counts` may be NULL. Never NULL. next() returns as that of `inner`.
 */
struct source *source_shape_new(struct source *inner, const struct shape_options *options,
                                struct shape_counts *counts);

#endif
