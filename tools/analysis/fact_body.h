/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_FACT_BODY_H
#define TOOLS_ANALYSIS_FACT_BODY_H

/*
 * Facts become trees of their values, which take hundreds of bytes for a byte of text. Nothing that
 * Janus sends comes near these limits; a body beyond them is compared as text.
 */

#include "evj/json.h"

/* The longest body that is looked into, in bytes. */
#define FACT_BODY_MAX (1024u * 1024)

/* The most values of one, keys of objects and commas in strings counted as well. */
#define FACT_VALUES_MAX (32u * 1024)

/*
 * What a fact keeps instead of a body beyond the limits: a JSON object with the one member
 * FACT_TOO_LARGE, whose value is equal if, and only if, the bodies are (their length and SHA-256).
 * To be freed with g_free(). NULL: keep the body itself.
 */
char *fact_body_instead(struct evj_slice body);

#define FACT_TOO_LARGE "too large to look into"

#endif
