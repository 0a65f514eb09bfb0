/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOLS_REPLAYING_H
#define TOOLS_REPLAYING_H

/*
 * One run of evj replay, and its steps: replay_child.c calls, in a child or in this process,
 * replay_run.c, which makes the sink (replay_sinks.c), runs the engine, and reports
 * (replay_output.c).
 */

#include "replay/event_notes.h"
#include "replay/replay.h"
#include "replay/sink.h"
#include "replay/supervise.h"
#include "tools/keys.h"
#include "tools/reading.h"
#include "tools/replay_arguments.h"
#include "tools/replay_status.h"

#include <jansson.h>

struct replaying {
    struct replay_arguments given;
    struct reading reading;
    struct replay_options engine;
    struct supervised *shared;
    struct replay_status status;
    struct keys *keys;             /* that somebody types; NULL: nobody */
    struct sink *handlers;         /* that requests go to */
    struct event_notes *delivered; /* for --expect; NULL: nobody asks */
    bool broken_off;               /* the source or the sink has failed */
    int saved_output[2];           /* copies of standard output and standard error */
};

/* In a child that may die of its handler: its exit status, or what its death means. */
int replaying_supervised(struct replaying *r);

/* In this process. Returns an exit status. */
int replaying_here(struct replaying *r);

/* Open the journal, replay it and report: returns an exit status. */
int replaying_run(struct replaying *r);

/* The sink that was asked for. Fails as its sink_*_new() does. */
int replaying_make_sink(struct replaying *r, struct sink **ret_sink, struct evj_error *err);

/* --expect. Before there is a child: -1 to go on, or EXIT_TROUBLE. */
int replaying_prepare_expect(struct replaying *r);

/* A sink that notes what is delivered to `sink`, which it takes over; or just that. */
struct sink *replaying_note_delivered(const struct replaying *r, struct sink *sink);

/* Wait for what was delivered to arrive, and set "expect" in the report. Returns an exit status. */
int replaying_expect(struct replaying *r, json_t *report);

/* A handler may close standard output and standard error, or put something else in their place. */
void replaying_save_output(struct replaying *r);
void replaying_restore_output(const struct replaying *r);

/* Print the report as it was asked for, where the events do not go, and write --junit's file. Returns
 * an exit status. */
int replaying_report(struct replaying *r, const json_t *report);

/* There is nothing to report, as `text` says: a handler did not start. Returns EXIT_TROUBLE. */
int replaying_refused(struct replaying *r, const char *text);

#endif
