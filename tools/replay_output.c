/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/replay_text.h"
#include "tools/replaying.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

void replaying_save_output(struct replaying *r)
{
    for (int i = 0; i < 2; i++)
        r->saved_output[i] = fcntl(STDOUT_FILENO + i, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

void replaying_restore_output(const struct replaying *r)
{
    for (int i = 0; r->given.handlers != NULL && i < 2; i++)
        if (r->saved_output[i] >= 0)
            dup2(r->saved_output[i], STDOUT_FILENO + i);
}

void replaying_print_report(struct replaying *r, const json_t *report)
{
    FILE *out = r->given.to_stdout ? stderr : stdout;

    replay_status_clear(&r->status);
    if (!r->reading.json) {
        print_replay_report(stderr, report);
        return;
    }
    json_dumpf(report, out, JSON_COMPACT | JSON_REAL_PRECISION(12));
    fputc('\n', out);
}
