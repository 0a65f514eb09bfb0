/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_SINK_NULL_H
#define REPLAY_SINK_NULL_H

/* A sink that takes every event and does nothing: to see how fast a journal can be read. */

#include "replay/sink.h"

/* NULL when there is no memory. */
struct sink *sink_null_new(void);

#endif
