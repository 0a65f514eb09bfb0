/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_WRITING_H
#define TOOLS_WRITING_H

/*
 * The journal that a command makes of other journals: cut, merge, repair. It is a new file, never an
 * old one; and either whole, with its end record, or not there: a failure and a signal delete it.
 * What goes wrong is reported here. One at a time, in one thread.
 */

#include "evj/header.h"
#include "evj/record.h"
#include "evj/writer.h"
#include "tools/ticker.h"

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* The options of a command that makes a journal. */
struct writing_options {
    char *output;
    gboolean quiet;
};

/* Entries for these options: an array of WRITING_ENTRIES, without the one that ends it. */
#define WRITING_ENTRIES(options, help)                                                            \
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &(options)->output, help, "FILE"},                  \
    {                                                                                             \
        "quiet", 'q', 0, G_OPTION_ARG_NONE, &(options)->quiet, "say nothing but what goes wrong", \
            NULL                                                                                  \
    }

void writing_options_done(struct writing_options *options);

/*
 * Can this journal be made? Says so now, before hours of reading, if it was not named, is there
 * already, or its folder cannot be written. -1 to go on, or EXIT_TROUBLE.
 */
int writing_check(const char *path);

/* ---- the first line ---- */

/*
 * "sources" of the first line of the merged journal at `path`, as it stands there; NULL if it cannot
 * be read again (it came from standard input, say). To be freed with g_free().
 */
char *writing_sources_of(const char *path);

/*
 * The first line for this header and these sources (NULL: none). A journal must name a recording: if
 * the header was lost, it gets a new id, and "lost" for its previous file, so that nobody takes its
 * first record for the recording's. To be freed with g_free().
 */
char *writing_first_line(const struct evj_header *header, const char *sources);

/* ---- records ---- */

struct writing {
    char *path;
    struct evj_writer *writer; /* NULL: nothing is being made */
    struct ticker ticker;
    bool has_end; /* an end record was added */
};

/* Create the file with this first line. -1 to go on, or EXIT_TROUBLE. */
int writing_begin(struct writing *writing, const char *path, const char *first_line, bool quiet);

/* Add a record. False: it was not possible, and the file is gone. */
bool writing_add(struct writing *writing, const struct evj_record *record);

/* Write the end record, and close; NULL: an end record was added as another one. False: as above. */
bool writing_end(struct writing *writing, const char *reason);

/* Not to be made after all: delete what there is. Nothing happens if there is nothing. */
void writing_abandon(struct writing *writing);

/* Free. What was not ended is deleted. */
void writing_done(struct writing *writing);

/* ---- telling of it ---- */

/* What was written, until writing_done(). */
const struct evj_writer_totals *writing_totals(const struct writing *writing);

/* "wrote 931 records (812 events) into OUT: 48213 bytes" */
void writing_say(const struct writing *writing);

/* The same as members of an object. */
void writing_tell(const struct writing *writing, json_t *object);

/* Print one object on one line to standard output, and free it. */
void writing_print(json_t *object);

#endif
