/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Takes a reference to every second event and never gives it back. It remembers them, though, so
 * that a leak checker finds fault with the host alone; volatile, or the compiler would not, as
 * nobody reads it. */

#include "tests/replay/host/handlers/handler.h"

static json_t *volatile kept[64];
static size_t events;

static void incoming_event(json_t *event)
{
    if (events++ % 2 == 0)
        kept[events / 2 % G_N_ELEMENTS(kept)] = json_incref(event);
}

HANDLER("janus.eventhandler.leaking", .incoming_event = incoming_event)
