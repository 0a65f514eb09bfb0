/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_REDACT_INTERNAL_H
#define RECORDER_REDACT_INTERNAL_H

/* What the files of redaction share: redact.c (events), redact_fields.c (which fields),
 * redact_placeholder.c (what stands in their place), redact_addresses.c (addresses in any text),
 * redact_sdp.c (SDPs and candidates). */

#include "recorder/redact.h"
#include "recorder/serialise_internal.h"

#include <stddef.h>
#include <stdint.h>

/* A keyed hash (SipHash-2-4) of a value. */
uint64_t redact_hash(const struct redact *redact, const char *text, size_t len);

/* Each puts a part of a string, without quotes, and returns the position behind it. */

/* "<kind>-<hash of the value>"; nothing for an empty value. */
size_t redact_put_placeholder(const struct redact *redact, struct sink *sink, size_t at,
                              const char *kind, const char *text, size_t len);
/* A number made of the value's hash, for what must be digits. */
size_t redact_put_number(const struct redact *redact, struct sink *sink, size_t at,
                         const char *text, size_t len);
/* The text with placeholders in place of all addresses in it, and 9 in place of their ports. */
size_t redact_put_addresses(const struct redact *redact, struct sink *sink, size_t at,
                            const char *text, size_t len);
/* A whole SDP, or a candidate: what the classes of `redact` say. */
size_t redact_put_sdp(const struct redact *redact, struct sink *sink, size_t at, const char *text,
                      size_t len);
size_t redact_put_candidate(const struct redact *redact, struct sink *sink, size_t at,
                            const char *text, size_t len);

/* SDP lines by number, for redact_field(). NULL behind the last. */
const char *redact_sdp_line(size_t number, unsigned *ret_class);

#endif
