/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * measured_run FILE COMMAND…: runs the command and writes to FILE what it took: wall-clock time and
 * CPU time in ns, and the largest resident set of any of its processes in KiB. It is a program of
 * its own because a process begins with the resident set of the one that started it.
 */
#include "tests/bench/measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t ns_of(const struct timeval *time)
{
    return (uint64_t)time->tv_sec * UINT64_C(1000000000) + (uint64_t)time->tv_usec * 1000u;
}

static int write_result(const char *path, uint64_t wall_ns, const struct rusage *usage)
{
    FILE *file = fopen(path, "w");

    if (!file)
        return -1;
    fprintf(file, "%" PRIu64 " %" PRIu64 " %ld\n", wall_ns,
            ns_of(&usage->ru_utime) + ns_of(&usage->ru_stime), usage->ru_maxrss);
    return fclose(file);
}

int main(int argc, char **argv)
{
    uint64_t begun_ns = clock_ns(CLOCK_MONOTONIC);
    struct rusage usage;
    int status = 0;

    if (argc < 3) {
        fprintf(stderr, "usage: measured_run FILE COMMAND…\n");
        return 2;
    }
    pid_t child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) < 0 ||
        write_result(argv[1], clock_ns(CLOCK_MONOTONIC) - begun_ns, &usage) != 0) {
        perror("measured_run");
        return 127;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
