/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/fake_disk.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

static struct fake_disk own, *disk = &own;
static char mounted[PATH_MAX];
static _Thread_local bool spared;

static void map_shared(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *shared =
        fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*disk), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    if (shared == MAP_FAILED) {
        fprintf(stderr, "the fake disk cannot map %s: %s\n", path, strerror(errno));
        _exit(127);
    }
    disk = shared;
    close(fd);
}

static void set_folder(const char *folder)
{
    snprintf(mounted, sizeof(mounted), "%s", folder ? folder : "");
}

static void set_up(void) __attribute__((constructor));
static void set_up(void)
{
    const char *shared = getenv("EVJ_FAKE_DISK");

    if (shared)
        map_shared(shared);
    set_folder(getenv("EVJ_FAKE_FOLDER"));
}

struct fake_disk *fake_disk(void)
{
    return disk;
}

void fake_disk_mount(const char *folder)
{
    set_folder(folder);
    memset((void *)disk, 0, sizeof(*disk));
}

void fake_disk_spare_this_thread(void)
{
    spared = true;
}

int32_t fake_disk_refusals(void)
{
    int32_t sum = 0;

    for (unsigned call = 0; call < FAKE_CALLS; call++)
        sum += atomic_load(&disk->refused[call]);
    return sum;
}

void fake_disk_fail(int error)
{
    for (unsigned call = 0; call < FAKE_CALLS; call++)
        atomic_store(&disk->error[call], error);
}

/* ---- what is on the disk ---- */

static bool is_path_on_it(const char *path)
{
    size_t len = strlen(mounted);

    return len > 0 && strncmp(path, mounted, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

/* A deleted file's path still begins with its folder's. */
static void path_of_fd(int fd, char path[PATH_MAX])
{
    char link[40];

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t len = mounted[0] != '\0' ? readlink(link, path, PATH_MAX - 1) : 0;
    path[len > 0 ? len : 0] = '\0';
}

static bool is_fd_on_it(int fd)
{
    char path[PATH_MAX];

    path_of_fd(fd, path);
    return is_path_on_it(path);
}

static bool is_at_on_it(int folder_fd, const char *name)
{
    char path[PATH_MAX];

    if (name[0] == '/' || folder_fd == AT_FDCWD)
        return is_path_on_it(name);
    path_of_fd(folder_fd, path);
    size_t len = strlen(path);
    snprintf(path + len, sizeof(path) - len, "/%s", name);
    return is_path_on_it(path);
}

/* ---- what it does ---- */

static void wait_while_stuck(void)
{
    const struct timespec moment = {0, 1000000};

    if (!atomic_load(&disk->stuck))
        return;
    atomic_fetch_add(&disk->waiting, 1);
    while (atomic_load(&disk->stuck))
        nanosleep(&moment, NULL);
    atomic_fetch_sub(&disk->waiting, 1);
}

static bool is_interrupted(void)
{
    int32_t left = atomic_load(&disk->interrupt);

    while (left > 0)
        if (atomic_compare_exchange_weak(&disk->interrupt, &left, left - 1))
            return true;
    return false;
}

/* Sets errno. */
static bool refuses(bool on_it, enum fake_call call)
{
    if (!on_it || spared)
        return false;
    wait_while_stuck();
    if (is_interrupted()) {
        errno = EINTR;
        return true;
    }
    int32_t error = atomic_load(&disk->error[call]);
    if (error == 0)
        return false;
    atomic_fetch_add(&disk->refused[call], 1);
    errno = error;
    return true;
}

/* The next function of this name: libc's, or a sanitizer's that leads there. */
static void *real(const char *name)
{
    char large[40];

    snprintf(large, sizeof(large), "%s64", name); /* with files of any size, where there are two */
    void *found = dlsym(RTLD_NEXT, large);
    return found ? found : dlsym(RTLD_NEXT, name);
}

#define REAL(name) ((__typeof__(&(name)))real(#name))

/* ---- the calls ---- */

static bool makes_file(int flags)
{
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

int open(const char *path, int flags, ...)
{
    va_list args;

    va_start(args, flags);
    mode_t mode = makes_file(flags) ? va_arg(args, mode_t) : 0;
    va_end(args);
    return refuses(is_path_on_it(path), FAKE_OPEN) ? -1 : REAL(open)(path, flags, mode);
}

int openat(int folder_fd, const char *path, int flags, ...)
{
    va_list args;

    va_start(args, flags);
    mode_t mode = makes_file(flags) ? va_arg(args, mode_t) : 0;
    va_end(args);
    return refuses(is_at_on_it(folder_fd, path), FAKE_OPEN)
               ? -1
               : REAL(openat)(folder_fd, path, flags, mode);
}

DIR *opendir(const char *path)
{
    return refuses(is_path_on_it(path), FAKE_OPEN) ? NULL : REAL(opendir)(path);
}

/* How many of so many bytes the disk takes. */
static size_t room_for(size_t len)
{
    size_t most = (size_t)atomic_load(&disk->shortened);
    size_t left = (size_t)atomic_load(&disk->full_after);

    if (most > 0 && most < len)
        len = most;
    if (left == 0)
        return len;
    if (left <= len) {
        len = left;
        atomic_store(&disk->error[FAKE_WRITE], ENOSPC);
    }
    atomic_fetch_sub(&disk->full_after, (int32_t)len);
    return len;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    bool on_it = is_fd_on_it(fd);

    if (refuses(on_it, FAKE_WRITE))
        return -1;
    return REAL(pwrite)(fd, bytes, on_it && !spared ? room_for(len) : len, at);
}

int fsync(int fd)
{
    return refuses(is_fd_on_it(fd), FAKE_SYNC) ? -1 : REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    return refuses(is_fd_on_it(fd), FAKE_SYNC) ? -1 : REAL(fdatasync)(fd);
}

int ftruncate(int fd, off_t size)
{
    return refuses(is_fd_on_it(fd), FAKE_CUT) ? -1 : REAL(ftruncate)(fd, size);
}

/* That there is such a folder is told even by a disk that cannot be written. */
int mkdir(const char *path, mode_t mode)
{
    struct stat st;

    if (is_path_on_it(path) && REAL(stat)(path, &st) == 0) {
        errno = EEXIST;
        return -1;
    }
    return refuses(is_path_on_it(path), FAKE_NAME) ? -1 : REAL(mkdir)(path, mode);
}

int link(const char *from, const char *path)
{
    return refuses(is_path_on_it(path), FAKE_NAME) ? -1 : REAL(link)(from, path);
}

int linkat(int from_fd, const char *from, int folder_fd, const char *path, int flags)
{
    return refuses(is_at_on_it(folder_fd, path), FAKE_NAME)
               ? -1
               : REAL(linkat)(from_fd, from, folder_fd, path, flags);
}

int unlink(const char *path)
{
    return refuses(is_path_on_it(path), FAKE_NAME) ? -1 : REAL(unlink)(path);
}

int unlinkat(int folder_fd, const char *path, int flags)
{
    return refuses(is_at_on_it(folder_fd, path), FAKE_NAME)
               ? -1
               : REAL(unlinkat)(folder_fd, path, flags);
}

int stat(const char *path, struct stat *st)
{
    return refuses(is_path_on_it(path), FAKE_LOOK) ? -1 : REAL(stat)(path, st);
}

int fstatat(int folder_fd, const char *path, struct stat *st, int flags)
{
    return refuses(is_at_on_it(folder_fd, path), FAKE_LOOK)
               ? -1
               : REAL(fstatat)(folder_fd, path, st, flags);
}

int statvfs(const char *path, struct statvfs *fs)
{
    return refuses(is_path_on_it(path), FAKE_LOOK) ? -1 : REAL(statvfs)(path, fs);
}
