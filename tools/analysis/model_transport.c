/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections of clients: they come before their sessions, and may carry several. */
#include "evj/event_type.h"
#include "tools/analysis/model_internal.h"
#include "tools/analysis/text.h"

void model_transport_free(gpointer pointer)
{
    struct model_transport *transport = pointer;

    g_free(transport->id);
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
        transport->id = g_steal_pointer(&text);
        transport->facts = g_array_new(FALSE, FALSE, sizeof(struct fact));
        transport->sessions = g_ptr_array_new();
        g_hash_table_insert(model->transports, g_steal_pointer(&key), transport);
    }
    return transport;
}

static void disconnect_sessions(struct model_transport *transport, const struct arrival *arrival)
{
    for (guint i = 0; i < transport->sessions->len; i++) {
        struct model_session *session = g_ptr_array_index(transport->sessions, i);

        moment_note(&session->disconnected, arrival->seq, arrival->time_us);
        model_end_if_abandoned(session, arrival);
    }
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
    if (evj_json_string_is(what, "disconnected"))
        disconnect_sessions(transport, arrival);
    model_keep(model, transport->facts, model->text, arrival, 0, 0);
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
}
