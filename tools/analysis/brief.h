/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_ANALYSIS_BRIEF_H
#define TOOLS_ANALYSIS_BRIEF_H

/*
 * What is remembered of every session of a journal, to find its counterpart in the other: who it is
 * and how far it got, in a few hundred bytes. Texts are kept as hashes, since it only matters
 * whether they are equal; 0 stands for a text that is not known.
 */

#include "tools/analysis/model.h"

#include <glib.h>
#include <stdint.h>

enum brief_kinds {
    BRIEF_AUDIO = 1,
    BRIEF_VIDEO = 2,
    BRIEF_DATA = 4,
    BRIEF_OTHER = 8,
    BRIEF_IN = 16, /* packets came in … */
    BRIEF_OUT = 32,
};

struct brief_handle {
    uint64_t id;
    uint64_t plugin, role, display, opaque_id;
    uint64_t opaque_start; /* of the opaque_id without what a client draws at random */
    unsigned milestones;   /* a bit for each that any of its PeerConnections reached */
    bool is_partial;       /* its journal did not see it attach, or detach */
    unsigned epochs;
    unsigned kinds;           /* of media: enum brief_kinds */
    char *room, *participant; /* who it is in which room, or NULL */
};

struct brief {
    uint64_t id, ordinal;
    int64_t first_us;
    enum session_end ended;
    bool is_partial; /* its journal starts, or ends, while it was under way */
    uint64_t transport;
    guint handle_count;
    struct brief_handle *handles;
};

void brief_fill(struct brief *brief, const struct model_session *session);
void brief_done(struct brief *brief);

/* Index of the handle of this id, or -1. */
int brief_find_handle(const struct brief *brief, uint64_t id);

#endif
