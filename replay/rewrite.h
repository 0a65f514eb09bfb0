/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_REWRITE_H
#define REPLAY_REWRITE_H

/*
 * A source over a source whose events have other timestamps or other ids, and come in several
 * copies: one recorded call becomes a thousand. But for these values an event's text stays what it
 * is. Records keep their `seq`; the journal's own. After a seek, as in each round of a loop, ids are new
 * again, and the first event is now again.
 */

#include "replay/source.h"

#include <stdbool.h>
#include <stdint.h>

struct rewrite_options {
    int64_t now_us;   /* wall clock: the time of the first event; 0: timestamps stay */
    bool renew_ids;   /* as fresh_ids.h; with more than one copy it is done in any case */
    unsigned copies;  /* 1 … FRESH_IDS_COPIES_MAX */
    int64_t delay_us; /* of each copy behind the one before, in recorded time */
    uint64_t seed;    /* of the ids */
};

/* What was done; kept up to date, for whoever looks on. */
struct rewrite_counts {
    unsigned copies;     /* 0: nothing is rewritten */
    uint64_t ids;        /* different old ids that got new ones */
    uint64_t events;     /* given, in all copies */
    uint64_t given_once; /* of them: without any id, and so not copied */
    int64_t moved_us;    /* what was added to each timestamp */
};

/*
 * Takes over `inner`. `counts` may be NULL. Never NULL. next() returns as that of `inner`, or
 * EVJ_ERR_LIMIT or EVJ_ERR_INVALID for what cannot be rewritten, with a sentence that says why.
 */
struct source *source_rewrite_new(struct source *inner, const struct rewrite_options *options,
                                  struct rewrite_counts *counts);

#endif
