/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/json_values.h"

#include "evj/limits.h"
#include "tools/json_extent.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#define READ_SIZE (64u * 1024)

/* A fault found this many lines after its object's beginning is blamed on the first of them. */
#define LINES_TO_GO_BACK 8

/*
 * A parser that makes a tree says best what is wrong, but the tree takes twenty times the text's
 * memory. What is longer than this is held against the grammar only.
 */
#define TREE_TEXT_MAX (128u * 1024)

struct json_values {
    json_values_read *read;
    void *context;
    char *bytes;
    size_t at, len, capacity; /* bytes[at … len) is not used up yet */
    size_t fed;               /* of those, what the parser has got */
    int sys_errno;            /* of the read that failed */
    bool ended;               /* there is no more to read */
    bool too_long;            /* the parser was stopped for TREE_TEXT_MAX */
    uint64_t line;            /* of bytes[at], from 0 */
    size_t column;
    uint64_t value_line;
    unsigned open_arrays;
};

struct json_values *json_values_new(json_values_read *read, void *context)
{
    struct json_values *values = g_new0(struct json_values, 1);

    values->read = read;
    values->context = context;
    return values;
}

void json_values_free(struct json_values *values)
{
    if (values == NULL)
        return;
    g_free(values->bytes);
    g_free(values);
}

uint64_t json_values_line(const struct json_values *values)
{
    return values->value_line + 1;
}

/* ---- bytes ---- */

static void make_room(struct json_values *values)
{
    if (values->capacity - values->len >= READ_SIZE)
        return;
    if (values->at > 0)
        memmove(values->bytes, values->bytes + values->at, values->len - values->at);
    values->len -= values->at;
    values->fed -= values->at;
    values->at = 0;
    if (values->capacity - values->len >= READ_SIZE)
        return;
    values->capacity = MAX(2 * values->capacity, 4 * READ_SIZE);
    values->bytes = g_realloc(values->bytes, values->capacity);
}

/* Read more behind what is there. False when there is no more. */
static bool read_more(struct json_values *values)
{
    ssize_t n;

    if (values->ended)
        return false;
    values->fed = MAX(values->fed, values->at);
    make_room(values);
    n = values->read(values->context, values->bytes + values->len, READ_SIZE);
    if (n > 0) {
        values->len += (size_t)n;
        return true;
    }
    values->sys_errno = n < 0 ? errno : 0;
    values->ended = true;
    return false;
}

/* Use up `n` bytes, keeping count of lines and columns. */
static void advance(struct json_values *values, size_t n)
{
    const char *end = values->bytes + values->at + n;
    const char *newline = values->bytes + values->at;

    values->column += n;
    while ((newline = memchr(newline, '\n', (size_t)(end - newline))) != NULL) {
        newline++;
        values->line++;
        values->column = (size_t)(end - newline);
    }
    values->at += n;
}

/* The next byte that is no blank; -1 at the end. */
static int skip_blanks(struct json_values *values)
{
    while (values->at < values->len || read_more(values)) {
        char c = values->bytes[values->at];

        if (strchr(" \t\r\n", c) == NULL || c == '\0')
            return (unsigned char)c;
        advance(values, 1);
    }
    return -1;
}

/* To the beginning of the next line. */
static void skip_line(struct json_values *values)
{
    while (values->at < values->len || read_more(values)) {
        const char *from = values->bytes + values->at;
        const char *newline = memchr(from, '\n', values->len - values->at);

        advance(values, newline != NULL ? (size_t)(newline - from) + 1 : values->len - values->at);
        if (newline != NULL)
            return;
    }
}

/* ---- faults ---- */

/*
 * Pass by a broken object: to the next line on which one begins, no further right than it did. (The
 * inner lines of an object that is spread over lines are further right.)
 */
static void pass_by(struct json_values *values, size_t column, uint64_t fault_line)
{
    uint64_t lines = fault_line > LINES_TO_GO_BACK ? fault_line - 1 : 1;

    while (lines-- > 0)
        skip_line(values);
    for (;;) {
        int c = skip_blanks(values);

        if (c < 0 || (strchr("{[]", c) != NULL && c != '\0' && values->column <= column))
            return;
        skip_line(values);
    }
}

static int fail_value(struct json_values *values, uint64_t fault_line, const char *fault,
                      struct evj_error *err)
{
    pass_by(values, values->column, fault_line);
    return evj_fail(err, EVJ_ERR_CORRUPT, 0, "no valid JSON: %s", fault);
}

static int fail_unfinished(struct json_values *values, uint64_t lines, struct evj_error *err)
{
    pass_by(values, values->column, lines);
    return evj_fail(err, EVJ_ERR_CORRUPT, 0, "the input ends inside an object");
}

static int fail_too_large(struct json_values *values, uint64_t lines, struct evj_error *err)
{
    pass_by(values, values->column, lines);
    return evj_fail(err, EVJ_ERR_LIMIT, 0, "an object larger than %u MiB",
                    EVJ_LINE_MAX / 1024 / 1024);
}

static int fail_end(struct json_values *values, struct evj_error *err)
{
    if (values->sys_errno != 0) {
        errno = values->sys_errno;
        return evj_fail_errno(err, 0, "cannot read the input");
    }
    if (values->open_arrays == 0)
        return EVJ_END;
    values->open_arrays = 0;
    return evj_fail(err, EVJ_TRUNCATED, 0, "the input ends inside an array");
}

/* Behind a number, text or word that stands where an object should. */
static void skip_scalar(struct json_values *values)
{
    do
        advance(values, 1);
    while ((values->at < values->len || read_more(values)) &&
           strchr(",[]{}\n", values->bytes[values->at]) == NULL);
}

static int fail_text(struct json_values *values, struct evj_error *err)
{
    size_t len = MIN(values->len - values->at, 24);
    const char *text = values->bytes + values->at;
    const char *newline = memchr(text, '\n', len);
    g_autofree char *found = g_strndup(text, newline != NULL ? (size_t)(newline - text) : len);

    if (values->open_arrays > 0)
        skip_scalar(values);
    else
        skip_line(values);
    return evj_fail(err, EVJ_ERR_CORRUPT, 0, "no event, which begins with {, but: %s", found);
}

/* ---- objects ---- */

static size_t feed_parser(void *buffer, size_t size, void *context)
{
    struct json_values *values = context;
    size_t n;

    values->too_long = values->fed - values->at > TREE_TEXT_MAX;
    if (values->too_long || (values->fed == values->len && !read_more(values)))
        return 0;
    n = MIN(size, values->len - values->fed);
    memcpy(buffer, values->bytes + values->fed, n);
    values->fed += n;
    return n;
}

/* Drop the blanks between the parts of valid JSON text, in place. Returns the new length. */
static size_t compact(char *text, size_t len)
{
    size_t kept = 0;
    bool in_string = false;

    for (size_t i = 0; i < len; i++) {
        if (!in_string && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n'))
            continue;
        if (in_string && text[i] == '\\')
            text[kept++] = text[i++];
        else if (text[i] == '"')
            in_string = !in_string;
        text[kept++] = text[i];
    }
    return kept;
}

/* Use up an object of valid JSON. */
static void take_text(struct json_values *values, size_t size, struct evj_slice *ret_text)
{
    advance(values, size);
    *ret_text = (struct evj_slice){.text = values->bytes + values->at - size};
    ret_text->len = compact(values->bytes + values->at - size, size);
}

/* From 1, of byte `at` of the object. */
static uint64_t line_of(const struct json_values *values, size_t at)
{
    uint64_t line = 1;

    for (size_t i = 0; i < at; i++)
        line += values->bytes[values->at + i] == '\n';
    return line;
}

/* Read until the object ends, is wrong, or cannot be taken. Returns whether it ends. */
static bool read_object(struct json_values *values, struct json_extent *extent,
                        const char **ret_fault, size_t *ret_at)
{
    size_t len;

    *ret_fault = NULL;
    do {
        len = values->len - values->at;
        if (json_extent_ends(extent, values->bytes + values->at, len)) {
            *ret_fault = evj_json_fault(values->bytes + values->at, extent->len, ret_at);
            return true;
        }
        *ret_fault = json_extent_fault(extent, values->bytes + values->at, len, ret_at);
    } while (*ret_fault == NULL && len <= EVJ_LINE_MAX && read_more(values));
    extent->checked = 0;
    if (*ret_fault == NULL)
        *ret_fault = json_extent_fault(extent, values->bytes + values->at, len, ret_at);
    return false;
}

static int take_long_object(struct json_values *values, struct evj_slice *ret_text,
                            struct evj_error *err)
{
    struct json_extent extent = {0};
    const char *fault;
    size_t fault_at;
    bool ends = read_object(values, &extent, &fault, &fault_at);

    if (ends && extent.len > EVJ_LINE_MAX)
        return fail_too_large(values, line_of(values, extent.len), err);
    if (fault != NULL)
        return fail_value(values, line_of(values, fault_at), fault, err);
    if (!ends && extent.len > EVJ_LINE_MAX)
        return fail_too_large(values, line_of(values, extent.len), err);
    if (!ends)
        return fail_unfinished(values, line_of(values, extent.len), err);
    take_text(values, extent.len, ret_text);
    return 0;
}

static int take_object(struct json_values *values, struct evj_slice *ret_text,
                       struct evj_error *err)
{
    json_error_t error;
    json_auto_t *object = NULL;

    values->fed = values->at;
    values->too_long = false;
    object =
        json_load_callback(feed_parser, values, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &error);
    if (object == NULL && values->too_long)
        return take_long_object(values, ret_text, err);
    if (object == NULL && json_error_code(&error) == json_error_premature_end_of_input)
        return fail_unfinished(values, (uint64_t)MAX(error.line, 1), err);
    if (object == NULL)
        return fail_value(values, (uint64_t)MAX(error.line, 1), error.text, err);
    take_text(values, (size_t)error.position, ret_text);
    return 0;
}

int json_values_next(struct json_values *values, struct evj_slice *ret_text, struct evj_error *err)
{
    for (;;) {
        int c = skip_blanks(values);

        values->value_line = values->line;
        if (c < 0)
            return fail_end(values, err);
        if (c == '{')
            return take_object(values, ret_text, err);
        if (c != ',' && c != '[' && (c != ']' || values->open_arrays == 0))
            return fail_text(values, err);
        values->open_arrays += c == '[';
        values->open_arrays -= c == ']';
        advance(values, 1);
    }
}
