/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_SUPPORT_JOURNALS_H
#define TESTS_SUPPORT_JOURNALS_H

/*
 * Journals made for a test, and what a reader gives for them. Anything that fails here fails the
 * test that asked.
 */

#include "evj/journal.h"
#include "evj/reader.h"
#include "evj/writer.h"

#include <stddef.h>
#include <stdint.h>

/* Where the journals of tests begin: 2026-11-22T08:15:30Z, an hour after boot. */
#define JOURNAL_WALL_US INT64_C(1795335330000000)
#define JOURNAL_MONO_US INT64_C(3600000000)
#define JOURNAL_ID "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9"

/* One event to write. NULL texts and zero numbers are left out. */
struct event_spec {
    uint32_t type, subtype;
    uint64_t session_id, handle_id;
    const char *opaque_id;
    const char *body; /* JSON; NULL: {} */
    int64_t mono_us;  /* since JOURNAL_MONO_US */
    size_t padding;   /* so many bytes that do not compress well, in the body */
};

/* The event's JSON as Janus would give it; malloc'ed. */
char *event_text(const struct event_spec *spec, uint64_t number);

/* A header that is the same every time: JOURNAL_ID, of no boot, with no spool. */
void journal_header(struct evj_header *ret_header);

/* A writer of `path` with that header; NULL options are the defaults. */
struct evj_writer *journal_begin(const char *path, const struct evj_writer_options *options);
/* Add one event, one line as it is, or `count` events of some sessions. All must succeed. */
void journal_event(struct evj_writer *writer, const struct event_spec *spec);
void journal_line(struct evj_writer *writer, const char *line);
void journal_events(struct evj_writer *writer, unsigned count);
/* Finish ("shutdown") and free. */
void journal_end(struct evj_writer *writer);

/* A closed journal of `count` events in blocks of about `block_text` bytes (0: the default). */
void journal_make(const char *path, unsigned count, size_t block_text);

/* All that a reader gave. */
struct reading {
    char **lines;
    struct evj_record
        *records; /* their slices are into `lines`' texts: only line and numbers hold */
    size_t count;
    int status; /* what came instead of the next record, or evj_reader_open()'s failure */
    struct evj_error err;
    size_t damages; /* stretches that were read past; of the first: */
    struct evj_error damage_err;
    struct evj_damage damage;
    enum evj_ending ending;
    struct evj_reader_totals totals;
};

struct reading reading_of(const char *path);
struct reading reading_with_filter(const char *path, evj_block_wanted *wants, void *context);
struct reading reading_of_journal(const char *const *paths, size_t count);
void reading_done(struct reading *reading);

/* Add a copy of a record; for readings that a test makes on its own. */
void reading_add(struct reading *reading, const struct evj_record *record);

/* How many of its records are of this kind. */
size_t reading_kinds(const struct reading *reading, enum evj_record_kind kind);

/* Its seqs leave no hole from the first record's on, and none comes twice; gaps that the reader made
 * of damage fill theirs. Returns the seq behind the last. State records do not count. */
uint64_t reading_assert_continuous(const struct reading *reading);

/* And nothing was damaged or missing. */
uint64_t reading_assert_whole(const struct reading *reading);

/* A reader's record line must be just this. */
void reading_assert_line(const struct reading *reading, size_t index, const char *line);

#endif
