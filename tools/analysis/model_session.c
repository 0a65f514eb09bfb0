/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session, its handles and what is kept of their events, as objects. */
#include "tools/analysis/fact_body.h"
#include "tools/analysis/model_internal.h"

#include <string.h>

/* Most bodies are shorter; a session that is only listed keeps none. */
#define TEXT_BLOCK 1024u

struct model_session *model_session_new(const struct model_id *id, uint64_t seq, int64_t time_us)
{
    struct model_session *session = g_new0(struct model_session, 1);

    session->id = id->id;
    session->recording = id->recording;
    session->first_us = session->last_us = time_us;
    session->first_seq = session->last_seq = seq;
    session->handles = g_ptr_array_new();
    session->link.data = session;
    return session;
}

struct model_handle *model_handle_new(struct model_session *session, uint64_t id, int64_t time_us)
{
    struct model_handle *handle = g_new0(struct model_handle, 1);

    handle->id = id;
    handle->session = session;
    handle->first_us = handle->last_us = time_us;
    handle->epochs = g_ptr_array_new_with_free_func(model_epoch_free);
    g_ptr_array_add(session->handles, handle);
    return handle;
}

static void handle_free(gpointer pointer, gpointer unused)
{
    struct model_handle *handle = pointer;

    (void)unused;
    g_free(handle->plugin);
    g_free(handle->opaque_id);
    g_free(handle->display);
    g_ptr_array_unref(handle->epochs);
    g_clear_pointer(&handle->facts, g_array_unref);
    g_clear_pointer(&handle->adopts, g_ptr_array_unref);
    g_free(handle->room);
    g_free(handle->participant);
    g_free(handle);
}

void model_session_free(struct model_session *session)
{
    if (session == NULL)
        return;
    g_free(session->emitter);
    g_free(session->transport_package);
    g_ptr_array_foreach(session->handles, handle_free, NULL);
    g_ptr_array_unref(session->handles);
    g_clear_pointer(&session->facts, g_array_unref);
    g_clear_pointer(&session->transport_facts, g_array_unref);
    g_clear_pointer(&session->text, g_string_chunk_free);
    g_free(session);
}

/* ---- facts ---- */

void model_add_fact(struct model_session *session, GArray **facts, const struct fact *fact)
{
    struct fact copy = *fact;

    if (*facts == NULL)
        *facts = g_array_new(FALSE, FALSE, sizeof(struct fact));
    if (session->text == NULL)
        session->text = g_string_chunk_new(TEXT_BLOCK);
    copy.body = g_string_chunk_insert_len(session->text, fact->body, (gssize)fact->body_len);
    g_array_append_val(*facts, copy);
}

void model_keep(const struct model *model, struct model_session *session, GArray **facts,
                const struct arrival *arrival, uint32_t subtype, unsigned epoch)
{
    if (!model->keep_facts)
        return;
    g_autofree char *instead = fact_body_instead(arrival->event->body);
    const struct evj_slice body =
        instead != NULL ? (struct evj_slice){instead, strlen(instead)} : arrival->event->body;
    const struct fact fact = {
        .seq = arrival->seq,
        .time_us = arrival->time_us,
        .type = arrival->event->type,
        .subtype = subtype,
        .epoch = epoch,
        .body = body.text,
        .body_len = body.len,
    };
    model_add_fact(session, facts, &fact);
}
