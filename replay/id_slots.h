/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_ID_SLOTS_H
#define REPLAY_ID_SLOTS_H

/*
 * Where in the text of an event its ids stand (evj/id_field.h), and its timestamp: found once, and
 * filled in anew for each copy of the event. A plain value.
 */

#include "evj/id_field.h"
#include "evj/record.h"

#include <glib.h>
#include <stddef.h>

struct id_slot {
    size_t at, len;        /* of the value, with the quotes of a string */
    enum evj_id_kind kind; /* EVJ_ID_NONE: it is the timestamp */
};

struct id_slots {
    GArray *slots; /* struct id_slot, in the order of the text; NULL when there are none */
    size_t ids;    /* how many of them are ids */
};

/*
 * Find them in an event record. Ids are whole numbers above 0, and strings of 1 to 1024 bytes.
 * Returns 0, EVJ_ERR_CORRUPT or EVJ_ERR_LIMIT as json_walk(); id_slots_done() has to follow.
 */
int id_slots_find(struct id_slots *ret_slots, const struct evj_record *record);

void id_slots_done(struct id_slots *slots);

#endif
