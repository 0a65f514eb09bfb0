/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/sink_noting.h"

#include <glib.h>

struct noting_sink {
    struct sink sink;
    struct sink_ops ops; /* with the name of the inner one */
    struct sink *inner;
    const char *const *ignored;
    struct event_notes *notes;
    struct event_hash hash; /* of the event that was prepared */
};

/* What the inner sink has to say of itself, this one says. */
static void repeat(struct noting_sink *ns)
{
    const struct sink_ops *ops = ns->sink.ops;

    ns->sink = *ns->inner;
    ns->sink.ops = ops;
}

static int noting_prepare(struct sink *sink, const struct evj_record *record, struct evj_error *err)
{
    struct noting_sink *ns = (struct noting_sink *)sink;

    ns->hash = event_hash(record->body, &record->event, ns->ignored);
    return ns->inner->ops->prepare == NULL ? 0 : ns->inner->ops->prepare(ns->inner, record, err);
}

static int noting_deliver(struct sink *sink, const struct evj_record *record, struct evj_error *err)
{
    struct noting_sink *ns = (struct noting_sink *)sink;
    int status = event_notes_add(ns->notes, record, ns->hash, err);

    if (status < 0)
        return status;
    status = ns->inner->ops->deliver(ns->inner, record, err);
    if (ns->inner->declined)
        event_notes_withdraw(ns->notes);
    repeat(ns);
    return status;
}

static int noting_finish(struct sink *sink, int64_t drain_us, struct evj_error *err)
{
    struct noting_sink *ns = (struct noting_sink *)sink;
    int status = ns->inner->ops->finish(ns->inner, drain_us, err);

    repeat(ns);
    return status;
}

static void noting_report(const struct sink *sink, json_t *report)
{
    const struct noting_sink *ns = (const struct noting_sink *)sink;

    if (ns->inner->ops->report != NULL)
        ns->inner->ops->report(ns->inner, report);
}

static void noting_free(struct sink *sink)
{
    struct noting_sink *ns = (struct noting_sink *)sink;

    sink_free(ns->inner);
    g_free(ns);
}

struct sink *sink_noting_new(struct sink *inner, const char *const *ignored,
                             struct event_notes *notes)
{
    struct noting_sink *ns = g_new0(struct noting_sink, 1);

    ns->ops = (struct sink_ops){
        .name = inner->ops->name,
        .prepare = noting_prepare,
        .deliver = noting_deliver,
        .finish = noting_finish,
        .report = noting_report,
        .free = noting_free,
    };
    ns->inner = inner;
    ns->ignored = ignored;
    ns->notes = notes;
    ns->sink.ops = &ns->ops;
    repeat(ns);
    return &ns->sink;
}
