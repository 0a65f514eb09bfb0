/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_REPORT_H
#define REPLAY_REPORT_H

/*
 * What a replay measured. A plain value of fixed size, so that it can lie in memory shared with a
 * supervisor and outlives the process that wrote it. One thread writes it (log lines: any).
 */

#include "evj/histogram.h"
#include "replay/rewrite.h"
#include "replay/shape.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Log lines that are kept: the first ones, as they tell the cause. The rest is counted. */
#define REPORT_LOG_LINES 100u
#define REPORT_LOG_TEXT 320u

/* The `seq` of a line that was logged before the first event. */
#define REPORT_LOG_NO_SEQ UINT64_MAX

struct report_log_line {
    atomic_bool complete; /* set last: a crash may leave a half-written line */
    int level;            /* Janus's: 1 fatal, 2 error, 3 warning */
    uint64_t seq;         /* the record that it followed */
    char text[REPORT_LOG_TEXT];
};

struct report_log {
    atomic_uint count;  /* lines offered, kept or not */
    atomic_uint errors; /* of them: at error or fatal */
    struct report_log_line lines[REPORT_LOG_LINES];
};

enum replay_stage {
    REPLAY_STAGE_STARTING,
    REPLAY_STAGE_DELIVERING,
    REPLAY_STAGE_FINISHING, /* waits for what is under way */
    REPLAY_STAGE_DONE,
};

/* How events were changed on their way, as asked for and as done. All 0: not at all. */
struct report_changes {
    struct rewrite_options rewrite;
    struct rewrite_counts rewritten;
    struct shape_options shape;
    struct shape_counts shaped;
};

struct replay_report {
    enum replay_stage stage;
    uint64_t speed_ppm; /* as struct pacing has it */
    bool paused;
    uint64_t events; /* handed to the sink */
    uint64_t rounds; /* played to their end */
    uint64_t states; /* handed to the sink: what was live where a stretch began */
    uint64_t states_skipped, states_left_out; /* as struct source has them */
    uint64_t
        out_of_order; /* events recorded earlier than one before them, and delivered with that */
    uint64_t marks;
    uint64_t gaps, gap_events; /* among the selected records */
    uint64_t last_seq;         /* of the last of them */
    int64_t first_us;          /* when the first event was recorded, on the source's time line */
    int64_t position_us;       /* recorded time from it to now */
    int64_t next_due_ns; /* how long until the next event is due; 0 while none is waited for */
    int64_t elapsed_ns;  /* from the first event's delivery to the last's return, without pauses */
    int64_t recorded_us; /* recorded time that was played */
    int64_t drift_ns;    /* how much later the last event came than the first one's time says */
    struct evj_histogram lateness_ns; /* delivery begun − due; empty at speed max */
    /* Time that passed while the next event was due, by what it was spent on. */
    struct {
        int64_t read_ns, schedule_ns, deliver_ns;
    } lag;
    bool interrupted;
    struct report_changes changes;
    struct report_log log;
};

/* Keep a line of a handler's log. From any thread. */
void replay_report_add_log(struct replay_report *report, int level, uint64_t seq, const char *text);

/*
 * The report object with the names of the design (events, lateness_us …): new reference, NULL
 * without memory. What a sink knows is added by its report(); the log by replay_report_put_log().
 */
json_t *replay_report_json(const struct replay_report *report);

/* Set "rewritten", "shaped" and "seed" in `object`, as far as there is something to say. */
void replay_report_put_changes(const struct report_changes *changes, json_t *object);

/* Set "log" and "log_errors" (and "log_omitted", if any were) in `object`. */
void replay_report_put_log(const struct replay_report *report, json_t *object);

/* {"p50":…,"p90":…,"p99":…,"max":…} of a histogram, each divided by `unit` and rounded. New
 * reference. */
json_t *replay_report_quantiles(const struct evj_histogram *histogram, uint64_t unit);

#endif
