/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/header.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t clock_us(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t evj_clock_mono_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

int64_t evj_clock_wall_us(void)
{
    return clock_us(CLOCK_REALTIME);
}

void evj_boot_id(char ret[37])
{
    ret[0] = '\0';
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t len = read(fd, ret, 36);
    ret[len == 36 ? 36 : 0] = '\0';
    close(fd);
}
