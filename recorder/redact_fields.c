/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/redact_fields.h"

#include "evj/event_type.h"

#include <string.h>

#define ANY REDACT_ALL

/*
 * The fields, by their keys, wherever in an event they stand. Beside them, "ips" replaces what looks
 * like an address in any string, and "sdp" and "names" the lines of redact_sdp.c in SDPs.
 */
static const struct redact_field fields[] = {
    {"token", REDACT_TOKENS, WHOLE, "token", 0},
    {"secret", REDACT_TOKENS, WHOLE, "token", 0},
    {"pin", REDACT_TOKENS, WHOLE, "token", 0},
    {"password", REDACT_TOKENS, WHOLE, "token", 0},
    {"admin_key", REDACT_TOKENS, WHOLE, "token", 0},
    {"private_id", REDACT_TOKENS, NUMBER, "token", 0},

    {"ip", REDACT_IPS, WHOLE, "ip", 0},
    {"address", REDACT_IPS, WHOLE, "ip", 0},
    {"host", REDACT_IPS, WHOLE, "ip", 0},
    {"proxy", REDACT_IPS, WHOLE, "ip", 0},
    {"local-ip", REDACT_IPS, WHOLE, "ip", 0},
    {"public-ip", REDACT_IPS, WHOLE, "ip", 0},
    {"public-ips", REDACT_IPS, WHOLE, "ip", 0},
    {"stun-server", REDACT_IPS, WHOLE, "ip", 0},
    {"turn-server", REDACT_IPS, WHOLE, "ip", 0},
    {"port", REDACT_IPS, PORT, "ip", 0},
    {"rtcp_port", REDACT_IPS, PORT, "ip", 0},

    {"sdp", REDACT_SDP | REDACT_IPS | REDACT_NAMES, SDP, "sdp", 0},
    {"local-candidate", REDACT_SDP | REDACT_IPS, CANDIDATE, "candidate", 0},
    {"remote-candidate", REDACT_SDP | REDACT_IPS, CANDIDATE, "candidate", 0},

    {"sip", ANY, WHOLE, "sip", 0}, /* a raw message, with all of it inside */

    {"opaque_id", REDACT_NAMES, WHOLE, "name", 0},
    {"display", REDACT_NAMES, WHOLE, "name", 0},
    {"feed_display", REDACT_NAMES, WHOLE, "name", 0},
    {"displayname", REDACT_NAMES, WHOLE, "name", 0},
    {"metadata", REDACT_NAMES, NUMBER, "name", 0}, /* an application's, as `data` below */
    {"feed_metadata", REDACT_NAMES, NUMBER, "name", 0},
    {"description", REDACT_NAMES, WHOLE, "name", 0},
    {"feed_description", REDACT_NAMES, WHOLE, "name", 0},
    {"username", REDACT_NAMES, WHOLE, "name", 0},
    {"identity", REDACT_NAMES, WHOLE, "name", 0},
    {"caller", REDACT_NAMES, WHOLE, "name", 0},
    {"callee", REDACT_NAMES, WHOLE, "name", 0},
    {"referred_by", REDACT_NAMES, WHOLE, "name", 0},
    {"call-id", REDACT_NAMES, WHOLE, "name", 0},
    {"headers", REDACT_NAMES, WHOLE, "name", 0},
    {"reason_header", REDACT_NAMES, WHOLE, "name", 0},
    {"reason_header_protocol", REDACT_NAMES, WHOLE, "name", 0},
    {"reason_header_cause", REDACT_NAMES, WHOLE, "name", 0},
    {"reason", REDACT_NAMES, WHOLE, "name", EVJ_TYPE_PLUGIN}, /* of SIP: the peer's own words */
    {"record_file", REDACT_NAMES, WHOLE, "path", 0},
    {"filename", REDACT_NAMES, WHOLE, "path", 0},
    {"file_id", REDACT_NAMES, WHOLE, "path", 0},
    {"log-path", REDACT_NAMES, WHOLE, "path", 0},
    {"recording", REDACT_NAMES, WHOLE, "path", EVJ_TYPE_PLUGIN},
    /* Numbers of Janus's own, unless the plug-in is configured for string_ids. */
    {"id", REDACT_NAMES, WHOLE, "name", EVJ_TYPE_PLUGIN},
    {"room", REDACT_NAMES, WHOLE, "name", EVJ_TYPE_PLUGIN},
    {"feed", REDACT_NAMES, WHOLE, "name", EVJ_TYPE_PLUGIN},
    {"feed_id", REDACT_NAMES, WHOLE, "name", EVJ_TYPE_PLUGIN},
    {"publisher_id", REDACT_NAMES, WHOLE, "name", EVJ_TYPE_PLUGIN},
    /* What an application sends through the Admin API: nobody knows what is in it. */
    {"data", REDACT_NAMES, NUMBER, "name", EVJ_TYPE_EXTERNAL},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

_Static_assert(FIELDS < REDACT_SLOTS / 2, "the table of keys must stay half empty");

const char *redact_field(size_t number, unsigned *ret_class)
{
    if (number >= FIELDS)
        return redact_sdp_line(number - FIELDS, ret_class);
    *ret_class = fields[number].classes;
    return fields[number].key;
}

/* ---- by key ---- */

static unsigned slot_of(const char *key)
{
    unsigned hash = 0;

    for (; *key; key++)
        hash = hash * 31 + (unsigned char)*key;
    return (hash ^ hash >> 7) % REDACT_SLOTS;
}

/* Only the fields that are asked for: any other key is found to be none at its first slot, mostly. */
void redact_fields_init(struct redact *redact)
{
    for (unsigned i = 0; i < FIELDS; i++) {
        unsigned slot = slot_of(fields[i].key);
        if (!(fields[i].classes & redact->classes))
            continue;
        while (redact->slots[slot])
            slot = (slot + 1) % REDACT_SLOTS;
        redact->slots[slot] = (unsigned char)(i + 1);
    }
}

const struct redact_field *redact_field_find(const struct redact *redact, const char *key,
                                             uint32_t type)
{
    const unsigned char *slots = redact->slots;

    for (unsigned slot = slot_of(key); slots[slot]; slot = (slot + 1) % REDACT_SLOTS) {
        const struct redact_field *field = &fields[slots[slot] - 1];
        if (strcmp(field->key, key) == 0)
            return field->type == 0 || field->type == type ? field : NULL;
    }
    return NULL;
}
