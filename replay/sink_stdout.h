/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_SINK_STDOUT_H
#define REPLAY_SINK_STDOUT_H

/* A sink that prints each event, as Janus gave it, on a line of its own. */

#include "replay/sink.h"

#include <stdbool.h>
#include <stdio.h>

/*
 * Print to `out`, which stays the caller's. `on_time`: hand each line on at once, for whoever reads
 * along; else as the stream's buffer fills. NULL when there is no memory.
 */
struct sink *sink_stdout_new(FILE *out, bool on_time);

#endif
