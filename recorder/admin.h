/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_ADMIN_H
#define RECORDER_ADMIN_H

/*
 * Answers to the Admin API's `query_eventhandler`: {"request": …} in, {"result": 200, …} or
 * {"error_code": …, "error": …} out, with the bundled handlers' codes. Never touches the disk. Any
 * thread.
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

/* `request` is borrowed and may be NULL. Returns a new reference, NULL only when memory is short.
 */
json_t *admin_answer(struct recording *recording, json_t *request);

#endif
