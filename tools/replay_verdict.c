/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/replay_verdict.h"

#include "replay/expect.h"
#include "tools/command.h"
#include "tools/report.h"
#include "tools/result_file.h"

#include <string.h>

/* evj record writes what came at least every second; handlers try again for some seconds more. */
#define WAIT_OTHERWISE_S 10.0
#define WAIT_MAX_S 1e6

/* Of an option that takes seconds: nobody means this number. */
#define NOT_GIVEN (-1e300)

static struct replay_verdict parsed = {.wait_s = NOT_GIVEN};

const GOptionEntry replay_verdict_entries[] = {
    {"expect", 0, 0, G_OPTION_ARG_FILENAME, &parsed.got,
     "the journal that evj record makes where they arrive: is each there, once, in order, "
     "unchanged?",
     "GOT"},
    {"expect-wait", 0, 0, G_OPTION_ARG_DOUBLE, &parsed.wait_s,
     "how long to wait for another one that is expected in it (10)", "SECONDS"},
    {"expect-ignore", 0, 0, G_OPTION_ARG_STRING_ARRAY, &parsed.ignored,
     "a field that may be added, changed or left out; may be given several times", "PATH"},
    {"junit", 0, 0, G_OPTION_ARG_FILENAME, &parsed.junit,
     "write the result as JUnit's XML, for a CI", "FILE"},
    G_OPTION_ENTRY_NULL,
};

void replay_verdict_take(struct replay_verdict *ret)
{
    *ret = parsed;
    parsed = (struct replay_verdict){.wait_s = NOT_GIVEN};
}

void replay_verdict_done(struct replay_verdict *verdict)
{
    g_free(verdict->got);
    g_free(verdict->junit);
    g_strfreev(verdict->ignored);
}

/* As jq writes them, too: ".event.data". */
static int check_ignored(struct replay_verdict *verdict)
{
    for (char **path = verdict->ignored; path != NULL && *path != NULL; path++) {
        if (**path == '.')
            memmove(*path, *path + 1, strlen(*path));
        if (**path == '\0')
            return trouble("--expect-ignore wants the path of a field, as eventtype or "
                           "event.data.streams[].mid");
    }
    return -1;
}

int replay_verdict_check(struct replay_verdict *verdict)
{
    struct evj_error err = {0};
    int status;

    if (verdict->got == NULL && (verdict->wait_s != NOT_GIVEN || verdict->ignored != NULL))
        return trouble("in which journal? --expect-wait and --expect-ignore go with --expect GOT");
    if (verdict->wait_s == NOT_GIVEN)
        verdict->wait_s = WAIT_OTHERWISE_S;
    if (!(verdict->wait_s >= 0 && verdict->wait_s <= WAIT_MAX_S))
        return trouble("--expect-wait wants a number of seconds from 0 to %.0f", WAIT_MAX_S);
    if (verdict->got != NULL && expect_check_got(verdict->got, &err) < 0)
        return trouble_from(&err, "--expect");
    status = check_ignored(verdict);
    if (status < 0 && verdict->junit != NULL)
        status = result_file_check("--junit", verdict->junit);
    return status;
}
