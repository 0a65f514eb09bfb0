/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_JOURNAL_FILE_H
#define RECORDER_JOURNAL_FILE_H

/*
 * Where a recording goes: `<emitter>-<UTC start>-<n>.evj.gz` in the configured folder, in a name
 * that nothing had before. Pure functions of the file system; any thread.
 */

#include "evj/error.h"
#include "evj/writer.h"

/* Room for any path that is made here. */
#define JOURNAL_FILE_PATH_MAX 640u

/* Create the folder as below, if it is not there. */
int journal_file_make_folder(const char *folder, struct evj_error *err);

/*
 * Begin a new journal that nobody sees yet. The folder is created if only its last component is missing:
 * a path that is wrong further up is a mistake to report, not one to build. Returns as
 * evj_writer_begin().
 */
int journal_file_begin(const char *folder, const struct evj_header *header,
                       const struct evj_writer_options *options, struct evj_writer **ret_writer,
                       struct evj_error *err);

/*
 * Put it into the folder, with all that was written: the header's emitter and start make the name, n is
 * the lowest number for which there is no file yet, and greater than that of a `previous` of the same
 * second. `path` is set on success. Returns as evj_writer_publish().
 */
int journal_file_publish(struct evj_writer *writer, const char *folder,
                         const struct evj_header *header, char path[JOURNAL_FILE_PATH_MAX],
                         struct evj_error *err);

/* Does the path of an open file still lead to it? */
enum journal_file_place {
    JOURNAL_FILE_THERE, /* or nobody can tell right now */
    JOURNAL_FILE_MOVED,
    JOURNAL_FILE_DELETED, /* or its server does not know it any more: what is written to it is lost */
};

/* A descriptor to ask by, for close(); -1 where there is none, and then the answer is THERE. */
int journal_file_watch(const char *path);
enum journal_file_place journal_file_look(int fd, const char *path);

#endif
