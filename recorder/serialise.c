/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/serialise.h"

#include "evj/decimal.h"
#include "evj/error.h"
#include "evj/plain.h"
#include "recorder/serialise_internal.h"

#include <string.h>

static bool fits(const struct sink *sink, size_t at, size_t len)
{
    return at + len <= sink->room;
}

static size_t put_bytes(struct sink *sink, size_t at, const char *bytes, size_t len)
{
    if (fits(sink, at, len))
        memcpy(sink->out + at, bytes, len);
    return at + len;
}

static size_t put_char(struct sink *sink, size_t at, char c)
{
    if (fits(sink, at, 1))
        sink->out[at] = c;
    return at + 1;
}

#define PUT_TEXT(sink, at, text) put_bytes((sink), (at), (text), sizeof(text) - 1)

/* ---- strings ---- */

/*
 * Bytes of the UTF-8 sequence at `text`, whose first byte is not ASCII; 0 if it is none. The second
 * byte's range tells overlong forms, surrogates and what lies beyond U+10FFFF apart (RFC 3629).
 */
static size_t utf8_sequence(const char *text, size_t len)
{
    const unsigned char *byte = (const unsigned char *)text;
    unsigned char lead = byte[0], least = 0x80, most = 0xBF;
    size_t need = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    if (lead < 0xC2 || lead > 0xF4 || len < need)
        return 0;
    if (lead == 0xE0)
        least = 0xA0;
    else if (lead == 0xF0)
        least = 0x90;
    else if (lead == 0xED)
        most = 0x9F;
    else if (lead == 0xF4)
        most = 0x8F;
    if (byte[1] < least || byte[1] > most)
        return 0;
    for (size_t i = 2; i < need; i++)
        if ((byte[i] & 0xC0) != 0x80)
            return 0;
    return need;
}

/* The letter behind the backslash; 0 for what has none. */
static char short_escape(char c)
{
    static const char letters[] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',  ['\f'] = 'f',
        ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\',
    };

    return letters[(unsigned char)c];
}

static size_t put_escape(struct sink *sink, size_t at, char c)
{
    static const char hex[] = "0123456789ABCDEF";
    char escape[6] = {'\\', short_escape(c)};

    if (escape[1])
        return put_bytes(sink, at, escape, 2);
    memcpy(escape + 1, "u00", 3);
    escape[4] = hex[(c >> 4) & 0xF];
    escape[5] = hex[c & 0xF];
    return put_bytes(sink, at, escape, 6);
}

/* One character that is not plain, at text[*from]; *from moves behind it. */
static size_t put_odd(struct sink *sink, size_t at, const char *text, size_t len, size_t *from)
{
    if ((unsigned char)text[*from] < 0x80)
        return put_escape(sink, at, text[(*from)++]);

    size_t sequence = utf8_sequence(text + *from, len - *from);
    if (sequence == 0) {
        sink->status = EVJ_ERR_INVALID;
        *from = len;
        return at;
    }
    at = put_bytes(sink, at, text + *from, sequence);
    *from += sequence;
    return at;
}

static size_t put_mixed(struct sink *sink, size_t at, const char *text, size_t len)
{
    size_t from = 0;

    while (from < len) {
        size_t rest = len - from;
        size_t plain = fits(sink, at, rest) ? evj_plain_copy(sink->out + at, text + from, rest)
                                            : evj_plain_count(text + from, rest);
        at += plain;
        from += plain;
        if (from < len)
            at = put_odd(sink, at, text, len, &from);
    }
    return at;
}

static size_t put_mixed_string(struct sink *sink, size_t at, const char *text, size_t len)
{
    at = put_char(sink, at, '"');
    at = put_mixed(sink, at, text, len);
    return put_char(sink, at, '"');
}

static inline size_t put_string(struct sink *sink, size_t at, const char *text, size_t len)
{
    if (fits(sink, at, len + 2)) {
        char *to = sink->out + at;
        if (evj_plain_copy(to + 1, text, len) == len) {
            to[0] = '"';
            to[len + 1] = '"';
            return at + len + 2;
        }
    }
    return put_mixed_string(sink, at, text, len);
}

/* ---- numbers ---- */

static size_t put_integer(struct sink *sink, size_t at, json_int_t value)
{
    char digits[2 * EVJ_DECIMAL_MAX]; /* twice: they are copied with what happens to follow */
    char *end = digits + EVJ_DECIMAL_MAX;
    char *first = evj_decimal_before(end, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);

    if (value < 0)
        *--first = '-';

    size_t len = (size_t)(end - first);
    /* A copy of fixed size is two moves; one of `len` bytes would be a call. */
    if (fits(sink, at, EVJ_DECIMAL_MAX)) {
        memcpy(sink->out + at, first, EVJ_DECIMAL_MAX);
        return at + len;
    }
    return put_bytes(sink, at, first, len);
}

/* Reals are rare, and how many digits they get is jansson's own affair: so it prints them. */
static size_t put_real(struct sink *sink, size_t at, const json_t *real)
{
    char text[64];
    size_t len = json_dumpb(real, text, sizeof(text), JSON_COMPACT | JSON_ENCODE_ANY);

    if (len == 0 || len > sizeof(text)) {
        sink->status = EVJ_ERR_MEMORY;
        return at;
    }
    return put_bytes(sink, at, text, len);
}

/* ---- trees ---- */

static size_t put_value(struct sink *sink, size_t at, json_t *value);

static size_t key_length(void *iter, const char *key)
{
#if JANSSON_VERSION_HEX >= 0x020e00
    (void)key;
    return json_object_iter_key_len(iter);
#else
    (void)iter;
    return strlen(key);
#endif
}

static size_t put_object(struct sink *sink, size_t at, json_t *object)
{
    void *iter = json_object_iter(object);
    char separator = '{';

    if (!iter)
        return PUT_TEXT(sink, at, "{}");
    while (iter && sink->status == EVJ_OK) {
        const char *key = json_object_iter_key(iter);
        at = put_char(sink, at, separator);
        at = put_string(sink, at, key, key_length(iter, key));
        at = put_char(sink, at, ':');
        at = put_value(sink, at, json_object_iter_value(iter));
        separator = ',';
        iter = json_object_iter_next(object, iter);
    }
    return put_char(sink, at, '}');
}

static size_t put_array(struct sink *sink, size_t at, json_t *array)
{
    size_t size = json_array_size(array);

    at = put_char(sink, at, '[');
    for (size_t i = 0; i < size && sink->status == EVJ_OK; i++) {
        if (i > 0)
            at = put_char(sink, at, ',');
        at = put_value(sink, at, json_array_get(array, i));
    }
    return put_char(sink, at, ']');
}

static size_t put_value(struct sink *sink, size_t at, json_t *value)
{
    if (++sink->depth > SERIALISE_DEPTH_MAX) {
        sink->status = EVJ_ERR_LIMIT;
        return at;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        at = put_object(sink, at, value);
        break;
    case JSON_ARRAY:
        at = put_array(sink, at, value);
        break;
    case JSON_STRING:
        at = put_string(sink, at, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        at = put_integer(sink, at, json_integer_value(value));
        break;
    case JSON_REAL:
        at = put_real(sink, at, value);
        break;
    case JSON_TRUE:
        at = PUT_TEXT(sink, at, "true");
        break;
    case JSON_FALSE:
        at = PUT_TEXT(sink, at, "false");
        break;
    case JSON_NULL:
        at = PUT_TEXT(sink, at, "null");
        break;
    }
    sink->depth--;
    return at;
}

int serialise_event(json_t *event, char *out, size_t room, size_t *ret_len)
{
    struct sink sink = {.out = out, .room = room};

    if (!json_is_object(event))
        return EVJ_ERR_INVALID;
    size_t len = put_value(&sink, 0, event);

    if (sink.status == EVJ_OK)
        *ret_len = len;
    return sink.status;
}

/* ---- for who walks the tree otherwise ---- */

size_t sink_put_char(struct sink *sink, size_t at, char c)
{
    return put_char(sink, at, c);
}

size_t sink_put_text(struct sink *sink, size_t at, const char *text, size_t len)
{
    return put_mixed(sink, at, text, len);
}

size_t sink_put_string(struct sink *sink, size_t at, const char *text, size_t len)
{
    return put_string(sink, at, text, len);
}

size_t sink_put_key(struct sink *sink, size_t at, void *iter, const char *key)
{
    return put_char(sink, put_string(sink, at, key, key_length(iter, key)), ':');
}

size_t sink_put_value(struct sink *sink, size_t at, json_t *value)
{
    return put_value(sink, at, value);
}
