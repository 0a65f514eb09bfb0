/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Does what Janus's header asks for by mistake: releases an event that it never took. */

#include "tests/replay/host/handlers/handler.h"

static void incoming_event(json_t *event)
{
    json_decref(event);
}

HANDLER("janus.eventhandler.overreleasing", .incoming_event = incoming_event)
