/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_ID_FIELD_H
#define EVJ_ID_FIELD_H

/*
 * Which fields of an event hold an id, and of which kind. Janus draws ids at random, so that they
 * mean nothing but this: where one kind has the same value twice, the same thing is meant. Whoever
 * compares ids or gives others goes by this table. Pure; any thread.
 */

#include <stdbool.h>

enum evj_id_kind {
    EVJ_ID_NONE,
    EVJ_ID_SESSION,
    EVJ_ID_HANDLE,
    EVJ_ID_OPAQUE,
    EVJ_ID_TRANSPORT, /* of a connection; decimal digits in a string */
    EVJ_ID_ROOM,
    EVJ_ID_MOUNTPOINT,
    EVJ_ID_RECORDING,
    EVJ_ID_PARTICIPANT, /* in a room; "feed" is another name for it */
    EVJ_ID_PRIVATE,     /* of a participant: known to nobody else */
    EVJ_ID_UNIQUE,
    EVJ_ID_MASTER,
    EVJ_ID_CALL, /* SIP's Call-ID */
    EVJ_ID_FORWARDER,
    EVJ_ID_KINDS, /* how many there are */
};

/*
 * The kind of the field at a path: the key of a member of the envelope ("session_id"), or below
 * the event's body the label of its type and the keys down to the value, "[]" for any index of an
 * array: "transports.id". Below "data" of a plug-in's event the plug-in's name, without
 * "janus.plugin.", stands for the way there: "plugins.videoroom.data.streams[].feed_id".
 */
enum evj_id_kind evj_id_kind_of(const char *path);

/* Can a path that begins with this label of an event type lead to an id? Most events, statistics for
 * one, have none in their body. */
bool evj_id_may_be_below(const char *label);

/*
 * The n-th row of the table, from 0: fields of this key, below what fits the pattern ("" for the
 * envelope; '*' stands for any run of characters). The first row that fits decides. EVJ_ID_NONE, with
 * nothing set, behind the last.
 */
enum evj_id_kind evj_id_field_row(unsigned n, const char **ret_above, const char **ret_key);

/* "session", "room", "call-id" … Static text; "none" for EVJ_ID_NONE and what is no kind. */
const char *evj_id_kind_name(enum evj_id_kind kind);

#endif
