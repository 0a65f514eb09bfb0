/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_REPAIR_H
#define TOOLS_REPAIR_H

/*
 * Salvages one journal file into a new one: every record that can be read, and for what cannot be, the
 * gaps that its reader makes of it. The file is only read. What goes wrong in it is told through a
 * function; what goes wrong with the new one is reported by tools/writing.h. One thread.
 */

#include "evj/error.h"
#include "evj/reader.h"
#include "tools/writing.h"

#include <stdbool.h>
#include <stdint.h>

/* Called for each stretch that cannot be read, in order. */
typedef void repair_damaged(const struct evj_error *err, const struct evj_damage *damage,
                            void *context);

struct repair {
    struct evj_reader *reader;
    struct writing *writing;
    const char *output;
    bool quiet;
    repair_damaged *damaged;
    void *context;

    /* What it came to. */
    uint64_t salvaged;    /* records of torn blocks */
    bool lost_is_certain; /* no more is lost than evj_reader_totals() says */
    bool is_whole; /* no record is missing: nothing was damaged, or the end record proves it */
    bool header_is_made_up; /* the first line was lost */
    uint64_t another_at;    /* byte at which the file of another recording begins; 0: none does */

    char *first_line;  /* as it was read; NULL until then */
    char *end_line;    /* the last end record that was read, or NULL */
    bool end_is_right; /* end_line counts what was written */
};

enum repair_status {
    REPAIR_DONE,
    REPAIR_NOT_MADE,   /* there is no new journal; reported */
    REPAIR_UNFINISHED, /* reading failed: *err; what was read before is in the new journal */
};

/*
 * Copy everything from `repair->reader`, freshly opened, into a new journal `repair->output`. The members
 * up to `context` are filled in by the caller, the others 0.
 */
enum repair_status repair_run(struct repair *repair, struct evj_error *err);

/* Free what repair_run() has left. The reader and the writing are the caller's. */
void repair_done(struct repair *repair);

#endif
