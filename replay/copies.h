/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_COPIES_H
#define REPLAY_COPIES_H

/*
 * Several copies of a source's records side by side, in the order of time: copy n is n times a
 * delay behind. An event without any id would be the same in each of them, and is given once, as
 * gaps and marks are: with the first copy, but what ends it all, as of the end of Janus, with the last. What the last copy has not had yet is kept, and so is the state of what is
 * live where they begin until the first event is known. One thread.
 */

#include "evj/error.h"
#include "replay/id_slots.h"
#include "replay/source.h"

#include <stdint.h>

/* What may be kept, in bytes of events. */
#define COPIES_KEPT_MAX (256u * 1024 * 1024)

struct copies;

struct copy {
    const struct evj_record *record;
    const struct id_slots *slots; /* of an event or state; else empty */
    unsigned number;              /* of the copy, from 0 */
    int64_t delay_us;             /* how far the copy is behind the first */
    int64_t time_us;              /* when it is due: source_item.time_us, delayed */
};

/* `count` of at least 1. Never NULL. */
struct copies *copies_new(unsigned count, int64_t delay_us);

/* NULL is fine. */
void copies_free(struct copies *copies);

/*
 * The next one; what *ret_copy points to is borrowed until the next call. Returns as
 * source_ops.next, when all copies have had what came before; EVJ_ERR_LIMIT when more than
 * COPIES_KEPT_MAX would have to be kept.
 */
int copies_next(struct copies *copies, struct source *source, struct copy *ret_copy,
                struct evj_error *err);

/* The timestamp of the first event, once something was given; 0 when there is none. */
int64_t copies_first_timestamp(const struct copies *copies);

/* The source begins elsewhere: forget all that was read of it. */
void copies_restart(struct copies *copies);

#endif
