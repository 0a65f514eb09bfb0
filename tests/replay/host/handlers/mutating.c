/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes into the event, as mqttevh does. */

#include "tests/replay/host/handlers/handler.h"

static void incoming_event(json_t *event)
{
    json_object_set_new(event, "eventtype", json_string("written by a handler"));
}

HANDLER("janus.eventhandler.mutating", .incoming_event = incoming_event)
