/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_SELECT_H
#define EVJ_SELECT_H

/*
 * Which records a command looks at: the selection options that every reading command shares.
 * Options of one kind widen each other, options of different kinds narrow.
 */

#include "evj/block.h"
#include "evj/cleanup.h"
#include "evj/error.h"
#include "evj/header.h"
#include "evj/record.h"

#include <stdbool.h>

struct evj_select;

/* A selection that matches everything. NULL when there is no memory. */
struct evj_select *evj_select_new(void);
void evj_select_free(struct evj_select *select);
EVJ_DEFINE_AUTO(select);

/*
 * Add one option's value. All return 0, EVJ_ERR_INVALID with a sentence for the user, or
 * EVJ_ERR_MEMORY. session, handle   decimal ids opaque            a glob (fnmatch(3)) over
 * opaque_id: selects the events of such handles types             labels with commas:
 * "sessions,jsep" plugin            with or without "janus.plugin.": selects the events of handles
 * attached to it, and that plug-in's own from, to          RFC 3339, HH:MM:SS[.frac] of the
 * journal's first day (UTC), "+90s" from its start (s, ms, us, m, h), or "@SEQ"; both ends belong
 * to the selection
 */
int evj_select_add_session(struct evj_select *select, const char *text, struct evj_error *err);
int evj_select_add_handle(struct evj_select *select, const char *text, struct evj_error *err);
int evj_select_add_opaque(struct evj_select *select, const char *text, struct evj_error *err);
int evj_select_add_types(struct evj_select *select, const char *text, struct evj_error *err);
int evj_select_add_plugin(struct evj_select *select, const char *text, struct evj_error *err);
int evj_select_set_from(struct evj_select *select, const char *text, struct evj_error *err);
int evj_select_set_to(struct evj_select *select, const char *text, struct evj_error *err);

/* Does it match everything? */
bool evj_select_is_all(const struct evj_select *select);

/* Does it match everything from some moment on? */
bool evj_select_is_tail(const struct evj_select *select);

/* How much of a session it leaves. */
enum evj_select_scope {
    EVJ_SCOPE_WHOLE, /* all of the sessions that are selected */
    EVJ_SCOPE_SPAN,  /* of them, what lies after or before a moment */
    EVJ_SCOPE_SOME,  /* only what is of some handles, plug-ins or types */
};
enum evj_select_scope evj_select_scope(const struct evj_select *select);

/* Does it look into events, or at times only? */
bool evj_select_looks_into_events(const struct evj_select *select);

/* Resolve relative times against the (first) header. Call once, before the first match. */
void evj_select_anchor(struct evj_select *select, const struct evj_header *header);

/* Is `from` after `to`, so that nothing can match? Known after evj_select_anchor(); a time and a seq
 * cannot be compared. */
bool evj_select_is_backwards(const struct evj_select *select);

/*
 * Is this record selected? Call it for every record in order: it remembers which handle is attached
 * to which plug-in. Gap, mark and unknown records match by time only; end records never.
 */
bool evj_select_matches(struct evj_select *select, const struct evj_record *record);

/* Does the whole record lie before `from`? What it tells of who is live is needed still by who begins
 * there with the state of that moment. */
bool evj_select_is_before(const struct evj_select *select, const struct evj_record *record);

/* As evj_select_matches() but for the time: is this state selected, of whatever moment? For events
 * that evj_select_matches() has been called for, and for `state` records. */
bool evj_select_matches_state(struct evj_select *select, const struct evj_record *record);

/* An evj_block_wanted for evj_journal_set_filter(), with the select as its context. */
bool evj_select_wants_block(const struct evj_header *header, const struct evj_block_info *info,
                            void *select);

/* May the block have events of the sessions that are asked for? */
bool evj_select_has_sessions(const struct evj_select *select, const struct evj_block_info *info);

/* The same as evj_select_wants_block() for who needs the state at `from`: no block before it is passed by, but for those that
 * have none of the sessions. */
bool evj_select_wants_block_or_state(const struct evj_header *header,
                                     const struct evj_block_info *info, void *select);

#endif
