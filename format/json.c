/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/json.h"

#include "evj/error.h"
#include "format/json_skip_internal.h"

#include <limits.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

/* `at` is behind the opening quote. Returns behind the closing one, or NULL. */
static const char *skip_string(const char *at, const char *end)
{
    while (at < end) {
        const char *quote = memchr(at, '"', (size_t)(end - at));
        if (!quote)
            return NULL;
        /* The quote is escaped if an odd number of backslashes stands before it. */
        const char *slash = quote;
        while (slash > at && slash[-1] == '\\')
            slash--;
        if ((quote - slash) % 2 == 0)
            return quote + 1;
        at = quote + 1;
    }
    return NULL;
}

/* What can follow a number, true, false or null. A look into a table, because half of the values of
 * an event are numbers of up to 16 digits. */
static const bool ends_plain[UCHAR_MAX + 1] = {
    [','] = true, ['}'] = true, [']'] = true,  [':'] = true,  ['"'] = true,  ['{'] = true,
    ['['] = true, [' '] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true,
};

static const char *skip_plain(const char *at, const char *end)
{
    const char *start = at;

    while (at < end && !ends_plain[(unsigned char)*at])
        at++;
    return at > start ? at : NULL;
}

static int skip_value(const char *at, const char *end, const char **ret_after)
{
    if (at >= end)
        return EVJ_ERR_CORRUPT;
    if (*at == '{' || *at == '[')
        return evj_json_skip_nested(at, end, ret_after);

    const char *after = *at == '"' ? skip_string(at + 1, end) : skip_plain(at, end);
    if (!after)
        return EVJ_ERR_CORRUPT;
    *ret_after = after;
    return EVJ_OK;
}

static int init(struct evj_json_members *it, const char *text, size_t len, char bracket)
{
    if (!text)
        return EVJ_ERR_CORRUPT;
    const char *end = text + len;
    const char *at = skip_blanks(text, end);
    if (at >= end || *at != bracket)
        return EVJ_ERR_CORRUPT;
    *it = (struct evj_json_members){.at = at + 1, .end = end, .first = true};
    return EVJ_OK;
}

int evj_json_members_init(struct evj_json_members *it, const char *text, size_t len)
{
    return init(it, text, len, '{');
}

int evj_json_elements_init(struct evj_json_members *it, const char *text, size_t len)
{
    return init(it, text, len, '[');
}

/* At the closing bracket: behind it, only blanks may follow, unless it is within another. */
static int closed(struct evj_json_members *it, const char *at)
{
    it->at = at;
    return it->within || skip_blanks(at + 1, it->end) == it->end ? EVJ_END : EVJ_ERR_CORRUPT;
}

/* To where the next member or element begins. */
static int step(struct evj_json_members *it, char bracket)
{
    const char *at = skip_blanks(it->at, it->end);

    if (at < it->end && *at == bracket)
        return closed(it, at);
    if (!it->first) {
        if (at >= it->end || *at != ',')
            return EVJ_ERR_CORRUPT;
        at = skip_blanks(at + 1, it->end);
    }
    it->at = at;
    it->first = false;
    return EVJ_OK;
}

int evj_json_elements_step(struct evj_json_members *it)
{
    return step(it, ']');
}

int evj_json_members_key(struct evj_json_members *it, struct evj_slice *ret_key)
{
    int status = step(it, '}');
    const char *at = it->at;

    if (status != EVJ_OK)
        return status;
    if (at >= it->end || *at != '"')
        return EVJ_ERR_CORRUPT;

    const char *key = at + 1;
    const char *after_key = skip_string(key, it->end);
    if (!after_key)
        return EVJ_ERR_CORRUPT;
    at = skip_blanks(after_key, it->end);
    if (at >= it->end || *at != ':')
        return EVJ_ERR_CORRUPT;

    *ret_key = (struct evj_slice){key, (size_t)(after_key - 1 - key)};
    it->at = skip_blanks(at + 1, it->end);
    return EVJ_OK;
}

int evj_json_members_value(struct evj_json_members *it, struct evj_slice *ret_value)
{
    const char *after;
    int status = skip_value(it->at, it->end, &after);

    if (status < 0)
        return status;
    *ret_value = (struct evj_slice){it->at, (size_t)(after - it->at)};
    it->at = after;
    return EVJ_OK;
}

static int enter(const struct evj_json_members *it, struct evj_json_members *ret_inner,
                 char bracket)
{
    if (it->at >= it->end || *it->at != bracket)
        return EVJ_ERR_CORRUPT;
    *ret_inner =
        (struct evj_json_members){.at = it->at + 1, .end = it->end, .first = true, .within = true};
    return EVJ_OK;
}

int evj_json_members_enter(const struct evj_json_members *it, struct evj_json_members *ret_inner)
{
    return enter(it, ret_inner, '{');
}

int evj_json_elements_enter(const struct evj_json_members *it, struct evj_json_members *ret_inner)
{
    return enter(it, ret_inner, '[');
}

void evj_json_members_leave(struct evj_json_members *it, const struct evj_json_members *inner,
                            struct evj_slice *ret_value)
{
    const char *after = inner->at + 1; /* it stays at its closing bracket */

    *ret_value = (struct evj_slice){it->at, (size_t)(after - it->at)};
    it->at = after;
}

int evj_json_members_next(struct evj_json_members *it, struct evj_slice *ret_key,
                          struct evj_slice *ret_value)
{
    int status = evj_json_members_key(it, ret_key);

    return status == EVJ_OK ? evj_json_members_value(it, ret_value) : status;
}

struct evj_slice evj_json_member(struct evj_slice object, const char *key)
{
    struct evj_json_members it;
    struct evj_slice name, value;

    if (evj_json_members_init(&it, object.text, object.len) < 0)
        return (struct evj_slice){NULL, 0};
    while (evj_json_members_next(&it, &name, &value) == EVJ_OK)
        if (evj_slice_is(name, key))
            return value;
    return (struct evj_slice){NULL, 0};
}

struct evj_slice evj_json_string(struct evj_slice value)
{
    if (!value.text || value.len < 2 || value.text[0] != '"')
        return (struct evj_slice){NULL, 0};
    return (struct evj_slice){value.text + 1, value.len - 2};
}

bool evj_json_string_is(struct evj_slice value, const char *text)
{
    return evj_slice_is(evj_json_string(value), text);
}

/* A number of so many digits always fits. */
#define DIGITS_SAFE 19u

bool evj_json_to_u64(struct evj_slice value, uint64_t *ret)
{
    uint64_t number = 0;

    if (!value.text || value.len == 0)
        return false;
    for (size_t i = 0; i < value.len; i++) {
        unsigned digit = (unsigned)(value.text[i] - '0');
        if (digit > 9)
            return false;
        if (i < DIGITS_SAFE)
            number = 10 * number + digit;
        else if (__builtin_mul_overflow(number, 10u, &number) ||
                 __builtin_add_overflow(number, digit, &number))
            return false;
    }
    *ret = number;
    return true;
}

bool evj_json_to_i64(struct evj_slice value, int64_t *ret)
{
    bool negative = value.text && value.len > 0 && value.text[0] == '-';
    struct evj_slice digits = negative ? (struct evj_slice){value.text + 1, value.len - 1} : value;
    uint64_t magnitude;

    if (!evj_json_to_u64(digits, &magnitude))
        return false;
    if (magnitude > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return false;
    *ret = (int64_t)(negative ? 0 - magnitude : magnitude);
    return true;
}
