/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMAT_NEW_FILE_INTERNAL_H
#define FORMAT_NEW_FILE_INTERNAL_H

/*
 * A file that nobody sees before there is something in it. It has no name at first, so a process that
 * is killed leaves nothing behind; its name is given to it with all its content, and never taken from
 * another file. Where the file system has no files without names, it has another one in the same folder
 * meanwhile, which no reader takes for a journal; where it has no links either, the content is copied,
 * and only there can a file be seen that is not whole.
 */

#include <stdbool.h>

struct evj_new_file {
    int fd;      /* for reading and writing; the caller's from publishing on, and may change then */
    char *other; /* the other name; NULL: it has none */
};

/* The folder of a path, to be freed with free(). NULL: there is no memory. */
char *evj_new_file_folder(const char *path);

/* A file without content, mode 0640. 0, or -1 and errno. */
int evj_new_file_create(const char *folder, struct evj_new_file *ret_file);

/*
 * Give it its name, in the folder that it was created in. `sync`: have its name on the disk itself,
 * too. 0, or -1 and errno: EEXIST if there is something of that name, and it may be tried with another.
 */
int evj_new_file_publish(struct evj_new_file *file, const char *path, bool sync);

/* Give up what has no name yet, and close it. */
void evj_new_file_drop(struct evj_new_file *file);

/* Delete the other names in a folder that processes which died have left there. */
void evj_new_file_clean(const char *folder);

#endif
