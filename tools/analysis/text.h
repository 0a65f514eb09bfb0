/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_TEXT_H
#define TOOLS_ANALYSIS_TEXT_H

/* Small steps between JSON text in place and strings of our own. */

#include "evj/json.h"

#include <stdbool.h>

/* A JSON string value as UTF-8; "" when it is none. To be freed with g_free(). */
char *text_of_string(struct evj_slice value);

/* The same, but NULL when it is none. */
char *text_of_string_or_null(struct evj_slice value);

/*
 * Step through a JSON array: *rest starts as the whole array and shrinks. False after the last
 * element, and for what is no array.
 */
bool text_next_element(struct evj_slice *rest, struct evj_slice *ret_element);

#endif
