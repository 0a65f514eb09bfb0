/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/redact.h"

#include "evj/error.h"
#include "recorder/redact_fields.h"
#include "recorder/redact_internal.h"
#include "recorder/serialise.h"

#include <string.h>
#include <strings.h>
#include <sys/random.h>

/* ---- setting up ---- */

static const struct {
    const char *word;
    unsigned classes;
} words[] = {
    {"tokens", REDACT_TOKENS}, {"ips", REDACT_IPS}, {"sdp", REDACT_SDP},
    {"names", REDACT_NAMES},   {"all", REDACT_ALL}, {"none", 0},
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

int redact_init(struct redact *redact, unsigned classes)
{
    *redact = (struct redact){.classes = classes};
    if (classes != 0 && getrandom(redact->key, sizeof(redact->key), 0) != sizeof(redact->key))
        return EVJ_ERR_IO;
    redact_fields_init(redact);
    return EVJ_OK;
}

/* ---- events ---- */

struct walk {
    const struct redact *redact;
    struct sink sink;
    uint32_t type;
};

static size_t put_content(struct walk *walk, size_t at, const struct redact_field *field,
                          const char *text, size_t len)
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
                         const struct redact_field *field)
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

static size_t put_integer(struct walk *walk, size_t at, json_t *integer,
                          const struct redact_field *field)
{
    json_int_t value = json_integer_value(integer);

    if (field && field->treatment == PORT && value != 0)
        return sink_put_char(&walk->sink, at, '9');
    if (field && field->treatment == NUMBER && value != 0)
        return redact_put_number(walk->redact, &walk->sink, at, (const char *)&value,
                                 sizeof(value));
    return sink_put_value(&walk->sink, at, integer);
}

/* Of a real: a real, so that it stays one. */
static size_t put_real(struct walk *walk, size_t at, json_t *real, const struct redact_field *field)
{
    double value = json_real_value(real);

    if (!field || field->treatment != NUMBER || value == 0)
        return sink_put_value(&walk->sink, at, real);
    at = redact_put_number(walk->redact, &walk->sink, at, (const char *)&value, sizeof(value));
    return sink_put_text(&walk->sink, at, ".0", 2);
}

static size_t put_value(struct walk *walk, size_t at, json_t *value,
                        const struct redact_field *field);

static size_t put_object(struct walk *walk, size_t at, json_t *object,
                         const struct redact_field *field)
{
    void *iter = json_object_iter(object);

    at = sink_put_char(&walk->sink, at, '{');
    for (bool first = true; iter && walk->sink.status == EVJ_OK; first = false) {
        const char *key = json_object_iter_key(iter);
        if (!first)
            at = sink_put_char(&walk->sink, at, ',');
        at = sink_put_key(&walk->sink, at, iter, key);
        at = put_value(walk, at, json_object_iter_value(iter),
                       field ? field : redact_field_find(walk->redact, key, walk->type));
        iter = json_object_iter_next(object, iter);
    }
    return sink_put_char(&walk->sink, at, '}');
}

static size_t put_array(struct walk *walk, size_t at, json_t *array,
                        const struct redact_field *field)
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

static size_t put_container(struct walk *walk, size_t at, json_t *value,
                            const struct redact_field *field)
{
    walk->sink.depth++;
    at = json_is_object(value) ? put_object(walk, at, value, field)
                               : put_array(walk, at, value, field);
    walk->sink.depth--;
    return at;
}

static size_t put_value(struct walk *walk, size_t at, json_t *value,
                        const struct redact_field *field)
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
    case JSON_REAL:
        return put_real(walk, at, value, field);
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
