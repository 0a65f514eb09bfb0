/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_TOOLS_ANALYSIS_MUTATIONS_H
#define TESTS_TOOLS_ANALYSIS_MUTATIONS_H

/*
 * Changes that are planted into any recording: such as a comparison must find, each told where and what it
 * is worth, and such as it must let pass. Where in the recording is drawn at random.
 */

#include "tools/analysis/diff.h"

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* Plant it into a list of events. False, and nothing is changed, when this recording has no place for
 * it. */
typedef bool mutate_function(GPtrArray *events, GRand *random);

struct mutation {
    const char *what;
    mutate_function *plant;
    enum diff_class class; /* of the difference to be found … */
    enum lane_kind lane;   /* … in a lane of this kind; LANE_KINDS: in that of the event, any */
};

extern const struct mutation planted_mutations[];
extern const size_t planted_mutation_count;

/* Into what plugins tell, in calls of tests/data/plugins. */
extern const struct mutation plugin_mutations[];
extern const size_t plugin_mutation_count;

/* Only `what` and `plant`. */
extern const struct mutation harmless_mutations[];
extern const size_t harmless_mutation_count;

/* ---- what both need ---- */

json_t *event_of(const GPtrArray *events, guint index);
/* What its body says at a path below "event": "jsep.type"; or NULL. */
json_t *body_value(const GPtrArray *events, guint index, const char *path);
bool body_says(const GPtrArray *events, guint index, const char *path, const char *value);
bool body_has(const GPtrArray *events, guint index, const char *path);
bool is_statistics(const GPtrArray *events, guint index);

/* Indices (guint) of the events whose body has this at a path; value NULL: anything. */
GArray *events_with(const GPtrArray *events, const char *path, const char *value);
/* One of them at random. False if there is none. */
bool any_event_with(const GPtrArray *events, const char *path, const char *value, GRand *random,
                    guint *ret_index);
/* The first of a handle that has one, at random. */
bool first_event_with(const GPtrArray *events, const char *path, const char *value, GRand *random,
                      guint *ret_index);

json_int_t handle_of_event(const GPtrArray *events, guint index);
void body_set(const GPtrArray *events, guint index, const char *key, const char *value);

/* The lines of an event's SDP. */
GStrv sdp_lines(const GPtrArray *events, guint index);
void sdp_set(const GPtrArray *events, guint index, GStrv lines);

#endif
