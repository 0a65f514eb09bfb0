/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_SERIALISE_INTERNAL_H
#define RECORDER_SERIALISE_INTERNAL_H

/* The pieces that serialise.c prints with, for redact.c, which walks the same tree and prints some
 * of it otherwise. */

#include <jansson.h>
#include <stddef.h>

/*
 * Where the text goes. Positions are passed and returned by value rather than kept here: stores
 * through a char pointer may alias a struct, so that each of them would be read back from memory.
 * A position beyond `room` only counts. The first failure stays in `status` and ends the walk.
 */
struct sink {
    char *out;
    size_t room;
    unsigned depth;
    int status;
};

/* Each returns the position behind what it put. */
size_t sink_put_char(struct sink *sink, size_t at, char c);
/* Escaped as in a string, but without quotes. */
size_t sink_put_text(struct sink *sink, size_t at, const char *text, size_t len);
size_t sink_put_string(struct sink *sink, size_t at, const char *text, size_t len);
/* The key that an iterator of an object is at, and its colon. */
size_t sink_put_key(struct sink *sink, size_t at, void *iter, const char *key);
size_t sink_put_value(struct sink *sink, size_t at, json_t *value);

#endif
