/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_EVENT_TREE_H
#define REPLAY_EVENT_TREE_H

/*
 * The tree that an event handler is given, out of an event's text. Any thread.
 */

#include <jansson.h>
#include <stddef.h>

/*
 * What json_loadb(text, len, JSON_ALLOW_NUL, error) gives, in a fifth of its time: a new reference, or
 * NULL, and *error (may be NULL) is jansson's.
 */
json_t *event_tree_parse(const char *text, size_t len, json_error_t *error);

/*
 * The quick way alone: NULL also for what nests deeper than EVENT_TREE_DEPTH_MAX, which is left to
 * jansson, as is all that this does not take: so nothing is refused that jansson reads.
 */
json_t *event_tree_parse_quickly(const char *text, size_t len);

#define EVENT_TREE_DEPTH_MAX 128u

#endif
