/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_RECORDING_H
#define RECORDER_RECORDING_H

/*
 * One recording: a spool that Janus's events thread puts events into, and a journal that a thread
 * writes them to. recording_offer() is for one thread at a time, recording_status() for any, and
 * recording_stop() for when no other call can come any more.
 */

#include "evj/error.h"
#include "evj/spool.h"
#include "recorder/config.h"
#include "recorder/notice.h"
#include "recorder/writing.h"

#include <jansson.h>
#include <stdint.h>

struct recording;

/*
 * Create spool and journal as configured, and begin to write. `emitter` is the name of this Janus.
 * What happens later, a disk that begins or ceases to fail, goes to `notice`. Returns 0 or a
 * negative enum evj_status, and then leaves nothing behind.
 */
int recording_start(const struct config *config, const char *emitter, notice_fn *notice,
                    struct recording **ret_recording, struct evj_error *err);

/*
 * Record an event, borrowed for the call. Never waits, takes no lock and allocates nothing: what
 * does not find room is counted into a gap.
 */
void recording_offer(struct recording *recording, json_t *event);

/*
 * Write all that was offered, close the journal, remove the spool and free the recording. Waits no
 * longer than the disk needs to take or refuse it. On failure the journal has no end and the spool
 * stays: the two together are complete.
 */
int recording_stop(struct recording *recording, struct evj_error *err);

struct recording_status {
    struct evj_spool_stats spool;
    uint64_t unprintable; /* of the dropped: no JSON text can be made of them */
    struct writing_report writing;
    struct {
        uint64_t count, p50, p99, max;
    } callback_ns; /* in recording_offer() */
};
void recording_status(struct recording *recording, struct recording_status *ret_status);

/* Valid as long as the recording. */
const char *recording_journal_path(const struct recording *recording);
const char *recording_spool_path(const struct recording *recording);

#endif
