/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_EXPECT_INTERNAL_H
#define REPLAY_EXPECT_INTERNAL_H

/* The steps of expect.c: reading GOT, matching, order, changes, and what is said of it all. */

#include "replay/event_notes.h"
#include "replay/expect.h"

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Instead of the number of an event. */
#define EXPECT_NONE UINT32_MAX

/* ---- matching (expect_match.c) ---- */

/* Where an expected event is in GOT. */
struct arrival {
    uint64_t got_seq;
    uint32_t number; /* in the order of GOT; EXPECT_NONE: it is lost */
    uint32_t other;  /* which of the others it became; EXPECT_NONE: it is unchanged */
};

/* An event of GOT that none of the expected ones has become. */
struct stray {
    uint64_t got_seq, session_id;
    uint32_t number; /* in the order of GOT */
    uint32_t type;
    uint32_t twin; /* the expected one that it is once more; EXPECT_NONE: it is unexpected */
};

struct match {
    const GArray *expected;   /* struct event_note */
    struct arrival *arrivals; /* of each */
    GArray *strays;           /* struct stray, in the order of GOT after match_finish() */
    uint64_t come;            /* expected events that are there, changed or not */
    uint64_t got_events;
    /* Events of GOT whose content no expected one has. */
    struct event_notes *other_notes;
    GArray *other_numbers; /* uint32_t: in the order of GOT */
    GArray *others;        /* struct event_note, after match_finish() */
    struct chains *by_content;
};

/* Both are borrowed; `other_notes` is cleared. Never NULL. */
struct match *match_new(const GArray *expected, struct event_notes *other_notes);

/* NULL is fine. */
void match_free(struct match *match);

/* Take the next event of GOT. EVJ_ERR_LIMIT when there are too many. */
int match_add(struct match *match, const struct evj_record *record, struct event_hash hash,
              struct evj_error *err);

/* GOT has no more: find those that were changed. */
int match_finish(struct match *match, struct evj_error *err);

/* ---- reading GOT (expect_got.c) ---- */

struct got {
    uint64_t gap_records, gap_events, damages;
    bool is_missing; /* there is no such file */
    bool is_live;    /* more may come without its files growing */
};

/* Read all of GOT into a new match. */
int got_read(const struct expect_options *options, struct match *match, struct got *ret_got,
             struct evj_error *err);

/* A number that is another one when its files have changed. */
uint64_t got_look(const char *path);

/* ---- what is wrong ---- */

/* The fewest expected events that were moved, if the rest kept its order: true for each of them, in
 * an array of as many as are expected. g_free() it. (expect_order.c) */
bool *expect_moved(const struct match *match, uint64_t *ret_count);

/* The object "altered" (expect_changes.c). New reference. */
json_t *expect_altered(const struct match *match, const struct event_notes *delivered,
                       const char *const *ignored);

#endif
