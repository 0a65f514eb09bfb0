/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plugin events. Some come without session and handle, because the handle was gone or not at hand
 * (videoroom's "leaving", for one): they are adopted by the handle that joined as that participant.
 */
#include "evj/event_type.h"
#include "tools/analysis/model_internal.h"
#include "tools/analysis/text.h"

/* Who an event speaks of: "recording/plugin/room/id", or NULL when it names no participant of a
 * room. */
static char *participant_key(const struct arrival *arrival)
{
    const struct evj_slice body = arrival->event->body;
    struct evj_slice plugin = evj_json_member(body, "plugin");
    struct evj_slice data = evj_json_member(body, "data");

    if (data.text == NULL || data.text[0] != '{')
        return NULL;
    struct evj_slice room = evj_json_member(data, "room");
    struct evj_slice id = evj_json_member(data, "id");

    if (room.text == NULL || id.text == NULL || plugin.text == NULL)
        return NULL;
    return g_strdup_printf("%u/%.*s/%.*s/%.*s", arrival->recording, (int)plugin.len, plugin.text,
                           (int)room.len, room.text, (int)id.len, id.text);
}

/* The name of a publisher; for a subscriber, that of the first feed. */
static char *display_of(struct evj_slice body)
{
    struct evj_slice data = evj_json_member(body, "data");
    struct evj_slice streams = evj_json_member(data, "streams"), stream;
    char *display = text_of_string_or_null(evj_json_member(data, "display"));

    if (display == NULL && text_next_element(&streams, &stream))
        display = text_of_string_or_null(evj_json_member(stream, "feed_display"));
    return display;
}

static void keep_plugin_event(struct model *model, struct model_handle *handle,
                              const struct arrival *arrival)
{
    model_keep(model, handle->session, &handle->facts, arrival, 0, handle->epochs->len);
}

/* An id is a number, or a string without its quotes. */
static char *id_text(struct evj_slice value)
{
    char *text = text_of_string_or_null(value);

    return text != NULL ? text : g_strndup(value.text, value.len);
}

/* Takes the key. */
static void add_participant(struct model *model, struct model_handle *handle, struct evj_slice data,
                            char *key)
{
    if (handle->participant == NULL) {
        handle->room = id_text(evj_json_member(data, "room"));
        handle->participant = id_text(evj_json_member(data, "id"));
    }
    if (g_hash_table_lookup(model->participants, key) == handle) {
        g_free(key);
        return;
    }
    if (handle->adopts == NULL)
        handle->adopts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(handle->adopts, g_strdup(key));
    g_hash_table_replace(model->participants, key, handle);
}

void model_add_plugin(struct model *model, struct model_handle *handle,
                      const struct arrival *arrival)
{
    const struct evj_slice body = arrival->event->body;

    if (handle->plugin == NULL)
        handle->plugin = text_of_string_or_null(evj_json_member(body, "plugin"));
    keep_plugin_event(model, handle, arrival);
    if (!model->keep_facts)
        return;
    if (handle->display == NULL)
        handle->display = display_of(body);
    char *key = participant_key(arrival);

    if (key != NULL)
        add_participant(model, handle, evj_json_member(body, "data"), key);
}

void model_forget_participants(struct model *model, const struct model_handle *handle)
{
    for (guint i = 0; handle->adopts != NULL && i < handle->adopts->len; i++) {
        const char *key = g_ptr_array_index(handle->adopts, i);

        if (g_hash_table_lookup(model->participants, key) == handle)
            g_hash_table_remove(model->participants, key);
    }
}

void model_add_orphan(struct model *model, const struct arrival *arrival)
{
    g_autofree char *key = model->keep_facts ? participant_key(arrival) : NULL;
    struct model_handle *handle =
        key != NULL ? g_hash_table_lookup(model->participants, key) : NULL;

    if (handle != NULL)
        keep_plugin_event(model, handle, arrival);
}
