/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_MODEL_INTERNAL_H
#define TOOLS_ANALYSIS_MODEL_INTERNAL_H

/* What the files that build the model share: model.c (sessions, handles), model_webrtc.c (epochs),
 * model_transport.c (connections), model_adopt.c (plugin events without a handle). */

#include "tools/analysis/model.h"

struct model {
    bool keep_facts;
    enum model_scope scope;
    uint64_t requests;
    GPtrArray *sessions;      /* owns struct model_session */
    GHashTable *by_id;        /* struct model_id → its last struct model_session, borrowed */
    GHashTable *transports;   /* "recording id" → struct model_transport, owned */
    GHashTable *participants; /* "recording/plugin/room/id" → struct model_handle, borrowed */
    GArray *gaps;             /* struct model_gap */
    GStringChunk *text;       /* bodies of the transports' facts */
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

/* Keep the event, if the model keeps facts. */
void model_keep(struct model *model, GArray *facts, GStringChunk *text,
                const struct arrival *arrival, uint32_t subtype, unsigned epoch);

/* The session's connection is gone, and this may have been the last of its handles. */
void model_end_if_abandoned(struct model_session *session, const struct arrival *arrival);

/* model_webrtc.c: JSEP, WebRTC and media events of a handle. */
void model_add_jsep(struct model *model, struct model_handle *handle,
                    const struct arrival *arrival);
void model_add_webrtc(struct model *model, struct model_handle *handle,
                      const struct arrival *arrival);
void model_add_media(struct model *model, struct model_handle *handle,
                     const struct arrival *arrival);
void model_close_epoch(struct model_handle *handle);
void model_epoch_free(gpointer epoch);

/* model_transport.c */
void model_add_transport(struct model *model, const struct arrival *arrival);
void model_tie_transport(struct model *model, struct model_session *session,
                         struct evj_slice transport);
void model_transport_free(gpointer transport);

/* model_adopt.c: plugin events. */
void model_add_plugin(struct model *model, struct model_handle *handle,
                      const struct arrival *arrival);
void model_add_orphan(struct model *model, const struct arrival *arrival);

#endif
