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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* Decode blocks ahead in as many threads as there are processors, but for the caller's. The default
 * is not to. Call before the first evj_journal_next(). */
void evj_journal_set_parallel(struct evj_journal *journal);

/*
 * Go on with files that are still being recorded. evj_journal_next() returns EVJ_END when it has given
 * all that there is; while evj_journal_may_grow(), evj_journal_continue() looks for more: in the files,
 * and in those that a recorder went on with in the same folder. Call the first before the first
 * evj_journal_next().
 *   0         call evj_journal_next() again.
 *   EVJ_END   nothing new yet.
 *   < 0       failure.
 */
void evj_journal_set_follow(struct evj_journal *journal);
bool evj_journal_may_grow(const struct evj_journal *journal);
int evj_journal_continue(struct evj_journal *journal, struct evj_error *err);

/* As evj_reader_set_parser(), for all files. Call before the first evj_journal_next(). */
void evj_journal_set_parser(struct evj_journal *journal, evj_record_parser *parser);

/* The first damage is a failure: evj_journal_next() returns EVJ_ERR_CORRUPT at once. */
void evj_journal_set_strict(struct evj_journal *journal);

/* As evj_reader_set_filter(), for all files. Call before the first evj_journal_next(). */
void evj_journal_set_filter(struct evj_journal *journal, evj_block_wanted *wants, void *context);

/*
 * The next record of all files; record->source tells which. A file goes on where its predecessor in the
 * same recording ended, if that was read: its `state` records are not given then, nor what was told
 * already, and a hole between the two is damage.
 *   0         *ret_record is set.
 *   EVJ_END   all files were read as far as they can be: evj_journal_faults() tells of what could not.
 *   < 0       EVJ_ERR_MEMORY, and damage if it is strict, at once. Any other only when all other files
 *             were read to their end: the first file's that could not be read at all, or not to its
 *             end. *err's text begins with its path.
 * Damage does not end the reading: it becomes a fault before the record that follows it is given.
 */
int evj_journal_next(struct evj_journal *journal, const struct evj_record **ret_record,
                     struct evj_error *err);

/* What was wrong with a file, or what it was left out for. */
struct evj_journal_fault {
    /* Its text begins with the path. Status: EVJ_DAMAGED for a stretch that was read past; < 0: the
     * file could not be read, or not to its end; EVJ_OK: a copy of another file. */
    struct evj_error err;
    uint64_t records;         /* that were read of the file before */
    struct evj_damage damage; /* for EVJ_DAMAGED */
    size_t file;              /* for EVJ_DAMAGED: which of evj_journal_files() */
};

/* Found so far, in the order in which they were found: of one hostile file there may be many, so
 * only the first EVJ_FAULTS_MAX are kept; evj_journal_more_faults() counts the others. Valid until
 * the next evj_journal_next(). */
#define EVJ_FAULTS_MAX 1000u
size_t evj_journal_faults(const struct evj_journal *journal);
const struct evj_journal_fault *evj_journal_fault(const struct evj_journal *journal, size_t fault);
uint64_t evj_journal_more_faults(const struct evj_journal *journal);

/* How many recordings have begun behind the first one of a file so far, as in what `cat a b` made. */
uint64_t evj_journal_more_recordings(const struct evj_journal *journal, size_t file);

/* Bytes of the file itself; of what was read, for standard input. */
uint64_t evj_journal_size(const struct evj_journal *journal, size_t file);

/* What is known of a file when evj_journal_next() has returned EVJ_END or < 0. */
enum evj_ending evj_journal_ending(const struct evj_journal *journal, size_t file);
const struct evj_reader_totals *evj_journal_totals(const struct evj_journal *journal, size_t file);
const char *evj_journal_spool_note(const struct evj_journal *journal, size_t file);

#endif
