/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/source_journal.h"
#include "tools/command.h"
#include "tools/replaying.h"
#include "tools/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>

/* `result` of the replay itself. Returns an exit status: what became of the events is known only now. */
static int report_replay(struct replaying *r, const struct sink *sink, int result)
{
    json_auto_t *report = replay_report_json(&r->shared->report);
    int arrived = replaying_expect(r, report), written;

    json_object_set_new(report, "sink", json_string(sink->ops->name));
    if (sink->ops->report != NULL)
        sink->ops->report(sink, report);
    json_object_set_new(report, "broken_off", json_boolean(r->broken_off));
    json_object_set_new(report, "damages", json_integer((json_int_t)r->reading.damages));
    written = replaying_report(r, report);
    return MAX(MAX(result, arrived), written);
}

/* What could not be written has been reported: main() need not try and report it once more. */
static void drop_output(void)
{
    __fpurge(stdout);
    clearerr(stdout);
}

static int failure(struct replaying *r, const struct evj_error *err)
{
    reading_report_failure(&r->reading, err);
    return EXIT_TROUBLE;
}

/* What the engine's and the sink's outcome mean for the exit status. */
static int judge(struct replaying *r, const struct sink *sink, int status,
                 const struct evj_error *err)
{
    const struct replay_report *report = &r->shared->report;
    bool gave_up = status == EVJ_ERR_IO && r->given.url != NULL && sink->undelivered > 0;
    int result = EXIT_YES;

    /* Who reads our output has seen enough: as for cat, that is no trouble. */
    if (status < 0 && r->given.to_stdout && err->sys_errno == EPIPE)
        return EXIT_YES;
    if (status < 0)
        result = failure(r, err);
    if (status < 0 && r->given.to_stdout)
        drop_output();
    if (gave_up)
        return EXIT_NO;
    if (sink->undelivered > 0 || sink->faulty || report->interrupted || report->events == 0)
        result = MAX(result, EXIT_NO);
    if (status == EVJ_END && report->events == 0 && r->reading.matched == 0 &&
        evj_select_is_all(r->reading.select))
        note("the journal holds no events");
    return result;
}

/* For the source, when it has to begin again. */
static int reopen(void *context, struct evj_journal **ret_journal, struct evj_error *err)
{
    struct reading *reading = context;
    int status = reading_reopen(reading, err);

    if (status == 0)
        *ret_journal = reading->journal;
    return status;
}

static struct source *make_source(struct replaying *r)
{
    const struct source_journal_options options = {
        .journal = r->reading.journal,
        .select = r->reading.select,
        .no_state = r->given.no_state,
        .bodies_only = r->delivered == NULL && !replay_changes_are_asked_for(&r->given.changes),
        .reopen = reopen,
        .context = &r->reading,
    };

    return source_journal_new(&options);
}

static int replay_into(struct replaying *r, struct sink *sink)
{
    struct source *source = make_source(r);
    struct evj_error err = {0};
    int status, result, ending = EXIT_YES;

    if (source == NULL)
        return trouble("out of memory");
    source = replay_changes_apply(&r->given.changes, source, r->given.start_wall_us,
                                  &r->shared->report.changes);
    source = replay_requests_apply(&r->given.requests, source,
                                   evj_journal_header(r->reading.journal, 0), r->handlers);
    if (source == NULL)
        return trouble("out of memory");
    status = replay_run(source, sink, &r->engine, &r->shared->report, &err);
    replaying_restore_output(r);
    replay_status_clear(&r->status);
    r->reading.matched = source->matched;
    r->broken_off = status < 0;
    result = judge(r, sink, status, &err);
    source_free(source);
    if (status >= 0)
        ending = reading_end(&r->reading, status);
    return MAX(result, ending);
}

int replaying_run(struct replaying *r)
{
    struct evj_error err = {0};
    struct sink *sink = NULL;
    int result = reading_open(&r->reading, NULL);

    if (result >= 0)
        return result;
    r->status.starting = true;
    replaying_save_output(r);
    if (replaying_make_sink(r, &sink, &err) < 0) {
        replaying_restore_output(r);
        return replaying_refused(r,
                                 err.text); /* which quotes the last thing that a handler logged */
    }
    replay_status_started(&r->status);
    r->handlers = sink; /* if it is one of handlers: else nobody is asked */
    sink = replaying_note_delivered(r, sink);
    result = replay_into(r, sink);
    result = report_replay(r, sink, result);
    sink_free(sink);
    return result;
}
