/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_REQUESTS_H
#define REPLAY_REQUESTS_H

/* What handlers are to be asked while a replay runs, as the Admin API's query_eventhandler asks them. */

#include "evj/error.h"
#include "evj/header.h"
#include "evj/moment.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct request {
    char *handler;          /* "sampleevh", or its whole package; NULL: all */
    json_t *question;       /* an object */
    struct evj_moment when; /* EVJ_MOMENT_NONE: before the first event */
};

/* Zeroed, it is empty. */
struct requests {
    struct request *list;
    size_t count;
};

/*
 * Add one, as a person writes it: [HANDLER:]JSON[@TIME], with one of the times of evj/moment.h.
 * EVJ_ERR_INVALID with a sentence that says what is wrong.
 */
int requests_add(struct requests *requests, const char *text, struct evj_error *err);

/* Turn their times into times of this journal. */
void requests_anchor(struct requests *requests, const struct evj_header *header);

/* Is it for the handler with this package? */
bool request_is_for(const struct request *request, const char *package);

void requests_done(struct requests *requests);

#endif
