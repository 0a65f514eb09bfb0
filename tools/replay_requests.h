/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_REPLAY_REQUESTS_H
#define TOOLS_REPLAY_REQUESTS_H

/* The option of evj replay that asks handlers while it runs, and what is said of their answers. */

#include "replay/requester.h"
#include "replay/requests.h"
#include "replay/sink.h"
#include "replay/source.h"

#include <glib.h>

struct replay_requests {
    char **given;
    struct requests requests; /* as checked */
};

/* Options that fill a struct of their own, until replay_requests_take() takes it. */
extern const GOptionEntry replay_requests_entries[];
void replay_requests_take(struct replay_requests *ret);

/* -1 to go on, or an exit status after a mistake. */
int replay_requests_check(struct replay_requests *requests);
void replay_requests_done(struct replay_requests *requests);

/* Puts over `source`, which it takes over, what has the sink of handlers asked in time; `header` is the
 * journal's. NULL without memory. */
struct source *replay_requests_apply(struct replay_requests *requests, struct source *source,
                                     const struct evj_header *header, struct sink *sink);

/* An answer_function that says it. */
void replay_requests_answered(const struct answer *answer, void *context);

#endif
