/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_REDACT_INTERNAL_H
#define RECORDER_REDACT_INTERNAL_H

/* What the files of redaction share: redact.c (events), redact_fields.c (which fields),
 * redact_placeholder.c (what stands in their place), redact_addresses.c (addresses in any text),
 * redact_sdp.c and redact_candidate.c (SDPs and candidates, word by word). */

#include "recorder/redact.h"
#include "recorder/serialise_internal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Classes that take addresses out of SDPs and candidates. */
#define REDACT_ADDRESSES (REDACT_IPS | REDACT_SDP)

/* A keyed hash (SipHash-2-4) of a value. */
uint64_t redact_hash(const struct redact *redact, const char *text, size_t len);

/* Each puts a part of a string, without quotes, and returns the position behind it. */

/* "<kind>-<hash of the value>"; nothing for an empty value. */
size_t redact_put_placeholder(const struct redact *redact, struct sink *sink, size_t at,
                              const char *kind, const char *text, size_t len);
/* A number made of the value's hash, for what must be digits. */
size_t redact_put_number(const struct redact *redact, struct sink *sink, size_t at,
                         const char *text, size_t len);
/* A whole text that is an address, or a host's name, whatever it looks like. */
size_t redact_put_address(const struct redact *redact, struct sink *sink, size_t at,
                          const char *text, size_t len);
/* A port: 9, and 0 for 0, which is none. */
size_t redact_put_port(struct sink *sink, size_t at, const char *text, size_t len);
/* The text with placeholders in place of all addresses in it, and 9 in place of their ports. */
size_t redact_put_addresses(const struct redact *redact, struct sink *sink, size_t at,
                            const char *text, size_t len);
/* A whole SDP, or a candidate: what the classes of `redact` say. */
size_t redact_put_sdp(const struct redact *redact, struct sink *sink, size_t at, const char *text,
                      size_t len);
size_t redact_put_candidate(const struct redact *redact, struct sink *sink, size_t at,
                            const char *text, size_t len);

/* The word (what is between blanks) that begins at or behind `*from`; its end goes to *from. False
 * at the text's end. */
bool redact_next_word(const char *text, size_t len, size_t *from, size_t *ret_start);
bool redact_is_word(const char *word, size_t len, const char *text);
bool redact_begins(const char *text, size_t len, const char *with);

/* SDP lines by number, for redact_field(). NULL behind the last. */
const char *redact_sdp_line(size_t number, unsigned *ret_class);

#endif
