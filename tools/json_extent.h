/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_JSON_EXTENT_H
#define TOOLS_JSON_EXTENT_H

/*
 * How far an object reaches whose text comes piece by piece: without a tree of it, which would take
 * twenty times its memory.
 */

#include <stdbool.h>
#include <stddef.h>

/* All 0: nothing seen yet. */
struct json_extent {
    size_t len;   /* of the text that was looked at */
    size_t depth; /* of brackets that are open there */
    bool in_string, escaped;
    size_t checked; /* json_extent_fault() has looked at this much */
};

/*
 * Go on in text[0 … len), which begins with the object's bracket as it did before. True when the
 * object ends in it: then extent->len is where. Goes by brackets and quotes only.
 */
bool json_extent_ends(struct json_extent *extent, const char *text, size_t len);

/*
 * What is wrong with the object so far, static text, and *ret_at where; NULL when nothing is, or
 * not yet. To be asked whenever more text has come: it looks when there is twice as much as when it
 * looked last, so that a broken object is known before all that could belong to it has been read.
 */
const char *json_extent_fault(struct json_extent *extent, const char *text, size_t len,
                              size_t *ret_at);

#endif
