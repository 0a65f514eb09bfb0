/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_SERIALISE_H
#define RECORDER_SERIALISE_H

/*
 * An event's tree as text: byte for byte what json_dumps(event, JSON_COMPACT) prints, in a fraction
 * of its time, into memory that the caller has. Uses jansson's public functions only, allocates
 * nothing (but for what jansson does to print a real), and never changes the tree. Any thread that
 * may read the tree.
 */

#include "evj/limits.h"

#include <jansson.h>
#include <stddef.h>

/*
 * How deep an event may nest, counting its innermost values: one less than a reader accepts,
 * because the record is an object around it.
 */
#define SERIALISE_DEPTH_MAX (EVJ_DEPTH_MAX - 1)

/*
 * Print `event` to `out`, and its length to *ret_len. As snprintf() does, nothing is ever written
 * beyond `room`, and a length greater than `room` tells how much would have been needed; what
 * stands in `out` is of no use then. The text is not terminated.
 *   0                  *ret_len is set.
 *   EVJ_ERR_LIMIT      it nests deeper than SERIALISE_DEPTH_MAX, or contains itself.
 *   EVJ_ERR_INVALID    it is no object, or a string or key in it is not UTF-8 (json_dumps() refuses
 *                      that too).
 *   EVJ_ERR_MEMORY     jansson could not print a real.
 */
int serialise_event(json_t *event, char *out, size_t room, size_t *ret_len);

#endif
