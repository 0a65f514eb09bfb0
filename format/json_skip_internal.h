/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_JSON_SKIP_INTERNAL_H
#define FORMAT_JSON_SKIP_INTERNAL_H

/*
 * Stepping over an object or array by its brackets and strings, 64 bytes at a time: the writer
 * reads the envelope of every event, and most of an event is a body that it need not look at. Kinds
 * of brackets are not matched with each other: a value that nobody asked for only has to end.
 */

/*
 * `at` stands on the opening bracket. Returns 0 and *ret_after behind the closing one,
 * EVJ_ERR_CORRUPT if there is none before `end`, or EVJ_ERR_LIMIT beyond EVJ_DEPTH_MAX.
 */
int evj_json_skip_nested(const char *at, const char *end, const char **ret_after);

#endif
