/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/sink_null.h"

#include <stdlib.h>

static int null_deliver(struct sink *sink, const struct evj_record *record, struct evj_error *err)
{
    (void)sink;
    (void)record;
    (void)err;
    return 0;
}

static int null_finish(struct sink *sink, int64_t drain_us, struct evj_error *err)
{
    (void)sink;
    (void)drain_us;
    (void)err;
    return 0;
}

static void null_free(struct sink *sink)
{
    free(sink);
}

static const struct sink_ops null_ops = {
    .name = "null",
    .deliver = null_deliver,
    .finish = null_finish,
    .free = null_free,
};

struct sink *sink_null_new(void)
{
    struct sink *sink = calloc(1, sizeof(*sink));

    if (sink != NULL)
        sink->ops = &null_ops;
    return sink;
}
