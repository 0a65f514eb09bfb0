/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj sessions: one line per session and handle. */
#include "tools/analysis/model.h"
#include "tools/command.h"
#include "tools/reading.h"
#include "tools/report.h"
#include "tools/sessions_print.h"

static const struct reading_usage usage = {
    .arguments = "FILE…",
    .summary =
        "Lists the sessions of a journal and their handles: who, which plugin, when, how long, how "
        "far\neach got (attached, offered, answered, ice, dtls, up, media), how it ended.",
    .description = "Examples:\n"
                   "  evj sessions call.evj.gz\n"
                   "  evj sessions --json journals/ | jq 'select(.ended == \"hangup\")'",
};

int cmd_sessions(int argc, char **argv)
{
    struct reading reading = {0};
    const struct evj_record *record;
    int status = reading_begin(&reading, &argc, &argv, &usage);

    if (status >= 0)
        return status;
    struct model *model = model_new(false);
    const bool json = reading.json;

    while ((status = reading_next(&reading, &record)) == 0)
        model_add(model, record);
    if (json)
        sessions_print_json(model, stdout);
    else
        sessions_print_text(model, stdout);
    if (status == EVJ_END && reading.matched > 0 && model_sessions(model)->len == 0)
        note("no session in what was read");
    model_free(model);
    return reading_end(&reading, status);
}
