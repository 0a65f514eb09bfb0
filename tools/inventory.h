/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_INVENTORY_H
#define TOOLS_INVENTORY_H

/*
 * What is in a journal, for `evj info`: counted record by record, or taken from what its files tell
 * of themselves (tools/inventory_hop.h). Nothing is printed here.
 */

#include "evj/event_type.h"
#include "evj/limits.h"
#include "evj/record.h"
#include "tools/clock_steps.h"

#include <glib.h>
#include <stdint.h>

struct moment {
    uint64_t seq;
    int64_t mono_us, wall_us;
};

struct inventory_mark {
    struct moment at;
    char *text, *source; /* source may be empty */
};

struct inventory {
    uint64_t events, states;
    uint64_t types[EVJ_EVENT_TYPES + 1]; /* by evj_event_type_index(); the last: any other */
    struct moment first, last;           /* of the events; meaningless without any */
    uint64_t sessions, handles;          /* distinct ones, by recording and id */
    GHashTable *session_ids, *handle_ids;
    GHashTable *emitters; /* set of texts */
    uint64_t gaps, lost_events, lost_bytes;
    GHashTable *lost_by_reason; /* text → uint64_t * */
    GHashTable *lost_by_type;   /* label → uint64_t * */
    GArray *marks;              /* struct inventory_mark */
    struct clock_steps clock_steps;
};

void inventory_init(struct inventory *inventory);
void inventory_done(struct inventory *inventory);

/* Count a record. `own_clock`: its timestamps can be held against its mono. */
void inventory_add(struct inventory *inventory, const struct evj_record *record, bool own_clock);

/* Note who emitted events; `text` is copied. */
void inventory_add_emitter(struct inventory *inventory, const char *text);

#endif
