/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_SINK_NOTING_H
#define REPLAY_SINK_NOTING_H

/*
 * A sink over a sink that notes what is delivered to it: so that, later, it can be compared with
 * what arrived. An event is noted before it is delivered, as a handler may not survive it, and taken
 * back if nobody wanted it.
 */

#include "replay/event_notes.h"
#include "replay/sink.h"

/* Takes over `inner`; `ignored` (as event_hash() has it) and `notes` are borrowed. Never NULL. */
struct sink *sink_noting_new(struct sink *inner, const char *const *ignored,
                             struct event_notes *notes);

#endif
