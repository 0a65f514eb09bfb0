/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_MODEL_H
#define TOOLS_ANALYSIS_MODEL_H

/*
 * What a journal tells, as entities: session → handle → PeerConnection epoch → medium. Built from
 * the records in one pass. Everything hangs on the model and lives as long as it does, or, with
 * model_set_over(), until a session is over; the structs are plain values to be read. Not
 * thread-safe.
 */

#include "evj/record.h"
#include "tools/analysis/media.h"
#include "tools/analysis/milestone.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct model;

/* One event that was kept to be compared. */
struct fact {
    uint64_t seq;
    int64_t time_us;
    uint32_t type, subtype; /* the subtype is filled in for servers that do not send it */
    unsigned epoch;         /* 1 …: which PeerConnection of its handle; 0: none yet */
    const char *body;       /* JSON text of the event's body; of a huge one see fact_body.h */
    size_t body_len;
};

struct model_transport;

/* One PeerConnection: from the first JSEP or ICE event after attach or hangup, to the hangup or
 * detach. */
struct model_epoch {
    unsigned number;                   /* 1 … */
    bool closed;                       /* hung up */
    struct moment moments[MILESTONES]; /* of OFFER … HANGUP */
    char *offer_owner;                 /* "remote" or "local"; NULL without offer and answer */
    char *pair;                        /* last selected pair, as Janus wrote it; NULL without */
    char *hangup_reason;               /* NULL without hangup */
    unsigned local_candidates, remote_candidates;
    struct media *media; /* statistics, summed up if the model keeps facts */
    GArray *facts;       /* struct fact: JSEP, WebRTC and media events; NULL for none */
};

struct model_handle {
    uint64_t id;
    struct model_session *session;
    char *plugin;    /* full package name, or NULL when the journal does not tell */
    char *opaque_id; /* or NULL */
    char *display;   /* who publishes, or is subscribed to, as the plugin calls them; or NULL */
    int64_t first_us, last_us;
    uint64_t events;
    struct moment attached, detached;
    GPtrArray *epochs;        /* struct model_epoch */
    GArray *facts;            /* struct fact: of the handle itself and its plugin; NULL for none */
    char *room, *participant; /* who it is in which room, the first that it joined; or NULL */
    GPtrArray *adopts;        /* char *: names of participants it adopts for; NULL for none */
};

enum session_end {
    SESSION_OPEN, /* the journal ends first */
    SESSION_DESTROYED,
    SESSION_TIMEOUT,
    /* Its connection was closed, and its handles with it. Before 1.3.2 Janus has no word for that.
     */
    SESSION_CONNECTION_LOST,
    SESSION_SERVER_STOPPED,
};

struct model_session {
    uint64_t id;
    uint64_t ordinal;   /* the how many-th that appeared in the journal */
    unsigned recording; /* whose ids these are: two recordings may have equal ones */
    char *emitter;      /* name of the server, or NULL when its events do not tell */
    int64_t first_us, last_us;
    uint64_t first_seq, last_seq;
    uint64_t events;
    struct moment created; /* not seen: the journal starts in mid-session … */
    bool server_started; /* … unless it tells of the server's start as well, before the session */
    struct moment
        disconnected; /* its transport; the session may have been claimed by another since */
    struct moment ended;
    enum session_end how_ended;
    char *transport_package;           /* or NULL */
    struct model_transport *transport; /* what it was created over, while both live; or NULL */
    GArray *transport_facts;           /* struct fact: of that connection; NULL for none */
    GPtrArray *handles;                /* struct model_handle, by first appearance */
    GArray *facts;                     /* struct fact: of the session itself; NULL for none */
    GStringChunk *text;                /* the facts' bodies; NULL for none */
    bool is_ending;                    /* it ended a moment ago */
    GList link;                        /* among those that live */
};

void model_session_free(struct model_session *session);

/* Events that were lost while the journal was made. */
struct model_gap {
    unsigned recording;
    int64_t from_us, until_us;
    uint64_t events;
};

/* How far a recording goes. */
struct model_end {
    int64_t until_us; /* its last event */
    bool stopped;     /* it tells of its server's end */
};

/* `keep_facts`: keep the events themselves, which lanes are built from, and the sums of statistics.
 * Without, it is the model of who came, when, how far each got and how it ended. */
struct model *model_new(bool keep_facts);
void model_free(struct model *model);

/* Take in the next record, in the order of the journal. Records of kinds that tell nothing are
 * passed by. */
void model_add(struct model *model, const struct evj_record *record);

/*
 * Let go of sessions that are over: `over` is called with each when nothing more is to be expected of
 * it, and takes it (model_session_free()). So a journal of any length takes the room of the sessions
 * that live at one time. model_sessions() stays empty then. Call before the first record;
 * model_finish(), after the last one, hands over all that are left, by first appearance.
 */
typedef void model_over(struct model_session *session, void *context);
void model_set_over(struct model *model, model_over *over, void *context);
void model_finish(struct model *model);

/* Events that came long after their session was over, and are in none. */
uint64_t model_late_events(const struct model *model);

/* How much of its journal a model was given. */
enum model_scope {
    MODEL_WHOLE,    /* everything, or all of some sessions */
    MODEL_CUT,      /* a stretch of time: where it ends, the journal may go on */
    MODEL_FILTERED, /* events of some kinds: what is missing may just not have been selected */
};

/* MODEL_WHOLE if nobody says otherwise. */
void model_set_scope(struct model *model, enum model_scope scope);
enum model_scope model_scope(const struct model *model);

/* struct model_session, by first appearance. */
const GPtrArray *model_sessions(const struct model *model);
/* Whether sessions of more than one recording, or of more than one emitter, are in it. */
bool model_is_mixed(const struct model *model);
/* struct model_gap. */
const GArray *model_gaps(const struct model *model);
/* struct model_end, by number of the recording. */
const GArray *model_ends(const struct model *model);
/* HTTP requests in the whole journal: every one is a connection of its own, so they are only
 * counted. */
uint64_t model_requests(const struct model *model);
/* The last session of this id, in whichever recording, or NULL. */
struct model_session *model_find_session(const struct model *model, uint64_t id);

/* Of a handle and one of its epochs (NULL: none), with what its session and attachment add. */
void model_moments(const struct model_handle *handle, const struct model_epoch *epoch,
                   struct moment ret_moments[MILESTONES]);

/* The furthest that any of its PeerConnections got. */
enum reach model_reach(const struct model_handle *handle);

/* "open", "destroyed", "timeout", "connection lost", "server stopped". Static text. */
const char *session_end_name(enum session_end end);

#endif
