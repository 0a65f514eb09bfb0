/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_SERIES_H
#define RECORDER_SERIES_H

/*
 * The files of one recording, one after the other, and which of them the spool's lines go to.
 *
 * To go on in a next file, everything that waits is written to the old one; then the next file is
 * begun, the old one gets its end record, and the spool is told the next one's name. From the moment
 * that there is a next file nothing but the end goes into the old one. So a crash at any point leaves
 * each line in a file or in the spool, and evj_complete() finds the next file by its `previous`.
 *
 * For one thread at a time.
 */

#include "evj/error.h"
#include "evj/header.h"
#include "evj/spool.h"
#include "evj/state.h"
#include "evj/writer.h"

#include <stdbool.h>
#include <stdint.h>

struct series;

struct series_task {
    struct evj_spool *spool; /* borrowed as long as the series */
    const char *folder;
    const struct evj_header *header; /* of the first file; the others' are made after it */
    int level;                       /* of compression */
    bool sync_block;
    struct evj_state *state; /* what each further file begins with; borrowed, may be NULL */
};

/* Begin the first file. Returns as journal_file_begin() and journal_file_publish(). */
int series_begin(const struct series_task *task, struct series **ret_series, struct evj_error *err);

/* Close what is open, without an end record if there is none yet. NULL is fine. */
void series_free(struct series *series);
/* The same, and delete the file: of a recording that was never begun. */
void series_abandon(struct series *series);

/*
 * Take what waits in the spool, and write the blocks that are full; or write all of it. When the open
 * file was deleted or moved away, or has refused for some time to take anything while a new one takes
 * it, a next one is begun first, in the folder as it was configured; what waits is lost only together
 * with the file, if that was deleted after it was written. Return as drain_take(); after a failure
 * everything stays, to be tried again.
 */
int series_take(struct series *series, struct evj_error *err);
int series_write_all(struct series *series, struct evj_error *err);

/*
 * To the next file, in two steps, after series_write_all() has returned 0. When the next file cannot
 * be begun, nothing has changed. When the old one cannot be ended, only series_turn() may be called
 * again, and series_is_turning() is true.
 */
int series_prepare(struct series *series, struct evj_error *err);
int series_turn(struct series *series, struct evj_error *err);
bool series_is_turning(const struct series *series);

/* Write the end record of the last file. Everything else must be written. Returns as
 * evj_writer_finish(). */
int series_finish(struct series *series, struct evj_error *err);

/* For the files that are begun from now on: the level, and the events that are recorded. */
void series_set_level(struct series *series, int level);
void series_set_events(struct series *series, const char *events);

/* The open file. Valid until the next call that may begin another one. */
const char *series_path(const struct series *series);
/* Why the one before was left without the end that it should have: "is not there any more", say. NULL:
 * it was not. */
const char *series_why_left(const struct series *series);
/* When it was begun (µs of CLOCK_MONOTONIC), by how much it has grown since, and whether it has any
 * event or gap. */
int64_t series_begun_us(const struct series *series);
uint64_t series_growth(const struct series *series);
bool series_has_events(const struct series *series);

struct series_totals {
    uint64_t files;                  /* begun */
    uint64_t text_bytes, file_bytes; /* of all of them */
};
struct series_totals series_totals(const struct series *series);

#endif
