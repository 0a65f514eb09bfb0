/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Takes 50 ms for the events that are labelled "slow". */

#include "tests/replay/host/handlers/handler.h"

static void incoming_event(json_t *event)
{
    if (g_strcmp0(json_string_value(json_object_get(event, "label")), "slow") == 0)
        g_usleep(50 * 1000);
}

HANDLER("janus.eventhandler.slow", .incoming_event = incoming_event)
