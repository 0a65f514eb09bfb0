/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_INGEST_SOURCES_H
#define TOOLS_INGEST_SOURCES_H

/*
 * Where `evj record` gets its events from: standard input, or HTTP requests as Janus's sampleevh
 * posts them. Both run until their input ends or `stop_fd` (a signalfd) becomes readable.
 */

#include "tools/ingest.h"
#include "tools/ticker.h"

#define INGEST_FLUSH_MS 1000

/* Faults that are told one by one; the next one says that more of them are only counted. */
#define INGEST_FAULTS_TOLD 10

struct ingest_run {
    struct ingest *ingest;
    int stop_fd;
    bool live; /* flush every INGEST_FLUSH_MS, so that the file can be read while it grows */
    bool quiet;
    struct ticker ticker;
    const char *ended; /* set at the end, for the end record: "end of input" or "shutdown" */
    uint64_t faults;   /* already reported */
    int64_t flush_due_us;
};

/* Both return 0, or < 0 when recording cannot go on; what was left out is only reported and
 * counted. */
int ingest_from_stdin(struct ingest_run *run, struct evj_error *err);

/* `address` is ADDR:PORT; port 0 lets the system choose. The URL is printed on standard error. */
int ingest_from_http(struct ingest_run *run, const char *address, struct evj_error *err);

/* For a live run: flush if a second has passed since the last time. */
int ingest_flush_if_due(struct ingest_run *run, struct evj_error *err);

/* Say what was left out and why: "line 17: …"; with EVJ_TRUNCATED, nothing was. After the first few, they are only counted. */
void ingest_report_fault(struct ingest_run *run, const char *where, const struct evj_error *err);

#endif
