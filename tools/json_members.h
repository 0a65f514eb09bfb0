/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_JSON_MEMBERS_H
#define TOOLS_JSON_MEMBERS_H

/* Members of the JSON objects that commands print. Texts are strangers' and may be no UTF-8: what is
 * none becomes U+FFFD. */

#include <jansson.h>
#include <stdint.h>

/* A new string. */
json_t *json_members_text(const char *bytes);

void json_members_set(json_t *object, const char *key, uint64_t number);

/* Nothing for an empty text. */
void json_members_set_text(json_t *object, const char *key, const char *bytes);

#endif
