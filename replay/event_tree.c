/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/event_tree.h"

#include "evj/plain.h"
#include "replay/event_string.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct parser {
    const char *at, *end;
    unsigned depth;
    char *scratch; /* decoded strings; as long as the text, or NULL before the first */
    size_t size;   /* of the whole text */
};

static json_t *parse_value(struct parser *parser);

/* Recorded events have no blanks: so the first comparison is all, nearly always. */
static inline bool is_blank(char c)
{
    return (unsigned char)c <= ' ' && (c == ' ' || c == '\t' || c == '\n' || c == '\r');
}

/* The next character that is no blank; 0 at the end. */
static inline char peek(struct parser *parser)
{
    while (parser->at < parser->end && is_blank(*parser->at))
        parser->at++;
    return parser->at < parser->end ? *parser->at : '\0';
}

static inline bool take(struct parser *parser, char c)
{
    if (peek(parser) != c)
        return false;
    parser->at++;
    return true;
}

/* ---- strings ---- */

static json_t *parse_decoded(struct parser *parser)
{
    size_t len;

    if (parser->scratch == NULL)
        parser->scratch = malloc(parser->size);
    if (parser->scratch == NULL)
        return NULL;
    parser->at = event_string_decode(parser->at, parser->end, parser->scratch, &len);
    return parser->at != NULL ? json_stringn_nocheck(parser->scratch, len) : NULL;
}

/* `at` is behind the opening quote. */
static json_t *parse_string(struct parser *parser)
{
    const char *begin = parser->at, *stop = evj_plain_skip(begin, parser->end);

    if (stop == parser->end || *stop != '"')
        return parse_decoded(parser);
    parser->at = stop + 1;
    return json_stringn_nocheck(begin, (size_t)(stop - begin));
}

/* ---- numbers ---- */

/* Fewer digits than any number beyond json_int_t has. */
#define DIGITS_SAFE 18

/* More than 9 for what is no digit. */
static inline unsigned digit_at(const char *at)
{
    return (unsigned char)*at - (unsigned)'0';
}

static bool is_in_number(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '-' || c == '+';
}

/* A real, or too large a number: jansson knows what becomes of it. */
static json_t *parse_rare_number(struct parser *parser, const char *begin)
{
    const char *at = begin;

    while (at < parser->end && is_in_number(*at))
        at++;
    parser->at = at;
    return json_loadb(begin, (size_t)(at - begin), JSON_DECODE_ANY, NULL);
}

static json_t *parse_number(struct parser *parser)
{
    const char *begin = parser->at, *digits = begin + (*begin == '-'), *at = digits;
    const char *stop = parser->end - digits > DIGITS_SAFE ? digits + DIGITS_SAFE : parser->end;
    json_int_t value = 0;

    for (; at < stop && digit_at(at) <= 9; at++)
        value = value * 10 + (json_int_t)digit_at(at);
    /* Leading zeros are for jansson, too: it refuses them. */
    if (at == digits || (at < parser->end && is_in_number(*at)) ||
        (*digits == '0' && at - digits > 1))
        return parse_rare_number(parser, begin);
    parser->at = at;
    return json_integer(*begin == '-' ? -value : value);
}

/* ---- names ---- */

static bool take_name(struct parser *parser, const char *name, size_t len)
{
    if ((size_t)(parser->end - parser->at) < len || memcmp(parser->at, name, len) != 0)
        return false;
    parser->at += len;
    return true;
}

#define TAKE_NAME(parser, name) take_name((parser), (name), sizeof(name) - 1)

static json_t *parse_name(struct parser *parser)
{
    if (TAKE_NAME(parser, "true"))
        return json_true();
    if (TAKE_NAME(parser, "false"))
        return json_false();
    return TAKE_NAME(parser, "null") ? json_null() : NULL;
}

/* ---- containers ---- */

/* Takes over `value`. A key that came before has this value then, in its old place. */
static bool set_member(json_t *object, const char *key, size_t len, json_t *value)
{
#if JANSSON_VERSION_HEX >= 0x020e00
    return value != NULL && json_object_setn_new_nocheck(object, key, len, value) == 0;
#else
    char *name = strndup(key, len);
    bool done = name != NULL && json_object_set_nocheck(object, name, value) == 0;

    json_decref(value);
    free(name);
    return done;
#endif
}

static json_t *parse_member_value(struct parser *parser)
{
    return take(parser, ':') ? parse_value(parser) : NULL;
}

/* A key that is not plain has to be kept somewhere while its value is parsed. jansson refuses those
 * with a NUL. */
static bool parse_odd_member(struct parser *parser, json_t *object)
{
    json_auto_t *name = parse_decoded(parser);
    const char *key = json_string_value(name);
    size_t len = json_string_length(name);

    return key != NULL && strlen(key) == len &&
           set_member(object, key, len, parse_member_value(parser));
}

static bool parse_member(struct parser *parser, json_t *object)
{
    const char *key, *stop;

    if (!take(parser, '"'))
        return false;
    key = parser->at;
    stop = evj_plain_skip(key, parser->end);
    if (stop == parser->end || *stop != '"')
        return parse_odd_member(parser, object);
    parser->at = stop + 1;
    return set_member(object, key, (size_t)(stop - key), parse_member_value(parser));
}

static bool parse_element(struct parser *parser, json_t *array)
{
    json_t *value = parse_value(parser);

    return value != NULL && json_array_append_new(array, value) == 0;
}

/* `at` is behind the opening bracket. Takes over `container`; NULL if it is not well formed. */
static json_t *fill(struct parser *parser, json_t *container, char closing,
                    bool (*parse_one)(struct parser *, json_t *))
{
    bool good = container != NULL && parser->depth < EVENT_TREE_DEPTH_MAX;

    parser->depth++;
    if (good && !take(parser, closing)) {
        do
            good = parse_one(parser, container);
        while (good && take(parser, ','));
        good = good && take(parser, closing);
    }
    parser->depth--;
    if (good)
        return container;
    json_decref(container);
    return NULL;
}

static json_t *parse_value(struct parser *parser)
{
    switch (peek(parser)) {
    case '"':
        parser->at++;
        return parse_string(parser);
    case '{':
        parser->at++;
        return fill(parser, json_object(), '}', parse_member);
    case '[':
        parser->at++;
        return fill(parser, json_array(), ']', parse_element);
    case '-':
    case '0' ... '9':
        return parse_number(parser);
    default:
        return parse_name(parser);
    }
}

/* ---- the whole ---- */

static bool is_at_end(struct parser *parser)
{
    return peek(parser) == '\0' && parser->at == parser->end;
}

json_t *event_tree_parse_quickly(const char *text, size_t len)
{
    struct parser parser = {.at = text, .end = text + len, .size = len};
    char first = peek(&parser);
    json_t *tree = first == '{' || first == '[' ? parse_value(&parser) : NULL;

    free(parser.scratch);
    if (tree == NULL || is_at_end(&parser))
        return tree;
    json_decref(tree);
    return NULL;
}

json_t *event_tree_parse(const char *text, size_t len, json_error_t *error)
{
    json_t *tree = event_tree_parse_quickly(text, len);

    return tree != NULL ? tree : json_loadb(text, len, JSON_ALLOW_NUL, error);
}
