/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_EVENT_NOTES_H
#define REPLAY_EVENT_NOTES_H

/*
 * What is to be remembered of many events: hashes, and their texts for as long as there is room. They
 * are written down in a file without a name, event by event, so that they cost next to no memory,
 * and are there for the parent when the child that wrote them has crashed. One process writes, in
 * one thread; it, or its parent, reads after that.
 */

#include "evj/error.h"
#include "evj/record.h"
#include "replay/event_hash.h"

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the file up to which texts are kept. */
#define EVENT_NOTES_TEXTS_MAX (UINT64_C(512) << 20)

/* Events that can be looked at together: about 120 bytes of memory each, then. */
#define EVENT_NOTES_MAX 20000000u

struct event_note {
    struct event_hash hash;
    uint64_t seq, session_id;
    uint64_t text_at;  /* in the file */
    uint32_t text_len; /* 0: the text was not kept */
    uint32_t type;
};

struct event_notes;

/* The file is made in $TMPDIR, or /tmp. EVJ_ERR_IO with what to do when it cannot be. */
int event_notes_new(struct event_notes **ret_notes, struct evj_error *err);

/* NULL is fine. */
void event_notes_free(struct event_notes *notes);

/* Note an event. EVJ_ERR_IO when the file cannot grow. */
int event_notes_add(struct event_notes *notes, const struct evj_record *record,
                    struct event_hash hash, struct evj_error *err);

/* Take the last one back: it was none. */
void event_notes_withdraw(struct event_notes *notes);

/* Forget all. */
void event_notes_clear(struct event_notes *notes);

/* All of them, in their order: *ret_all is a GArray of struct event_note. EVJ_ERR_LIMIT for more than
 * EVENT_NOTES_MAX. */
int event_notes_load(const struct event_notes *notes, GArray **ret_all, struct evj_error *err);

/* The text of one of them, with a NUL behind it; NULL when it was not kept. g_free() it. */
char *event_notes_text(const struct event_notes *notes, const struct event_note *note);

#endif
