/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evj replay: gives a journal's events to an event handler, on time. */
#include "replay/timeline.h"
#include "tools/command.h"
#include "tools/replay_line.h"
#include "tools/replaying.h"
#include "tools/report.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

/* On a terminal: but events that go to the same one would run into the status line. */
static bool shows_status(const struct replay_arguments *given)
{
    return isatty(STDERR_FILENO) && !(given->to_stdout && isatty(STDOUT_FILENO));
}

/* Of larger journals, even going through all headers would be a wait. */
#define END_BYTES_MAX (UINT64_C(1) << 30)

static uint64_t size_of(const struct evj_journal *journal)
{
    uint64_t size = 0;

    for (size_t i = 0; i < evj_journal_files(journal); i++)
        size += evj_journal_size(journal, i);
    return size;
}

/* When the last event was recorded, if it is replayed; what is wrong with the journal is told later. */
static int64_t find_end(const struct reading *reading)
{
    const char *const *names = (const char *const *)reading->files;
    EVJ_AUTO(journal) *journal = NULL;
    int64_t end_us;

    if (!evj_select_is_tail(reading->select) || g_strv_contains(names, "-") ||
        evj_journal_open(names, g_strv_length(reading->files), &journal, NULL) < 0 ||
        size_of(journal) > END_BYTES_MAX || timeline_end(journal, &end_us, NULL) != 0)
        return REPLAY_LINE_NO_END;
    return end_us;
}

static atomic_int continued;

/* After Ctrl-Z and fg. */
static void note_continued(int number)
{
    (void)number;
    continued = 1;
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
        .control = &r->shared->control,
        .continued = &continued,
        .observer = r->status.terminal ? replay_status_show : replay_status_tell_wait,
        .observer_context = &r->status,
    };
}

static int run(struct replaying *r)
{
    struct evj_error err = {0};

    if (supervised_new(&r->shared, &err) < 0)
        return trouble_from(&err, NULL);
    sigaction(SIGCONT, &(struct sigaction){.sa_handler = note_continued, .sa_flags = SA_RESTART},
              NULL);
    r->status = (struct replay_status){
        .end_us = REPLAY_LINE_NO_END,
        .told_wait = UINT64_MAX,
        .verbose = r->given.verbose != 0,
        .terminal = shows_status(&r->given),
    };
    if (r->status.terminal)
        r->status.end_us = find_end(&r->reading);
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
