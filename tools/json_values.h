/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_JSON_VALUES_H
#define TOOLS_JSON_VALUES_H

/*
 * Splits a stream of JSON text into its objects: one a line, several a line, spread over lines, or
 * in arrays. Every object is parsed, so what comes out is valid JSON; its text is what came in, but
 * for blanks between its parts. What is broken is passed by up to a later line where an object
 * begins. Memory: one object, and EVJ_LINE_MAX bounds it.
 */

#include "evj/error.h"
#include "evj/json.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct json_values;

/* As read(2): bytes, 0 at the end, -1 and errno. May wait. */
typedef ssize_t json_values_read(void *context, char *buffer, size_t size);

struct json_values *json_values_new(json_values_read *read, void *context);
void json_values_free(struct json_values *values);

/*
 * The next object. Reads no further than its closing bracket when no more is there.
 *
 *   0                *ret_text is compact JSON text without a line break, valid until the next call.
 *   EVJ_END          no more.
 *   EVJ_TRUNCATED    no more, and an array was not closed; the next call is EVJ_END.
 *   EVJ_ERR_CORRUPT  something is no JSON, or no object; it has been passed by: call again.
 *   EVJ_ERR_LIMIT    the same for an object beyond EVJ_LINE_MAX.
 *   EVJ_ERR_IO       reading failed; it will not get better.
 */
int json_values_next(struct json_values *values, struct evj_slice *ret_text, struct evj_error *err);

/* The line, from 1, on which the object or fault of the last call begins. */
uint64_t json_values_line(const struct json_values *values);

#endif
