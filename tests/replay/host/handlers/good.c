/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Behaves; tells on request what it has seen, and how. */

#include "tests/replay/host/handlers/handler.h"

static int events;
static json_t *last_seen; /* an address to compare, never followed */
static char config_folder[256];
static int destroyed;

static int init(const char *config_path)
{
    g_strlcpy(config_folder, config_path, sizeof(config_folder));
    events = 0;
    LOG("", "good says hello\n");
    return 0;
}

static void destroy(void)
{
    destroyed++;
    LOG("", "good says goodbye\n");
}

static void incoming_event(json_t *event)
{
    events++;
    last_seen = event;
    LOG("", "event %s\n", json_string_value(json_object_get(event, "label")));
}

static json_t *handle_request(json_t *request)
{
    const char *mask = json_string_value(json_object_get(request, "events"));

    if (json_object_get(request, "silence"))
        return NULL;
    if (mask)
        janus_events_edit_events_mask(mask, &create()->events_mask);
    return json_pack("{s:i, s:s, s:I, s:i}", "events", events, "folder", config_folder, "address",
                     (json_int_t)(intptr_t)last_seen, "destroyed", destroyed);
}

HANDLER("janus.eventhandler.good", .init = init, .destroy = destroy,
        .incoming_event = incoming_event, .handle_request = handle_request)
