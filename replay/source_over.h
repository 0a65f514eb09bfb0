/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_SOURCE_OVER_H
#define REPLAY_SOURCE_OVER_H

/* What sources over a source begin with. */

#include "replay/source.h"

struct source_over {
    struct source source;
    struct source *inner; /* owned */
};

/* What was read is what `inner` has read: to be called in next(), whatever that returns. */
static inline void source_over_count(struct source_over *over)
{
    const struct source_ops *ops = over->source.ops;

    over->source = *over->inner;
    over->source.ops = ops;
}

#endif
