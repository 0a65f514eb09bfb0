/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_INGEST_H
#define TOOLS_INGEST_H

/*
 * Makes a journal of events that come as JSON text from anywhere but Janus's own process: gives
 * each its time, and opens the file when the first one tells the emitter and the start. One thread.
 */

#include "evj/cleanup.h"
#include "evj/error.h"
#include "evj/json.h"
#include "evj/writer.h"

#include <stdbool.h>
#include <stdint.h>

struct ingest;

struct ingest_options {
    const char *path; /* must not exist; must outlive the ingest */
    bool by_arrival; /* mono is CLOCK_MONOTONIC now; else the event's timestamp, never going back */
    int level;       /* of compression, 1 … 9; 0: the default */
};

struct ingest_totals {
    uint64_t recorded, left_out;
    uint64_t
        passed_over; /* records of a journal that are no events: its first line, gaps, marks … */
    uint64_t set_forward; /* events earlier than the one before: they got its time */
    uint64_t text_bytes, file_bytes;
};

/* Refuses at once what could only fail later: a file that exists, a folder that cannot be written.
 */
int ingest_open(const struct ingest_options *options, struct ingest **ret_ingest,
                struct evj_error *err);

/* Without evj_writer_finish() the file stays as after a crash: whole blocks, no end record. */
void ingest_free(struct ingest *ingest);

/*
 * Record an event: valid, compact JSON text of an object. A line of a journal,
 * {"seq":…,"mono":…,"event":{…}}, is taken for its event, and so is a message of Janus's gelfevh,
 * {…,"full_message":{…}}.
 *   0                 recorded, or passed over.
 *   EVJ_ERR_CORRUPT, EVJ_ERR_LIMIT, EVJ_ERR_INVALID   no event: left out, and counted so. Go on.
 *   EVJ_ERR_IO, EVJ_ERR_MEMORY                        it cannot go on.
 */
int ingest_add(struct ingest *ingest, struct evj_slice text, struct evj_error *err);

/* Count something that was not even an object. */
void ingest_leave_out(struct ingest *ingest);

/* May the caller go on after this status? */
bool ingest_can_go_on(int status);

/* Put what is collected into the file, so that a reader sees it. */
int ingest_flush(struct ingest *ingest, struct evj_error *err);

/* Write the end record and close. Nothing happens if no event came: then there is no file. */
int ingest_finish(struct ingest *ingest, const char *reason, struct evj_error *err);

void ingest_totals(const struct ingest *ingest, struct ingest_totals *ret_totals);

#endif
