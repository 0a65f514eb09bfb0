/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_REPLAY_CHANGES_H
#define TOOLS_REPLAY_CHANGES_H

/* The options of evj replay that change the events on their way, and the sources that do it. */

#include "replay/report.h"
#include "replay/source.h"

#include <glib.h>

struct replay_changes {
    gboolean retime, renew_ids;
    int copies;
    double spread_s;
    char **stress, *seed;
    /* As checked. */
    struct shape_options shape; /* with the seed of all that chance decides */
};

/* Options that fill a struct of their own, until replay_changes_take() takes it. */
extern const GOptionEntry replay_changes_entries[];
void replay_changes_take(struct replay_changes *ret);

/* -1 to go on, or an exit status after a mistake. */
int replay_changes_check(struct replay_changes *changes);
void replay_changes_done(struct replay_changes *changes);

/* Is anything to be changed? Who does looks into the events. */
bool replay_changes_are_asked_for(const struct replay_changes *changes);

/* Puts over `source`, which it takes over, what was asked for; `report` is kept up to date. With
 * --retime, the first event is at `start_us` of the wall clock; 0: now. */
struct source *replay_changes_apply(const struct replay_changes *changes, struct source *source,
                                    int64_t start_us, struct report_changes *report);

#endif
