/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tools/analysis/old_server.h"

#include "evj/event_type.h"
#include "tests/tools/analysis/mutations.h"

/* Statistics named a codec after its medium. */
static void rename_codec(json_t *body)
{
    g_autofree char *key =
        g_strdup_printf("%s-codec", json_string_value(json_object_get(body, "media")));

    if (json_object_get(body, "codec") != NULL)
        json_object_set(body, key, json_object_get(body, "codec"));
    json_object_del(body, "codec");
}

static void tell_medium_as_before(json_t *event)
{
    json_t *body = json_object_get(event, "event");

    json_object_del(body, "mid");
    json_object_del(body, "mindex");
    rename_codec(body);
}

void tell_as_old_server(GPtrArray *events)
{
    for (guint i = 0; i < events->len; i++) {
        json_t *event = event_of(events, i);
        const json_int_t type = json_integer_value(json_object_get(event, "type"));

        if (type == EVJ_TYPE_WEBRTC || type == EVJ_TYPE_MEDIA)
            json_object_del(event, "subtype");
        if (type == EVJ_TYPE_MEDIA)
            tell_medium_as_before(event);
    }
}
