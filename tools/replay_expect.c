/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/expect.h"
#include "replay/sink_noting.h"
#include "tools/command.h"
#include "tools/replaying.h"
#include "tools/report.h"

static const char *const *ignored_of(const struct replaying *r)
{
    return (const char *const *)r->given.verdict.ignored;
}

int replaying_prepare_expect(struct replaying *r)
{
    struct evj_error err = {0};

    if (r->given.verdict.got != NULL && event_notes_new(&r->delivered, &err) < 0)
        return trouble_from(&err, NULL);
    return -1;
}

struct sink *replaying_note_delivered(const struct replaying *r, struct sink *sink)
{
    return r->delivered != NULL ? sink_noting_new(sink, ignored_of(r), r->delivered) : sink;
}

int replaying_expect(struct replaying *r, json_t *report)
{
    const struct expect_options options = {
        .got = r->given.verdict.got,
        .ignored = ignored_of(r),
        .wait_us = (int64_t)(r->given.verdict.wait_s * 1e6),
        .clock = r->engine.clock,
        .stop = r->engine.stop,
        .waiting = replay_status_expecting,
        .context = &r->status,
    };
    struct evj_error err = {0};
    json_t *verdict = NULL;
    int status;

    if (r->delivered == NULL)
        return EXIT_YES;
    status = expect_judge(&options, r->delivered, &verdict, &err);
    replay_status_clear(&r->status);
    if (status < 0)
        return trouble_from(&err, "--expect");
    json_object_set_new(report, "expect", verdict);
    return json_is_true(json_object_get(verdict, "ok")) ? EXIT_YES : EXIT_NO;
}
