/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_STATE_H
#define EVJ_STATE_H

/*
 * What is alive: the events so far that still describe a session, a handle, a PeerConnection or a
 * connection. A file that continues a recording begins with them, so that it stands alone
 * (docs/journal-format.md, "state"). One thread.
 */

#include "evj/cleanup.h"
#include "evj/error.h"
#include "evj/record.h"
#include "evj/writer.h"

#include <stddef.h>
#include <stdint.h>

enum evj_state_kind {
    EVJ_STATE_NONE,
    EVJ_STATE_SESSIONS, /* sessions, handles, and the connections that they came over */
    EVJ_STATE_FULL,     /* and PeerConnections, media, memberships and the server's start */
};

struct evj_state;

/*
 * Nothing is alive yet. Keeps at most `limit_bytes`, bookkeeping included: to make room, what is
 * larger goes before what is smaller, which in practice are the SDPs. NULL when there is no memory.
 */
struct evj_state *evj_state_new(enum evj_state_kind kind, size_t limit_bytes);
void evj_state_free(struct evj_state *state);
EVJ_DEFINE_AUTO(state);

/* Take in the next record of the recording, in its order. Events count, and the `state` records that
 * a file begins with; the rest is passed by. The record is borrowed for the call. */
void evj_state_add(struct evj_state *state, const struct evj_record *record);

/*
 * Add a `state` record of each event that still holds, by seq. Returns as evj_writer_add(); after a
 * failure some are added and some are not, so that file is of no use.
 */
int evj_state_put(const struct evj_state *state, struct evj_writer *writer, struct evj_error *err);

/*
 * Each event that still holds as a record of kind EVJ_RECORD_STATE, by seq; `line` stays empty, and
 * `source` and `recording` 0. The slices are borrowed until the next evj_state_add(); the array is to
 * be freed with free(). EVJ_ERR_MEMORY.
 */
int evj_state_list(const struct evj_state *state, struct evj_record **ret_records,
                   size_t *ret_count, struct evj_error *err);

/*
 * Events that still hold and are not kept, because the limit is reached. Exact as long as there is
 * room for a few words about each; from then on each event that finds no room counts.
 */
uint64_t evj_state_left_out(const struct evj_state *state);

/* What is kept now: events, and bytes of the limit. */
size_t evj_state_events(const struct evj_state *state);
size_t evj_state_bytes(const struct evj_state *state);

#endif
