/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_JOURNAL_INTERNAL_H
#define FORMAT_JOURNAL_INTERNAL_H

/* What journal_files.c (which files), journal_order.c (in which order), journal.c (reading them) and
 * journal_follow.c (while they grow) share. */

#include "evj/journal.h"

#include <stdbool.h>

/* One file. Its reader exists from when its time comes until it is used up. */
struct journal_file {
    char *path;
    struct evj_header header;
    struct evj_reader *reader;
    const struct evj_record *head; /* its next record, borrowed from the reader; NULL: ask for it */
    int64_t wall_us; /* of the head, never going back within a recording; its start before that */
    struct journal_file *predecessor; /* the file before it in its recording, if it is here too */
    struct journal_file *before; /* the last that is here of those before it in its recording */
    bool from_folder;            /* nobody named it */
    bool begun, done;
    bool waits;         /* read up to what its living recorder has recorded so far */
    bool rotated;       /* its recorder went on in another file */
    bool joined;        /* that other file is known: its predecessor is this one */
    uint64_t next_seq;  /* behind all that it has; known when it is done */
    unsigned index;     /* its place in evj_journal.files */
    unsigned recording; /* the number of its recording, or of the first that it was merged of */
    uint64_t more_recordings; /* that began behind it, so far: that number is the latest's */
    uint64_t size, records;   /* of the file; read of it */
    enum evj_ending ending;
    struct evj_reader_totals totals;
    char spool_note[320];
};

struct evj_journal {
    struct journal_file *
        *files; /* in the order of their start; found while following, as they come */
    size_t count, room;
    unsigned recordings; /* numbers that were given */
    size_t finished;     /* files[0 … finished) are done */
    evj_block_wanted *wants;
    void *wants_context;
    struct evj_record record; /* what was given out last */
    struct journal_file *given;
    bool strict, follows;
    evj_record_parser *parser;   /* NULL: of all that a record tells */
    struct evj_workers *workers; /* NULL: blocks are not decoded ahead */
    struct evj_journal_fault *faults;
    size_t fault_count, fault_room;
    uint64_t more_faults;
    struct evj_error failure; /* the first fault whose status is < 0, kept or not */
};

/* Say in which file: "PATH: what". Returns `status`. */
int evj_journal_in_file(int status, const char *path, struct evj_error *err);

/* Keep a fault: a copy. 0 or EVJ_ERR_MEMORY. */
int evj_journal_note_fault(struct evj_journal *journal, const struct evj_journal_fault *fault,
                           struct evj_error *err);

/* The same for a file that is not read at all. */
int evj_journal_leave_out(struct evj_journal *journal, const struct evj_error *why,
                          struct evj_error *err);

/* Look up the file's size. */
void evj_journal_measure(struct journal_file *file);

/* Add a file that was not looked at yet. 0 or EVJ_ERR_MEMORY. */
int evj_journal_add_path(struct evj_journal *journal, const char *path, struct evj_error *err);

/* Does a file of a folder have the name of a journal? */
bool evj_journal_is_journal_name(const char *name);

/* Read its first line. Returns as evj_reader_open(). */
int evj_journal_read_header(struct journal_file *file, struct evj_error *err);

void evj_journal_swap_files(struct evj_journal *journal, size_t a, size_t b);

/* Free all files but the first `count`. */
void evj_journal_keep_files(struct evj_journal *journal, size_t count);

/*
 * Fill journal->files from what the command line named: folders opened, first lines read, copies
 * left out, in the order of their start. Returns as evj_journal_open().
 */
int evj_journal_find_files(struct evj_journal *journal, const char *const *paths, size_t path_count,
                           struct evj_error *err);

/* The second half of that: their first lines are known. 0 or EVJ_ERR_MEMORY. */
int evj_journal_order_files(struct evj_journal *journal, struct evj_error *err);

/* Ids compare only within one recording: each gets a number, a merged file as many as it was merged of. */
void evj_journal_number(struct evj_journal *journal, struct journal_file *file,
                        const struct evj_header *header);

/* Is `file` what the recorder of `before` went on with? Then they are joined. */
bool evj_journal_join(struct journal_file *before, struct journal_file *file);

#endif
