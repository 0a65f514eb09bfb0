/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/instance.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

/* Recorders of one name and one configuration in one folder. */
#define NUMBERS 64u

static uint32_t hash(uint32_t sofar, const char *text)
{
    /* With the NUL behind it, so that "a", "bc" is not "ab", "c". */
    do
        sofar = (sofar ^ (unsigned char)*text) * UINT32_C(16777619);
    while (*text++);
    return sofar;
}

/* A lock that a process that dies gives back. Returns a descriptor, or -1 and errno. */
static int lock(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0640);

    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static char *lock_path(const char *folder, const char *name)
{
    return g_strdup_printf("%s/.evj-%s.lock", folder, name);
}

int instance_claim(const char *folder, const char *config_folder, const char *emitter,
                   struct instance *ret_instance, struct evj_error *err)
{
    g_autofree char *real = g_canonicalize_filename(config_folder, "/");
    uint32_t id = hash(hash(UINT32_C(2166136261), real), emitter);

    *ret_instance = (struct instance){.lock_fd = -1};
    for (unsigned number = 0; number < NUMBERS; number++) {
        char name[sizeof(ret_instance->name)];
        snprintf(name, sizeof(name), "%08x-%u", id, number);
        g_autofree char *path = lock_path(folder, name);
        int fd = lock(path);
        if (fd >= 0) {
            ret_instance->lock_fd = fd;
            g_strlcpy(ret_instance->name, name, sizeof(ret_instance->name));
            return EVJ_OK;
        }
        if (errno != EWOULDBLOCK)
            return evj_fail_errno(err, 0, "cannot lock %s", path);
    }
    return evj_fail(err, EVJ_ERR_IO, 0, "%u recorders run with this name in %s", NUMBERS, folder);
}

static bool leads_to(const char *path, int fd)
{
    struct stat held, found;

    return fstat(fd, &held) == 0 && stat(path, &found) == 0 && held.st_dev == found.st_dev &&
           held.st_ino == found.st_ino;
}

int instance_hold(struct instance *instance, const char *folder, struct evj_error *err)
{
    g_autofree char *path = lock_path(folder, instance->name);

    if (instance->lock_fd >= 0 && leads_to(path, instance->lock_fd))
        return EVJ_OK;
    int fd = lock(path);
    if (fd < 0)
        return evj_fail_errno(err, 0, "cannot lock %s", path);
    instance_release(instance);
    instance->lock_fd = fd;
    return EVJ_OK;
}

void instance_release(struct instance *instance)
{
    if (instance->lock_fd >= 0)
        close(instance->lock_fd);
    instance->lock_fd = -1;
}
