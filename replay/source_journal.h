/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_SOURCE_JOURNAL_H
#define REPLAY_SOURCE_JOURNAL_H

/*
 * The source that all others stand on: the selected records of a journal. Where it begins inside a
 * recording, by the selection's `from` or by a seek, it reads from the head to know what is live
 * there, and gives that first.
 */

#include "evj/journal.h"
#include "evj/select.h"
#include "replay/source.h"

struct source_journal_options {
    /* Both are borrowed. The journal is newly opened, the selection anchored; which blocks are read
     * is the source's affair. */
    struct evj_journal *journal;
    struct evj_select *select;
    bool no_state; /* count the state, and do not give it */
    bool
        bodies_only; /* nobody looks into an event: where that is quicker, record->event stays empty */
    /*
     * Open the same journal once more, for a seek, in place of the one before, which may be freed.
     * Returns as evj_journal_open(); EVJ_ERR_INVALID leaves that one alone. NULL: no seeks.
     */
    int (*reopen)(void *context, struct evj_journal **ret_journal, struct evj_error *err);
    void *context;
};

/* NULL when there is no memory. */
struct source *source_journal_new(const struct source_journal_options *options);

#endif
