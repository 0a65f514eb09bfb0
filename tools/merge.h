/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_MERGE_H
#define TOOLS_MERGE_H

/*
 * Makes the records of several files those of one journal. Of one recording, they stay as they are;
 * of several, each is told its source, and gets a seq and a mono of the new journal. Records come in
 * the order in which an evj_journal gives them, and go in the order of time, then source, then seq.
 * Prints nothing. One thread.
 */

#include "evj/error.h"
#include "evj/header.h"
#include "evj/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct merge;

/* Takes a record of the new journal: borrowed, and valid for this call. False: merging must stop. */
typedef bool merge_put(const struct evj_record *record, void *context);

struct merge *merge_new(merge_put *put, void *context);
void merge_free(struct merge *merge);

/*
 * Name the files, in the journal's order, before the first record. `path` and `header` must outlive
 * the merge. `sources`: of a merged journal, the value of that key in its first line; else NULL.
 */
void merge_file(struct merge *merge, const char *path, const struct evj_header *header,
                const char *sources);

/* Are the files of more than one recording? Known when all have been named. */
bool merge_is_of_several(const struct merge *merge);

/* Header of the new journal, and the value of "sources" (NULL: none), to be freed with g_free(). A
 * journal of several recordings gets an id of its own. */
int merge_header(const struct merge *merge, struct evj_header *ret_header, char **ret_sources,
                 struct evj_error *err);

/*
 * The next record; record->source tells the file.
 *   0                 taken.
 *   EVJ_END           merge_put() said no.
 *   EVJ_ERR_INVALID   these files cannot be merged; *err says why.
 *   EVJ_ERR_MEMORY    as named.
 */
int merge_add(struct merge *merge, const struct evj_record *record, struct evj_error *err);

/* No record follows: put what is held back. Returns as merge_add(). */
int merge_finish(struct merge *merge, struct evj_error *err);

struct merge_totals {
    unsigned recordings; /* that the new journal is of */
    uint64_t repeated;   /* records that several files had: left out but for one */
    uint64_t missing;    /* sequence numbers between two files of a recording, now a gap */
    uint64_t too_long;   /* records whose line would be too long with their source, now a gap */
};
const struct merge_totals *merge_totals(struct merge *merge);

#endif
