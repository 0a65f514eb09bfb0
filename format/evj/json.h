/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_JSON_H
#define EVJ_JSON_H

/*
 * Reading JSON text in place: the members of one object, one after the other, without a tree and
 * without memory of its own. Values that nobody asked for are stepped over by their brackets and
 * quotes only; a consumer that needs them valid parses them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed bytes, not terminated. text is NULL when absent. */
struct evj_slice {
    const char *text;
    size_t len;
};

/* Walks the members of one object. Treat as opaque. */
struct evj_json_members {
    const char *at, *end;
    bool first, within;
};

/* Start on the object in text[0 … len). Returns 0, or EVJ_ERR_CORRUPT if it is not one. */
int evj_json_members_init(struct evj_json_members *it, const char *text, size_t len);

/*
 * The next member. *ret_key is the key between its quotes, still escaped; *ret_value is the value
 * with its quotes or brackets. Returns 0, EVJ_END after the closing bracket (nothing but blanks may
 * follow it), EVJ_ERR_CORRUPT, or EVJ_ERR_LIMIT for nesting beyond EVJ_DEPTH_MAX.
 */
int evj_json_members_next(struct evj_json_members *it, struct evj_slice *ret_key,
                          struct evj_slice *ret_value);

/*
 * The same in two steps, for who wants to look into a value instead of stepping over it: first the
 * key; then either its value, or enter the object that is its value, walk that to its EVJ_END, and
 * leave it, which gives it as a slice. Enter fails with EVJ_ERR_CORRUPT if it is no object.
 */
int evj_json_members_key(struct evj_json_members *it, struct evj_slice *ret_key);
int evj_json_members_value(struct evj_json_members *it, struct evj_slice *ret_value);
int evj_json_members_enter(const struct evj_json_members *it, struct evj_json_members *ret_inner);
void evj_json_members_leave(struct evj_json_members *it, const struct evj_json_members *inner,
                            struct evj_slice *ret_value);

/*
 * The elements of an array, with the same walker: init or enter, then a step to each element, whose
 * value is taken or entered as a member's; entered ones are left as objects are. A step returns as
 * evj_json_members_key().
 */
int evj_json_elements_init(struct evj_json_members *it, const char *text, size_t len);
int evj_json_elements_enter(const struct evj_json_members *it, struct evj_json_members *ret_inner);
int evj_json_elements_step(struct evj_json_members *it);

/* The value of one member of the object in `object`; an empty slice when there is none. */
struct evj_slice evj_json_member(struct evj_slice object, const char *key);

/* Does the (still escaped) slice equal this plain text? For keys, and for strings with quotes off.
 */
static inline bool evj_slice_is(struct evj_slice slice, const char *text)
{
    size_t len = strlen(text);

    return slice.text && slice.len == len && memcmp(slice.text, text, len) == 0;
}

/* Is the value a JSON string, and which one between its quotes? Returns an empty slice if it is
 * not. */
struct evj_slice evj_json_string(struct evj_slice value);

/* Is this value a string that reads `text`? */
bool evj_json_string_is(struct evj_slice value, const char *text);

/* An integer value that fits; untouched and false otherwise (also for reals). */
bool evj_json_to_u64(struct evj_slice value, uint64_t *ret);
bool evj_json_to_i64(struct evj_slice value, int64_t *ret);

/*
 * Decode a JSON string value (with its quotes) to UTF-8 in `out`, always terminated, cut at a whole
 * character if it does not fit. What is no character becomes U+FFFD. Returns the length written, 0
 * also when the value is no string.
 */
size_t evj_json_string_decode(struct evj_slice value, char *out, size_t out_size);

/*
 * Write `text` as a JSON string with quotes, escaped as jansson does (\", \\, \b \f \n \r \t, other
 * control characters as \u00XX with capital hex; nothing else). Never writes beyond out_size, and
 * does not terminate. Returns the length that the whole string needs, as snprintf() does.
 */
size_t evj_json_string_encode(const char *text, size_t len, char *out, size_t out_size);

/*
 * Is a text JSON (RFC 8259), to the last byte? What reads journals steps over most of an event by
 * its brackets only; this is for who wants to know, without the memory that a tree takes. NULL if
 * it is one JSON value, of characters in UTF-8 and not nested deeper than a record may be; else
 * what is wrong with it, static text, and *ret_at where, in bytes.
 */
const char *evj_json_fault(const char *text, size_t len, size_t *ret_at);

#endif
