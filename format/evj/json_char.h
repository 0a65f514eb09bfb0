/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_JSON_CHAR_H
#define EVJ_JSON_CHAR_H

/* One character of a JSON string, for who decodes it and for who only checks it. Pure functions. */

#include <stddef.h>
#include <stdint.h>

/* Length of the UTF-8 character at `at`; 0 if these bytes are none (RFC 3629, section 4). */
size_t evj_utf8_length(const char *at, const char *end);

/* Write a character in UTF-8; not terminated. Returns its length. `c` is below 0x110000. */
size_t evj_utf8_put(uint32_t c, char out[4]);

/*
 * `*at` is behind "\u". Reads one character, of one or two escapes, and moves `*at` behind it; -1
 * if there are no four hex digits, or only one half of a surrogate pair.
 */
int32_t evj_json_escaped_codepoint(const char **at, const char *end);

#endif
