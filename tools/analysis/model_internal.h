/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_MODEL_INTERNAL_H
#define TOOLS_ANALYSIS_MODEL_INTERNAL_H

/*
 * What the files that build the model share: model.c (what events mean), model_session.c (a session
 * as an object), model_over.c (when it may go), model_webrtc.c (epochs), model_transport.c
 * (connections), model_adopt.c (plugin events without a handle).
 */

#include "tools/analysis/model.h"

struct model {
    bool keep_facts;
    enum model_scope scope;
    uint64_t requests;
    uint64_t appeared;      /* sessions, ever */
    GPtrArray *sessions;    /* owns struct model_session; empty when they are let go of */
    GQueue live;            /* struct model_session that are not over, by first appearance */
    GHashTable *by_id;      /* struct model_id → its last struct model_session, borrowed */
    GHashTable *transports; /* "recording id" → struct model_transport, owned */
    GHashTable *starts;     /* recordings that tell of their server's start, in GUINT_TO_POINTER */
    GHashTable *participants; /* "recording/plugin/room/id" → struct model_handle, borrowed */
    GArray *gaps;             /* struct model_gap */
    GArray *ends;             /* struct model_end, by number of the recording */

    model_over *over; /* NULL: keep all */
    void *over_context;
    GQueue ending;     /* struct model_session that ended a moment ago, in that order */
    GHashTable *gone;  /* struct model_id of those that were let go of lately … */
    GQueue gone_order; /* … borrowed, the oldest first */
    uint64_t late_events;
};

/* Ids mean something only within their recording. */
struct model_id {
    uint64_t id;
    unsigned recording;
};

/* A record on its way into the model. */
struct arrival {
    const struct evj_event *event;
    unsigned recording;
    uint64_t seq;
    int64_t time_us;
};

/* Keep the event in one of the session's arrays, if the model keeps facts. */
void model_keep(const struct model *model, struct model_session *session, GArray **facts,
                const struct arrival *arrival, uint32_t subtype, unsigned epoch);

/* model_session.c */
struct model_session *model_session_new(const struct model_id *id, uint64_t seq, int64_t time_us);
struct model_handle *model_handle_new(struct model_session *session, uint64_t id, int64_t time_us);
/* Add a copy of a fact. */
void model_add_fact(struct model_session *session, GArray **facts, const struct fact *fact);

/* model_over.c */
guint model_id_hash(gconstpointer id);
gboolean model_id_equal(gconstpointer a, gconstpointer b);
/* It ended now: it may go in a while. */
void model_is_ending(struct model *model, struct model_session *session);
/* Let go of those whose time has come. */
void model_let_go(struct model *model, int64_t now_us);
/* Was the session that this event names let go of? */
bool model_is_gone(const struct model *model, const struct model_id *id);
void model_over_done(struct model *model);

/* The session's connection is gone, and this may have been the last of its handles. */
void model_end_if_abandoned(struct model *model, struct model_session *session,
                            const struct arrival *arrival);

/* model_webrtc.c: JSEP, WebRTC and media events of a handle. */
void model_add_jsep(struct model *model, struct model_handle *handle,
                    const struct arrival *arrival);
void model_add_webrtc(struct model *model, struct model_handle *handle,
                      const struct arrival *arrival);
void model_add_media(struct model *model, struct model_handle *handle,
                     const struct arrival *arrival);
void model_close_epoch(struct model_handle *handle);
struct model_epoch *model_epoch_new(struct model_handle *handle);
void model_epoch_free(gpointer epoch);

/* model_transport.c */
void model_add_transport(struct model *model, const struct arrival *arrival);
void model_tie_transport(struct model *model, struct model_session *session,
                         struct evj_slice transport);
/* The session goes, the connection may stay. */
void model_untie_transport(struct model *model, struct model_session *session);
void model_transport_free(gpointer transport);

/* model_adopt.c: plugin events. */
void model_add_plugin(struct model *model, struct model_handle *handle,
                      const struct arrival *arrival);
void model_add_orphan(struct model *model, const struct arrival *arrival);
/* The handle goes: nothing is adopted by it any more. */
void model_forget_participants(struct model *model, const struct model_handle *handle);

#endif
