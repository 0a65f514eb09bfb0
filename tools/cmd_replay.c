/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj replay: gives a journal's events to an event handler, on time. */
#include "tools/command.h"
#include "tools/replaying.h"
#include "tools/report.h"

#include <stdio.h>
#include <unistd.h>

/* On a terminal: but events that go to the same one would run into the status line. */
static bool shows_status(const struct replay_arguments *given)
{
    return isatty(STDERR_FILENO) && !(given->to_stdout && isatty(STDOUT_FILENO));
}

static void prepare_engine(struct replaying *r)
{
    const struct replay_arguments *given = &r->given;

    r->engine = (struct replay_options){
        .clock = replay_clock_real(),
        .speed_ppm = given->speed_ppm,
        .idle_limit_us = given->idle_limit_us,
        .rounds = given->rounds,
        .start_wall_us = given->start_wall_us,
        .drain_us = given->no_drain ? 0 : (int64_t)(given->drain_s * 1e6),
        .stop = &r->shared->stop,
        .observer = r->status.terminal ? replay_status_show : NULL,
        .observer_context = &r->status,
    };
}

static int run(struct replaying *r)
{
    struct evj_error err = {0};

    if (supervised_new(&r->shared, &err) < 0)
        return trouble_from(&err, NULL);
    r->status = (struct replay_status){
        .speed = r->given.speed,
        .verbose = r->given.verbose != 0,
        .terminal = shows_status(&r->given),
    };
    prepare_engine(r);
    if (replaying_prepare_expect(r) >= 0)
        return EXIT_TROUBLE;
    /* Only handlers are strangers' code: the other sinks need nobody to look after them. */
    return r->given.handlers != NULL && !r->given.no_supervise ? replaying_supervised(r)
                                                               : replaying_here(r);
}

int cmd_replay(int argc, char **argv)
{
    struct replaying r = {0};
    int status = replay_arguments_parse(&r.given, &r.reading, argc, argv);

    if (status < 0)
        status = run(&r);
    reading_done(&r.reading);
    g_clear_pointer(&r.status.held, g_ptr_array_unref);
    event_notes_free(r.delivered);
    replay_arguments_done(&r.given);
    return status;
}
