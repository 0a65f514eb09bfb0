/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_EXPECT_H
#define REPLAY_EXPECT_H

/*
 * What became of the events: holds what was delivered against GOT, the journal that was made where
 * the events were to arrive. An event is known again by its content, or, changed, by its timestamp,
 * type, session and handle. GOT may still grow: it is read again until it has them all, or none
 * came for a while.
 */

#include "evj/error.h"
#include "replay/clock.h"
#include "replay/event_notes.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Events that are named of each kind of difference; the rest is counted. */
#define EXPECT_NAMED 100u

struct expect_options {
    const char *got;            /* a journal, or a folder of journals */
    const char *const *ignored; /* paths, as event_hash() has it */
    int64_t wait_us;            /* how long to wait for another event that is expected */
    struct replay_clock *clock;
    const atomic_int *stop; /* enum replay_stop: no waiting at REPLAY_HURRY; may be NULL */
    /* Is told while it waits how many of the expected events have come; may be NULL. */
    void (*waiting)(uint64_t come, uint64_t expected, void *context);
    void *context;
};

/*
 * Can this be GOT? It need not exist yet, but the folder that it will be in. EVJ_ERR_… with a
 * sentence for the user when it cannot.
 */
int expect_check_got(const char *got, struct evj_error *err);

/*
 * Compare. Returns 0 and a new object *ret_verdict:
 *
 *   {"got":PATH, "ok":bool, "expected":N, "come":N, "got_events":N, "waited_us":N,
 *    "lost":{"count":N,"events":[{"seq","type","session_id"}]},
 *    "duplicated":{"count":N,"events":[{"seq","got_seq",…}]},
 *    "reordered":{"count":N,"events":[{"seq","got_seq",…}]},
 *    "altered":{"count":N,"events":[{"seq","got_seq",…,"changes":[{"path","how"}]}],
 *               "paths":[{"path","added":N,"removed":N,"changed":N}],"unknown":N},
 *    "unexpected":{"count":N,"events":[{"got_seq","type","session_id"}]},
 *    "gaps":{"records":N,"events":N}, "damages":N, "missing":bool if there is no GOT at all}
 *
 * `seq` is the replayed journal's, `got_seq` GOT's. EVJ_ERR_… when GOT cannot be read, or there are
 * too many events.
 */
int expect_judge(const struct expect_options *options, const struct event_notes *delivered,
                 json_t **ret_verdict, struct evj_error *err);

#endif
