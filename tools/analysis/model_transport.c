/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connections of clients: they come before their sessions, and may carry several. What they say is
 * copied to each session, so that it is whole without them; a connection that was closed is
 * forgotten.
 */
#include "evj/event_type.h"
#include "tools/analysis/model_internal.h"
#include "tools/analysis/text.h"

#include <string.h>

struct model_transport {
    char *key; /* in the table */
    char *package;
    bool is_open;        /* its own events tell of it */
    GArray *facts;       /* struct fact, whose bodies it owns */
    GPtrArray *sessions; /* struct model_session that were created over it */
};

static void fact_clear(gpointer fact)
{
    g_free((char *)((struct fact *)fact)->body);
}

void model_transport_free(gpointer pointer)
{
    struct model_transport *transport = pointer;

    g_free(transport->package);
    g_array_unref(transport->facts);
    g_ptr_array_unref(transport->sessions);
    g_free(transport);
}

static struct model_transport *transport_of(struct model *model, unsigned recording,
                                            struct evj_slice id)
{
    g_autofree char *text = text_of_string(id);
    g_autofree char *key = g_strdup_printf("%u %s", recording, text);
    struct model_transport *transport = g_hash_table_lookup(model->transports, key);

    if (transport == NULL) {
        transport = g_new0(struct model_transport, 1);
        transport->key = g_steal_pointer(&key);
        transport->facts = g_array_new(FALSE, FALSE, sizeof(struct fact));
        g_array_set_clear_func(transport->facts, fact_clear);
        transport->sessions = g_ptr_array_new();
        g_hash_table_insert(model->transports, transport->key, transport);
    }
    return transport;
}

static void keep(const struct model *model, struct model_transport *transport,
                 const struct arrival *arrival)
{
    struct fact fact = {.seq = arrival->seq,
                        .time_us = arrival->time_us,
                        .type = arrival->event->type,
                        .body = g_strndup(arrival->event->body.text, arrival->event->body.len),
                        .body_len = arrival->event->body.len};

    for (guint i = 0; i < transport->sessions->len; i++) {
        struct model_session *session = g_ptr_array_index(transport->sessions, i);

        model_keep(model, session, &session->transport_facts, arrival, 0, 0);
    }
    if (model->keep_facts)
        g_array_append_val(transport->facts, fact);
    else
        g_free((char *)fact.body);
}

static void forget(struct model *model, struct model_transport *transport)
{
    for (guint i = 0; i < transport->sessions->len; i++)
        ((struct model_session *)g_ptr_array_index(transport->sessions, i))->transport = NULL;
    g_hash_table_remove(model->transports, transport->key);
}

static void disconnect(struct model *model, struct model_transport *transport,
                       const struct arrival *arrival)
{
    for (guint i = 0; i < transport->sessions->len; i++) {
        struct model_session *session = g_ptr_array_index(transport->sessions, i);

        moment_note(&session->disconnected, arrival->seq, arrival->time_us);
        model_end_if_abandoned(model, session, arrival);
    }
    forget(model, transport);
}

void model_add_transport(struct model *model, const struct arrival *arrival)
{
    const struct evj_slice body = arrival->event->body;
    struct evj_slice what = evj_json_member(evj_json_member(body, "data"), "event");
    struct evj_slice id = evj_json_member(body, "id");

    if (evj_json_string_is(what, "request")) {
        model->requests++;
        return;
    }
    if (evj_json_string(id).len == 0)
        return;
    struct model_transport *transport = transport_of(model, arrival->recording, id);

    if (transport->package == NULL)
        transport->package = text_of_string_or_null(evj_json_member(body, "transport"));
    transport->is_open = true;
    keep(model, transport, arrival);
    if (evj_json_string_is(what, "disconnected"))
        disconnect(model, transport, arrival);
}

void model_tie_transport(struct model *model, struct model_session *session,
                         struct evj_slice transport)
{
    struct evj_slice id;

    if (transport.text == NULL || transport.text[0] != '{' || session->transport_package != NULL)
        return;
    session->transport_package = text_of_string_or_null(evj_json_member(transport, "transport"));
    id = evj_json_member(transport, "id");
    if (evj_json_string(id).len == 0)
        return;
    session->transport = transport_of(model, session->recording, id);
    g_ptr_array_add(session->transport->sessions, session);
    for (guint i = 0; i < session->transport->facts->len; i++)
        model_add_fact(session, &session->transport_facts,
                       &g_array_index(session->transport->facts, struct fact, i));
}

void model_untie_transport(struct model *model, struct model_session *session)
{
    struct model_transport *transport = session->transport;

    if (transport == NULL)
        return;
    session->transport = NULL;
    g_ptr_array_remove_fast(transport->sessions, session);
    /* Of a connection that is never told of (HTTP) only its sessions know. */
    if (transport->sessions->len == 0 && !transport->is_open)
        g_hash_table_remove(model->transports, transport->key);
}
