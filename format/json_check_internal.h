/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_JSON_CHECK_INTERNAL_H
#define FORMAT_JSON_CHECK_INTERNAL_H

/*
 * Is a text JSON (RFC 8259), to the last byte? What reads journals steps over most of an event by
 * its brackets only; this is for who wants to know. Pure; no memory of its own.
 */

#include <stddef.h>

/*
 * NULL if the text is one JSON value, of characters in UTF-8 and not nested deeper than a record
 * may be; else what is wrong with it, static text, and *ret_at where, in bytes.
 */
const char *evj_json_fault(const char *text, size_t len, size_t *ret_at);

#endif
