/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORDER_RECORDING_H
#define RECORDER_RECORDING_H

/*
 * One recording: a spool that Janus's events thread puts events into, and a journal that a thread
 * writes them to. recording_offer() is for one thread at a time; what stands below it is for any
 * thread, and waits for no disk; recording_stop() is for when no other call can come any more.
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

/* In the thread that offers: an event that came before there was a recording, which is counted into a
 * gap. Its text is not at hand any more. */
void recording_miss(struct recording *recording, int64_t mono_us, uint32_t type);

/*
 * Begin to write all that was offered, and wait for that as long as the disk takes something within
 * `patience_us` at least. True: recording_stop() does not wait. False: the disk does not answer, and
 * recording_stop() may wait for it for ever. Or the recording is left alone, with all that it uses, for as
 * long as the process lasts: what is not in the journal then is in the spool, as after a crash.
 */
bool recording_await_end(struct recording *recording, int64_t patience_us);

/*
 * Write all that was offered, close the journal, remove the spool and free the recording. Waits no
 * longer than the disk needs to take or refuse it. On failure the journal has no end and the spool
 * stays: the two together are complete. `path`: the last file; may be NULL.
 */
int recording_stop(struct recording *recording, char path[JOURNAL_FILE_PATH_MAX],
                   struct evj_error *err);

struct recording_status {
    struct evj_spool_stats spool;
    uint64_t lost[EVJ_LOSS_REASONS]; /* of the dropped: why */
    bool paused;
    struct writing_report writing;
    struct {
        uint64_t count, p50, p99, max;
    } callback_ns; /* in recording_offer() */
};
void recording_status(struct recording *recording, struct recording_status *ret_status);

/* ---- what an administrator may ask for ---- */

/* While it is paused, what is offered is counted into a gap. Returns whether that is a change. */
bool recording_pause(struct recording *recording, bool paused);

/*
 * Put a mark between the events before and after it (evj_spool_mark()).
 *   0              it is recorded.
 *   EVJ_ERR_LIMIT  the text is too long: as a JSON string it may have 240 bytes and its quotes.
 *   EVJ_END        too many wait for the next event.
 */
int recording_mark(struct recording *recording, const char *text);

/* The settings in force; and others, which config_change() made of those. Changes come one after the
 * other: the caller sees to that. */
void recording_config(struct recording *recording, struct config *ret_config);
void recording_change(struct recording *recording, const struct config *config);

/* To the writing thread. */
bool recording_order(struct recording *recording, enum writing_order order, const char *name);
struct retention_file *recording_list(struct recording *recording, size_t *ret_count);
void recording_list_done(struct retention_file *files);

/* The file that it began with, and the spool. Valid as long as the recording. */
const char *recording_first_path(const struct recording *recording);
const char *recording_spool_path(const struct recording *recording);

#endif
