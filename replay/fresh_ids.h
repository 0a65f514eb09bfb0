/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_FRESH_IDS_H
#define REPLAY_FRESH_IDS_H

/*
 * New ids for old: each old id of a kind gets one for each copy, always the same, that no other old
 * id and no other copy of that kind gets. Ids of up to 32 bits stay so, others have up to 53, as
 * Janus's; a decimal number in a string stays one, a UUID stays one, and any other string gets
 * something added to its end. The same seed gives the same ids for the same events in the same
 * order. Memory: about 60 bytes for each old id, whatever the number of copies. One thread.
 */

#include "evj/error.h"
#include "evj/id_field.h"
#include "evj/json.h"

#include <glib.h>
#include <stdint.h>

/* Old ids that can be told apart: about 250 MB. */
#define FRESH_IDS_MAX (4u * 1024 * 1024)

/* Copies that each of them may have. */
#define FRESH_IDS_COPIES_MAX 100000u

struct fresh_ids;

/* `copies`: 1 … FRESH_IDS_COPIES_MAX. Never NULL. */
struct fresh_ids *fresh_ids_new(uint64_t seed, unsigned copies);

/* NULL is fine. */
void fresh_ids_free(struct fresh_ids *ids);

/*
 * Append to `out` the JSON value that stands for `old`, a whole number or a string with its quotes,
 * in copy 0 … copies - 1. Returns 0, or EVJ_ERR_LIMIT beyond FRESH_IDS_MAX, with nothing appended.
 */
int fresh_ids_put(struct fresh_ids *ids, enum evj_id_kind kind, struct evj_slice old, unsigned copy,
                  GString *out, struct evj_error *err);

/* Whatever comes from now on gets new ids, which none has had before. */
void fresh_ids_forget(struct fresh_ids *ids);

/* How many different old ids there were, each time they were new. */
uint64_t fresh_ids_count(const struct fresh_ids *ids);

#endif
