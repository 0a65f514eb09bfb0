/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_HEADER_H
#define EVJ_HEADER_H

/*
 * The first line of a journal file, `{"journal":{…}}`, as a value: who recorded what, where, when,
 * and how to turn its `mono` into wall-clock time. Texts that are too long for their field are cut.
 */

#include "evj/error.h"
#include "evj/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVJ_FORMAT_MAJOR 1
#define EVJ_FORMAT_MINOR 0

/* Where the `mono` of a file comes from: the values of "clock" in its first line. */
#define EVJ_CLOCK_MONOTONIC "monotonic" /* CLOCK_MONOTONIC when incoming_event was called */
#define EVJ_CLOCK_ARRIVAL "arrival"     /* CLOCK_MONOTONIC when the event reached `evj record` */
#define EVJ_CLOCK_TIMESTAMP "timestamp" /* the events' own timestamps, kept non-decreasing */
#define EVJ_CLOCK_MERGED "merged"       /* the wall clock of each source, kept non-decreasing */

struct evj_header {
    unsigned version; /* major version of the format */
    char id[37];      /* UUID of the recording; every file of one recording has the same */
    char recorder[64];
    char emitter[128]; /* server name of Janus; empty if not known */
    char instance[32]; /* which of the recorders that write into one folder, or empty */
    char host[256];
    char boot_id[37]; /* mono of two files compares only if this is equal */
    char clock[16];
    char events[128];   /* the mask in force at the start, as configured */
    char previous[256]; /* name of the recording's previous file, or empty */
    char spool[256];    /* path of the spool while the recording goes on, or empty */
    char cut[256];      /* the selection that the file was cut out by, or empty: it is whole */
    unsigned sources;   /* recordings that were merged into the file; 0: it is of one recording */
    int64_t started_wall_us, started_mono_us;
};

/* A new header: fresh id, this host, boot and time, `clock` EVJ_CLOCK_MONOTONIC, the rest empty. */
int evj_header_init(struct evj_header *header, struct evj_error *err);

/* Read the first record of a file. EVJ_ERR_FOREIGN if it is no journal's, EVJ_ERR_VERSION if too
 * new. */
int evj_header_parse(const struct evj_record *record, struct evj_header *ret_header,
                     struct evj_error *err);

/* Room that evj_header_put() never exceeds. */
#define EVJ_HEADER_LINE_MAX 11264u

/* Write the whole line without newline. Returns its length. The sources of a merged file are not in
 * it: who makes one puts them in (evj_header_put_source()). */
size_t evj_header_put(const struct evj_header *header, char *out);

/* Room that evj_header_put_source() never exceeds. */
#define EVJ_SOURCE_MAX 5120u

/* Write what a merged file tells of the recording that began with this file: one element of
 * "sources". Returns its length. */
size_t evj_header_put_source(const struct evj_header *header, char *out);

/* The next element of "sources". *rest starts as the value of that key, and shrinks. False after the
 * last one, and at what is no object. */
bool evj_header_next_source(struct evj_slice *rest, struct evj_slice *ret_source);

/* `mono_us` of this file on the wall clock that its first line anchors; stops at the ends of int64.
 */
int64_t evj_header_wall_us(const struct evj_header *header, int64_t mono_us);

/* This boot's id (/proc/sys/kernel/random/boot_id), or "" where the system has none. */
void evj_boot_id(char ret[37]);

/* CLOCK_MONOTONIC and CLOCK_REALTIME in µs. */
int64_t evj_clock_mono_us(void);
int64_t evj_clock_wall_us(void);

#endif
