/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/command.h"
#include "tools/replay_junit.h"
#include "tools/replay_text.h"
#include "tools/replaying.h"
#include "tools/report.h"

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

static void print(struct replaying *r, const json_t *report)
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

static int write_junit(const struct replaying *r, const json_t *report)
{
    struct evj_error err = {0};

    if (r->given.verdict.junit == NULL ||
        replay_junit_write(report, r->given.verdict.junit, &err) == 0)
        return EXIT_YES;
    return trouble_from(&err, "--junit");
}

int replaying_report(struct replaying *r, const json_t *report)
{
    print(r, report);
    return write_junit(r, report);
}

int replaying_refused(struct replaying *r, const char *text)
{
    char **handlers = r->given.handlers;
    g_autofree char *name = handlers != NULL && g_strv_length(handlers) == 1
                                ? g_path_get_basename(handlers[0])
                                : g_strdup("all handlers");
    json_auto_t *report = json_pack("{s:s, s:[{s:s, s:{s:s, s:s}}]}", "sink", "handler", "handlers",
                                    "package", name, "ended", "phase", "load", "text", text);

    write_junit(r, report);
    return trouble("%s", text);
}
