/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Journals hold tokens, addresses and SDPs: for the owner and its group only. */
#define FOLDER_MODE 0750

/* Recordings that one server may begin within one second. */
#define NUMBERS 10000u

#define EMITTER_MAX 64u

/* The emitter as a part of a file name: no separators, no blanks, no leading dot or dash. */
static void safe_name(const char *emitter, char name[EMITTER_MAX + 1])
{
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t len = 0;

    for (; emitter[len] && len < EMITTER_MAX; len++)
        name[len] = strchr(safe, emitter[len]) ? emitter[len] : '_';
    name[len] = '\0';
    if (name[0] == '.' || name[0] == '-')
        name[0] = '_';
    if (len == 0)
        strcpy(name, "janus");
}

static void start_text(int64_t wall_us, char text[32])
{
    time_t seconds = (time_t)(wall_us / 1000000);
    struct tm utc;

    gmtime_r(&seconds, &utc);
    strftime(text, 32, "%Y%m%dT%H%M%SZ", &utc);
}

int journal_file_make_folder(const char *folder, struct evj_error *err)
{
    struct stat st;

    if (mkdir(folder, FOLDER_MODE) < 0 && errno != EEXIST)
        return evj_fail_errno(err, 0, "cannot create the folder %s", folder);
    if (stat(folder, &st) < 0)
        return evj_fail_errno(err, 0, "cannot look at the folder %s", folder);
    if (!S_ISDIR(st.st_mode)) {
        errno = ENOTDIR;
        return evj_fail_errno(err, 0, "cannot record into %s", folder);
    }
    return EVJ_OK;
}

int journal_file_begin(const char *folder, const struct evj_header *header,
                       const struct evj_writer_options *options, struct evj_writer **ret_writer,
                       struct evj_error *err)
{
    int status = journal_file_make_folder(folder, err);

    return status == EVJ_OK ? evj_writer_begin(folder, header, options, ret_writer, err) : status;
}

#define NAME_MAX_LEN (EMITTER_MAX + 32u)

/* A file name without its number. */
static void common_name(const struct evj_header *header, char name[NAME_MAX_LEN])
{
    char emitter[EMITTER_MAX + 1], start[32];

    safe_name(header->emitter, emitter);
    start_text(header->started_wall_us, start);
    snprintf(name, NAME_MAX_LEN, "%s-%s-", emitter, start);
}

/* Files before may have been deleted: their names stay their own, and the order of names that of files. */
static unsigned first_number(const char *name, const char *previous)
{
    size_t len = strlen(name);

    return strncmp(previous, name, len) == 0 ? (unsigned)strtoul(previous + len, NULL, 10) + 1 : 0;
}

int journal_file_publish(struct evj_writer *writer, const char *folder,
                         const struct evj_header *header, char path[JOURNAL_FILE_PATH_MAX],
                         struct evj_error *err)
{
    char name[NAME_MAX_LEN];
    struct evj_error local = {0};
    int status = EVJ_OK;

    common_name(header, name);
    unsigned first = first_number(name, header->previous);
    for (unsigned n = first; n < first + NUMBERS; n++) {
        int len = snprintf(path, JOURNAL_FILE_PATH_MAX, "%s/%s%u.evj.gz", folder, name, n);
        if (len < 0 || (size_t)len >= JOURNAL_FILE_PATH_MAX)
            return evj_fail(err, EVJ_ERR_INVALID, 0, "%s: the path is too long", folder);
        status = evj_writer_publish(writer, path, &local);
        if (status == EVJ_OK || local.sys_errno != EEXIST)
            break;
    }
    if (status < 0 && err)
        *err = local;
    return status;
}

int journal_file_watch(const char *path)
{
    return open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

enum journal_file_place journal_file_look(int fd, const char *path)
{
    struct stat open_file, at_path;

    if (fd < 0)
        return JOURNAL_FILE_THERE;
    if (fstat(fd, &open_file) < 0)
        return errno == ESTALE ? JOURNAL_FILE_DELETED : JOURNAL_FILE_THERE;
    if (open_file.st_nlink == 0)
        return JOURNAL_FILE_DELETED;
    if (stat(path, &at_path) == 0)
        return at_path.st_dev == open_file.st_dev && at_path.st_ino == open_file.st_ino
                   ? JOURNAL_FILE_THERE
                   : JOURNAL_FILE_MOVED;
    /* A disk that fails may fail to tell: that is no reason to leave the file. */
    return errno == ENOENT || errno == ENOTDIR ? JOURNAL_FILE_MOVED : JOURNAL_FILE_THERE;
}
