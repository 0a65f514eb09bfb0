/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_CANONICAL_H
#define TOOLS_ANALYSIS_CANONICAL_H

/*
 * Sessions as lines of text that are the same whenever the calls are: what is drawn anew for each call
 * has a name or is left out, an SDP says what it means, and each state machine is told by itself, so that it
 * does not matter how they interleave. What counts, and how, is for the rules to say, as in a comparison.
 *
 *     # evj normalize 1
 *
 *     session_1
 *       transport: websockets
 *       session: created
 *       session: destroyed
 *     handle_1 of session_1 videoroom
 *       handle: attached opaque_id=opaque_id_1
 *       plugin: videoroom joined display="alice" id=participant_1 room=room_1
 *     handle_1 pc 1
 *       signalling: remote offer
 *         mid:0: audio
 *         mid:0.direction: sendrecv
 *       ice: gathering
 *
 * Headings begin at the margin, steps behind two blanks, what an SDP says behind four. A bare word with
 * '_' and a number is a name; text stands in quotes, as in JSON.
 */

#include "tools/analysis/model.h"
#include "tools/analysis/names.h"
#include "tools/analysis/rules.h"

#include <glib.h>

#define CANONICAL_FIRST_LINE "# evj normalize 1"

/* Append all that is told of a session. Names are given in the order of the text. */
void canonical_session(const struct model_session *session, struct rules *rules,
                       struct names *names, GString *to);

/* Append a line (without newline) of such a text, its names given anew: of a text that is whole it is
 * the same line. */
void canonical_line(const char *line, struct names *names, GString *to);

/* canonical_quote.c: append a value as JSON would write it, numbers and words of JSON bare. */
void canonical_put_value(GString *to, const char *value);
/* Append words, or the key of a field: bare if nothing in them can be taken for something else, or else
 * in quotes. */
void canonical_put_words(GString *to, const char *words);
void canonical_put_key(GString *to, const char *key);
/* Append text as it is, but for what is no text. */
void canonical_put_text(GString *to, const char *text);

#endif
