/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What begins is kept until it ends. Only "created" and "attached" make a session and a handle
 * known: an event that comes late, behind the end of what it speaks of, must not bring it back for
 * good. So where these types of events are not recorded, there is no state.
 */
#include "evj/state.h"

#include "evj/event_type.h"
#include "format/state_internal.h"

#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t hash(uint64_t sofar, struct evj_slice slice)
{
    uint64_t value = sofar ^ UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < slice.len; i++)
        value = (value ^ (unsigned char)slice.text[i]) * UINT64_C(0x100000001b3);
    return value * UINT64_C(0x9E3779B97F4A7C15);
}

static bool is_object(struct evj_slice value)
{
    return value.len > 0 && value.text[0] == '{';
}

static struct evj_slice body_of(const struct evj_record *record)
{
    return is_object(record->event.body) ? record->event.body : (struct evj_slice){"{}", 2};
}

static struct evj_slice member_of(const struct evj_record *record, const char *key)
{
    return evj_json_member(body_of(record), key);
}

static bool says(const struct evj_record *record, const char *key, const char *text)
{
    return evj_json_string_is(member_of(record, key), text);
}

/* ---- connections ---- */

/* How long after a connection Janus may take to detach the handles of its sessions. Before 1.3.2 it
 * has no other word for their end. As in tools/analysis/model.c. */
#define ABANDONED_WITHIN_US INT64_C(2000000)

static uint64_t connection_id(struct evj_slice object)
{
    struct evj_slice id = evj_json_member(object, "id");

    return id.text ? hash(hash(0, evj_json_member(object, "transport")), id) : 0;
}

/* A connection that is gone is of interest for as long as a session came over it. */
static void remove_if_unused(struct store *store, struct thing *connection)
{
    if (connection && connection->disconnected && !connection->children)
        evj_store_remove(store, connection);
}

static void remove_session(struct store *store, struct thing *session)
{
    struct thing *connection = session->parent;

    evj_store_remove(store, session);
    remove_if_unused(store, connection);
}

static void disconnect(struct store *store, struct thing *connection,
                       const struct evj_record *record)
{
    connection->disconnected = true;
    connection->disconnected_us = record->mono_us;
    evj_store_keep(store, connection, SLOT_DISCONNECTED, 0, record);
    for (struct thing *session = connection->children, *next; session; session = next) {
        next = session->next;
        if (!session->children)
            evj_store_remove(store, session);
    }
    remove_if_unused(store, connection);
}

static void add_transport(struct store *store, const struct evj_record *record)
{
    struct evj_slice body = body_of(record), data = evj_json_member(body, "data");
    uint64_t id = connection_id(body);
    struct evj_slice what =
        is_object(data) ? evj_json_member(data, "event") : (struct evj_slice){0};

    if (evj_json_string_is(what, "connected") || evj_json_string_is(what, "created")) {
        struct thing *connection = evj_store_find_or_add(store, THING_CONNECTION, id, 0);
        if (connection)
            evj_store_keep(store, connection, SLOT_CONNECTED, 0, record);
    } else if (evj_json_string_is(what, "disconnected")) {
        struct thing *connection = evj_store_find(store, THING_CONNECTION, id, 0);
        if (connection)
            disconnect(store, connection, record);
    }
}

/* ---- sessions and handles ---- */

static struct thing *session_of(struct store *store, const struct evj_record *record)
{
    return evj_store_find_or_add(store, THING_SESSION, record->event.session_id, 0);
}

/* Janus says that a session is destroyed before it detaches the handles. */
static void end_session(struct store *store, struct thing *session, const struct evj_record *record)
{
    if (!session->children)
        remove_session(store, session);
    else if (!evj_store_has(session, SLOT_ENDED))
        evj_store_keep(store, session, SLOT_ENDED, 0, record);
}

static void create_session(struct store *store, const struct evj_record *record)
{
    struct evj_slice transport = member_of(record, "transport");
    uint64_t id = is_object(transport) ? connection_id(transport) : 0;
    struct thing *session = evj_store_find(store, THING_SESSION, record->event.session_id, 0);

    if (session && evj_store_has(session, SLOT_ENDED))
        remove_session(store, session);
    session = session_of(store, record);
    if (!session)
        return;
    evj_store_keep(store, session, SLOT_CREATED, 0, record);
    struct thing *connection = evj_store_find(store, THING_CONNECTION, id, 0);
    if (connection)
        evj_store_adopt(connection, session);
}

static void add_session(struct store *store, const struct evj_record *record)
{
    struct thing *session = evj_store_find(store, THING_SESSION, record->event.session_id, 0);

    if (says(record, "name", "created"))
        create_session(store, record);
    else if (session && (says(record, "name", "destroyed") || says(record, "name", "timeout")))
        end_session(store, session, record);
}

static bool is_over(const struct thing *session, int64_t now_us)
{
    const struct thing *connection = session->parent;

    if (session->children)
        return false;
    /* Without "created" it is only known by its handles. */
    return !evj_store_has(session, SLOT_CREATED) || evj_store_has(session, SLOT_ENDED) ||
           (connection && connection->disconnected &&
            now_us - connection->disconnected_us <= ABANDONED_WITHIN_US);
}

static void detach(struct store *store, struct thing *handle, const struct evj_record *record)
{
    struct thing *session = handle->parent;

    evj_store_remove(store, handle);
    if (is_over(session, record->mono_us))
        remove_session(store, session);
}

static struct thing *find_handle(const struct store *store, const struct evj_record *record)
{
    return evj_store_find(store, THING_HANDLE, record->event.session_id, record->event.handle_id);
}

static void attach(struct store *store, const struct evj_record *record)
{
    const struct evj_event *event = &record->event;
    struct thing *session = session_of(store, record);
    struct thing *handle =
        session ? evj_store_find_or_add(store, THING_HANDLE, event->session_id, event->handle_id)
                : NULL;

    if (!handle)
        return;
    evj_store_adopt(session, handle);
    evj_store_keep(store, handle, SLOT_ATTACHED, 0, record);
}

static void add_handle(struct store *store, const struct evj_record *record)
{
    struct thing *handle = find_handle(store, record);

    if (record->event.session_id != 0 && says(record, "name", "attached"))
        attach(store, record);
    else if (handle && says(record, "name", "detached"))
        detach(store, handle, record);
}

/* ---- PeerConnections ---- */

static void add_jsep(struct store *store, const struct evj_record *record)
{
    struct thing *handle = find_handle(store, record);

    if (!handle)
        return;
    handle->hung_up = false;
    evj_store_keep(store, handle, SLOT_JSEP, hash(0, member_of(record, "owner")), record);
}

/* Told apart by their members: servers before 0.9.1 send no subtype. Candidates are not kept: when
 * it matters which, there is a pair. */
static const struct {
    const char *member;
    enum slot slot;
} webrtc_slots[] = {
    {"ice", SLOT_ICE},
    {"dtls", SLOT_DTLS},
    {"selected-pair", SLOT_PAIR},
    {"connection", SLOT_UP},
};

static void keep_webrtc(struct store *store, struct thing *handle, const struct evj_record *record)
{
    uint64_t part =
        hash(hash(0, member_of(record, "stream_id")), member_of(record, "component_id"));

    for (size_t i = 0; i < COUNT(webrtc_slots); i++)
        if (member_of(record, webrtc_slots[i].member).text)
            evj_store_keep(store, handle, webrtc_slots[i].slot, part, record);
}

/* What comes behind a hangup still is of the PeerConnection that is gone. */
static void add_webrtc(struct store *store, const struct evj_record *record)
{
    struct thing *handle = find_handle(store, record);

    if (!handle)
        return;
    if (says(record, "connection", "hangup")) {
        handle->hung_up = true;
        evj_store_drop(store, handle, SLOTS_OF_PEER_CONNECTION);
        return;
    }
    if (says(record, "ice", "gathering"))
        handle->hung_up = false;
    if (!handle->hung_up)
        keep_webrtc(store, handle, record);
}

static void add_media(struct store *store, const struct evj_record *record)
{
    /* Nine in ten events end here. */
    if (record->event.subtype > EVJ_MEDIA_STATE)
        return;
    struct thing *handle = find_handle(store, record);
    struct evj_slice receiving = member_of(record, "receiving");

    if (!handle || handle->hung_up || !receiving.text)
        return;
    uint64_t part = hash(0, member_of(record, "media"));
    part = hash(part, member_of(record, "mid"));
    part = hash(part, member_of(record, "substream"));
    evj_store_keep(store, handle, SLOT_MEDIA, part, record);
    /* When media first flowed is told by no later event. */
    if (evj_slice_is(receiving, "true") && !evj_store_has(handle, SLOT_FIRST_MEDIA))
        evj_store_keep(store, handle, SLOT_FIRST_MEDIA, 0, record);
}

/* ---- memberships ---- */

/* What plug-ins say (`data.event`) of a handle that is somebody, somewhere. The same words in all
 * of them; others tell of a moment, or of a setting. Who somebody was is told for as long as the
 * handle lives, so that nothing that comes behind the leaving is of a stranger. */
#define JOINED SLOT_BIT(SLOT_JOINED)
#define LEFT SLOT_BIT(SLOT_LEFT)
#define STREAMS SLOT_BIT(SLOT_STREAMS)
#define IS_NOT_KEPT (-1)
static const struct membership {
    const char *word;
    unsigned ends; /* slots that are empty from here on */
    int slot;      /* where the event is kept */
} memberships[] = {
    {"joined", LEFT | STREAMS, SLOT_JOINED}, {"join", LEFT | STREAMS, SLOT_JOINED},
    {"registered", LEFT, SLOT_JOINED},       {"published", 0, SLOT_STREAMS},
    {"subscribing", LEFT, SLOT_STREAMS},     {"updated", 0, SLOT_STREAMS},
    {"unpublished", STREAMS, IS_NOT_KEPT},   {"leaving", STREAMS, SLOT_LEFT},
    {"leave", STREAMS, SLOT_LEFT},           {"left", STREAMS, SLOT_LEFT},
    {"kicked", STREAMS, SLOT_LEFT},          {"unregistered", STREAMS, SLOT_LEFT},
};

static const struct membership *find_membership(struct evj_slice word)
{
    for (size_t i = 0; i < COUNT(memberships); i++)
        if (evj_json_string_is(word, memberships[i].word))
            return &memberships[i];
    return NULL;
}

/* Some ends come without handle, because it was gone or not at hand: they name the participant. */
static uint64_t participant_id(const struct evj_record *record, struct evj_slice data)
{
    struct evj_slice room = evj_json_member(data, "room"), id = evj_json_member(data, "id");

    return room.text && id.text ? hash(hash(hash(0, member_of(record, "plugin")), room), id) : 0;
}

static void add_plugin(struct store *store, const struct evj_record *record)
{
    struct evj_slice data = member_of(record, "data");
    const struct membership *membership =
        is_object(data) ? find_membership(evj_json_member(data, "event")) : NULL;

    if (!membership)
        return;
    uint64_t participant = participant_id(record, data);
    struct thing *handle = record->event.handle_id != 0
                               ? find_handle(store, record)
                               : evj_store_find_participant(store, participant);
    if (!handle)
        return;
    evj_store_drop(store, handle, membership->ends);
    if (membership->slot != IS_NOT_KEPT)
        evj_store_keep(store, handle, (enum slot)membership->slot, 0, record);
    if (participant != 0)
        evj_store_name_participant(store, handle, participant);
}

/* ---- the server ---- */

static void add_core(struct store *store, const struct evj_record *record)
{
    if (says(record, "status", "shutdown")) {
        evj_store_clear(store);
    } else if (says(record, "status", "started")) {
        struct thing *server = evj_store_find_or_add(store, THING_SERVER, 0, 0);
        if (server)
            evj_store_keep(store, server, SLOT_STARTED, 0, record);
    }
}

/* ---- the whole ---- */

static const struct {
    uint32_t type;
    void (*add)(struct store *store, const struct evj_record *record);
} types[] = {
    {EVJ_TYPE_MEDIA, add_media},     {EVJ_TYPE_WEBRTC, add_webrtc},
    {EVJ_TYPE_SESSION, add_session}, {EVJ_TYPE_HANDLE, add_handle},
    {EVJ_TYPE_JSEP, add_jsep},       {EVJ_TYPE_PLUGIN, add_plugin},
    {EVJ_TYPE_CORE, add_core},       {EVJ_TYPE_TRANSPORT, add_transport},
};

struct evj_state *evj_state_new(enum evj_state_kind kind, size_t limit_bytes)
{
    static const uint32_t kept_types[] = {
        [EVJ_STATE_NONE] = 0,
        [EVJ_STATE_SESSIONS] = EVJ_TYPE_SESSION | EVJ_TYPE_HANDLE | EVJ_TYPE_TRANSPORT,
        [EVJ_STATE_FULL] = UINT32_MAX,
    };
    struct evj_state *state = calloc(1, sizeof(*state));

    if (!state)
        return NULL;
    state->types = kept_types[kind];
    evj_store_init(&state->store, limit_bytes);
    return state;
}

void evj_state_free(struct evj_state *state)
{
    if (!state)
        return;
    evj_store_clear(&state->store);
    free(state);
}

static bool ends_all(const struct evj_record *record)
{
    return record->event.type == EVJ_TYPE_CORE && says(record, "status", "shutdown");
}

void evj_state_add(struct evj_state *state, const struct evj_record *record)
{
    if (record->kind != EVJ_RECORD_EVENT && record->kind != EVJ_RECORD_STATE)
        return;
    if (!(state->types & record->event.type)) {
        if (ends_all(record))
            evj_store_clear(&state->store);
        return;
    }
    for (size_t i = 0; i < COUNT(types); i++) {
        if (types[i].type == record->event.type) {
            types[i].add(&state->store, record);
            return;
        }
    }
}

uint64_t evj_state_left_out(const struct evj_state *state)
{
    return state->store.left_out + state->store.refused;
}

size_t evj_state_events(const struct evj_state *state)
{
    return state->store.events;
}

size_t evj_state_bytes(const struct evj_state *state)
{
    return state->store.used;
}
