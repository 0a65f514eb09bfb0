/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_READING_H
#define TOOLS_READING_H

/*
 * What every command that reads journals shares: the selection options, --json, the files, and the
 * loop over the selected records with its endings.
 *
 *     struct reading reading = { 0 };
 *     int status = reading_begin(&reading, &argc, &argv, &usage);
 *     if (status >= 0)
 *         return status;
 *     while ((status = reading_next(&reading, &record)) == 0)
 *         …
 *     return reading_end(&reading, status);
 */

#include "evj/journal.h"
#include "evj/select.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Options below a heading of their own. */
struct reading_group {
    const char *name, *heading;
    const GOptionEntry *entries;
};

struct reading_usage {
    const char *arguments;              /* "FILE…": shown after the options in the usage line */
    const char *summary;                /* what the command does, one paragraph */
    const char *description;            /* examples, after the options */
    const GOptionEntry *entries;        /* the command's own options, or NULL */
    const struct reading_group *groups; /* more of them, up to one without a name; or NULL */
    bool no_json;                       /* this command has no --json */
};

/* Takes a selection option ("--session") for the command itself: true. False: it is for the selection. */
typedef bool reading_claim(const char *name, const char *value, void *context);

struct reading {
    struct evj_select *select;
    reading_claim *claim; /* set before reading_options(), or NULL */
    void *claim_context;
    GPtrArray *selected;         /* char *: the options of the selection, name and value in turn */
    struct evj_journal *journal; /* NULL until reading_open() */
    char **files;                /* positional arguments, NULL-terminated */
    bool json;
    uint64_t read;       /* records read, selected or not */
    uint64_t matched;    /* records given by reading_next() */
    uint64_t gap_events; /* lost events in the gap records that were read */
    bool strict;         /* --strict: the first damage ends the reading */
    bool follows;        /* wait for what is still being recorded */
    size_t faults_told;  /* of the journal's */
    uint64_t damages;    /* stretches that were read past */
};

/*
 * Parse the options. Returns -1 to go on, or the exit status after --help or a mistake. Leaves the
 * files unopened: reading_open() opens all of them as one journal.
 */
int reading_options(struct reading *reading, int *argc, char ***argv,
                    const struct reading_usage *usage);

/* Another reading with the same options, but for the files: each journal has a selection of its own. -1
 * to go on, or EXIT_TROUBLE. */
int reading_again(struct reading *reading, const struct reading *options);

/* Open `paths` (NULL: reading->files) and anchor the selection. -1 to go on, or EXIT_TROUBLE. */
int reading_open(struct reading *reading, char **paths);

/* Which of these files can be read only once, as people are told of it: standard input, or a pipe. NULL:
 * none. Borrowed. */
const char *reading_once(const char *const *names);

/*
 * Open the same files once more, in place of reading->journal, to be read from their beginning. What
 * was found wrong with them is not told a second time. EVJ_ERR_INVALID, with nothing changed, for
 * what can be read only once; else as evj_journal_open().
 */
int reading_reopen(struct reading *reading, struct evj_error *err);

/* Both, for the usual command. */
int reading_begin(struct reading *reading, int *argc, char ***argv,
                  const struct reading_usage *usage);

/* The command does not look into events: if the selection does not either, record->event and
 * record->body stay empty, and reading is quicker. Call before the first reading_next(). */
void reading_set_places_only(struct reading *reading);

/* Go on with what is recorded while reading: reading_next() waits for it, and writes out standard
 * output before. It ends when the recorders do. Call before the first reading_next(). */
void reading_set_follow(struct reading *reading);

/* A journal of one recording cannot be made of a file in which others follow, put behind it with cat. False
 * once there is one, and it is told. */
bool reading_is_of_one(const struct reading *reading, const struct evj_record *record);

/* The next selected record: 0, EVJ_END or < 0. Damage and failures have been reported. */
int reading_next(struct reading *reading, const struct evj_record **ret_record);

/* Report what was found wrong with the journal's files since the last time. reading_next() does it;
 * this is for who reads the journal itself. */
void reading_report_faults(struct reading *reading);

/* Report that reading failed: the faults, and `err` if it is none of them. */
void reading_report_failure(struct reading *reading, const struct evj_error *err);

/*
 * Close: notes how unfinished files ended and how many events are missing, reports a selection that
 * matched nothing. `status` is the last of reading_next(); damage makes it EXIT_NO. Returns the exit status. That standard
 * output was written is checked by main() for every command.
 */
int reading_end(struct reading *reading, int status);

/* Only free, for a command that stops early. */
void reading_done(struct reading *reading);

#endif
