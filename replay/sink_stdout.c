/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/sink_stdout.h"

#include <stdlib.h>

struct stdout_sink {
    struct sink sink;
    FILE *out;
    bool on_time;
};

static int fail(struct evj_error *err)
{
    return evj_fail_errno(err, 0, "cannot write to standard output");
}

static int stdout_deliver(struct sink *sink, const struct evj_record *record, struct evj_error *err)
{
    struct stdout_sink *ss = (struct stdout_sink *)sink;
    const struct evj_slice event = record->body;

    if (fwrite(event.text, 1, event.len, ss->out) != event.len || putc('\n', ss->out) == EOF ||
        (ss->on_time && fflush(ss->out) != 0))
        return fail(err);
    return 0;
}

static int stdout_finish(struct sink *sink, int64_t drain_us, struct evj_error *err)
{
    (void)drain_us;
    return fflush(((struct stdout_sink *)sink)->out) != 0 ? fail(err) : 0;
}

static void stdout_free(struct sink *sink)
{
    free(sink);
}

static const struct sink_ops stdout_ops = {
    .name = "stdout",
    .deliver = stdout_deliver,
    .finish = stdout_finish,
    .free = stdout_free,
};

struct sink *sink_stdout_new(FILE *out, bool on_time)
{
    struct stdout_sink *ss = calloc(1, sizeof(*ss));

    if (ss == NULL)
        return NULL;
    ss->sink.ops = &stdout_ops;
    ss->out = out;
    ss->on_time = on_time;
    return &ss->sink;
}
