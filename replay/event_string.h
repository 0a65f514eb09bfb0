/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_EVENT_STRING_H
#define REPLAY_EVENT_STRING_H

/* A JSON string that is not plain: with escapes, or characters beyond ASCII. Pure. */

#include <stddef.h>

/*
 * Decode the string whose opening quote is just before `at` to UTF-8 in `out`, which has as much room
 * as `end - at`. Returns behind the closing quote and sets *ret_len; NULL if jansson would refuse it:
 * control characters, what is not UTF-8, unknown escapes, halves of surrogate pairs.
 */
const char *event_string_decode(const char *at, const char *end, char *out, size_t *ret_len);

#endif
