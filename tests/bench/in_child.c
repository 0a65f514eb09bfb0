/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/in_child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

void *in_child_memory(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        abort();
    return memory;
}

int in_child(int (*run)(void *context), void *context, struct rusage *ret_usage)
{
    struct rusage usage;
    int status = -1;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid == 0)
        _exit(run(context) != 0);
    while (pid > 0 && wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
        ;
    if (pid > 0 && ret_usage != NULL)
        *ret_usage = usage;
    return pid > 0 && status == 0 ? 0 : -1;
}
