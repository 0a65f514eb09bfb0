/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_STATE_STORE_INTERNAL_H
#define FORMAT_STATE_STORE_INTERNAL_H

/*
 * Where the state keeps events: each in a slot of the thing that it describes, within a limit of
 * memory. What an event means is state.c's affair. One thread.
 */

#include "evj/record.h"
#include "format/table_internal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

enum thing_kind {
    THING_SERVER,
    THING_CONNECTION, /* of a client, to a transport plug-in */
    THING_SESSION,
    THING_HANDLE,
};

struct thing_key {
    enum thing_kind kind;
    uint64_t id; /* of a connection, a hash of its name; 0 for the server */
    uint64_t handle_id;
};

/* One slot holds the latest event of its kind. */
enum slot {
    SLOT_STARTED,
    SLOT_CONNECTED,
    SLOT_DISCONNECTED,
    SLOT_CREATED,
    SLOT_ENDED, /* destroyed, or timed out: its handles go last */
    SLOT_ATTACHED,
    SLOT_JOINED,
    SLOT_LEFT,
    SLOT_STREAMS, /* what it publishes or is subscribed to */
    SLOT_JSEP,
    SLOT_ICE,
    SLOT_PAIR,
    SLOT_DTLS,
    SLOT_UP,
    SLOT_FIRST_MEDIA,
    SLOT_MEDIA,
};

#define SLOT_BIT(slot) (1u << (slot))
#define SLOTS_OF_PEER_CONNECTION                                                            \
    (SLOT_BIT(SLOT_JSEP) | SLOT_BIT(SLOT_ICE) | SLOT_BIT(SLOT_PAIR) | SLOT_BIT(SLOT_DTLS) | \
     SLOT_BIT(SLOT_UP) | SLOT_BIT(SLOT_FIRST_MEDIA) | SLOT_BIT(SLOT_MEDIA))

/* An event that is kept, or that would be if it had found room: then text is NULL. */
struct kept {
    struct kept *next;      /* of the same thing */
    TAILQ_ENTRY(kept) link; /* among those of about its size */
    enum slot slot;
    uint64_t part; /* which of several in a slot: a hash of the component, the mid … */
    uint64_t seq;
    int64_t mono_us, wall_us;
    char *text; /* the event, not terminated */
    size_t len;
};

struct thing {
    struct thing_key key;
    struct evj_table_link by_key, by_participant;
    struct thing *parent;   /* a handle's session, a session's connection; or NULL */
    struct thing *children; /* linked by before and next */
    struct thing *before, *next;
    struct kept *kept;
    uint64_t participant; /* of a handle, a hash of who it is to its plug-in; 0: nobody */
    bool hung_up;         /* of a handle: until the next PeerConnection begins */
    bool disconnected;    /* of a connection */
    int64_t disconnected_us;
};

#define STORE_SIZES 32u

TAILQ_HEAD(kept_queue, kept);

struct store {
    size_t limit, used, events;
    uint64_t left_out, refused;
    struct evj_table things, participants;
    struct kept_queue sizes[STORE_SIZES]; /* text of 2^i … 2^(i+1) - 1 bytes, oldest first */
};

void evj_store_init(struct store *store, size_t limit);
/* Forget everything; be empty, and have no memory. */
void evj_store_clear(struct store *store);

struct thing *evj_store_find(const struct store *store, enum thing_kind kind, uint64_t id,
                             uint64_t handle_id);
/* The one that is there, or a new one. NULL, and counted, if there is no room, or no memory. */
struct thing *evj_store_find_or_add(struct store *store, enum thing_kind kind, uint64_t id,
                                    uint64_t handle_id);
/* The next of all things, NULL behind the last; NULL gives the first. */
struct thing *evj_store_next(const struct store *store, const struct thing *thing);
/* Put a thing under another, which must live longer; out of the one where it was. */
void evj_store_adopt(struct thing *parent, struct thing *child);
/* With all that is under it. */
void evj_store_remove(struct store *store, struct thing *thing);

/* Keep the record's event in a slot, in place of the one before. */
void evj_store_keep(struct store *store, struct thing *thing, enum slot slot, uint64_t part,
                    const struct evj_record *record);
bool evj_store_has(const struct thing *thing, enum slot slot);
/* Empty these slots (SLOT_BIT). */
void evj_store_drop(struct store *store, struct thing *thing, unsigned slots);

/* Who a handle is to its plug-in, and who is it? An id of 0 is nobody. */
void evj_store_name_participant(struct store *store, struct thing *handle, uint64_t participant);
struct thing *evj_store_find_participant(const struct store *store, uint64_t participant);

#endif
