/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_REPLAY_ARGUMENTS_H
#define TOOLS_REPLAY_ARGUMENTS_H

/* The command line of evj replay, as given and checked. */

#include "tools/reading.h"
#include "tools/replay_changes.h"
#include "tools/replay_requests.h"
#include "tools/replay_verdict.h"

#include <glib.h>
#include <stdint.h>

struct replay_arguments {
    char **handlers;
    char *config_dir, *url, *speed, *loop, *start_at;
    gboolean to_stdout, to_null, no_state, no_drain, no_supervise, verbose;
    double idle_limit_s, warm_up_s, drain_s, settle_s, linger_s, timeout_s;
    struct replay_changes changes;
    struct replay_verdict verdict;
    struct replay_requests requests;
    /* As checked. */
    uint64_t speed_ppm;    /* of struct pacing */
    int64_t idle_limit_us; /* of struct pacing */
    uint64_t rounds;       /* of struct replay_options */
    int64_t start_wall_us; /* of struct replay_options */
};

/*
 * Parse and check; the journals' names and the selection are left in `reading`. -1 to go on, or an
 * exit status after --help or a mistake. Either way replay_arguments_done() has to follow.
 */
int replay_arguments_parse(struct replay_arguments *arguments, struct reading *reading, int argc,
                           char **argv);

void replay_arguments_done(struct replay_arguments *arguments);

#endif
