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

/* Seek in `inner`, if it can; returns as source_ops.seek. */
static inline int source_over_seek(struct source_over *over, int64_t time_us, struct evj_error *err)
{
    const struct source_ops *ops = over->inner->ops;

    return ops->seek == NULL
               ? evj_fail(err, EVJ_ERR_INVALID, 0, "this source cannot begin elsewhere")
               : ops->seek(over->inner, time_us, err);
}

#endif
