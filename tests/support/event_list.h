/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_SUPPORT_EVENT_LIST_H
#define TESTS_SUPPORT_EVENT_LIST_H

/*
 * Events of tests/data/events, or of a journal, as a list that a test may change, and the records that a journal of
 * them would hold: seq from 0, mono and wall from the timestamps, kept non-decreasing.
 */

#include "evj/record.h"

#include <glib.h>
#include <jansson.h>

/* GPtrArray of json_t, each owned. `name` is "echo2" for echo2.ndjson. Fails the test if
 * unreadable. */
GPtrArray *event_list_load(const char *name);

/* The same of a journal: its events, in its order. */
GPtrArray *event_list_read(const char *path);

/* A deep copy. */
GPtrArray *event_list_copy(const GPtrArray *events);

/* An event from its text, to be inserted. Fails the test when it is no JSON. */
json_t *event_list_parse(const char *text);

/* Call `visit` with the record of each event, in order. The record is borrowed for the call. */
void event_list_visit(const GPtrArray *events,
                      void (*visit)(const struct evj_record *record, void *context), void *context);

#endif
