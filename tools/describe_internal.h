/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_DESCRIBE_INTERNAL_H
#define TOOLS_DESCRIBE_INTERNAL_H

/* Between describe.c and describe_media.c. */

#include "tools/describe.h"

#include <stdbool.h>

/* Append a JSON string, decoded; nothing when it is no string. */
void describe_append_text(GString *out, struct evj_slice value);

/* Append any JSON value: strings decoded, objects and arrays as "{…}" and "[…]". */
void describe_append_value(GString *out, struct evj_slice value);

/* Append `before` and the member's value, if there is one; tells whether. */
bool describe_append_member(GString *out, const char *before, struct evj_slice object,
                            const char *key);

enum tone describe_jsep(struct evj_slice body, GString *out);
enum tone describe_candidate(struct evj_slice body, GString *out);
enum tone describe_media_state(struct evj_slice body, GString *out);
enum tone describe_slow_link(struct evj_slice body, GString *out);
enum tone describe_stats(struct evj_slice body, GString *out);

#endif
