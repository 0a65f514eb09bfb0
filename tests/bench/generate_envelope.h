/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BENCH_GENERATE_ENVELOPE_H
#define TESTS_BENCH_GENERATE_ENVELOPE_H

/*
 * The envelope that Janus's core puts around a body (src/events.c): one function for each of the
 * three sets of ids that events carry. They take over the reference to `body` and return a new one.
 */

#include "tests/bench/generate_call.h"

#include <jansson.h>
#include <stdint.h>

/* Of the server as a whole: neither session nor handle. `subtype` 0: none. */
json_t *envelope_of_server(int type, int subtype, int64_t now_us, json_t *body);
json_t *envelope_of_session(const struct call *call, int type, int64_t now_us, json_t *body);
json_t *envelope_of_handle(const struct handle *handle, int type, int subtype, int64_t now_us,
                           json_t *body);

#endif
