/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_CANDIDATES_H
#define TOOLS_ANALYSIS_CANDIDATES_H

/*
 * ICE candidates. Which ones come, and when, depends on the machine and the moment: they are
 * counted by what they are (side, type, protocol, TCP type, address family), each address once.
 */

#include "tools/analysis/attributes.h"

#include <glib.h>

struct candidates {
    GHashTable *seen;   /* every single one */
    GHashTable *counts; /* "remote host udp IPv4" → number, in a GUINT_TO_POINTER */
};

struct candidates *candidates_new(void);
void candidates_free(struct candidates *candidates);

/*
 * Add one as Janus writes it: "1 1 udp 2015363327 192.0.2.2 44850 typ host", with or without
 * "candidate:". `side` is "local" or "remote". What is no candidate is passed by.
 */
void candidates_add(struct candidates *candidates, const char *side, const char *text);

/* The kinds that either has, sorted: GPtrArray of char *, borrowed from the two. */
GPtrArray *candidates_kinds(const struct candidates *a, const struct candidates *b);
unsigned candidates_of_kind(const struct candidates *candidates, const char *kind);

/*
 * Compare by kind: a kind that one side has not at all is a change of class negotiation (but a note
 * for prflx, which only tells that a packet was faster than its candidate), another number is a
 * note.
 */
void candidates_compare(const struct candidates *a, const struct candidates *b, GPtrArray *changes);

/*
 * Add what a selected pair says ("pair.local" = "host", "pair.transport", "pair.family" …) from
 * Janus's text "192.0.2.2:44850 [host,udp] <-> 192.0.2.9:45406 [host,udp]".
 */
void pair_describe(const char *pair, GPtrArray *attributes, struct rules *rules);

/* "host-host udp": the same for a table. To be freed with g_free(); NULL when it is no such text.
 */
char *pair_summary(const char *pair);

#endif
