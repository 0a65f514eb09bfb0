/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_REQUESTER_H
#define REPLAY_REQUESTER_H

/*
 * Asks handlers on a thread of its own, as Janus does: while they are asked, events go on coming. One
 * request at a time. All calls are for the thread that made it.
 */

#include "evj/error.h"
#include "replay/host/host.h"
#include "replay/requests.h"

#include <stdint.h>

struct requester;

/* One handler's answer to one request. */
struct answer {
    const char *package;
    const char *question; /* JSON */
    const char *text;     /* JSON; NULL: it takes no requests */
    uint64_t seq;         /* the record that had been delivered last; UINT64_MAX: none */
    uint64_t took_us;
};
/* Called in the requester's thread. */
typedef void answer_function(const struct answer *answer, void *context);

/* `answered` may be NULL. The host must outlive it. */
int requester_new(struct host *host, answer_function *answered, void *context,
                  struct requester **ret_requester, struct evj_error *err);

/* Ask whomever it is for, soon. `request` must outlive the requester. */
void requester_ask(struct requester *requester, const struct request *request, uint64_t seq);

/* Wait until everything has been answered. */
void requester_wait(struct requester *requester);

/* Wait, and end its thread: nothing can be asked any more. NULL is fine. */
void requester_finish(struct requester *requester);

/* [{"package":…,"question":…,"answer":…,"seq":…,"took_us":…}…], new reference; after
 * requester_finish(). */
json_t *requester_json(const struct requester *requester);

/* Finishes first. NULL is fine. */
void requester_free(struct requester *requester);

#endif
