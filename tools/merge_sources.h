/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_MERGE_SOURCES_H
#define TOOLS_MERGE_SOURCES_H

/*
 * What the files that are merged are of: recordings, and their sources. A recording that was merged
 * before has several sources, every other is one itself. Pure. One thread.
 */

#include "evj/error.h"
#include "evj/header.h"

#include <glib.h>
#include <stdbool.h>

/* How far a recording has come; merge.c keeps it. */
struct merge_progress {
    bool begun;
    uint64_t next_seq;
    int64_t last_us;      /* mono of its last record */
    uint64_t arrived_seq; /* of the last record that came, even if it waits */
};

struct merge_recording {
    const struct evj_header *header; /* of the file that it began with */
    GPtrArray *cuts; /* char *, borrowed: what its files were cut out by; empty: they are whole */
    guint first;     /* of its sources in merge_sources.numbers; there is one at least */
    guint sources;
    char *list; /* "sources" of its first line, or NULL */
    struct merge_progress progress;
};

struct merge_file {
    const char *path;
    struct merge_recording *recording;
};

struct merge_sources {
    GPtrArray *recordings;  /* struct merge_recording */
    GArray *files;          /* struct merge_file, as they were named */
    GArray *numbers;        /* unsigned: a source of a recording → of the new journal */
    GPtrArray *sources;     /* char *: the new journal's, as JSON objects */
    GHashTable *by_id;      /* id of a recording → struct merge_recording */
    GHashTable *source_ids; /* id of a source → its number + 1 */
    bool share;             /* a source is in more than one recording: its records may be, too */
};

void merge_sources_init(struct merge_sources *sources);
void merge_sources_done(struct merge_sources *sources);

/* Name the next file; `list`: "sources" of its first line, or NULL. `path` and `header` must live as
 * long. */
void merge_sources_add(struct merge_sources *sources, const char *path,
                       const struct evj_header *header, const char *list);

/* Of more than one recording? */
bool merge_sources_are_several(const struct merge_sources *sources);

const struct merge_file *merge_sources_file(const struct merge_sources *sources, guint file);

/* The number in the new journal of the source that a record of this recording tells. Its line may be a
 * stranger's: a number that is too large is taken for 0. */
unsigned merge_sources_number(const struct merge_sources *sources,
                              const struct merge_recording *recording,
                              const struct evj_record *record);

/* Header of the new journal, and the value of "sources" (NULL: none), to be freed with g_free(). */
int merge_sources_header(const struct merge_sources *sources, struct evj_header *ret_header,
                         char **ret_list, struct evj_error *err);

#endif
