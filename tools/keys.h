/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_KEYS_H
#define TOOLS_KEYS_H

/*
 * What somebody types while a replay runs, as orders to the engine: space pauses or goes on, `.` is one
 * event, + and - are the speed, the arrows seek, q is Ctrl-C. A thread reads them.
 */

#include "replay/control.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- decoding ---- */

/* Where in the bytes of a key it is. Zeroed, before the first. */
struct key_decoder {
    char bytes[8];
    size_t len;
};

enum key_meaning {
    KEY_NONE,  /* not a key yet, or one without a meaning */
    KEY_ORDER, /* *ret_order is set */
    KEY_QUIT,
};

/* The next byte of what was typed. */
enum key_meaning key_decode(struct key_decoder *decoder, char byte, struct replay_order *ret_order);

/* A line for people: which keys there are. */
extern const char keys_help[];

/* ---- reading ---- */

struct keys;

/*
 * Read keys from standard input and post what they mean, until keys_stop(). NULL if that is no terminal
 * of ours, or there is no thread to be had: then nobody is asked. One at a time in a process, and in
 * the parent if there is a child.
 */
struct keys *keys_start(struct replay_control *control);

/* The terminal is as before. NULL is fine. */
void keys_stop(struct keys *keys);

#endif
