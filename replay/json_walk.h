/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_JSON_WALK_H
#define REPLAY_JSON_WALK_H

/*
 * Every leaf of a JSON text with the path that leads to it, in one pass over the text and without a
 * tree: what a replay changes in an event, and what it compares, is a few of these. Any thread.
 */

#include "evj/error.h"
#include "evj/json.h"

#include <stdint.h>

/* Longer paths are cut; `place` then tells their leaves apart. */
#define JSON_PATH_MAX 512u

struct json_leaf {
    const char *path;       /* "event.streams[].codec", "[]" for any index */
    uint64_t place;         /* which element of each array on the way, mixed; 0 outside of arrays */
    struct evj_slice value; /* a string with its quotes, a number, true, false, null, {} or [] */
};

/* The hash of a string value: the same however its characters are written. */
uint64_t json_string_hash(struct evj_slice value);

/* `leaf` is borrowed for the call. */
typedef void json_leaf_function(const struct json_leaf *leaf, void *context);

/*
 * Visit the leaves of `value`, whose own path is `path` ("": none), in the order of the text.
 * Returns 0; EVJ_ERR_CORRUPT when it is no JSON as far as brackets go, EVJ_ERR_LIMIT when it nests
 * deeper than EVJ_DEPTH_MAX: leaves before were visited.
 */
int json_walk(struct evj_slice value, const char *path, json_leaf_function *visit, void *context);

#endif
