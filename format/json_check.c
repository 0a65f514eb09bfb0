/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/json.h"
#include "evj/json_char.h"
#include "evj/limits.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A line may hold an event that nests as deep as may be, and its envelope around it. */
#define DEPTH_MAX (EVJ_DEPTH_MAX + 8u)

/* Where the check stands, and which of the open brackets are objects': one bit each. */
struct check {
    const char *at, *end;
    const char *fault;
    unsigned depth;
    uint64_t objects[DEPTH_MAX / 64 + 1];
};

static bool fail(struct check *check, const char *fault)
{
    check->fault = fault;
    return false;
}

static char peek(const struct check *check)
{
    return check->at < check->end ? *check->at : '\0';
}

static bool take(struct check *check, char c)
{
    if (peek(check) != c)
        return false;
    check->at++;
    return true;
}

static void skip_blanks(struct check *check)
{
    while (check->at < check->end &&
           (*check->at == ' ' || *check->at == '\t' || *check->at == '\n' || *check->at == '\r'))
        check->at++;
}

/* ---- strings ---- */

static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 && c != '"' && c != '\\';
}

static bool check_escape(struct check *check)
{
    const char *letter = check->at + 1;

    if (letter < check->end && *letter == 'u') {
        const char *digits = letter + 1;
        if (evj_json_escaped_codepoint(&digits, check->end) < 0)
            return fail(check, "an escape that is no character");
        check->at = digits;
        return true;
    }
    if (letter >= check->end || !*letter || !strchr("\"\\/bfnrt", *letter))
        return fail(check, "an escape that JSON does not have");
    check->at += 2;
    return true;
}

static bool check_odd_character(struct check *check)
{
    if (*check->at == '\\')
        return check_escape(check);
    if ((unsigned char)*check->at < 0x20)
        return fail(check, "a control character in a string");
    size_t len = evj_utf8_length(check->at, check->end);
    if (len == 0)
        return fail(check, "a string that is not UTF-8");
    check->at += len;
    return true;
}

static bool check_string(struct check *check)
{
    check->at++;
    while (check->at < check->end) {
        if (is_plain(*check->at))
            check->at++;
        else if (*check->at == '"')
            return take(check, '"');
        else if (!check_odd_character(check))
            return false;
    }
    return fail(check, "a string without its end");
}

/* ---- numbers and names ---- */

static bool take_digits(struct check *check)
{
    const char *first = check->at;

    while (peek(check) >= '0' && peek(check) <= '9')
        check->at++;
    return check->at > first;
}

static bool check_number(struct check *check)
{
    take(check, '-');
    if (!take(check, '0') && !take_digits(check))
        return fail(check, "a value is missing");
    if (take(check, '.') && !take_digits(check))
        return fail(check, "a number without its digits");
    if (take(check, 'e') || take(check, 'E')) {
        if (!take(check, '+'))
            take(check, '-');
        if (!take_digits(check))
            return fail(check, "a number without its digits");
    }
    return true;
}

static bool check_name(struct check *check, const char *name)
{
    size_t len = strlen(name);

    if ((size_t)(check->end - check->at) < len || memcmp(check->at, name, len) != 0)
        return fail(check, "a value is missing");
    check->at += len;
    return true;
}

/* ---- arrays and objects ---- */

static bool is_in_object(const struct check *check)
{
    unsigned top = check->depth - 1;

    return check->objects[top / 64] >> top % 64 & 1;
}

static bool open_bracket(struct check *check)
{
    uint64_t bit = UINT64_C(1) << check->depth % 64;
    uint64_t *word = &check->objects[check->depth / 64];

    if (check->depth == DEPTH_MAX)
        return fail(check, "it nests too deep");
    *word = *check->at++ == '{' ? *word | bit : *word & ~bit;
    check->depth++;
    return true;
}

/* A member's key and its colon. Does nothing within an array. */
static bool check_key(struct check *check)
{
    if (!is_in_object(check))
        return true;
    skip_blanks(check);
    if (peek(check) != '"')
        return fail(check, "a key is missing");
    if (!check_string(check))
        return false;
    skip_blanks(check);
    return take(check, ':') || fail(check, "a colon is missing");
}

/* Behind a value: close what ends here. *ret_more: a comma says that another value follows. */
static bool check_closings(struct check *check, bool *ret_more)
{
    *ret_more = false;
    for (; check->depth > 0; check->depth--) {
        skip_blanks(check);
        if (take(check, ',')) {
            *ret_more = true;
            return check_key(check);
        }
        if (!take(check, is_in_object(check) ? '}' : ']'))
            return fail(check, "a comma or a bracket is missing");
    }
    return true;
}

/* An object or array begins. *ret_inside: its first value follows; else it is empty. */
static bool check_opening(struct check *check, bool *ret_inside)
{
    if (!open_bracket(check))
        return false;
    skip_blanks(check);
    *ret_inside = peek(check) != (is_in_object(check) ? '}' : ']');
    return !*ret_inside || check_key(check);
}

static bool check_scalar(struct check *check)
{
    switch (peek(check)) {
    case '"':
        return check_string(check);
    case 't':
        return check_name(check, "true");
    case 'f':
        return check_name(check, "false");
    case 'n':
        return check_name(check, "null");
    default:
        return check_number(check);
    }
}

static bool check_text(struct check *check)
{
    for (bool more = true; more;) {
        skip_blanks(check);
        bool opens = peek(check) == '{' || peek(check) == '[';
        if (!(opens ? check_opening(check, &more) : check_scalar(check)))
            return false;
        if (opens && more)
            continue;
        if (opens)
            skip_blanks(check);
        if (!check_closings(check, &more))
            return false;
    }
    skip_blanks(check);
    return check->at == check->end || fail(check, "something follows the value");
}

const char *evj_json_fault(const char *text, size_t len, size_t *ret_at)
{
    struct check check = {.at = text, .end = text + len};

    if (check_text(&check))
        return NULL;
    *ret_at = (size_t)(check.at - text);
    return check.fault;
}
