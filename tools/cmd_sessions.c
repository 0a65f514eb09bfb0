/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj sessions: one line per session and handle. */
#include "tools/analysis/model.h"
#include "tools/command.h"
#include "tools/reading.h"
#include "tools/report.h"
#include "tools/sessions_list.h"

#include <inttypes.h>
#include <stdio.h>

static const struct reading_usage usage = {
    .arguments = "FILE…",
    .summary =
        "Lists the sessions of a journal and their handles: who, which plugin, when, how long, how "
        "far\neach got (attached, offered, answered, ice, dtls, up, media), how it ended.",
    .description = "Examples:\n"
                   "  evj sessions call.evj.gz\n"
                   "  evj sessions --json journals/ | jq 'select(.ended == \"hangup\")'",
};

static void list_session(struct model_session *session, void *list)
{
    sessions_list_add(list, session);
    model_session_free(session);
}

/* Read everything. Returns the last status of reading_next(). */
static int list_all(struct reading *reading, struct sessions_list *list)
{
    struct model *model = model_new(false);
    const struct evj_record *record;
    int status;

    model_set_over(model, list_session, list);
    while ((status = reading_next(reading, &record)) == 0)
        model_add(model, record);
    model_finish(model);
    if (sessions_list_finish(list) == 0 && status == EVJ_END && reading->matched > 0)
        note("no session in what was read");
    if (model_late_events(model) > 0)
        note("%" PRIu64 " events came long after the end of their session: they are in none",
             model_late_events(model));
    model_free(model);
    return status;
}

int cmd_sessions(int argc, char **argv)
{
    struct reading reading = {0};
    int status = reading_begin(&reading, &argc, &argv, &usage);

    if (status >= 0)
        return status;
    struct sessions_list *list = sessions_list_new(reading.json, stdout);

    status = list_all(&reading, list);
    sessions_list_free(list);
    return reading_end(&reading, status);
}
