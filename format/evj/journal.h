/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVJ_JOURNAL_H
#define EVJ_JOURNAL_H

/*
 * A file, several files, or a folder of files, read as one journal in the order of time: `mono` on
 * the wall clock that each file's first line anchors, ties by source and seq. Files are opened when
 * their time comes and closed when they are used up.
 */

#include "evj/cleanup.h"
#include "evj/error.h"
#include "evj/reader.h"
#include "evj/record.h"

#include <stddef.h>

struct evj_journal;

/*
 * Open what the command line named. A folder stands for its *.evj.gz files, "-" for standard input.
 * Every file's first line is read here. An empty folder is EVJ_ERR_INVALID. A file of a folder that
 * is no journal is a fault, as below, unless nothing else is there; one that was named is a failure.
 * Of several copies of one file the longest is read.
 */
int evj_journal_open(const char *const *paths, size_t path_count, struct evj_journal **ret_journal,
                     struct evj_error *err);
void evj_journal_free(struct evj_journal *journal);
EVJ_DEFINE_AUTO(journal);

size_t evj_journal_files(const struct evj_journal *journal);
/* Header and path of a file, 0 … files - 1, in the order of their start. Valid as long as the
 * journal. */
const struct evj_header *evj_journal_header(const struct evj_journal *journal, size_t file);
const char *evj_journal_path(const struct evj_journal *journal, size_t file);

/* As evj_reader_set_filter(), for all files. Call before the first evj_journal_next(). */
void evj_journal_set_filter(struct evj_journal *journal, evj_block_wanted *wants, void *context);

/*
 * The next record of all files; record->source tells which. `state` records are given only for a
 * file whose predecessor in the same recording was not read: else they would be told twice.
 * Returns as evj_reader_next(). A damaged or truncated file is left where it is faulty, and the
 * others are read to their end: only then EVJ_TRUNCATED is returned, or what is < 0, for the first
 * of the gravest faults. Only EVJ_ERR_MEMORY comes at once. A failure's text begins with the file's
 * path.
 */
int evj_journal_next(struct evj_journal *journal, const struct evj_record **ret_record,
                     struct evj_error *err);

/* What was wrong with one file, or what it was left out for. */
struct evj_journal_fault {
    struct evj_error err; /* its text begins with the path; status EVJ_OK: a copy of another file */
    uint64_t records;     /* that were read of the file before */
};

/* At most one for each file, in the order in which they were found; all after evj_journal_next()
 * returned > 0 or < 0. Valid as long as the journal. */
size_t evj_journal_faults(const struct evj_journal *journal);
const struct evj_journal_fault *evj_journal_fault(const struct evj_journal *journal, size_t fault);

/* Bytes of the file itself; of what was read, for standard input. */
uint64_t evj_journal_size(const struct evj_journal *journal, size_t file);

/* What is known of a file when evj_journal_next() has returned > 0 or < 0. */
enum evj_ending evj_journal_ending(const struct evj_journal *journal, size_t file);
const struct evj_reader_totals *evj_journal_totals(const struct evj_journal *journal, size_t file);
const char *evj_journal_spool_note(const struct evj_journal *journal, size_t file);

#endif
