/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_LANES_INTERNAL_H
#define TOOLS_ANALYSIS_LANES_INTERNAL_H

/* What lanes.c (which event goes where), lanes_step.c (what it becomes there) and lanes_meaning.c (what
 * it means beyond its fields) share. */

#include "tools/analysis/lanes.h"

#include <jansson.h>

/* Where lanes are built: what the SDPs so far said is needed to see an ICE restart. */
struct building {
    GPtrArray *lanes;
    struct rules *rules;
    GHashTable *ufrags; /* owner → its last ufrag */
};

/* The lane of this kind and name; a new one if there is none yet. */
struct lane *lanes_get(struct building *building, enum lane_kind kind, const char *name);

/* Add an event to the lane of this kind that its body names. */
void lanes_add_event(struct building *building, enum lane_kind kind, const struct fact *fact,
                     const json_t *body);

/* Add what the event means to its attributes, which are not sorted yet. */
void lanes_add_meaning(struct building *building, enum lane_kind kind, GPtrArray *attributes,
                       const json_t *body);

#endif
