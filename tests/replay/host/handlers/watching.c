/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Remembers whether an event came with the key that mutating.c writes. */

#include "tests/replay/host/handlers/handler.h"

static int touched;

static void incoming_event(json_t *event)
{
    touched += json_object_get(event, "eventtype") != NULL;
}

static json_t *handle_request(json_t *request)
{
    (void)request;
    return json_pack("{s:i}", "touched", touched);
}

HANDLER("janus.eventhandler.watching", .incoming_event = incoming_event,
        .handle_request = handle_request)
