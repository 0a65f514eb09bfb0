/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_REDACT_H
#define RECORDER_REDACT_H

/*
 * What must never reach the disk. `redact = "tokens,ips,sdp,names"` names classes of values; an
 * event is then printed with a placeholder in place of each of them, like "ip-3f2a9c41d7": of the
 * same JSON type, in the same place, and equal where the values were equal, as long as the recorder
 * runs. It is a keyed hash of the value whose key is random and never leaves the process, so there
 * is no way back. Which fields belong to which class is one table, in
 * redact_fields.c.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum redact_class {
    REDACT_TOKENS = 1, /* what lets somebody in */
    REDACT_IPS = 2,    /* addresses and ports, wherever they stand */
    REDACT_SDP = 4,    /* ICE credentials, fingerprints, keys, names and addresses in SDPs */
    REDACT_NAMES = 8,  /* who it is: display names, user names, opaque ids, free text, paths */
};

#define REDACT_ALL (REDACT_TOKENS | REDACT_IPS | REDACT_SDP | REDACT_NAMES)

/* Slots of the table of keys. */
#define REDACT_SLOTS 128u

/* A plain value; read-only once it is set up, so any thread may use it. */
struct redact {
    unsigned classes; /* enum redact_class; 0: nothing is redacted */
    uint64_t key[2];
    unsigned char slots[REDACT_SLOTS]; /* key → 1 + number of the field */
};

/* "ips, sdp" → classes. "none" and "" are 0, "all" is all of them. False, and *ret_classes as it
 * was, for any other word: who asks for privacy must not be misunderstood. */
bool redact_parse(const char *list, unsigned *ret_classes);

/* With a new random key. Returns 0, or EVJ_ERR_IO when the system has no randomness. */
int redact_init(struct redact *redact, unsigned classes);

/* As serialise_event(), in serialise.h, with placeholders. Allocates nothing. With no classes it is
 * serialise_event(). */
int redact_event(const struct redact *redact, json_t *event, char *out, size_t room,
                 size_t *ret_len);

/* The table by number, for documentation and tests: a key of an event, or an attribute of an SDP,
 * and its class. NULL behind the last. */
const char *redact_field(size_t number, unsigned *ret_class);

#endif
