/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_ADMIN_H
#define RECORDER_ADMIN_H

/*
 * Answers to the Admin API's `query_eventhandler`: {"request": …} in, {"result": 200, …} or
 * {"error_code": …, "error": …} out, with the bundled handlers' codes. Nothing here touches the disk:
 * what needs it is left to the writing thread, and answers tell what that thread reported last. Any
 * thread, one at a time.
 *
 *   status                       how the recording goes, and with which settings
 *   tweak KEY: VALUE …           change settings; all of them, or none if one is bad
 *   rotate                       go on in a next file
 *   pause, resume                what comes in between is counted into a gap
 *   mark "text": …               put a mark between the events before and after
 *   pin, unpin ["journal": NAME] keep a journal, by default the open one, whatever the rules are
 *   list                         this recorder's journals
 */

#include "recorder/recording.h"

#include <jansson.h>

enum admin_error {
    ADMIN_INVALID_REQUEST = 411, /* no such request */
    ADMIN_MISSING_ELEMENT = 412,
    ADMIN_INVALID_ELEMENT = 413,
    ADMIN_UNKNOWN_ERROR = 499,
};

/* The answer to any request while nothing is recorded: `why` in a sentence. New reference. */
json_t *admin_not_recording(const char *why);

/* Has Janus hand over these events from now on. */
typedef void admin_events_fn(const char *events);

/* `request` is borrowed and may be NULL. Returns a new reference, NULL only when memory is short.
 */
json_t *admin_answer(struct recording *recording, json_t *request, admin_events_fn *set_events);

#endif
