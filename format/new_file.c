/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/new_file_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

/* Journals hold tokens, addresses and SDPs: for the owner and its group only. */
#define MODE 0640

char *evj_new_file_folder(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
}

/* ---- without a name, or under another one ---- */

/* Names that one process may need at once, and those that others like it left behind. */
#define NUMBERS 1000u

#define OTHER_FIRST ".evj-"
#define OTHER_LAST ".new"

/* No `.evj.gz` at its end: so no reader of the folder takes it for a journal. The lock tells that
 * somebody needs it. */
static int create_under_another_name(const char *folder, struct evj_new_file *file)
{
    for (unsigned n = 0; n < NUMBERS; n++) {
        if (asprintf(&file->other, "%s/" OTHER_FIRST "%d-%u" OTHER_LAST, folder, (int)getpid(), n) <
            0) {
            file->other = NULL;
            return -1;
        }
        file->fd = open(file->other, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
        if (file->fd >= 0) {
            flock(file->fd, LOCK_EX | LOCK_NB);
            return 0;
        }
        free(file->other);
        file->other = NULL;
        if (errno != EEXIST)
            break;
    }
    return -1;
}

int evj_new_file_create(const char *folder, struct evj_new_file *ret_file)
{
    struct evj_new_file file = {.fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, MODE)};

    if (file.fd < 0 && create_under_another_name(folder, &file) < 0)
        return -1;
    *ret_file = file;
    return 0;
}

static void forget_other_name(struct evj_new_file *file)
{
    if (file->other)
        unlink(file->other);
    free(file->other);
    file->other = NULL;
}

static bool is_other_name(const char *name)
{
    size_t len = strlen(name), last = strlen(OTHER_LAST);

    return strncmp(name, OTHER_FIRST, strlen(OTHER_FIRST)) == 0 && len > last &&
           strcmp(name + len - last, OTHER_LAST) == 0;
}

/* If nobody holds its lock. */
static void clean_name(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(folder, name, 0);
    if (fd >= 0)
        close(fd);
}

void evj_new_file_clean(const char *folder)
{
    DIR *dir = opendir(folder);

    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        if (is_other_name(entry->d_name))
            clean_name(dirfd(dir), entry->d_name);
    if (dir)
        closedir(dir);
}

void evj_new_file_drop(struct evj_new_file *file)
{
    int saved = errno;

    forget_other_name(file);
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
    errno = saved;
}

/* ---- its name ---- */

/* A file without a name is linked by the path that /proc has for its descriptor. */
static int link_it(const struct evj_new_file *file, const char *path)
{
    char source[64];
    struct stat st;

    if (!file->other) {
        snprintf(source, sizeof(source), "/proc/self/fd/%d", file->fd);
        return linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
    }
    if (link(file->other, path) == 0)
        return 0;
    /* Over a network the answer may be lost, and the link then be found when it is tried again. */
    int saved = errno;
    bool linked = fstat(file->fd, &st) == 0 && st.st_nlink > 1;
    errno = saved;
    return linked ? 0 : -1;
}

static int copy_all(int from, int to)
{
    off_t at = 0;
    ssize_t done;

    do
        done = sendfile(to, from, &at, 1u << 20);
    while (done > 0);
    return (int)done;
}

static int copy_it(struct evj_new_file *file, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, MODE);

    if (fd < 0)
        return -1;
    if (copy_all(file->fd, fd) < 0) {
        int saved = errno;
        unlink(path);
        close(fd);
        errno = saved;
        return -1;
    }
    close(file->fd);
    file->fd = fd;
    return 0;
}

/* Until its folder is on the disk, nobody finds the file after a power cut. */
static int sync_name(const char *path)
{
    char *folder = evj_new_file_folder(path);
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    free(folder);
    if (fd < 0)
        return -1;
    int status = fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP ? 0 : -1;
    int saved = errno;
    close(fd);
    errno = saved;
    return status;
}

int evj_new_file_publish(struct evj_new_file *file, const char *path, bool sync)
{
    /* Whatever is not possible here, links or /proc: if the name is taken, that is so for a copy, too. */
    if (link_it(file, path) < 0 && copy_it(file, path) < 0)
        return -1;
    if (sync && sync_name(path) < 0) {
        int saved = errno;
        unlink(path);
        errno = saved;
        return -1;
    }
    forget_other_name(file);
    return 0;
}
