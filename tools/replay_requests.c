/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/replay_requests.h"

#include "replay/sink_handler.h"
#include "replay/source_requests.h"
#include "tools/command.h"
#include "tools/replay_status.h"
#include "tools/report.h"

#include <inttypes.h>
#include <stdio.h>

static struct replay_requests parsed;

const GOptionEntry replay_requests_entries[] = {
    {"request", 0, 0, G_OPTION_ARG_STRING_ARRAY, &parsed.given,
     "ask it, as the Admin API does, before the first event or at TIME; may be given several times",
     "[HANDLER:]JSON[@TIME]"},
    G_OPTION_ENTRY_NULL,
};

void replay_requests_take(struct replay_requests *ret)
{
    *ret = parsed;
    parsed = (struct replay_requests){0};
}

int replay_requests_check(struct replay_requests *requests)
{
    struct evj_error err = {0};

    for (char **text = requests->given; text != NULL && *text != NULL; text++)
        if (requests_add(&requests->requests, *text, &err) < 0)
            return trouble("--request: %s", err.text);
    return -1;
}

void replay_requests_done(struct replay_requests *requests)
{
    requests_done(&requests->requests);
    g_strfreev(requests->given);
}

static void ask(const struct request *request, void *sink)
{
    sink_handler_ask(sink, request);
}

struct source *replay_requests_apply(struct replay_requests *requests, struct source *source,
                                     const struct evj_header *header, struct sink *sink)
{
    if (requests->requests.count == 0)
        return source;
    requests_anchor(&requests->requests, header);
    return source_requests_new(source, &requests->requests, ask, sink);
}

void replay_requests_answered(const struct answer *answer, void *context)
{
    const char *text = answer->text != NULL ? answer->text : "nothing: it takes no requests";

    flockfile(stderr);
    replay_status_clear(context);
    note("%s, asked %s, answers %s", answer->package, answer->question, text);
    funlockfile(stderr);
}
