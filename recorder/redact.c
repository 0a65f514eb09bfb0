/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/redact.h"

#include "evj/error.h"
#include "evj/event_type.h"
#include "recorder/redact_internal.h"
#include "recorder/serialise.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

/* How a value of a field is printed. What is no string stays as it is, where not said otherwise. */
enum treatment {
    WHOLE,     /* a placeholder; in an object or array, for each string in it */
    NUMBER,    /* the same; and another number for a number */
    PORT,      /* 9 for a number */
    SDP,       /* line by line */
    CANDIDATE, /* word by word */
};

#define ANY (REDACT_TOKENS | REDACT_IPS | REDACT_SDP | REDACT_NAMES)

/*
 * The fields, by their keys, wherever in an event they stand. Beside them, "ips" replaces what looks
 * like an address in any string, and "sdp" and "names" the lines of redact_sdp.c in SDPs.
 */
static const struct field {
    const char *key;
    unsigned classes; /* any of them */
    enum treatment treatment;
    const char *kind;
    uint32_t type; /* of event; 0: all */
} fields[] = {
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
    {"metadata", REDACT_NAMES, WHOLE, "name", 0},
    {"feed_metadata", REDACT_NAMES, WHOLE, "name", 0},
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
    {"record_file", REDACT_NAMES, WHOLE, "path", 0},
    {"filename", REDACT_NAMES, WHOLE, "path", 0},
    {"recording", REDACT_NAMES, WHOLE, "path", EVJ_TYPE_PLUGIN},
    /* Numbers of Janus's own, unless the plug-in is configured for string_ids. */
    {"id", REDACT_NAMES, WHOLE, "name", EVJ_TYPE_PLUGIN},
    {"room", REDACT_NAMES, WHOLE, "name", EVJ_TYPE_PLUGIN},
    {"feed", REDACT_NAMES, WHOLE, "name", EVJ_TYPE_PLUGIN},
    {"feed_id", REDACT_NAMES, WHOLE, "name", EVJ_TYPE_PLUGIN},
    {"publisher_id", REDACT_NAMES, WHOLE, "name", EVJ_TYPE_PLUGIN},
    /* What an application sends through the Admin API: nobody knows what is in it. */
    {"data", REDACT_NAMES, WHOLE, "name", EVJ_TYPE_EXTERNAL},
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

/* ---- setting up ---- */

static const struct {
    const char *word;
    unsigned classes;
} words[] = {
    {"tokens", REDACT_TOKENS}, {"ips", REDACT_IPS}, {"sdp", REDACT_SDP},
    {"names", REDACT_NAMES},   {"all", ANY},        {"none", 0},
};

static bool find_word(const char *text, size_t len, unsigned *classes)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strlen(words[i].word) != len || strncasecmp(words[i].word, text, len) != 0)
            continue;
        *classes |= words[i].classes;
        return true;
    }
    return false;
}

bool redact_parse(const char *list, unsigned *ret_classes)
{
    static const char between[] = ", \t";
    unsigned classes = 0;

    for (const char *at = list + strspn(list, between); *at; at += strspn(at, between)) {
        size_t len = strcspn(at, between);
        if (!find_word(at, len, &classes))
            return false;
        at += len;
    }
    *ret_classes = classes;
    return true;
}

static unsigned slot_of(const char *key)
{
    unsigned hash = 0;

    for (; *key; key++)
        hash = hash * 31 + (unsigned char)*key;
    return (hash ^ hash >> 7) % REDACT_SLOTS;
}

/* Only the fields that are asked for: any other key is found to be none at its first slot, mostly. */
static void fill_slots(struct redact *redact)
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

int redact_init(struct redact *redact, unsigned classes)
{
    *redact = (struct redact){.classes = classes};
    if (classes != 0 && getrandom(redact->key, sizeof(redact->key), 0) != sizeof(redact->key))
        return EVJ_ERR_IO;
    fill_slots(redact);
    return EVJ_OK;
}

/* ---- events ---- */

struct walk {
    const struct redact *redact;
    struct sink sink;
    uint32_t type;
};

static const struct field *find_field(const struct walk *walk, const char *key)
{
    const unsigned char *slots = walk->redact->slots;

    for (unsigned slot = slot_of(key); slots[slot]; slot = (slot + 1) % REDACT_SLOTS) {
        const struct field *field = &fields[slots[slot] - 1];
        if (strcmp(field->key, key) == 0)
            return field->type == 0 || field->type == walk->type ? field : NULL;
    }
    return NULL;
}

static size_t put_content(struct walk *walk, size_t at, const struct field *field, const char *text,
                          size_t len)
{
    const struct redact *redact = walk->redact;

    switch (field->treatment) {
    case SDP:
        return redact_put_sdp(redact, &walk->sink, at, text, len);
    case CANDIDATE:
        return redact_put_candidate(redact, &walk->sink, at, text, len);
    case WHOLE:
    case NUMBER:
    case PORT:
        break;
    }
    return redact_put_placeholder(redact, &walk->sink, at, field->kind, text, len);
}

static size_t put_string(struct walk *walk, size_t at, const json_t *string,
                         const struct field *field)
{
    const char *text = json_string_value(string);
    size_t len = json_string_length(string);

    if (!field && !(walk->redact->classes & REDACT_IPS))
        return sink_put_string(&walk->sink, at, text, len);
    at = sink_put_char(&walk->sink, at, '"');
    at = field ? put_content(walk, at, field, text, len)
               : redact_put_addresses(walk->redact, &walk->sink, at, text, len);
    return sink_put_char(&walk->sink, at, '"');
}

static size_t put_integer(struct walk *walk, size_t at, json_t *integer, const struct field *field)
{
    json_int_t value = json_integer_value(integer);

    if (field && field->treatment == PORT && value != 0)
        return sink_put_char(&walk->sink, at, '9');
    if (field && field->treatment == NUMBER && value != 0)
        return redact_put_number(walk->redact, &walk->sink, at, (const char *)&value,
                                 sizeof(value));
    return sink_put_value(&walk->sink, at, integer);
}

static size_t put_value(struct walk *walk, size_t at, json_t *value, const struct field *field);

static size_t put_object(struct walk *walk, size_t at, json_t *object, const struct field *field)
{
    void *iter = json_object_iter(object);

    at = sink_put_char(&walk->sink, at, '{');
    for (bool first = true; iter && walk->sink.status == EVJ_OK; first = false) {
        const char *key = json_object_iter_key(iter);
        if (!first)
            at = sink_put_char(&walk->sink, at, ',');
        at = sink_put_key(&walk->sink, at, iter, key);
        at = put_value(walk, at, json_object_iter_value(iter),
                       field ? field : find_field(walk, key));
        iter = json_object_iter_next(object, iter);
    }
    return sink_put_char(&walk->sink, at, '}');
}

static size_t put_array(struct walk *walk, size_t at, json_t *array, const struct field *field)
{
    size_t size = json_array_size(array);

    at = sink_put_char(&walk->sink, at, '[');
    for (size_t i = 0; i < size && walk->sink.status == EVJ_OK; i++) {
        if (i > 0)
            at = sink_put_char(&walk->sink, at, ',');
        at = put_value(walk, at, json_array_get(array, i), field);
    }
    return sink_put_char(&walk->sink, at, ']');
}

static size_t put_container(struct walk *walk, size_t at, json_t *value, const struct field *field)
{
    walk->sink.depth++;
    at = json_is_object(value) ? put_object(walk, at, value, field)
                               : put_array(walk, at, value, field);
    walk->sink.depth--;
    return at;
}

static size_t put_value(struct walk *walk, size_t at, json_t *value, const struct field *field)
{
    if (walk->sink.depth >= SERIALISE_DEPTH_MAX) {
        walk->sink.status = EVJ_ERR_LIMIT;
        return at;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        return put_container(walk, at, value, field);
    case JSON_STRING:
        return put_string(walk, at, value, field);
    case JSON_INTEGER:
        return put_integer(walk, at, value, field);
    default:
        return sink_put_value(&walk->sink, at, value);
    }
}

int redact_event(const struct redact *redact, json_t *event, char *out, size_t room,
                 size_t *ret_len)
{
    struct walk walk = {.redact = redact, .sink = {.out = out, .room = room}};

    if (redact->classes == 0)
        return serialise_event(event, out, room, ret_len);
    if (!json_is_object(event))
        return EVJ_ERR_INVALID;
    walk.type = (uint32_t)json_integer_value(json_object_get(event, "type"));
    size_t len = put_value(&walk, 0, event, NULL);

    if (walk.sink.status == EVJ_OK)
        *ret_len = len;
    return walk.sink.status;
}
