/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_SOURCE_REQUESTS_H
#define REPLAY_SOURCE_REQUESTS_H

/*
 * A source over a source that puts requests between its records, so that they come when their time has
 * come on the replay's time line, whatever its speed and its pauses.
 *
 * One whose time lies before the first event comes right before it; one behind the last event right
 * after it. A round of a loop makes them all again, a seek those that lie behind where it goes.
 */

#include "replay/requests.h"
#include "replay/source.h"

/* Takes over `inner`. `requests`, anchored, must outlive it; `ask` is called when one's time has come.
 * NULL without memory, and then `inner` is freed. */
struct source *source_requests_new(struct source *inner, const struct requests *requests,
                                   void (*ask)(const struct request *request, void *context),
                                   void *context);

#endif
