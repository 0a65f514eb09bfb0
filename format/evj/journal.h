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
 * Every file's first line is read here. An empty folder is EVJ_ERR_INVALID.
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
 * Returns as evj_reader_next(); EVJ_TRUNCATED only after every other file has been read to its end;
 * a failure's text begins with the file's path.
 */
int evj_journal_next(struct evj_journal *journal, const struct evj_record **ret_record,
                     struct evj_error *err);

/* What is known of a file after EVJ_END (or EVJ_TRUNCATED). */
enum evj_ending evj_journal_ending(const struct evj_journal *journal, size_t file);
const struct evj_reader_totals *evj_journal_totals(const struct evj_journal *journal, size_t file);
const char *evj_journal_spool_note(const struct evj_journal *journal, size_t file);

#endif
