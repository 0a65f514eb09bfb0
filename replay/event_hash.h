/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_EVENT_HASH_H
#define REPLAY_EVENT_HASH_H

/*
 * Is this the event that was given away? Two texts of one event have one hash, whatever the order
 * of keys, the blanks, the escapes and the way to write a real number; two events have two, but for
 * one chance in 2^64. Pure; any thread.
 */

#include "evj/record.h"

#include <stdbool.h>
#include <stdint.h>

struct event_hash {
    uint64_t content;  /* of all of it */
    uint64_t identity; /* of timestamp, type, subtype, session and handle; 0: it has no timestamp */
};

/*
 * The hashes of an event, without what stands at the paths in `ignored` and below (NULL-terminated;
 * NULL: none): "event.data.streams[].mid", "eventtype". What is no JSON has a hash as well.
 */
struct event_hash event_hash(struct evj_slice text, const struct evj_event *event,
                             const char *const *ignored);

/* Is a leaf's path one of these, or below one? */
bool event_path_is_ignored(const char *path, const char *const *ignored);

/* The hash of a leaf's value: the same for two texts of one value. */
uint64_t event_value_hash(struct evj_slice value);

#endif
