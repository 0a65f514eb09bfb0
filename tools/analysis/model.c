/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/model.h"

#include "evj/event_type.h"
#include "tools/analysis/fact_body.h"
#include "tools/analysis/model_internal.h"
#include "tools/analysis/text.h"

#include <string.h>

static const char *const session_end_names[] = {
    [SESSION_OPEN] = "open",
    [SESSION_DESTROYED] = "destroyed",
    [SESSION_TIMEOUT] = "timeout",
    [SESSION_CONNECTION_LOST] = "connection lost",
    [SESSION_SERVER_STOPPED] = "server stopped",
};

const char *session_end_name(enum session_end end)
{
    return end <= SESSION_SERVER_STOPPED ? session_end_names[end] : "unknown";
}

static void free_session(gpointer session)
{
    model_session_free(session);
}

struct model *model_new(bool keep_facts)
{
    struct model *model = g_new0(struct model, 1);

    model->keep_facts = keep_facts;
    model->sessions = g_ptr_array_new_with_free_func(free_session);
    model->by_id = g_hash_table_new_full(model_id_hash, model_id_equal, g_free, NULL);
    model->gone = g_hash_table_new_full(model_id_hash, model_id_equal, g_free, NULL);
    model->transports =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, model_transport_free);
    model->starts = g_hash_table_new(NULL, NULL);
    model->participants = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    model->gaps = g_array_new(FALSE, FALSE, sizeof(struct model_gap));
    model->ends = g_array_new(FALSE, TRUE, sizeof(struct model_end));
    return model;
}

void model_free(struct model *model)
{
    if (model == NULL)
        return;
    model_over_done(model);
    g_hash_table_unref(model->participants);
    g_hash_table_unref(model->starts);
    g_hash_table_unref(model->by_id);
    g_hash_table_unref(model->transports);
    g_ptr_array_unref(model->sessions);
    g_array_unref(model->gaps);
    g_array_unref(model->ends);
    g_free(model);
}

struct model_session *model_find_session(const struct model *model, uint64_t id)
{
    for (guint i = model->sessions->len; i-- > 0;) {
        struct model_session *session = g_ptr_array_index(model->sessions, i);

        if (session->id == id)
            return session;
    }
    return NULL;
}

static struct model_session *start_session(struct model *model, const struct arrival *arrival)
{
    const struct model_id id = {arrival->event->session_id, arrival->recording};
    struct model_session *session = model_session_new(&id, arrival->seq, arrival->time_us);

    session->server_started =
        g_hash_table_contains(model->starts, GUINT_TO_POINTER(arrival->recording));
    session->ordinal = model->appeared++;
    g_queue_push_tail_link(&model->live, &session->link);
    if (model->over == NULL)
        g_ptr_array_add(model->sessions, session);
    g_hash_table_replace(model->by_id, g_memdup2(&id, sizeof(id)), session);
    return session;
}

static struct model_handle *find_handle(struct model_session *session, uint64_t id)
{
    /* A session has a handful of handles: a list is the fastest table. The last one of an id
     * counts. */
    for (guint i = session->handles->len; i-- > 0;) {
        struct model_handle *handle = g_ptr_array_index(session->handles, i);

        if (handle->id == id)
            return handle;
    }
    return NULL;
}

static struct model_handle *handle_of(struct model_session *session, const struct arrival *arrival)
{
    const struct evj_event *event = arrival->event;
    struct model_handle *handle = find_handle(session, event->handle_id);

    if (handle == NULL)
        handle = model_handle_new(session, event->handle_id, arrival->time_us);
    if (handle->opaque_id == NULL)
        handle->opaque_id = text_of_string_or_null(event->opaque_id);
    handle->last_us = MAX(handle->last_us, arrival->time_us);
    handle->events++;
    return handle;
}

static void end_session(struct model *model, struct model_session *session, enum session_end how,
                        uint64_t seq, int64_t time_us)
{
    /* After a time-out Janus may say "destroyed" as well: the first word is the reason. A lost
     * connection is our own word, and any of Janus's is better. */
    if (session->ended.seen && session->how_ended != SESSION_CONNECTION_LOST)
        return;
    if (session->ended.seen && how == SESSION_SERVER_STOPPED)
        return;
    session->ended = (struct moment){.seen = true, .seq = seq, .time_us = time_us};
    session->how_ended = how;
    model_is_ending(model, session);
}

/* How long after its connection Janus may take to detach the handles of a session. */
#define ABANDONED_WITHIN_US (2 * G_USEC_PER_SEC)

void model_end_if_abandoned(struct model *model, struct model_session *session,
                            const struct arrival *arrival)
{
    if (!session->disconnected.seen || session->ended.seen ||
        arrival->time_us - session->disconnected.time_us > ABANDONED_WITHIN_US)
        return;
    for (guint i = 0; i < session->handles->len; i++) {
        const struct model_handle *handle = g_ptr_array_index(session->handles, i);

        if (!handle->detached.seen)
            return;
    }
    end_session(model, session, SESSION_CONNECTION_LOST, session->disconnected.seq,
                session->disconnected.time_us);
}

static void add_session_event(struct model *model, struct model_session *session,
                              const struct arrival *arrival)
{
    struct evj_slice name = evj_json_member(arrival->event->body, "name");

    if (evj_json_string_is(name, "created")) {
        moment_note(&session->created, arrival->seq, arrival->time_us);
        model_tie_transport(model, session, evj_json_member(arrival->event->body, "transport"));
    } else if (evj_json_string_is(name, "destroyed")) {
        end_session(model, session, SESSION_DESTROYED, arrival->seq, arrival->time_us);
    } else if (evj_json_string_is(name, "timeout")) {
        end_session(model, session, SESSION_TIMEOUT, arrival->seq, arrival->time_us);
    }
    model_keep(model, session, &session->facts, arrival, 0, 0);
}

static void add_handle_event(struct model *model, struct model_handle *handle,
                             const struct arrival *arrival)
{
    const struct evj_slice body = arrival->event->body;
    struct evj_slice name = evj_json_member(body, "name");

    if (handle->plugin == NULL)
        handle->plugin = text_of_string_or_null(evj_json_member(body, "plugin"));
    if (evj_json_string_is(name, "attached")) {
        moment_note(&handle->attached, arrival->seq, arrival->time_us);
    } else if (evj_json_string_is(name, "detached")) {
        moment_note(&handle->detached, arrival->seq, arrival->time_us);
        model_close_epoch(handle);
        model_end_if_abandoned(model, handle->session, arrival);
    }
    model_keep(model, handle->session, &handle->facts, arrival, 0, 0);
}

/* What each type of event means to its handle. Others are kept as they are. */
static const struct {
    uint32_t type;
    void (*add)(struct model *model, struct model_handle *handle, const struct arrival *arrival);
} handle_events[] = {
    {EVJ_TYPE_HANDLE, add_handle_event}, {EVJ_TYPE_JSEP, model_add_jsep},
    {EVJ_TYPE_WEBRTC, model_add_webrtc}, {EVJ_TYPE_MEDIA, model_add_media},
    {EVJ_TYPE_PLUGIN, model_add_plugin},
};

static bool says_created(const struct evj_event *event)
{
    return event->type == EVJ_TYPE_SESSION &&
           evj_json_string_is(evj_json_member(event->body, "name"), "created");
}

/* NULL: it is over and gone. */
static struct model_session *session_of(struct model *model, const struct arrival *arrival)
{
    const struct model_id key = {arrival->event->session_id, arrival->recording};
    struct model_session *session = g_hash_table_lookup(model->by_id, &key);
    const bool starts = says_created(arrival->event);

    if (session == NULL && !starts && model_is_gone(model, &key))
        return NULL;
    /* An id may be used again once its session is over. */
    if (session == NULL || (session->ended.seen && starts))
        session = start_session(model, arrival);
    if (session->emitter == NULL)
        session->emitter = text_of_string_or_null(arrival->event->emitter);
    session->last_us = MAX(session->last_us, arrival->time_us);
    session->last_seq = arrival->seq;
    session->events++;
    return session;
}

static void add_to_session(struct model *model, const struct arrival *arrival)
{
    const struct evj_event *event = arrival->event;
    struct model_session *session = session_of(model, arrival);

    if (session == NULL) {
        model->late_events++;
        return;
    }
    if (event->type == EVJ_TYPE_SESSION) {
        add_session_event(model, session, arrival);
        return;
    }
    if (event->handle_id == 0)
        return;
    struct model_handle *handle = handle_of(session, arrival);

    for (size_t i = 0; i < G_N_ELEMENTS(handle_events); i++) {
        if (handle_events[i].type == event->type) {
            handle_events[i].add(model, handle, arrival);
            return;
        }
    }
    model_keep(model, session, &handle->facts, arrival, event->subtype, 0);
}

/* Of this recording, which may be new. Borrowed, until the next is. */
static struct model_end *end_of(struct model *model, unsigned recording)
{
    if (model->ends->len <= recording)
        g_array_set_size(model->ends, recording + 1);
    return &g_array_index(model->ends, struct model_end, recording);
}

/* Janus is going down: it does not say "destroyed" for what is still alive. */
static void stop_server(struct model *model, const struct arrival *arrival)
{
    end_of(model, arrival->recording)->stopped = true;
    for (const GList *link = model->live.head; link != NULL; link = link->next) {
        struct model_session *session = link->data;

        if (session->recording == arrival->recording)
            end_session(model, session, SESSION_SERVER_STOPPED, arrival->seq, arrival->time_us);
    }
}

static void add_core_event(struct model *model, const struct arrival *arrival)
{
    struct evj_slice status = evj_json_member(arrival->event->body, "status");

    if (evj_json_string_is(status, "started"))
        g_hash_table_add(model->starts, GUINT_TO_POINTER(arrival->recording));
    else if (evj_json_string_is(status, "shutdown"))
        stop_server(model, arrival);
}

static void add_event(struct model *model, const struct evj_record *record, int64_t time_us)
{
    const struct arrival arrival = {.event = &record->event,
                                    .recording = record->recording,
                                    .seq = record->seq,
                                    .time_us = time_us};

    struct model_end *end = end_of(model, record->recording);

    end->until_us = MAX(end->until_us, time_us);
    model_let_go(model, time_us);
    if (record->event.type == EVJ_TYPE_TRANSPORT)
        model_add_transport(model, &arrival);
    else if (record->event.type == EVJ_TYPE_CORE)
        add_core_event(model, &arrival);
    else if (record->event.session_id != 0)
        add_to_session(model, &arrival);
    else if (record->event.type == EVJ_TYPE_PLUGIN)
        model_add_orphan(model, &arrival);
}

static void add_gap(struct model *model, const struct evj_record *record, int64_t time_us)
{
    const struct model_gap gap = {
        .recording = record->recording,
        .from_us = time_us,
        .until_us = time_us + MAX(record->gap.until_us - record->mono_us, 0),
        .events = record->gap.events,
    };

    g_array_append_val(model->gaps, gap);
}

void model_add(struct model *model, const struct evj_record *record)
{
    const int64_t time_us = record->wall_us != 0 ? record->wall_us : record->mono_us;

    if (record->kind == EVJ_RECORD_EVENT || record->kind == EVJ_RECORD_STATE)
        add_event(model, record, time_us);
    else if (record->kind == EVJ_RECORD_GAP)
        add_gap(model, record, time_us);
}

const GPtrArray *model_sessions(const struct model *model)
{
    return model->sessions;
}

bool model_is_mixed(const struct model *model)
{
    const struct model_session *first = NULL;

    for (guint i = 0; i < model->sessions->len; i++) {
        const struct model_session *session = g_ptr_array_index(model->sessions, i);

        if (first == NULL)
            first = session;
        if (session->recording != first->recording ||
            g_strcmp0(session->emitter, first->emitter) != 0)
            return true;
    }
    return false;
}

void model_set_scope(struct model *model, enum model_scope scope)
{
    model->scope = scope;
}

enum model_scope model_scope(const struct model *model)
{
    return model->scope;
}

const GArray *model_gaps(const struct model *model)
{
    return model->gaps;
}

const GArray *model_ends(const struct model *model)
{
    return model->ends;
}

uint64_t model_requests(const struct model *model)
{
    return model->requests;
}

void model_moments(const struct model_handle *handle, const struct model_epoch *epoch,
                   struct moment ret_moments[MILESTONES])
{
    for (unsigned i = 0; i < MILESTONES; i++)
        ret_moments[i] = epoch != NULL ? epoch->moments[i] : (struct moment){.seen = false};
    ret_moments[MILESTONE_CREATED] = handle->session->created;
    ret_moments[MILESTONE_ATTACHED] = handle->attached;
    ret_moments[MILESTONE_DETACHED] = handle->detached;
    if (handle->session->how_ended != SESSION_SERVER_STOPPED &&
        handle->session->how_ended != SESSION_CONNECTION_LOST)
        ret_moments[MILESTONE_DESTROYED] = handle->session->ended;
}

enum reach model_reach(const struct model_handle *handle)
{
    enum reach furthest = REACH_ATTACHED;

    for (guint i = 0; i < handle->epochs->len; i++) {
        const struct model_epoch *epoch = g_ptr_array_index(handle->epochs, i);
        const enum reach reach = reach_of(epoch->moments);

        furthest = MAX(furthest, reach);
    }
    return furthest;
}
