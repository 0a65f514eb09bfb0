/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_STATE_H
#define RECORDER_STATE_H

/*
 * What is alive: the events so far that still describe a session, a handle, a PeerConnection or a
 * connection. A file that continues a recording begins with them, so that it stands alone
 * (docs/journal-format.md, "state"). One thread.
 */

#include "evj/error.h"
#include "evj/record.h"
#include "evj/writer.h"

#include <stddef.h>
#include <stdint.h>

enum state_kind {
    STATE_NONE,
    STATE_SESSIONS, /* sessions, handles, and the connections that they came over */
    STATE_FULL,     /* and PeerConnections, media, memberships and the server's start */
};

struct state;

/*
 * Nothing is alive yet. Keeps at most `limit_bytes`, bookkeeping included: to make room, what is
 * larger goes before what is smaller, which in practice are the SDPs. Never NULL.
 */
struct state *state_new(enum state_kind kind, size_t limit_bytes);
void state_free(struct state *state);

/* Take in the next record of the recording, in its order. Events only count; the rest is passed by.
 * The record is borrowed for the call. */
void state_add(struct state *state, const struct evj_record *record);

/*
 * Add a `state` record of each event that still holds, by seq. Returns as evj_writer_add(); after a
 * failure some are added and some are not, so that file is of no use.
 */
int state_put(const struct state *state, struct evj_writer *writer, struct evj_error *err);

/*
 * Events that still hold and are not kept, because the limit is reached. Exact as long as there is
 * room for a few words about each; from then on each event that finds no room counts.
 */
uint64_t state_left_out(const struct state *state);

/* What is kept now: events, and bytes of the limit. */
size_t state_events(const struct state *state);
size_t state_bytes(const struct state *state);

#endif
