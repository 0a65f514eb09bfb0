/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_TALLY_INTERNAL_H
#define FORMAT_TALLY_INTERNAL_H

/*
 * What a writer tells in its end record of all the events that it has written. It is kept beside the
 * recorder's work, event by event: a few additions, two look-ups of ids, no allocation but for new
 * ids, and no more memory than the limits of evj/end.h. One thread.
 */

#include "evj/end.h"
#include "evj/header.h"
#include "evj/record.h"
#include "format/id_set_internal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Distinct ids, until there are too many. */
struct evj_tally_ids {
    struct evj_id_set set;
    bool too_many; /* or no memory for them */
};

/* Zeroed, it is empty. */
struct evj_tally {
    bool is_partial; /* of another writer's file: what that has written is not in here */
    bool too_many_emitters;
    struct evj_tally_ids sessions, handles;
    struct evj_end end;                 /* types, emitters, span and lag so far */
    char emitter[EVJ_END_EMITTER_SIZE]; /* the last one as it stood in its event: most are equal */
    size_t emitter_len;
};

/* Take note of a record of the file with this header. */
void evj_tally_add(struct evj_tally *tally, const struct evj_header *header,
                   const struct evj_record *record);

/* What is known of the events; the rest of *ret_end is zeroed, for the caller to fill in. */
void evj_tally_tell(const struct evj_tally *tally, const struct evj_header *header,
                    struct evj_end *ret_end);

void evj_tally_done(struct evj_tally *tally);

#endif
